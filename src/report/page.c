/* SPDX-License-Identifier: MIT */
/* The frame of a page of HTML. */
#include "report/page.h"

#include "base/builtin.h"
#include "report/markup.h"

static void write_part(FILE *out, const char *name)
{
    const builtin_file *part = builtin_find(builtin_page_parts, name);
    fwrite(part->bytes, 1, part->size, out);
}

/* The policy lets nothing be loaded, whatever a name might smuggle in. */
void page_begin(FILE *out, const char *title)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>",
          out);
    markup_text_short(out, title, 200);
    fputs("</title>\n<style>\n", out);
    write_part(out, "page");
    markup_drawing_style(out);
    fputs("</style>\n</head>\n<body>\n<main>\n<h1>", out);
    markup_text_short(out, title, 200);
    fputs("</h1>\n", out);
}

void page_end(FILE *out)
{
    fputs("</main>\n<p id=\"hover\" role=\"status\" aria-live=\"polite\"></p>\n<script>\n", out);
    write_part(out, "script");
    fputs("</script>\n</body>\n</html>\n", out);
}
