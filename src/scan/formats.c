/* SPDX-License-Identifier: MIT */
/* Loci written as GFF3, BED, TSV, JSON Lines and FASTA.
 *
 * GFF3: github.com/The-Sequence-Ontology/Specifications, version 1.26. A locus that runs over the
 * origin of a circle has an end beyond the sequence's, as that says, and the sequence a feature of
 * its own with Is_circular; in BED, which knows no circles, it is two lines of one name.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/gff3.h"
#include "base/json_build.h"
#include "scan/loci.h"
#include "scan/locus_columns.h"

/* The columns of any of the places, one after the other: *at is the next to look at, and then the
 * one found. False when there is none left. */
static bool next_column(size_t *at, unsigned places)
{
    while (*at < dmg_locus_columns() && !(dmg_locus_column_at(*at).places & places)) ++*at;
    return *at < dmg_locus_columns();
}

/* "NAME:FROM-TO(STRAND)", 1-based, as samtools wants regions. */
static void write_id(FILE *out, const dmg_locus *locus)
{
    fprintf(out, "%s:%" PRIu64 "-%" PRIu64 "(%c)", locus->name, locus->start + 1, locus->end,
            locus_strand(locus));
}

/* --- GFF3 --- */

static void write_gff3_sequence(FILE *out, const locus_sequence *sequence, uint64_t to)
{
    fputs("##sequence-region ", out);
    dmg_gff3_column(out, sequence->name);
    fprintf(out, " %" PRIu64 " %" PRIu64 "\n", sequence->from + 1, to);
    if (!sequence->circular) return;
    dmg_gff3_column(out, sequence->name);
    fprintf(out, "\tdeepmirgene\tregion\t1\t%" PRIu64 "\t.\t.\t.\tID=", to);
    dmg_gff3_attribute(out, sequence->name);
    fputs(";Is_circular=true\n", out);
}

/* Regions of one sequence make one line, which reaches from the first to the last. */
static void write_gff3_head(FILE *out, const dmg_loci *loci)
{
    size_t count;
    const locus_sequence *sequences = loci_sequences(loci, &count);
    fputs("##gff-version 3\n", out);
    for (size_t i = 0; i < count;) {
        size_t last = i;
        while (last + 1 < count && strcmp(sequences[last + 1].name, sequences[i].name) == 0) last++;
        write_gff3_sequence(out, &sequences[i], sequences[last].to);
        i = last + 1;
    }
}

static void write_gff3_id(FILE *out, const dmg_locus *locus)
{
    dmg_gff3_attribute(out, locus->name);
    fprintf(out, ":%" PRIu64 "-%" PRIu64 "(%c)", locus->start + 1, locus->end, locus_strand(locus));
}

static void write_gff3_mature(FILE *out, const dmg_locus *locus, const char *side,
                              const dmg_mature_arm *arm)
{
    uint64_t start, end;
    locus_mature_place(&start, &end, locus, arm);
    dmg_gff3_column(out, locus->name);
    fprintf(out, "\tdeepmirgene\tmiRNA\t%" PRIu64 "\t%" PRIu64 "\t%.3f\t%c\t.\tID=", start + 1, end,
            arm->p_start_near, locus_strand(locus));
    write_gff3_id(out, locus);
    fprintf(out, ":%s;Derives_from=", side);
    write_gff3_id(out, locus);
    putc('\n', out);
}

static void write_gff3(FILE *out, const dmg_locus *locus)
{
    dmg_gff3_column(out, locus->name);
    fprintf(out, "\tdeepmirgene\tpre_miRNA\t%" PRIu64 "\t%" PRIu64 "\t%.6g\t%c\t.\tID=",
            locus->start + 1, locus->end, locus->p_mirna, locus_strand(locus));
    write_gff3_id(out, locus);
    const unsigned places = DMG_COLUMN_ATTRIBUTE | (locus->homologue ? DMG_COLUMN_KNOWN : 0u);
    for (size_t i = 0; next_column(&i, places); i++) {
        char buffer[DMG_LOCUS_CELL];
        const char *cell = dmg_locus_cell(locus, i, buffer, sizeof buffer);
        if (strcmp(cell, "NA") == 0) continue;
        fprintf(out, ";%s=", dmg_locus_column_at(i).name);
        dmg_gff3_attribute(out, cell);
    }
    putc('\n', out);
    if (!locus_has_mature(locus)) return;
    write_gff3_mature(out, locus, "5p", &locus->mature->arm_5p);
    write_gff3_mature(out, locus, "3p", &locus->mature->arm_3p);
}

/* --- BED --- */

static uint64_t clip(uint64_t position, uint64_t start, uint64_t end)
{
    return position < start ? start : position > end ? end : position;
}

/* thickStart, thickEnd and itemRgb of a line whose positions are `turns` bases behind the locus':
 * thick from the first to the last base of the mature sequences, or nothing. */
static void write_bed_marks(FILE *out, const dmg_locus *locus, uint64_t start, uint64_t end,
                            uint64_t turns)
{
    uint64_t from = 0, to = 0, first = start, last = start;
    if (locus_has_mature(locus)) {
        locus_mature_place(&first, &to, locus, &locus->mature->arm_5p);
        locus_mature_place(&from, &last, locus, &locus->mature->arm_3p);
        if (from < first) first = from;
        if (to > last) last = to;
        first = clip(first, start + turns, end + turns) - turns;
        last = clip(last, start + turns, end + turns) - turns;
        if (first >= last) first = last = start;
    }
    const bool novel = locus->homologue && !locus->homologue->name;
    fprintf(out, "\t%" PRIu64 "\t%" PRIu64 "\t%s", first, last,
            novel ? DMG_BED_NOVEL : DMG_BED_NAMED);
}

static void write_bed_line(FILE *out, const dmg_locus *locus, uint64_t start, uint64_t end,
                           uint64_t turns)
{
    fprintf(out, "%s\t%" PRIu64 "\t%" PRIu64 "\t", locus->name, start, end);
    write_id(out, locus);
    fprintf(out, "\t%d\t%c", (int)lround(1000 * locus->p_mirna), locus_strand(locus));
    if (locus->mature || locus->homologue) write_bed_marks(out, locus, start, end, turns);
    putc('\n', out);
}

/* Lines that readers of BED take for comments. */
static bool is_bed_comment(const char *name)
{
    return name[0] == '#' || strncmp(name, "track", 5) == 0 || strncmp(name, "browser", 7) == 0;
}

static dmg_status check_bed_names(const dmg_loci *loci, dmg_error *err)
{
    size_t count;
    const locus_sequence *sequences = loci_sequences(loci, &count);
    for (size_t i = 0; i < count; i++)
        if (is_bed_comment(sequences[i].name))
            return dmg_error_set(err, DMG_FORMAT,
                                 "a BED line that begins with '%s' is a comment; rename that "
                                 "sequence, or use another format",
                                 sequences[i].name);
    return DMG_OK;
}

static void write_bed(FILE *out, const dmg_locus *locus)
{
    const bool over = locus->end > locus->sequence_to;
    const uint64_t round = locus->sequence_to;
    write_bed_line(out, locus, locus->start, over ? round : locus->end, 0);
    if (over) write_bed_line(out, locus, 0, locus->end - round, round);
}

/* --- TSV and JSON Lines --- */

/* The places of a locus' columns in a table. */
static unsigned table_places(const dmg_locus *locus)
{
    return DMG_COLUMN_TABLE | (locus->mature ? DMG_COLUMN_MATURE : 0u) |
           (locus->homologue ? DMG_COLUMN_KNOWN : 0u);
}

static void write_tsv_head(FILE *out, unsigned places)
{
    for (size_t i = 0; next_column(&i, places); i++)
        fprintf(out, "%s%s", i > 0 ? "\t" : "", dmg_locus_column_at(i).name);
    putc('\n', out);
}

static void write_tsv(FILE *out, const dmg_locus *locus)
{
    char buffer[DMG_LOCUS_CELL];
    for (size_t i = 0; next_column(&i, table_places(locus)); i++)
        fprintf(out, "%s%s", i > 0 ? "\t" : "", dmg_locus_cell(locus, i, buffer, sizeof buffer));
    putc('\n', out);
}

/* Numbers have as many digits as in the table. */
static json_t *json_value(const dmg_locus *locus, size_t column)
{
    char buffer[DMG_LOCUS_CELL];
    const locus_value value = locus_column_value(locus, column);
    switch (value.kind) {
    case VALUE_TEXT:
        return value.text ? dmg_json_name(value.text, strlen(value.text)) : json_null();
    case VALUE_COUNT: return json_integer((json_int_t)value.count);
    case VALUE_RANGE:
        if (value.to == 0) return json_null();
        return json_string(dmg_locus_cell(locus, column, buffer, sizeof buffer));
    case VALUE_REAL: break;
    }
    if (isnan(value.real)) return json_null();
    return json_real(strtod(dmg_locus_cell(locus, column, buffer, sizeof buffer), NULL));
}

static bool write_json(FILE *out, const dmg_locus *locus)
{
    json_t *object = json_object();
    bool good = object != NULL;
    for (size_t i = 0; good && next_column(&i, table_places(locus)); i++)
        good = json_object_set_new(object, dmg_locus_column_at(i).name, json_value(locus, i)) == 0;
    char *line = good ? dmg_json_dump(object, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(object);
    if (line) fprintf(out, "%s\n", line);
    free(line);
    return line != NULL;
}

/* --- FASTA --- */

static void write_fasta_mature(FILE *out, const dmg_locus *locus, const char *side,
                               const dmg_mature_arm *arm)
{
    putc('>', out);
    write_id(out, locus);
    fprintf(out, ":%s p_%s=%.3f\n%.*s\n", side, side, arm->p_start_near,
            (int)(arm->end - arm->start), locus->sequence + arm->start);
}

static void write_fasta(FILE *out, const dmg_locus *locus)
{
    char buffer[DMG_LOCUS_CELL];
    putc('>', out);
    write_id(out, locus);
    for (size_t i = 0; next_column(&i, DMG_COLUMN_HEADER); i++)
        fprintf(out, " %s=%s", dmg_locus_column_at(i).name,
                dmg_locus_cell(locus, i, buffer, sizeof buffer));
    fprintf(out, "\n%s\n", locus->sequence);
    if (!locus_has_mature(locus)) return;
    write_fasta_mature(out, locus, "5p", &locus->mature->arm_5p);
    write_fasta_mature(out, locus, "3p", &locus->mature->arm_3p);
}

/* --- all loci --- */

static bool write_locus(FILE *out, dmg_loci_format format, const dmg_locus *locus)
{
    switch (format) {
    case DMG_LOCI_GFF3: write_gff3(out, locus); return true;
    case DMG_LOCI_BED: write_bed(out, locus); return true;
    case DMG_LOCI_TSV: write_tsv(out, locus); return true;
    case DMG_LOCI_JSONL: return write_json(out, locus);
    case DMG_LOCI_FASTA: write_fasta(out, locus); return true;
    }
    return true;
}

dmg_status dmg_loci_write(dmg_loci *loci, dmg_loci_format format, FILE *out, dmg_error *err)
{
    const size_t count = (size_t)dmg_loci_count(loci)->selected;
    dmg_status st = DMG_OK;
    if (format == DMG_LOCI_BED) st = check_bed_names(loci, err);
    if (format == DMG_LOCI_TSV) write_tsv_head(out, DMG_COLUMN_TABLE | loci_extra_places(loci));
    if (format == DMG_LOCI_GFF3) write_gff3_head(out, loci);
    for (size_t i = 0; st == DMG_OK && i < count; i++) {
        dmg_locus locus;
        st = dmg_loci_get(loci, i, &locus, err);
        if (st == DMG_OK && !write_locus(out, format, &locus))
            st = dmg_error_nomem(err, "a line of JSON");
    }
    return st;
}
