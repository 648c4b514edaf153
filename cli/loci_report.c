/* SPDX-License-Identifier: MIT */
/* Loci as a page of HTML. */
#include "loci_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "row.h"

enum { MOST_COLUMNS = 32 };

/* The columns of the page, by their numbers. */
typedef struct page_columns {
    size_t columns[MOST_COLUMNS];
    const char *names[MOST_COLUMNS];
    size_t count;
} page_columns;

static void add_columns(page_columns *page, unsigned places)
{
    for (size_t i = 0; i < dmg_locus_columns() && page->count < MOST_COLUMNS; i++) {
        const dmg_locus_column column = dmg_locus_column_at(i);
        if (!(column.places & places)) continue;
        page->columns[page->count] = i;
        page->names[page->count++] = column.name;
    }
}

/* Known ones first, as they are what one looks for; those and mature ones only where they were
 * asked for. */
static page_columns find_columns(const loci_choice *choice)
{
    page_columns page = {.count = 0};
    if (choice->known) add_columns(&page, DMG_COLUMN_KNOWN);
    add_columns(&page, DMG_COLUMN_PAGE | (choice->mature ? DMG_COLUMN_MATURE : 0u));
    return page;
}

typedef struct cell_text {
    char text[DMG_LOCUS_CELL];
} cell_text;

static cell_text show_count(uint64_t value)
{
    cell_text cell;
    snprintf(cell.text, sizeof cell.text, "%" PRIu64, value);
    return cell;
}

static dmg_status add_locus(dmg_html_report *report, const page_columns *page,
                            const dmg_locus *locus, dmg_error *err)
{
    cell_text buffers[MOST_COLUMNS];
    const char *cells[MOST_COLUMNS];
    for (size_t i = 0; i < page->count; i++)
        cells[i] = dmg_locus_cell(locus, page->columns[i], buffers[i].text, sizeof(cell_text));
    dmg_html_mark marks[DMG_HTML_MARKS];
    char id[256];
    snprintf(id, sizeof id, "%.180s:%" PRIu64 "-%" PRIu64 "(%c)", locus->name, locus->start + 1,
             locus->end, locus->strand == DMG_STRAND_PLUS ? '+' : '-');
    return dmg_html_report_add(report,
                               &(dmg_html_record){.id = id,
                                                  .id_length = strlen(id),
                                                  .length = (size_t)(locus->end - locus->start),
                                                  .p_mirna = locus->p_mirna,
                                                  .call = "pre-miRNA",
                                                  .mfe = locus->energy / 100.0,
                                                  .flags = "-",
                                                  .cells = cells,
                                                  .sequence = locus->sequence,
                                                  .structure = locus->structure,
                                                  .place_from = locus->sequence_from + 1,
                                                  .place_to = locus->sequence_to,
                                                  .marks = marks,
                                                  .mark_count = row_marks(marks, locus->mature)},
                               err);
}

static dmg_status write_page(dmg_html_report *report, const char *path, dmg_error *err)
{
    dmg_output *output;
    dmg_status st = dmg_output_open_text(&output, path, err);
    if (st != DMG_OK) return st;
    st = dmg_html_report_write(report, dmg_output_stream(output), err);
    if (st == DMG_OK) return dmg_output_commit(output, err);
    dmg_output_discard(output);
    return st;
}

/* The time of day in Greenwich. */
static cell_text show_date(void)
{
    cell_text cell = {""};
    const time_t now = time(NULL);
    struct tm parts;
    if (gmtime_r(&now, &parts)) strftime(cell.text, sizeof cell.text, "%Y-%m-%d %H:%M UTC", &parts);
    return cell;
}

/* The command line, to be freed; an argument with a blank is shown in quotes. NULL: no memory. */
static char *show_command_line(const loci_choice *choice)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out) return NULL;
    fputs("deepmirgene", out);
    for (int i = 0; i < choice->argument_count; i++) {
        const char *quote = strpbrk(choice->arguments[i], " \t\"") ? "'" : "";
        fprintf(out, " %s%s%s", quote, choice->arguments[i], quote);
    }
    const bool whole = !ferror(out);
    if (fclose(out) == 0 && whole) return text;
    free(text);
    return NULL;
}

enum { MOST_FACTS = 16 };

typedef struct page_facts {
    dmg_html_fact facts[MOST_FACTS];
    size_t count;
} page_facts;

static void add_fact(page_facts *page, const char *name, const char *value)
{
    if (value) page->facts[page->count++] = (dmg_html_fact){name, value};
}

static dmg_status add_loci(dmg_html_report *report, const page_columns *page, dmg_loci *loci,
                           dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < (size_t)dmg_loci_count(loci)->selected; i++) {
        dmg_locus locus;
        st = dmg_loci_get(loci, i, &locus, err);
        if (st == DMG_OK) st = add_locus(report, page, &locus, err);
    }
    return st;
}

/* --- missed known precursors --- */

enum { MISSED_COLUMNS = 4 };

/* Texts of the table of missed precursors. */
typedef struct missed_table {
    char words[160];
    char (*texts)[MISSED_COLUMNS][256];
    const char **cells;
    dmg_html_table table;
} missed_table;

static void add_missed(missed_table *missed, const dmg_missed *m)
{
    char(*const texts)[256] = missed->texts[missed->table.row_count];
    const size_t size = sizeof texts[0];
    snprintf(texts[0], size, "%s", m->name);
    snprintf(texts[1], size, "%.180s:%" PRIu64 "-%" PRIu64 "(%c)", m->sequence, m->start + 1,
             m->end, m->strand == DMG_STRAND_PLUS ? '+' : '-');
    snprintf(texts[2], size, isnan(m->p_mirna) ? "NA" : "%.4g", m->p_mirna);
    snprintf(texts[3], size, "%s", m->reason);
    for (size_t k = 0; k < MISSED_COLUMNS; k++)
        missed->cells[missed->table.row_count * MISSED_COLUMNS + k] = texts[k];
    missed->table.row_count++;
}

/* No table where no places are known. */
static dmg_status list_missed(missed_table *missed, const dmg_loci *loci, dmg_error *err)
{
    static const char *const columns[MISSED_COLUMNS] = {"known", "place", "p_mirna", "reason"};
    const size_t places = dmg_loci_known_places(loci);
    if (places == 0) return DMG_OK;
    missed->texts = calloc(places, sizeof *missed->texts);
    missed->cells = calloc(places * MISSED_COLUMNS, sizeof *missed->cells);
    if (!missed->texts || !missed->cells) return command_nomem(err);
    for (size_t i = 0; i < places; i++) {
        dmg_missed m;
        if (dmg_loci_missed(loci, i, &m)) add_missed(missed, &m);
    }
    snprintf(missed->words, sizeof missed->words,
             "%zu of %zu known precursors are among the loci%s", places - missed->table.row_count,
             places, missed->table.row_count > 0 ? "; these are not:" : ".");
    missed->table.title = "Missed known precursors";
    missed->table.words = missed->words;
    missed->table.columns = columns;
    missed->table.column_count = MISSED_COLUMNS;
    missed->table.cells = missed->cells;
    return DMG_OK;
}

/* --- the page --- */

dmg_status loci_report(const char *command, const loci_choice *choice, dmg_loci *loci,
                       dmg_error *err)
{
    const dmg_loci_totals *totals = dmg_loci_count(loci);
    const cell_text bases = show_count(totals->bases), found = show_count(totals->loci);
    const cell_text decoy_bases = show_count(totals->decoy_bases);
    const cell_text decoys = show_count(totals->decoy_loci), date = show_date();
    char *const line = show_command_line(choice);
    if (!line) return command_nomem(err);
    page_facts about = {.count = 0};
    add_fact(&about, "command line", line);
    add_fact(&about, "model", choice->model);
    add_fact(&about, "threshold", choice->threshold);
    add_fact(&about, "date", date.text);
    add_fact(&about, "version", dmg_version_info().version);
    add_fact(&about, "nucleotides scanned", bases.text);
    add_fact(&about, "loci", found.text);
    add_fact(&about, "nucleotides of decoys", totals->decoy_bases > 0 ? decoy_bases.text : NULL);
    add_fact(&about, "loci in decoys", totals->decoy_bases > 0 ? decoys.text : NULL);
    char title[64];
    snprintf(title, sizeof title, "deepmirgene %s", command);
    const page_columns page = find_columns(choice);
    dmg_html_options options = dmg_html_options_defaults();
    options.title = title;
    options.facts = about.facts;
    options.fact_count = about.count;
    options.columns = page.names;
    options.column_count = page.count;
    dmg_html_report *report = NULL;
    missed_table missed = {.texts = NULL};
    dmg_status st = list_missed(&missed, loci, err);
    if (missed.table.title) options.table = &missed.table;
    if (st == DMG_OK) st = dmg_html_report_create(&report, &options, err);
    if (st == DMG_OK) st = add_loci(report, &page, loci, err);
    if (st == DMG_OK) st = write_page(report, choice->report, err);
    dmg_html_report_destroy(report);
    free(missed.texts);
    free(missed.cells);
    free(line);
    return st;
}
