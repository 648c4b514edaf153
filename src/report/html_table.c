/* SPDX-License-Identifier: MIT */
#include "report/html_table.h"

#include "report/markup.h"

enum { MOST_LETTERS = 200 };

static void write_cells(FILE *out, const char *element, const char *const *cells, size_t count)
{
    fputs("<tr>", out);
    for (size_t k = 0; k < count; k++) {
        fprintf(out, "<%s>", element);
        markup_text_short(out, cells[k], MOST_LETTERS);
        fprintf(out, "</%.2s>", element);
    }
    fputs("</tr>\n", out);
}

void html_table_write(FILE *out, const dmg_html_table *table)
{
    if (!table) return;
    const size_t columns = table->column_count;
    fputs("<section>\n<h2>", out);
    markup_text(out, table->title);
    fputs("</h2>\n<p>", out);
    markup_text(out, table->words);
    fputs("</p>\n", out);
    if (table->row_count > 0) {
        fputs("<div class=\"wide table\" tabindex=\"0\" role=\"region\" aria-label=\"", out);
        markup_text(out, table->title);
        fputs("\">\n<table class=\"plain\">\n<thead>", out);
        write_cells(out, "th scope=\"col\"", table->columns, columns);
        fputs("</thead>\n<tbody>\n", out);
        for (size_t i = 0; i < table->row_count; i++)
            write_cells(out, "td", table->cells + i * columns, columns);
        fputs("</tbody>\n</table>\n</div>\n", out);
    }
    fputs("</section>\n", out);
}
