/* SPDX-License-Identifier: MIT */
/* The lines of a block. */
#include "scan/block_row.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "deepmirgene/scan.h"

enum { MOST_FIELDS = 7 };

/* --- writing --- */

static char strand_sign(dmg_strand strand)
{
    return strand == DMG_STRAND_PLUS ? '+' : '-';
}

static bool write_candidate(scan_text *out, const row *line)
{
    const int length = (int)(line->end - line->start);
    return text_append(out, "%c\t%" PRIu64 "\t%" PRIu64 "\t%.9g\t%d\t%.*s\t%.*s\n",
                       strand_sign(line->strand), line->start, line->end, (double)line->p_mirna,
                       line->energy, length, line->sequence, length, line->structure);
}

static bool write_decoy(scan_text *out, const row *line)
{
    return text_append(out, "d\t%d\t%c\t%" PRIu64 "\t%" PRIu64 "\t%.9g\t%d\n", line->copy,
                       strand_sign(line->strand), line->start, line->end, (double)line->p_mirna,
                       line->energy);
}

bool row_write(scan_text *out, const row *line)
{
    switch (line->kind) {
    case ROW_BEGIN:
        return text_append(out, ">\t%" PRIu64 "\t%d\t%s\n", line->from, line->circular, line->name);
    case ROW_CANDIDATE: return write_candidate(out, line);
    case ROW_DECOY: return write_decoy(out, line);
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

/* START END P ENERGY */
static bool parse_place(row *out, char *const fields[4])
{
    return parse_count(fields[0], &out->start) && parse_count(fields[1], &out->end) &&
           out->start < out->end && parse_probability(fields[2], &out->p_mirna) &&
           parse_energy(fields[3], &out->energy);
}

static bool parse_candidate(row *out, char *const fields[MOST_FIELDS], size_t count)
{
    out->kind = ROW_CANDIDATE;
    if (count != 7 || !parse_strand(fields[0], &out->strand) || !parse_place(out, fields + 1))
        return false;
    out->sequence = fields[5];
    out->structure = fields[6];
    const uint64_t length = out->end - out->start;
    return strlen(out->sequence) == length && strlen(out->structure) == length;
}

static bool parse_decoy(row *out, char *const fields[MOST_FIELDS], size_t count)
{
    uint64_t copy;
    out->kind = ROW_DECOY;
    if (count != 7 || !parse_count(fields[1], &copy) || copy >= DMG_SCAN_MAX_DECOYS) return false;
    out->copy = (int)copy;
    return parse_strand(fields[2], &out->strand) && parse_place(out, fields + 3);
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
    case 'd': return parse_decoy(out, fields, count);
    case '<': out->kind = ROW_END; return count == 2 && parse_count(fields[1], &out->from);
    case '=':
        out->kind = ROW_BASES;
        return count == 3 && parse_count(fields[1], &out->bases) &&
               parse_count(fields[2], &out->decoy_bases);
    default: return false;
    }
}
