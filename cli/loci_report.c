/* SPDX-License-Identifier: MIT */
/* Loci as a page of HTML. */
#include "loci_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const columns[] = {"sequence",  "start",   "end",         "strand",
                                      "precision", "q_value", "false_per_mb"};

enum { COLUMNS = sizeof columns / sizeof *columns };

typedef struct cell_text {
    char text[32];
} cell_text;

static cell_text show_rate(double value)
{
    cell_text cell = {"NA"};
    if (!isnan(value)) snprintf(cell.text, sizeof cell.text, "%.4g", value);
    return cell;
}

static cell_text show_count(uint64_t value)
{
    cell_text cell;
    snprintf(cell.text, sizeof cell.text, "%" PRIu64, value);
    return cell;
}

static dmg_status add_locus(dmg_html_report *report, const dmg_locus *locus, dmg_error *err)
{
    const char *strand = locus->strand == DMG_STRAND_PLUS ? "+" : "-";
    const cell_text start = show_count(locus->start + 1), end = show_count(locus->end);
    const cell_text precision = show_rate(locus->precision), q = show_rate(locus->q_value);
    const cell_text false_per_mb = show_rate(locus->false_per_mb);
    const char *cells[COLUMNS] = {locus->name,    start.text, end.text,         strand,
                                  precision.text, q.text,     false_per_mb.text};
    char id[256];
    snprintf(id, sizeof id, "%.180s:%s-%s(%s)", locus->name, start.text, end.text, strand);
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
    dmg_status st = dmg_output_open(&output, path, err);
    if (st != DMG_OK) return st;
    st = dmg_html_report_write(report, dmg_output_stream(output), err);
    if (st == DMG_OK) return dmg_output_commit(output, err);
    dmg_output_discard(output);
    return st;
}

dmg_status loci_report(const char *command, const char *path, dmg_loci *loci, dmg_error *err)
{
    const dmg_loci_totals *totals = dmg_loci_count(loci);
    const cell_text letters = show_count(totals->letters);
    const cell_text decoy_letters = show_count(totals->decoy_letters);
    const cell_text decoys = show_count(totals->decoy_loci), found = show_count(totals->loci);
    const dmg_html_fact facts[] = {{"version", dmg_version_info().version},
                                   {"nucleotides scanned", letters.text},
                                   {"loci", found.text},
                                   {"nucleotides of decoys", decoy_letters.text},
                                   {"loci in decoys", decoys.text}};
    char title[64];
    snprintf(title, sizeof title, "deepmirgene %s", command);
    dmg_html_options options = dmg_html_options_defaults();
    options.title = title;
    options.facts = facts;
    options.fact_count = sizeof facts / sizeof *facts;
    options.columns = columns;
    options.column_count = COLUMNS;
    dmg_html_report *report = NULL;
    dmg_status st = dmg_html_report_create(&report, &options, err);
    for (size_t i = 0; st == DMG_OK && i < (size_t)totals->selected; i++) {
        dmg_locus locus;
        st = dmg_loci_get(loci, i, &locus, err);
        if (st == DMG_OK) st = add_locus(report, &locus, err);
    }
    if (st == DMG_OK) st = write_page(report, path, err);
    dmg_html_report_destroy(report);
    return st;
}
