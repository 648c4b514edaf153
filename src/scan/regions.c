/* SPDX-License-Identifier: MIT */
/* Regions: parsing "NAME:FROM-TO" and BED files. */
#include "scan/regions.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "seqio/lines.h"

typedef struct region {
    char *name;
    scan_interval interval;
    char *other; /* the name by the other reading of its text, or NULL */
    bool whole;  /* its name is the whole text */
} region;

/* The intervals of one name. */
typedef struct region_group {
    const char *name;
    size_t first, count; /* in `joined` */
    bool found;
} region_group;

struct dmg_regions {
    region *regions; /* as given, until regions_begin sorts them */
    size_t count, capacity;
    scan_interval *joined; /* [count] room */
    region_group *groups;  /* [group_count], by name; room for `count` */
    size_t group_count;
};

dmg_status dmg_regions_create(dmg_regions **out, dmg_error *err)
{
    dmg_regions *regions = dmg_alloc_zero(1, sizeof *regions);
    if (!regions) return dmg_error_nomem(err, "regions");
    *out = regions;
    return DMG_OK;
}

void dmg_regions_destroy(dmg_regions *regions)
{
    if (!regions) return;
    for (size_t i = 0; i < regions->count; i++) {
        free(regions->regions[i].name);
        free(regions->regions[i].other);
    }
    free(regions->regions);
    free(regions->joined);
    free(regions->groups);
    free(regions);
}

/* Keeps room for what regions_begin makes, so that it cannot fail. */
static dmg_status add_region(dmg_regions *regions, const char *name, size_t name_length,
                             scan_interval interval, dmg_error *err)
{
    const size_t before = regions->capacity, needed = regions->count + 1;
    char *copy = dmg_copy_text(name, name_length);
    bool roomy =
        copy && dmg_grow(&regions->regions, &regions->capacity, needed, sizeof *regions->regions);
    if (roomy && regions->capacity > before) {
        size_t joined = before, groups = before;
        roomy = dmg_grow(&regions->joined, &joined, regions->capacity, sizeof *regions->joined) &&
                dmg_grow(&regions->groups, &groups, regions->capacity, sizeof *regions->groups);
        if (!roomy) regions->capacity = before;
    }
    if (!roomy) {
        free(copy);
        return dmg_error_nomem(err, "regions");
    }
    regions->regions[regions->count++] = (region){.name = copy, .interval = interval};
    return DMG_OK;
}

/* --- numbers --- */

#define MOST_DIGITS 18 /* of a position: below 10^18 nothing overflows */

/* Reads digits, and commas where `commas`, from text[*at] on; false where there is no number. */
static bool parse_number(const char *text, size_t length, size_t *at, bool commas, uint64_t *value)
{
    size_t digits = 0;
    *value = 0;
    for (; *at < length; ++*at) {
        const char c = text[*at];
        if (commas && c == ',' && digits > 0) continue;
        if (c < '0' || c > '9') break;
        *value = 10 * *value + (uint64_t)(c - '0');
        if (++digits > MOST_DIGITS) return false;
    }
    return digits > 0;
}

/* --- NAME:FROM-TO --- */

/* "FROM", "FROM-" or "FROM-TO". */
static bool parse_range(const char *text, scan_interval *interval)
{
    const size_t length = strlen(text);
    size_t at = 0;
    uint64_t from, to;
    if (!parse_number(text, length, &at, true, &from) || from == 0) return false;
    *interval = (scan_interval){from - 1, REGION_END};
    if (at == length) return true;
    if (text[at++] != '-') return false;
    if (at == length) return true;
    if (!parse_number(text, length, &at, true, &to) || at < length || to < from) return false;
    interval->to = to;
    return true;
}

static dmg_status bad_region(const char *text, dmg_error *err)
{
    return dmg_error_set(err, DMG_FORMAT,
                         "region '%s': expected NAME, NAME:FROM or NAME:FROM-TO with 1 <= FROM "
                         "<= TO, and {NAME} if the name contains a colon",
                         text);
}

static dmg_status add_braced(dmg_regions *regions, const char *text, dmg_error *err)
{
    const char *end = strrchr(text, '}');
    scan_interval interval = {0, REGION_END};
    if (!end || end == text + 1 || (end[1] != '\0' && end[1] != ':') ||
        (end[1] == ':' && !parse_range(end + 2, &interval)))
        return bad_region(text, err);
    return add_region(regions, text + 1, (size_t)(end - text) - 1, interval, err);
}

/* The last two regions are readings of one text. */
static dmg_status pair_last(dmg_regions *regions, dmg_error *err)
{
    region *whole = &regions->regions[regions->count - 1], *part = whole - 1;
    whole->whole = true;
    whole->other = dmg_copy_text(part->name, strlen(part->name));
    part->other = dmg_copy_text(whole->name, strlen(whole->name));
    return whole->other && part->other ? DMG_OK : dmg_error_nomem(err, "regions");
}

dmg_status dmg_regions_add(dmg_regions *regions, const char *text, dmg_error *err)
{
    const scan_interval all = {0, REGION_END};
    scan_interval part;
    if (*text == '{') return add_braced(regions, text, err);
    const char *colon = strrchr(text, ':');
    if (*text == '\0' || colon == text || (colon && colon[1] == '\0')) return bad_region(text, err);
    if (!colon || !parse_range(colon + 1, &part))
        return add_region(regions, text, strlen(text), all, err);
    dmg_status st = add_region(regions, text, (size_t)(colon - text), part, err);
    if (st == DMG_OK) st = add_region(regions, text, strlen(text), all, err);
    return st == DMG_OK ? pair_last(regions, err) : st;
}

/* --- BED --- */

static bool begins_with_word(const dmg_line *line, const char *word)
{
    const size_t length = strlen(word);
    return line->length >= length && memcmp(line->text, word, length) == 0 &&
           (line->length == length ||
            (line->text[length] != '\t' && dmg_lines_blank(line->text[length])));
}

/* A tab follows the name of a sequence, a blank the words of these lines. */
static bool is_bed_comment(const dmg_line *line)
{
    return line->length == 0 || line->text[0] == '#' || begins_with_word(line, "track") ||
           begins_with_word(line, "browser");
}

static bool skip_blanks(const dmg_line *line, size_t *at)
{
    const size_t before = *at;
    while (*at < line->length && dmg_lines_blank(line->text[*at])) ++*at;
    return *at > before;
}

static dmg_status add_bed_line(dmg_regions *regions, const dmg_lines *lines, const dmg_line *line,
                               dmg_error *err)
{
    size_t name_length = 0;
    while (name_length < line->length && !dmg_lines_blank(line->text[name_length])) name_length++;
    size_t at = name_length;
    uint64_t from = 0, to = 0;
    const bool good = !memchr(line->text, '\0', name_length) && skip_blanks(line, &at) &&
                      parse_number(line->text, line->length, &at, false, &from) &&
                      skip_blanks(line, &at) &&
                      parse_number(line->text, line->length, &at, false, &to) &&
                      (at == line->length || dmg_lines_blank(line->text[at])) && from <= to;
    if (!good)
        return dmg_error_set(err, DMG_FORMAT,
                             "%s:%llu: expected a line of BED: name, start, end, separated by "
                             "tabs, with 0 <= start <= end",
                             dmg_lines_label(lines), (unsigned long long)line->number);
    if (from == to) return DMG_OK;
    return add_region(regions, line->text, name_length, (scan_interval){from, to}, err);
}

dmg_status dmg_regions_add_bed(dmg_regions *regions, const char *path, dmg_error *err)
{
    dmg_lines *lines = NULL;
    dmg_line line;
    dmg_status st = dmg_lines_open(&lines, path, err);
    while (st == DMG_OK && (st = dmg_lines_next(lines, &line, err)) == DMG_OK && line.text)
        if (!is_bed_comment(&line)) st = add_bed_line(regions, lines, &line, err);
    dmg_lines_close(lines);
    return st;
}

/* --- looking up --- */

static int compare_regions(const void *a, const void *b)
{
    const region *left = a, *right = b;
    const int names = strcmp(left->name, right->name);
    if (names != 0) return names;
    const scan_interval l = left->interval, r = right->interval;
    if (l.from != r.from) return l.from < r.from ? -1 : 1;
    return (l.to > r.to) - (l.to < r.to);
}

void regions_begin(dmg_regions *regions)
{
    if (regions->count > 0)
        qsort(regions->regions, regions->count, sizeof *regions->regions, compare_regions);
    size_t joined = 0;
    regions->group_count = 0;
    for (size_t i = 0; i < regions->count; i++) {
        const region *next = &regions->regions[i];
        region_group *group = &regions->groups[regions->group_count - (i > 0)];
        if (i == 0 || strcmp(group->name, next->name) != 0) {
            group = &regions->groups[regions->group_count++];
            *group = (region_group){.name = next->name, .first = joined};
        }
        scan_interval *last = group->count > 0 ? &regions->joined[joined - 1] : NULL;
        if (last && next->interval.from <= last->to) {
            if (next->interval.to > last->to) last->to = next->interval.to;
        } else {
            regions->joined[joined++] = next->interval;
            group->count++;
        }
    }
}

static int compare_name_to_group(const void *name, const void *group)
{
    return strcmp(name, ((const region_group *)group)->name);
}

static region_group *find_group(const dmg_regions *regions, const char *name)
{
    if (regions->group_count == 0) return NULL;
    return bsearch(name, regions->groups, regions->group_count, sizeof *regions->groups,
                   compare_name_to_group);
}

const scan_interval *regions_of(dmg_regions *regions, const char *name, size_t *count)
{
    region_group *group = find_group(regions, name);
    *count = group ? group->count : 0;
    if (!group) return NULL;
    group->found = true;
    return regions->joined + group->first;
}

/* Whether a sequence of that name was found; NULL: none. */
static bool was_found(const dmg_regions *regions, const char *name)
{
    const region_group *group = name ? find_group(regions, name) : NULL;
    return group && group->found;
}

const char *regions_ambiguous(const dmg_regions *regions, const char *name)
{
    for (size_t i = 0; i < regions->count; i++) {
        const region *each = &regions->regions[i];
        if (each->other && strcmp(each->name, name) == 0 && was_found(regions, each->other))
            return each->whole ? each->name : each->other;
    }
    return NULL;
}

const char *regions_not_found(const dmg_regions *regions)
{
    for (size_t i = 0; i < regions->count; i++) {
        const region *each = &regions->regions[i];
        if (!each->whole && !was_found(regions, each->name) && !was_found(regions, each->other))
            return each->name;
        if (each->whole && !each->other && !was_found(regions, each->name)) return each->name;
    }
    return NULL;
}

uint64_t regions_digest(const dmg_regions *regions)
{
    uint64_t hash = DMG_HASH_START;
    for (size_t i = 0; i < regions->count; i++) {
        const region *each = &regions->regions[i];
        hash = dmg_hash_bytes(hash, each->name, strlen(each->name) + 1);
        hash = dmg_hash_number(dmg_hash_number(hash, each->interval.from), each->interval.to);
    }
    return hash;
}
