/* SPDX-License-Identifier: MIT */
/* The folds of a cross-validation: drawn, drawn by whole groups, or read from a table. */
#include "deepmirgene/partition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/rng.h"
#include "train/assignment.h"

static const char test_name[] = "test";

struct dmg_partition {
    size_t records, folds;
    size_t *fold; /* [records] */
    char **names; /* [folds] */
    bool has_test;
};

/* A partition whose folds have neither records nor names yet. */
static dmg_partition *partition_create(size_t records, size_t folds)
{
    dmg_partition *p = dmg_alloc_zero(1, sizeof *p);
    if (!p) return NULL;
    p->records = records;
    p->folds = folds;
    p->fold = dmg_alloc_zero(records, sizeof *p->fold);
    p->names = dmg_alloc_zero(folds, sizeof *p->names);
    if (p->fold && p->names) return p;
    dmg_partition_destroy(p);
    return NULL;
}

void dmg_partition_destroy(dmg_partition *p)
{
    if (!p) return;
    for (size_t f = 0; p->names && f < p->folds; f++) free(p->names[f]);
    free(p->names);
    free(p->fold);
    free(p);
}

size_t dmg_partition_count(const dmg_partition *p)
{
    return p->folds;
}

const char *dmg_partition_name(const dmg_partition *p, size_t fold)
{
    return p->names[fold];
}

bool dmg_partition_is_test(const dmg_partition *p, size_t fold)
{
    return p->has_test && fold + 1 == p->folds;
}

bool dmg_partition_is_evaluated(const dmg_partition *p, size_t fold)
{
    return dmg_partition_is_test(p, fold) || p->folds - p->has_test > 1;
}

size_t dmg_partition_fold(const dmg_partition *p, size_t i)
{
    return p->fold[i];
}

/* --- drawn folds --- */

/* Folds called "1", "2", ..., to be filled; NULL when memory is out. */
static dmg_partition *create_numbered(size_t records, int folds)
{
    dmg_partition *p = partition_create(records, (size_t)folds);
    if (!p) return NULL;
    for (size_t f = 0; f < p->folds; f++) {
        char name[24];
        const int length = snprintf(name, sizeof name, "%zu", f + 1);
        p->names[f] = dmg_copy_text(name, (size_t)length);
        if (p->names[f]) continue;
        dmg_partition_destroy(p);
        return NULL;
    }
    return p;
}

static dmg_status check_folds(int folds, dmg_error *err)
{
    if (folds >= 2 && folds <= DMG_PARTITION_MAX_FOLDS) return DMG_OK;
    return dmg_error_set(err, DMG_RANGE, "%d folds: expected 2 to %d", folds,
                         DMG_PARTITION_MAX_FOLDS);
}

static dmg_status check_labels(const dmg_dataset *dataset, int folds, dmg_error *err)
{
    size_t counts[2] = {0};
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++)
        counts[dmg_dataset_get(dataset, i).positive]++;
    for (int label = 0; label < 2; label++)
        if (counts[label] < (size_t)folds)
            return dmg_error_set(err, DMG_RANGE,
                                 "%zu %s records are too few for %d folds: each needs one",
                                 counts[label], label ? "positive" : "negative", folds);
    return DMG_OK;
}

dmg_status dmg_partition_draw(dmg_partition **out, const dmg_dataset *dataset, int folds,
                              uint64_t seed, int repeat, dmg_error *err)
{
    const size_t records = dmg_dataset_count(dataset);
    dmg_status st = check_folds(folds, err);
    if (st == DMG_OK) st = check_labels(dataset, folds, err);
    if (st != DMG_OK) return st;
    dmg_partition *p = create_numbered(records, folds);
    size_t *members = dmg_alloc(records, sizeof *members);
    if (p && members) {
        dmg_rng rng;
        dmg_rng_init_for(&rng, seed, DMG_RNG_SPLITS, (uint64_t)repeat);
        /* Like cards; the second label goes on where the first one ended, so that the folds are
         * equal in total, too. */
        size_t dealt = 0;
        for (int label = 1; label >= 0; label--) {
            size_t count = 0;
            for (size_t i = 0; i < records; i++)
                if (dmg_dataset_get(dataset, i).positive == label) members[count++] = i;
            dmg_rng_shuffle(&rng, members, count);
            for (size_t k = 0; k < count; k++) p->fold[members[k]] = dealt++ % p->folds;
        }
        *out = p;
        p = NULL;
    } else {
        st = dmg_error_nomem(err, "folds");
    }
    free(members);
    dmg_partition_destroy(p);
    return st;
}

/* --- folds of whole groups ---------------------------------------------------------------------
 *
 * What is equalised are three sums in each fold: negatives, positives, all. The cost of a division
 * is the sum over folds and these of (sum in the fold / sum in the data)^2, which is least when all
 * folds are alike; what a group adds to a fold's cost is seen from that fold alone.
 */

enum { SUMS = 3 }; /* [0] negatives, [1] positives, [2] all */

typedef struct group {
    double sums[SUMS];
    double weight; /* its share of the data */
    size_t rank;   /* in a random order */
    size_t fold;
    size_t first, count; /* its records in `members` */
} group;

typedef struct grouping {
    size_t records, count, folds;
    size_t *members;      /* [records], by group */
    group *groups;        /* [count], heaviest first */
    double scale[SUMS];   /* 1 / sum^2 */
    double (*sums)[SUMS]; /* [folds] */
} grouping;

static void grouping_clear(grouping *g)
{
    free(g->members);
    free(g->groups);
    free(g->sums);
}

typedef struct word_index {
    const char *word;
    size_t index;
} word_index;

static int by_word(const void *a, const void *b)
{
    const word_index *x = a, *y = b;
    const int order = strcmp(x->word, y->word);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

/* Lists the groups in the order of their words, with their records. */
static void collect_groups(grouping *g, word_index *words, const dmg_dataset *dataset)
{
    qsort(words, g->records, sizeof *words, by_word);
    for (size_t k = 0; k < g->records; k++) {
        if (k == 0 || strcmp(words[k].word, words[k - 1].word) != 0)
            g->groups[g->count++] = (group){.first = k};
        group *now = &g->groups[g->count - 1];
        g->members[k] = words[k].index;
        now->count++;
        now->sums[dmg_dataset_get(dataset, words[k].index).positive] += 1;
        now->sums[SUMS - 1] += 1;
    }
}

static int by_falling_weight(const void *a, const void *b)
{
    const group *x = a, *y = b;
    if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* Heaviest first; equal ones in a random order. */
static dmg_status order_groups(grouping *g, dmg_rng *rng, dmg_error *err)
{
    double total[SUMS] = {0};
    size_t *ranks = dmg_alloc(g->count, sizeof *ranks);
    if (!ranks) return dmg_error_nomem(err, "groups");
    for (size_t k = 0; k < g->count; k++) {
        ranks[k] = k;
        for (int s = 0; s < SUMS; s++) total[s] += g->groups[k].sums[s];
    }
    dmg_rng_shuffle(rng, ranks, g->count);
    for (int s = 0; s < SUMS; s++) g->scale[s] = total[s] > 0 ? 1 / (total[s] * total[s]) : 0;
    for (size_t k = 0; k < g->count; k++) {
        group *now = &g->groups[k];
        now->rank = ranks[k];
        for (int s = 0; s < SUMS; s++) now->weight += now->sums[s] * now->sums[s] * g->scale[s];
    }
    free(ranks);
    qsort(g->groups, g->count, sizeof *g->groups, by_falling_weight);
    return DMG_OK;
}

/* Half of what the group costs in a fold, beyond what it costs anywhere. */
static double cost_in(const grouping *g, const group *now, size_t fold)
{
    double cost = 0;
    for (int s = 0; s < SUMS; s++) cost += g->sums[fold][s] * now->sums[s] * g->scale[s];
    return cost;
}

static void move_group(grouping *g, const group *now, size_t fold, double sign)
{
    for (int s = 0; s < SUMS; s++) g->sums[fold][s] += sign * now->sums[s];
}

/* The fold that the group, which is in none, costs least in: `present` unless one is better. */
static size_t best_fold(const grouping *g, const group *now, size_t present)
{
    const double rounding = 1e-12;
    size_t best = present;
    double least = cost_in(g, now, present);
    for (size_t f = 0; f < g->folds; f++) {
        const double cost = cost_in(g, now, f);
        if (cost >= least - rounding) continue;
        least = cost;
        best = f;
    }
    return best;
}

static void place_groups(grouping *g)
{
    for (size_t k = 0; k < g->count; k++) {
        group *now = &g->groups[k];
        now->fold = best_fold(g, now, 0);
        move_group(g, now, now->fold, 1);
    }
    /* Every move lowers the cost, so this ends; the limit is for a very long tail of small gains.
     */
    bool moved = true;
    for (int pass = 0; moved && pass < 100; pass++) {
        moved = false;
        for (size_t k = 0; k < g->count; k++) {
            group *now = &g->groups[k];
            move_group(g, now, now->fold, -1);
            const size_t fold = best_fold(g, now, now->fold);
            moved = moved || fold != now->fold;
            now->fold = fold;
            move_group(g, now, fold, 1);
        }
    }
}

static dmg_status grouping_init(grouping *g, const assignment *a, const dmg_dataset *dataset,
                                size_t folds, dmg_error *err)
{
    *g = (grouping){.records = a->count, .folds = folds};
    word_index *words = dmg_alloc(a->count, sizeof *words);
    g->members = dmg_alloc(a->count, sizeof *g->members);
    g->groups = dmg_alloc(a->count, sizeof *g->groups);
    g->sums = dmg_alloc_zero(folds, sizeof *g->sums);
    const bool ok = words && g->members && g->groups && g->sums;
    for (size_t i = 0; ok && i < a->count; i++) words[i] = (word_index){a->words[i], i};
    if (ok) collect_groups(g, words, dataset);
    free(words);
    return ok ? DMG_OK : dmg_error_nomem(err, "groups");
}

dmg_status dmg_partition_draw_grouped(dmg_partition **out, const dmg_dataset *dataset,
                                      const char *path, int folds, uint64_t seed, int repeat,
                                      dmg_error *err)
{
    assignment a = {0};
    grouping g = {0};
    dmg_partition *p = NULL;
    dmg_rng rng;
    dmg_rng_init_for(&rng, seed, DMG_RNG_SPLITS, (uint64_t)repeat);
    dmg_status st = check_folds(folds, err);
    if (st == DMG_OK) st = assignment_read(&a, dataset, path, "group", err);
    if (st == DMG_OK) st = grouping_init(&g, &a, dataset, (size_t)folds, err);
    if (st == DMG_OK && g.count < g.folds)
        st = dmg_error_set(err, DMG_RANGE, "%s: %zu group%s, too few for %d folds", path, g.count,
                           g.count == 1 ? "" : "s", folds);
    if (st == DMG_OK) st = order_groups(&g, &rng, err);
    if (st == DMG_OK && !(p = create_numbered(a.count, folds))) st = dmg_error_nomem(err, "folds");
    if (st == DMG_OK) {
        place_groups(&g);
        for (size_t k = 0; k < g.count; k++)
            for (size_t i = 0; i < g.groups[k].count; i++)
                p->fold[g.members[g.groups[k].first + i]] = g.groups[k].fold;
        *out = p;
    }
    grouping_clear(&g);
    assignment_clear(&a);
    return st;
}

/* --- folds from a table --- */

static bool is_number(const char *word)
{
    return word[strspn(word, "0123456789")] == '\0';
}

/* "test" last, numbers by their value, before other words. */
static int compare_names(const char *a, const char *b)
{
    const int tests = (strcmp(a, test_name) == 0) - (strcmp(b, test_name) == 0);
    if (tests != 0) return tests;
    if (is_number(a) && is_number(b) && strlen(a) != strlen(b))
        return strlen(a) < strlen(b) ? -1 : 1;
    if (is_number(a) != is_number(b)) return is_number(a) ? -1 : 1;
    return strcmp(a, b);
}

static int by_name(const void *a, const void *b)
{
    return compare_names(*(char *const *)a, *(char *const *)b);
}

/* The different words in order, in place of the first of `words`; returns how many. */
static size_t sort_names(char **words, size_t count)
{
    size_t different = 0;
    qsort(words, count, sizeof *words, by_name);
    for (size_t k = 0; k < count; k++)
        if (different == 0 || strcmp(words[different - 1], words[k]) != 0)
            words[different++] = words[k];
    return different;
}

static dmg_status check_names(char *const *names, size_t count, const char *path, dmg_error *err)
{
    const bool has_test = count > 0 && strcmp(names[count - 1], test_name) == 0;
    if (count < 2)
        return dmg_error_set(err, DMG_FORMAT, "%s: all records are in one split, '%.40s'", path,
                             count ? names[0] : "");
    if (count - has_test > DMG_PARTITION_MAX_FOLDS)
        return dmg_error_set(err, DMG_FORMAT, "%s: %zu different splits: expected at most %d", path,
                             count - has_test, DMG_PARTITION_MAX_FOLDS);
    return DMG_OK;
}

/* Fills in a partition into `count` folds of these names. */
static dmg_status fill_named(dmg_partition *p, const assignment *a, char *const *names,
                             dmg_error *err)
{
    p->has_test = strcmp(names[p->folds - 1], test_name) == 0;
    for (size_t f = 0; f < p->folds; f++) {
        p->names[f] = dmg_copy_text(names[f], strlen(names[f]));
        if (!p->names[f]) return dmg_error_nomem(err, "folds");
    }
    for (size_t i = 0; i < a->count; i++) {
        char *const *found = bsearch(&a->words[i], names, p->folds, sizeof *names, by_name);
        p->fold[i] = (size_t)(found - names);
    }
    return DMG_OK;
}

dmg_status dmg_partition_load(dmg_partition **out, const dmg_dataset *dataset, const char *path,
                              dmg_error *err)
{
    assignment a = {0};
    dmg_partition *p = NULL;
    char **names = NULL;
    size_t count = 0;
    dmg_status st = assignment_read(&a, dataset, path, "split", err);
    if (st == DMG_OK && !(names = dmg_alloc(a.count, sizeof *names)))
        st = dmg_error_nomem(err, path);
    if (st == DMG_OK) {
        memcpy(names, a.words, a.count * sizeof *names);
        count = sort_names(names, a.count);
        st = check_names(names, count, path, err);
    }
    if (st == DMG_OK && !(p = partition_create(a.count, count))) st = dmg_error_nomem(err, "folds");
    if (st == DMG_OK) st = fill_named(p, &a, names, err);
    if (st == DMG_OK)
        *out = p;
    else
        dmg_partition_destroy(p);
    free(names);
    assignment_clear(&a);
    return st;
}
