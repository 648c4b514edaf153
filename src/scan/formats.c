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

#include <jansson.h>

#include "base/error.h"
#include "scan/loci.h"

static char strand_sign(const dmg_locus *locus)
{
    return locus->strand == DMG_STRAND_PLUS ? '+' : '-';
}

/* "NAME:FROM-TO(STRAND)", 1-based, as samtools wants regions. */
static void write_id(FILE *out, const dmg_locus *locus)
{
    fprintf(out, "%s:%" PRIu64 "-%" PRIu64 "(%c)", locus->name, locus->start + 1, locus->end,
            strand_sign(locus));
}

/* --- GFF3 --- */

/* Bytes of a text as a column or an attribute may have them: others as %XX. */
static void write_escaped(FILE *out, const char *text, const char *allowed)
{
    for (; *text; text++) {
        const unsigned char byte = (unsigned char)*text;
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= 'a' && byte <= 'z') || byte >= 0x80 || strchr(allowed, byte);
        fprintf(out, plain ? "%c" : "%%%02X", byte);
    }
}

static const char in_column[] = ".:^*$@!+_?-|";
static const char in_attribute[] = ".:^*$@!+_?-|()[]{}<>/\\~'\"`#";

static void write_gff3_sequence(FILE *out, const locus_sequence *sequence, uint64_t to)
{
    fputs("##sequence-region ", out);
    write_escaped(out, sequence->name, in_column);
    fprintf(out, " %" PRIu64 " %" PRIu64 "\n", sequence->from + 1, to);
    if (!sequence->circular) return;
    write_escaped(out, sequence->name, in_column);
    fprintf(out, "\tdeepmirgene\tregion\t1\t%" PRIu64 "\t.\t.\t.\tID=", to);
    write_escaped(out, sequence->name, in_attribute);
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

static void write_gff3(FILE *out, const dmg_locus *locus)
{
    write_escaped(out, locus->name, in_column);
    fprintf(out, "\tdeepmirgene\tpre_miRNA\t%" PRIu64 "\t%" PRIu64 "\t%.6g\t%c\t.\tID=",
            locus->start + 1, locus->end, locus->p_mirna, strand_sign(locus));
    write_escaped(out, locus->name, in_attribute);
    fprintf(out, ":%" PRIu64 "-%" PRIu64 "(%c);mfe=%.2f", locus->start + 1, locus->end,
            strand_sign(locus), locus->energy / 100.0);
    if (!isnan(locus->precision)) fprintf(out, ";precision=%.4g", locus->precision);
    if (!isnan(locus->q_value))
        fprintf(out, ";q_value=%.4g;false_per_mb=%.4g", locus->q_value, locus->false_per_mb);
    fprintf(out, ";structure=%s\n", locus->structure);
}

/* --- BED --- */

static void write_bed_line(FILE *out, const dmg_locus *locus, uint64_t start, uint64_t end)
{
    fprintf(out, "%s\t%" PRIu64 "\t%" PRIu64 "\t", locus->name, start, end);
    write_id(out, locus);
    fprintf(out, "\t%d\t%c\n", (int)lround(1000 * locus->p_mirna), strand_sign(locus));
}

static void write_bed(FILE *out, const dmg_locus *locus)
{
    const bool over = locus->end > locus->sequence_to;
    write_bed_line(out, locus, locus->start, over ? locus->sequence_to : locus->end);
    if (over) write_bed_line(out, locus, 0, locus->end - locus->sequence_to);
}

/* --- TSV and JSON Lines --- */

static const char tsv_head[] = "seqid\tstart\tend\tstrand\tlength\tp_mirna\tmfe\tprecision\tq_value"
                               "\tfalse_per_mb\tsequence\tstructure\n";

static void write_rate(FILE *out, double value)
{
    if (isnan(value))
        fputs("\tNA", out);
    else
        fprintf(out, "\t%.4g", value);
}

static void write_tsv(FILE *out, const dmg_locus *locus)
{
    fprintf(out, "%s\t%" PRIu64 "\t%" PRIu64 "\t%c\t%" PRIu64 "\t%.6g\t%.2f", locus->name,
            locus->start + 1, locus->end, strand_sign(locus), locus->end - locus->start,
            locus->p_mirna, locus->energy / 100.0);
    write_rate(out, locus->precision);
    write_rate(out, locus->q_value);
    write_rate(out, locus->false_per_mb);
    fprintf(out, "\t%s\t%s\n", locus->sequence, locus->structure);
}

/* As many digits as the table has. */
static json_t *json_rate(const char *format, double value)
{
    char text[32];
    if (isnan(value)) return json_null();
    snprintf(text, sizeof text, format, value);
    return json_real(strtod(text, NULL));
}

/* Names are bytes of any encoding; what is no UTF-8 becomes '?'. */
static json_t *json_name(const char *name)
{
    json_t *string = json_string(name);
    if (string) return string;
    char *ascii = strdup(name);
    for (char *c = ascii; c && *c; c++)
        if ((unsigned char)*c >= 0x80) *c = '?';
    string = ascii ? json_string(ascii) : NULL;
    free(ascii);
    return string;
}

static bool write_json(FILE *out, const dmg_locus *locus)
{
    const char strand[2] = {strand_sign(locus), '\0'};
    json_t *object = json_pack(
        "{s:o, s:I, s:I, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:s, s:s}", "seqid",
        json_name(locus->name), "start", (json_int_t)locus->start + 1, "end",
        (json_int_t)locus->end, "strand", strand, "length", (json_int_t)(locus->end - locus->start),
        "p_mirna", json_rate("%.6g", locus->p_mirna), "mfe",
        json_rate("%.2f", locus->energy / 100.0), "precision", json_rate("%.4g", locus->precision),
        "q_value", json_rate("%.4g", locus->q_value), "false_per_mb",
        json_rate("%.4g", locus->false_per_mb), "sequence", locus->sequence, "structure",
        locus->structure);
    if (!object) return false;
    json_dumpf(object, out, JSON_COMPACT | JSON_REAL_PRECISION(12));
    putc('\n', out);
    json_decref(object);
    return true;
}

/* --- FASTA --- */

static void write_fasta(FILE *out, const dmg_locus *locus)
{
    putc('>', out);
    write_id(out, locus);
    fprintf(out, " p_mirna=%.6g mfe=%.2f\n%s\n", locus->p_mirna, locus->energy / 100.0,
            locus->sequence);
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
    if (format == DMG_LOCI_TSV) fputs(tsv_head, out);
    if (format == DMG_LOCI_GFF3) write_gff3_head(out, loci);
    for (size_t i = 0; st == DMG_OK && i < count; i++) {
        dmg_locus locus;
        st = dmg_loci_get(loci, i, &locus, err);
        if (st == DMG_OK && !write_locus(out, format, &locus))
            st = dmg_error_nomem(err, "a line of JSON");
    }
    return st;
}
