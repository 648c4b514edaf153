/* SPDX-License-Identifier: MIT */
/* The values of a locus. A new one is a function and a row of the table. */
#include "scan/locus_columns.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

char locus_strand(const dmg_locus *locus)
{
    return locus->strand == DMG_STRAND_PLUS ? '+' : '-';
}

static locus_value text(const char *value)
{
    return (locus_value){.kind = VALUE_TEXT, .text = value};
}

static locus_value count(uint64_t value)
{
    return (locus_value){.kind = VALUE_COUNT, .count = value};
}

static locus_value real(const char *format, double value)
{
    return (locus_value){.kind = VALUE_REAL, .real = value, .format = format};
}

static locus_value name(const dmg_locus *l)
{
    return text(l->name);
}

static locus_value start(const dmg_locus *l)
{
    return count(l->start + 1);
}

static locus_value end(const dmg_locus *l)
{
    return count(l->end);
}

static locus_value strand(const dmg_locus *l)
{
    return text(l->strand == DMG_STRAND_PLUS ? "+" : "-");
}

static locus_value length(const dmg_locus *l)
{
    return count(l->end - l->start);
}

static locus_value p_mirna(const dmg_locus *l)
{
    return real("%.6g", l->p_mirna);
}

static locus_value mfe(const dmg_locus *l)
{
    return real("%.2f", l->energy / 100.0);
}

static locus_value other_strand(const dmg_locus *l)
{
    return real("%.6g", l->other_strand);
}

static locus_value copies(const dmg_locus *l)
{
    return count(l->copies);
}

static locus_value masked(const dmg_locus *l)
{
    return real("%.2f", l->masked);
}

static locus_value complexity(const dmg_locus *l)
{
    return real("%.2f", l->complexity);
}

static locus_value precision(const dmg_locus *l)
{
    return real("%.4g", l->precision);
}

static locus_value q_value(const dmg_locus *l)
{
    return real("%.4g", l->q_value);
}

static locus_value false_per_mb(const dmg_locus *l)
{
    return real("%.4g", l->false_per_mb);
}

static locus_value sequence(const dmg_locus *l)
{
    return text(l->sequence);
}

static locus_value structure(const dmg_locus *l)
{
    return text(l->structure);
}

bool locus_has_mature(const dmg_locus *l)
{
    return l->mature && l->mature->found;
}

void locus_mature_place(uint64_t *start, uint64_t *end, const dmg_locus *l,
                        const dmg_mature_arm *arm)
{
    const bool plus = l->strand == DMG_STRAND_PLUS;
    *start = plus ? l->start + arm->start : l->end - arm->end;
    *end = plus ? l->start + arm->end : l->end - arm->start;
}

static locus_value mature_range(const dmg_locus *l, const dmg_mature_arm *arm)
{
    locus_value value = {.kind = VALUE_RANGE};
    if (!arm) return value;
    locus_mature_place(&value.from, &value.to, l, arm);
    value.from++;
    return value;
}

static locus_value mature_5p(const dmg_locus *l)
{
    return mature_range(l, locus_has_mature(l) ? &l->mature->arm_5p : NULL);
}

static locus_value p_5p(const dmg_locus *l)
{
    return real("%.3f", locus_has_mature(l) ? l->mature->arm_5p.p_start_near : NAN);
}

static locus_value mature_3p(const dmg_locus *l)
{
    return mature_range(l, locus_has_mature(l) ? &l->mature->arm_3p : NULL);
}

static locus_value p_3p(const dmg_locus *l)
{
    return real("%.3f", locus_has_mature(l) ? l->mature->arm_3p.p_start_near : NAN);
}

/* Columns of homologues are asked for only where the locus has been compared. */
static locus_value known(const dmg_locus *l)
{
    return text(l->homologue && l->homologue->name ? l->homologue->name : "novel");
}

static locus_value known_family(const dmg_locus *l)
{
    return text(l->homologue && l->homologue->name ? l->homologue->family : NULL);
}

static locus_value identity(const dmg_locus *l)
{
    return real("%.3f", l->homologue && l->homologue->name ? l->homologue->identity : NAN);
}

static locus_value seed(const dmg_locus *l)
{
    const bool compared = l->homologue && l->homologue->name && !isnan(l->homologue->identity);
    return text(compared ? dmg_seed_name(l->homologue->seed) : NULL);
}

/* A column as all see it, and its value. */
typedef struct column {
    dmg_locus_column shown;
    locus_value (*value)(const dmg_locus *);
} column;

#define TABLE     DMG_COLUMN_TABLE
#define ATTRIBUTE DMG_COLUMN_ATTRIBUTE
#define HEADER    DMG_COLUMN_HEADER
#define PAGE      DMG_COLUMN_PAGE
#define MATURE    DMG_COLUMN_MATURE
#define KNOWN     DMG_COLUMN_KNOWN

static const column columns[] = {
    {{"seqid", TABLE}, name},
    {{"start", TABLE}, start},
    {{"end", TABLE}, end},
    {{"strand", TABLE}, strand},
    {{"length", TABLE}, length},
    {{"p_mirna", TABLE | HEADER}, p_mirna},
    {{"mfe", TABLE | ATTRIBUTE | HEADER}, mfe},
    {{"other_strand", TABLE | ATTRIBUTE | PAGE}, other_strand},
    {{"copies", TABLE | ATTRIBUTE | PAGE}, copies},
    {{"masked", TABLE | ATTRIBUTE | PAGE}, masked},
    {{"complexity", TABLE | ATTRIBUTE | PAGE}, complexity},
    {{"precision", TABLE | ATTRIBUTE | PAGE}, precision},
    {{"q_value", TABLE | ATTRIBUTE | PAGE}, q_value},
    {{"false_per_mb", TABLE | ATTRIBUTE | PAGE}, false_per_mb},
    {{"mature_5p", MATURE}, mature_5p},
    {{"p_5p", MATURE}, p_5p},
    {{"mature_3p", MATURE}, mature_3p},
    {{"p_3p", MATURE}, p_3p},
    {{"known", KNOWN}, known},
    {{"family", KNOWN}, known_family},
    {{"identity", KNOWN}, identity},
    {{"seed", KNOWN}, seed},
    {{"sequence", TABLE}, sequence},
    {{"structure", TABLE | ATTRIBUTE}, structure},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

size_t dmg_locus_columns(void)
{
    return COLUMNS;
}

dmg_locus_column dmg_locus_column_at(size_t at)
{
    assert(at < COLUMNS);
    return columns[at].shown;
}

locus_value locus_column_value(const dmg_locus *locus, size_t at)
{
    assert(at < COLUMNS);
    return columns[at].value(locus);
}

const char *dmg_locus_cell(const dmg_locus *locus, size_t at, char *buffer, size_t capacity)
{
    const locus_value value = locus_column_value(locus, at);
    switch (value.kind) {
    case VALUE_TEXT: return value.text ? value.text : "NA";
    case VALUE_COUNT: snprintf(buffer, capacity, "%" PRIu64, value.count); return buffer;
    case VALUE_RANGE:
        if (value.to == 0) return "NA";
        snprintf(buffer, capacity, "%" PRIu64 "-%" PRIu64, value.from, value.to);
        return buffer;
    case VALUE_REAL: break;
    }
    if (isnan(value.real)) return "NA";
        /* The compiler cannot see that all formats of the table take one double. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(buffer, capacity, value.format, value.real);
#pragma GCC diagnostic pop
    return buffer;
}
