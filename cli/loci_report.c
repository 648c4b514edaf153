/* SPDX-License-Identifier: MIT */
/* Loci as a page of HTML. */
#include "loci_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MOST_COLUMNS = 32 };

/* The columns of the page, by their numbers. */
typedef struct page_columns {
    size_t columns[MOST_COLUMNS];
    const char *names[MOST_COLUMNS];
    size_t count;
} page_columns;

static page_columns find_columns(void)
{
    page_columns page = {.count = 0};
    for (size_t i = 0; i < dmg_locus_columns() && page.count < MOST_COLUMNS; i++) {
        const dmg_locus_column column = dmg_locus_column_at(i);
        if (!(column.places & DMG_COLUMN_PAGE)) continue;
        page.columns[page.count] = i;
        page.names[page.count++] = column.name;
    }
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
                                                  .structure = locus->structure},
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

dmg_status loci_report(const char *command, const char *path, dmg_loci *loci, dmg_error *err)
{
    const dmg_loci_totals *totals = dmg_loci_count(loci);
    const cell_text bases = show_count(totals->bases);
    const cell_text decoy_bases = show_count(totals->decoy_bases);
    const cell_text decoys = show_count(totals->decoy_loci), found = show_count(totals->loci);
    const dmg_html_fact facts[] = {{"version", dmg_version_info().version},
                                   {"nucleotides scanned", bases.text},
                                   {"loci", found.text},
                                   {"nucleotides of decoys", decoy_bases.text},
                                   {"loci in decoys", decoys.text}};
    char title[64];
    snprintf(title, sizeof title, "deepmirgene %s", command);
    dmg_html_options options = dmg_html_options_defaults();
    options.title = title;
    options.facts = facts;
    options.fact_count = sizeof facts / sizeof *facts;
    const page_columns page = find_columns();
    options.columns = page.names;
    options.column_count = page.count;
    dmg_html_report *report = NULL;
    dmg_status st = dmg_html_report_create(&report, &options, err);
    for (size_t i = 0; st == DMG_OK && i < (size_t)totals->selected; i++) {
        dmg_locus locus;
        st = dmg_loci_get(loci, i, &locus, err);
        if (st == DMG_OK) st = add_locus(report, &page, &locus, err);
    }
    if (st == DMG_OK) st = write_page(report, path, err);
    dmg_html_report_destroy(report);
    return st;
}
