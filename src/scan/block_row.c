/* SPDX-License-Identifier: MIT */
/* The lines of a block. */
#include "scan/block_row.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FIELDS = 8, SKETCH_DIGITS = 8 * SKETCH_HASHES };

/* --- writing --- */

static char strand_sign(dmg_strand strand)
{
    return strand == DMG_STRAND_PLUS ? '+' : '-';
}

/* START END P ENERGY SKETCH */
static bool write_place(scan_text *out, const row *line)
{
    char digits[SKETCH_DIGITS + 1];
    for (int i = 0; i < SKETCH_HASHES; i++)
        snprintf(digits + 8 * i, 9, "%08" PRIx32, line->sketch.hashes[i]);
    return text_append(out, "%" PRIu64 "\t%" PRIu64 "\t%.9g\t%d\t%s", line->start, line->end,
                       (double)line->p_mirna, line->energy, digits);
}

static bool write_candidate(scan_text *out, const row *line)
{
    const int length = (int)(line->end - line->start);
    return text_append(out, "%c\t", strand_sign(line->strand)) && write_place(out, line) &&
           text_append(out, "\t%.*s\t%.*s\n", length, line->sequence, length, line->structure);
}

static bool write_score(scan_text *out, const row *line)
{
    return text_append(out, "%c\t%c\t", line->kind == ROW_DECOY ? 'd' : 'b',
                       strand_sign(line->strand)) &&
           write_place(out, line) && text_append(out, "\n");
}

bool row_write(scan_text *out, const row *line)
{
    switch (line->kind) {
    case ROW_BEGIN:
        return text_append(out, ">\t%" PRIu64 "\t%d\t%s\n", line->from, line->circular, line->name);
    case ROW_CANDIDATE: return write_candidate(out, line);
    case ROW_BACKGROUND:
    case ROW_DECOY: return write_score(out, line);
    case ROW_END: return text_append(out, "<\t%" PRIu64 "\n", line->from);
    case ROW_BASES:
        return text_append(out, "=\t%" PRIu64 "\t%" PRIu64 "\n", line->bases, line->decoy_bases);
    }
    return false;
}

/* --- reading --- */

/* At the tabs; more fields than there is room for count as one more. */
static size_t split(char *line, char *fields[MOST_FIELDS])
{
    size_t count = 0;
    fields[count++] = line;
    for (char *tab = strchr(line, '\t'); tab; tab = strchr(tab + 1, '\t')) {
        if (count == MOST_FIELDS) return MOST_FIELDS + 1;
        *tab = '\0';
        fields[count++] = tab + 1;
    }
    return count;
}

/* Positions stay below 2^62, so that sums of two do not overflow. */
static bool parse_count(const char *text, uint64_t *value)
{
    char *end;
    if (*text < '0' || *text > '9') return false;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0' && *value < UINT64_C(1) << 62;
}

static bool parse_energy(const char *text, int *value)
{
    char *end;
    errno = 0;
    const long number = strtol(text, &end, 10);
    *value = (int)number;
    return errno == 0 && end > text && *end == '\0' && number > -10000000 && number < 10000000;
}

static bool parse_probability(const char *text, float *value)
{
    char *end;
    *value = strtof(text, &end);
    return end > text && *end == '\0' && *value >= 0 && *value <= 1;
}

static bool parse_strand(const char *text, dmg_strand *strand)
{
    *strand = *text == '-' ? DMG_STRAND_MINUS : DMG_STRAND_PLUS;
    return (*text == '+' || *text == '-') && text[1] == '\0';
}

static bool parse_sketch(const char *text, sketch *value)
{
    if (strlen(text) != SKETCH_DIGITS) return false;
    for (int i = 0; i < SKETCH_HASHES; i++) {
        char digits[9] = {0}, *end;
        memcpy(digits, text + 8 * i, 8);
        value->hashes[i] = (uint32_t)strtoul(digits, &end, 16);
        if (end != digits + 8) return false;
    }
    return true;
}

/* START END P ENERGY SKETCH */
static bool parse_place(row *out, char *const fields[5])
{
    return parse_count(fields[0], &out->start) && parse_count(fields[1], &out->end) &&
           out->start < out->end && parse_probability(fields[2], &out->p_mirna) &&
           parse_energy(fields[3], &out->energy) && parse_sketch(fields[4], &out->sketch);
}

static bool parse_candidate(row *out, char *const fields[MOST_FIELDS], size_t count)
{
    out->kind = ROW_CANDIDATE;
    if (count != 8 || !parse_strand(fields[0], &out->strand) || !parse_place(out, fields + 1))
        return false;
    out->sequence = fields[6];
    out->structure = fields[7];
    const uint64_t length = out->end - out->start;
    return strlen(out->sequence) == length && strlen(out->structure) == length;
}

static bool parse_score(row *out, row_kind kind, char *const fields[MOST_FIELDS], size_t count)
{
    out->kind = kind;
    return count == 7 && parse_strand(fields[1], &out->strand) && parse_place(out, fields + 2);
}

static bool parse_begin(row *out, char *const fields[MOST_FIELDS], size_t count)
{
    out->kind = ROW_BEGIN;
    if (count != 4 || !parse_count(fields[1], &out->from)) return false;
    out->circular = fields[2][0] == '1';
    out->name = fields[3];
    return true;
}

bool row_parse(row *out, char *line)
{
    char *fields[MOST_FIELDS];
    const size_t count = split(line, fields);
    if (fields[0][0] != '\0' && fields[0][1] != '\0') return false;
    switch (fields[0][0]) {
    case '>': return parse_begin(out, fields, count);
    case '+':
    case '-': return parse_candidate(out, fields, count);
    case 'b': return parse_score(out, ROW_BACKGROUND, fields, count);
    case 'd': return parse_score(out, ROW_DECOY, fields, count);
    case '<': out->kind = ROW_END; return count == 2 && parse_count(fields[1], &out->from);
    case '=':
        out->kind = ROW_BASES;
        return count == 3 && parse_count(fields[1], &out->bases) &&
               parse_count(fields[2], &out->decoy_bases);
    default: return false;
    }
}
