/* SPDX-License-Identifier: MIT */
/* The finder of hairpins: against the definition of its header worked out on whole sequences, and
 * its promises of order, locality and equality of all levels.
 */
#include "deepmirgene/hairpins.h"

#include "unit.h"

#include <stdbool.h>

#include "base/rng.h"
#include "deepmirgene/fold.h"
#include "deepmirgene/seqio.h"
#include "fold/mfe.h"
#include "fold/provisional.h"

#define SEED          20261124
#define MOST_HAIRPINS 40000

/* --- candidates, kept --- */

typedef struct kept {
    size_t start, end;
    int energy, pairs;
    char *sequence, *structure;
} kept;

typedef struct list {
    kept item[MOST_HAIRPINS];
    size_t count;
} list;

static dmg_status keep(void *context, const dmg_hairpin *h, dmg_error *err)
{
    (void)err;
    list *const l = context;
    assert_true(l->count < MOST_HAIRPINS);
    assert_int_equal(strlen(h->sequence), h->end - h->start);
    assert_int_equal(strlen(h->structure), h->end - h->start);
    l->item[l->count++] = (kept){.start = h->start,
                                 .end = h->end,
                                 .energy = h->energy,
                                 .pairs = h->pairs,
                                 .sequence = strdup(h->sequence),
                                 .structure = strdup(h->structure)};
    return DMG_OK;
}

static void clear(list *l)
{
    for (size_t k = 0; k < l->count; k++) {
        free(l->item[k].sequence);
        free(l->item[k].structure);
    }
    l->count = 0;
}

static void find(list *l, const dmg_hairpin_options *options, dmg_cpu cpu, const char *bases,
                 size_t length, dmg_strand strand)
{
    dmg_error err;
    dmg_hairpin_finder *finder = NULL;
    assert_ok(dmg_hairpin_finder_create(&finder, options, cpu, &err), &err);
    assert_ok(dmg_hairpins_find(finder, bases, length, strand, keep, l, &err), &err);
    dmg_hairpin_finder_destroy(finder);
}

static void assert_same(const kept *a, const kept *b, size_t shift)
{
    assert_int_equal(a->start, b->start + shift);
    assert_int_equal(a->end, b->end + shift);
    assert_int_equal(a->energy, b->energy);
    assert_int_equal(a->pairs, b->pairs);
    assert_string_equal(a->sequence, b->sequence);
    assert_string_equal(a->structure, b->structure);
}

static void assert_same_lists(const list *a, const list *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t k = 0; k < a->count; k++) assert_same(&a->item[k], &b->item[k], 0);
}

/* --- sequences --- */

/* Random bases with hairpins in between, some letters that do not pair, some lower case. */
static void fill_bases(dmg_rng *rng, char *bases, size_t length)
{
    for (size_t k = 0; k < length; k++) bases[k] = "ACGT"[dmg_rng_below(rng, 4)];
    for (size_t at = 0; at + 70 < length; at += 20 + dmg_rng_below(rng, 150)) {
        const size_t arm = 12 + dmg_rng_below(rng, 20), loop = 3 + dmg_rng_below(rng, 8);
        const size_t end = at + 2 * arm + loop;
        for (size_t k = 0; k < arm && end < length; k++)
            if (dmg_rng_below(rng, 8) > 0)
                bases[end - 1 - k] = "TGCA"[strchr("ACGT", bases[at + k]) - "ACGT"];
    }
    for (size_t k = 0; k < length; k++) {
        if (dmg_rng_below(rng, 60) == 0) bases[k] = "NRyn"[dmg_rng_below(rng, 4)];
        if (dmg_rng_below(rng, 10) == 0 && bases[k] < 'Z') bases[k] = (char)(bases[k] - 'A' + 'a');
    }
    bases[length] = '\0';
}

static char *reverse_complement(const char *bases, size_t length)
{
    char *const out = calloc(length + 1, 1);
    for (size_t k = 0; k < length; k++) {
        const char *const place = strchr("ACGTacgt", bases[length - 1 - k]);
        out[k] = place ? "TGCAtgca"[place - "ACGTacgt"] : 'N';
    }
    return out;
}

static dmg_hairpin_options small_options(dmg_rng *rng)
{
    dmg_hairpin_options o = dmg_hairpin_defaults();
    o.span = 30 + (int)dmg_rng_below(rng, 50);
    o.background = (int)dmg_rng_below(rng, 30);
    o.max_score = -50 - (int)dmg_rng_below(rng, 500);
    o.overlap_limit = 1 + (int)dmg_rng_below(rng, 5);
    o.max_energy = -(int)dmg_rng_below(rng, 800);
    o.min_pairs = 4 + (int)dmg_rng_below(rng, 8);
    o.flank = (int)dmg_rng_below(rng, 8);
    o.shortest = 5 + (int)dmg_rng_below(rng, 11);
    o.neighbourhood = o.flank + (int)dmg_rng_below(rng, 12);
    o.long_span = dmg_rng_below(rng, 2) ? o.span + (int)dmg_rng_below(rng, 60) : 0;
    o.min_repeat = 1 + (int)dmg_rng_below(rng, 20);
    return o;
}

/* --- the definition --- */

/* Score of (i, j) on the plus strand, FOLD_INFINITE where there is none. */
static int score_of(const dmg_mfe *m, const dmg_hairpin_options *o, int i, int j)
{
    if (i < 0 || j >= m->n || j - i >= o->span - 2 * o->flank || C(m, i, j) >= FOLD_INFINITE)
        return FOLD_INFINITE;
    return C(m, i, j) + exterior_stem_energy(m->s, i, j, pair_type(m->s[i], m->s[j]), m->n) +
           o->background * (j - i + 1);
}

typedef struct scored {
    int i, j, score;
} scored;

static bool is_better(scored a, scored b)
{
    if (a.score != b.score) return a.score < b.score;
    return a.i != b.i ? a.i < b.i : a.j < b.j;
}

static bool is_optimal(const dmg_mfe *m, const dmg_hairpin_options *o, scored x)
{
    for (int p = x.i - o->neighbourhood; p <= x.i + o->neighbourhood; p++)
        for (int q = x.j - o->neighbourhood; q <= x.j + o->neighbourhood; q++)
            if (q > p && is_better((scored){p, q, score_of(m, o, p, q)}, x)) return false;
    return true;
}

static bool is_rival(scored other, scored x)
{
    int shared = 0;
    for (int k = x.i; k <= x.j; k++) shared += k >= other.i && k <= other.j;
    return 2 * shared >= x.j - x.i + 1 && 2 * shared >= other.j - other.i + 1 &&
           is_better(other, x);
}

static int depth_of(const char *structure)
{
    int depth = 0, most = 0;
    for (const char *c = structure; *c; c++) {
        depth += *c == '(' ? 1 : *c == ')' ? -1 : 0;
        if (depth > most) most = depth;
    }
    return most;
}

/* Folds the pair with its flanks. */
static void add_expected(list *l, const dmg_hairpin_options *o, dmg_folder *folder,
                         const char *bases, size_t length, scored x)
{
    dmg_error err;
    const int n = (int)length;
    const int start = x.i < o->flank ? 0 : x.i - o->flank;
    const int end = x.j + 1 + o->flank > n ? n : x.j + 1 + o->flank;
    kept h = {.start = (size_t)start,
              .end = (size_t)end,
              .sequence = strndup(bases + start, (size_t)(end - start)),
              .structure = calloc((size_t)(end - start) + 1, 1)};
    for (char *c = h.sequence; *c; c++) *c = "NACGU"[dmg_base_code(*c)];
    dmg_fold_task task = {
        .sequence = h.sequence, .length = h.end - h.start, .structure = h.structure};
    assert_ok(dmg_fold(folder, &task, 1, &err), &err);
    h.energy = task.energy;
    h.pairs = depth_of(h.structure);
    assert_true(l->count < MOST_HAIRPINS);
    if (h.pairs >= o->min_pairs && h.energy <= o->max_energy) {
        l->item[l->count++] = h;
    } else {
        free(h.sequence);
        free(h.structure);
    }
}

static int compare_kept(const void *a, const void *b)
{
    const kept *const x = a, *const y = b;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    return x->end != y->end ? (x->end < y->end ? -1 : 1) : 0;
}

/* Whether i..j of the plus strand has an inverted repeat: the recursion of its header, by heart. */
static bool has_repeat(const dmg_hairpin_options *o, const char *bases, int i, int j)
{
    static int score[128][128]; /* of first + a .. first + b */
    const int n = j - i + 1, shortest = o->span - 2 * o->flank + 1;
    bool repeat = false;
    assert_true(n <= 128);
    for (int apart = 0; apart < n; apart++)
        for (int a = 0; a + apart < n; a++) {
            const int b = a + apart;
            const char pair[] = {"NACGU"[dmg_base_code(bases[i + a])],
                                 "NACGU"[dmg_base_code(bases[i + b])], '\0'};
            const int gain = strstr("GC CG", pair)   ? 2
                             : strstr("AU UA", pair) ? 1
                             : strstr("GU UG", pair) ? 0
                                                     : -3;
            score[a][b] = 0;
            if (apart < 4) continue;
            const int choices[] = {0, score[a + 1][b - 1] + gain, score[a + 1][b] - 3,
                                   score[a][b - 1] - 3};
            for (int k = 0; k < 4; k++)
                if (choices[k] > score[a][b]) score[a][b] = choices[k];
            repeat = repeat || (apart + 1 >= shortest && score[a][b] >= o->min_repeat);
        }
    return repeat;
}

/* The candidates of the plus strand of up to a span, from the matrices of the whole sequence; of
 * all of these pairs, or of those with an inverted repeat that `asked` wants. */
static void work_out_span(list *l, const dmg_hairpin_options *o, const dmg_hairpin_options *asked,
                          const char *bases, size_t length)
{
    dmg_error err;
    dmg_mfe m = {0};
    dmg_folder *folder = NULL;
    assert_ok(dmg_folder_create(&folder, 1, DMG_CPU_SCALAR, &err), &err);
    assert_true(dmg_mfe_reserve(&m, &dmg_mfe_scalar, length, length));
    assert_true(dmg_mfe_fill(&m, &dmg_mfe_scalar, NULL, bases, length, length));
    static scored optimal[MOST_HAIRPINS];
    size_t count = 0;
    const size_t before = l->count;
    for (int i = 0; i < m.n; i++)
        for (int j = i + o->shortest - 1; j < m.n && j - i < o->span - 2 * o->flank; j++) {
            const scored x = {i, j, score_of(&m, o, i, j)};
            if (x.score > o->max_score || !is_optimal(&m, o, x)) continue;
            assert_true(count < MOST_HAIRPINS);
            optimal[count++] = x;
        }
    for (size_t k = 0; k < count; k++) {
        int rivals = 0;
        for (size_t x = 0; x < count; x++) rivals += is_rival(optimal[x], optimal[k]);
        if (rivals < o->overlap_limit &&
            (!asked || has_repeat(asked, bases, optimal[k].i, optimal[k].j)))
            add_expected(l, o, folder, bases, length, optimal[k]);
    }
    qsort(l->item + before, l->count - before, sizeof *l->item, compare_kept);
    dmg_folder_destroy(folder);
    dmg_mfe_clear(&m);
}

/* All candidates of the plus strand; returns how many of them are long. */
static size_t work_out(list *l, const dmg_hairpin_options *o, const char *bases, size_t length)
{
    work_out_span(l, o, NULL, bases, length);
    if (o->long_span <= o->span) return 0;
    const size_t before = l->count;
    dmg_hairpin_options longer = *o;
    longer.span = o->long_span;
    longer.shortest = o->span - 2 * o->flank + 1;
    work_out_span(l, &longer, o, bases, length);
    return l->count - before;
}

static list found, expected; /* too large for the stack */

static void test_definition(void **state)
{
    (void)state;
    static char bases[3101];
    dmg_rng rng;
    size_t all = 0, all_long = 0;
    dmg_rng_init(&rng, SEED, 0);
    for (int round = 0; round < 60; round++) {
        /* Empty, short, and some of several windows. */
        const size_t length =
            round < 5 ? (size_t)round : 5 + dmg_rng_below(&rng, round < 57 ? 700 : 3000);
        fill_bases(&rng, bases, length);
        const dmg_hairpin_options options = small_options(&rng);
        all_long += work_out(&expected, &options, bases, length);
        all += expected.count;
        for (int cpu = DMG_CPU_AUTO; cpu <= DMG_CPU_SCALAR; cpu++) {
            find(&found, &options, (dmg_cpu)cpu, bases, length, DMG_STRAND_PLUS);
            assert_same_lists(&found, &expected);
            clear(&found);
        }
        clear(&expected);
    }
    assert_true(all > 200 && all_long > 50);
}

/* The minus strand is the plus strand of the reverse complement, with places turned round. */
static void test_minus_strand(void **state)
{
    (void)state;
    static char bases[1501];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 1);
    for (int round = 0; round < 20; round++) {
        const size_t length = 300 + dmg_rng_below(&rng, 1200);
        fill_bases(&rng, bases, length);
        char *const other = reverse_complement(bases, length);
        const dmg_hairpin_options options = small_options(&rng);
        find(&found, &options, DMG_CPU_AUTO, bases, length, DMG_STRAND_MINUS);
        find(&expected, &options, DMG_CPU_AUTO, other, length, DMG_STRAND_PLUS);
        for (size_t k = 0; k < expected.count; k++) {
            const size_t start = expected.item[k].start;
            expected.item[k].start = length - expected.item[k].end;
            expected.item[k].end = length - start;
        }
        qsort(found.item, found.count, sizeof *found.item, compare_kept);
        qsort(expected.item, expected.count, sizeof *expected.item, compare_kept);
        assert_same_lists(&found, &expected);
        clear(&found);
        clear(&expected);
        free(other);
    }
}

/* A piece has the candidates of the whole that lie in it, far enough from where it was cut. */
static void test_locality(void **state)
{
    (void)state;
    static char bases[20001];
    dmg_rng rng;
    size_t compared = 0;
    dmg_rng_init(&rng, SEED, 2);
    for (int round = 0; round < 36; round++) {
        /* The last ones are longer than what is searched for inverted repeats together. */
        const size_t length = round < 30 ? 4000 : 20000;
        fill_bases(&rng, bases, length);
        const dmg_hairpin_options options = small_options(&rng);
        const dmg_strand strand = round % 2 ? DMG_STRAND_MINUS : DMG_STRAND_PLUS;
        const size_t context = dmg_hairpin_context(&options);
        const size_t half = length / 2;
        const size_t from = round % 3 ? dmg_rng_below(&rng, (uint32_t)half) : 0;
        const size_t to = round % 5 ? half + dmg_rng_below(&rng, (uint32_t)half) : length;
        find(&expected, &options, DMG_CPU_AUTO, bases, length, strand);
        find(&found, &options, DMG_CPU_AUTO, bases + from, to - from, strand);
        size_t next = 0;
        for (size_t k = 0; k < expected.count; k++) {
            const kept *const whole = &expected.item[k];
            if ((from > 0 && whole->start < from + context) ||
                (to < length && whole->end + context > to))
                continue;
            while (next < found.count &&
                   ((from > 0 && found.item[next].start < context) ||
                    (to < length && found.item[next].end + context + from > to)))
                next++;
            assert_true(next < found.count);
            assert_same(whole, &found.item[next++], from);
            compared++;
        }
        clear(&found);
        clear(&expected);
    }
    assert_true(compared > 500);
}

/* Removes those that are not confirmed; returns how many. */
static size_t confirm(list *l, dmg_hairpin_finder *finder, const char *bases, size_t length,
                      dmg_strand strand)
{
    static dmg_provisional places[MOST_HAIRPINS];
    dmg_error err;
    const size_t count = l->count;
    for (size_t k = 0; k < count; k++)
        places[k] = (dmg_provisional){.start = l->item[k].start, .end = l->item[k].end};
    assert_ok(dmg_hairpins_confirm(finder, bases, length, strand, places, count, &err), &err);
    l->count = 0;
    for (size_t k = 0; k < count; k++) {
        if (places[k].confirmed) {
            l->item[l->count++] = l->item[k];
        } else {
            free(l->item[k].sequence);
            free(l->item[k].structure);
        }
    }
    return count - l->count;
}

/* In two steps, with the long ones confirmed, a search has the candidates of a whole search. */
static void test_two_steps(void **state)
{
    (void)state;
    static char bases[6001];
    static list longer;
    dmg_rng rng;
    dmg_error err;
    size_t confirmed = 0, refuted = 0;
    dmg_rng_init(&rng, SEED, 6);
    for (int round = 0; round < 24; round++) {
        const size_t length = round < 4 ? 200 : 6000;
        const dmg_strand strand = round % 2 ? DMG_STRAND_MINUS : DMG_STRAND_PLUS;
        fill_bases(&rng, bases, length);
        dmg_hairpin_options options = small_options(&rng);
        if (options.long_span > 0) options.long_span += options.span;
        dmg_hairpin_finder *finder = NULL;
        assert_ok(dmg_hairpin_finder_create(&finder, &options, DMG_CPU_AUTO, &err), &err);
        assert_ok(dmg_hairpins_find(finder, bases, length, strand, keep, &expected, &err), &err);
        assert_ok(dmg_hairpins_find_short(finder, bases, length, strand, keep, &found, &err), &err);
        assert_ok(dmg_hairpins_find_provisional(finder, bases, length, strand, keep, &longer, &err),
                  &err);
        refuted += confirm(&longer, finder, bases, length, strand);
        confirmed += longer.count;
        for (size_t k = 0; k < longer.count; k++) found.item[found.count++] = longer.item[k];
        longer.count = 0;
        assert_same_lists(&found, &expected);
        clear(&found);
        clear(&expected);
        dmg_hairpin_finder_destroy(finder);
    }
    assert_true(confirmed > 100 && refuted > 20);
}

typedef struct place {
    size_t start, end;
    bool covered;
} place;

static dmg_status cover(void *context, const dmg_hairpin *h, dmg_error *err)
{
    (void)err;
    place *const p = context;
    const size_t from = h->start > p->start ? h->start : p->start;
    const size_t to = h->end < p->end ? h->end : p->end;
    p->covered = p->covered || (to > from && 10 * (to - from) >= 8 * (p->end - p->start));
    return DMG_OK;
}

/* Published precursors between random bases are covered by candidates; bench_hairpins counts more
 * exactly. */
static void test_known_precursors(void **state)
{
    (void)state;
    enum { FLANK = 300 };
    char path[4096];
    if (!shared_path(path, "data/mirboost/human_pos.fa")) skip();
    dmg_error err;
    dmg_reader *reader = NULL;
    dmg_batch *batch = NULL;
    dmg_hairpin_finder *finder = NULL;
    const dmg_hairpin_options options = dmg_hairpin_defaults();
    assert_ok(dmg_hairpin_finder_create(&finder, &options, DMG_CPU_AUTO, &err), &err);
    assert_ok(dmg_reader_open(&reader, path, &err), &err);
    assert_ok(dmg_batch_create(&batch, &err), &err);
    assert_ok(dmg_reader_next(reader, batch, SIZE_MAX, SIZE_MAX, &err), &err);
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 4);
    size_t covered = 0, count = 0;
    for (size_t k = 0; k < dmg_batch_count(batch); k += 4, count++) {
        const dmg_record *const record = &dmg_batch_records(batch)[k];
        const size_t length = record->length + 2 * FLANK;
        char *const bases = calloc(length, 1);
        for (size_t x = 0; x < length; x++) bases[x] = "ACGU"[dmg_rng_below(&rng, 4)];
        memcpy(bases + FLANK, record->sequence, record->length);
        place p = {.start = FLANK, .end = FLANK + record->length};
        assert_ok(dmg_hairpins_find(finder, bases, length, DMG_STRAND_PLUS, cover, &p, &err), &err);
        covered += p.covered;
        free(bases);
    }
    assert_true(covered * 100 >= count * 97);
    dmg_batch_destroy(batch);
    dmg_reader_close(reader);
    dmg_hairpin_finder_destroy(finder);
}

/* An energy that 16 bits do not hold. */
static void test_range_of_elements(void **state)
{
    (void)state;
    static char bases[901];
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 5);
    fill_bases(&rng, bases, 900);
    for (int k = 0; k < 380; k++) {
        bases[60 + k] = "GC"[dmg_rng_below(&rng, 2)];
        bases[839 - k] = bases[60 + k] == 'G' ? 'C' : 'G';
    }
    dmg_hairpin_options options = dmg_hairpin_defaults();
    options.span = 900;
    find(&expected, &options, DMG_CPU_SCALAR, bases, 900, DMG_STRAND_PLUS);
    find(&found, &options, DMG_CPU_AUTO, bases, 900, DMG_STRAND_PLUS);
    assert_same_lists(&found, &expected);
    int lowest = 0;
    for (size_t k = 0; k < found.count; k++)
        if (found.item[k].energy < lowest) lowest = found.item[k].energy;
    assert_true(lowest < -60000);
    clear(&found);
    clear(&expected);
}

static dmg_status stop_at_third(void *context, const dmg_hairpin *h, dmg_error *err)
{
    (void)h;
    (void)err;
    return ++*(int *)context == 3 ? DMG_STOPPED : DMG_OK;
}

static void test_callback_ends_the_search(void **state)
{
    (void)state;
    static char bases[4001];
    dmg_error err;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 3);
    fill_bases(&rng, bases, 4000);
    const dmg_hairpin_options options = small_options(&rng);
    dmg_hairpin_finder *finder = NULL;
    assert_ok(dmg_hairpin_finder_create(&finder, &options, DMG_CPU_AUTO, &err), &err);
    int calls = 0;
    assert_int_equal(
        dmg_hairpins_find(finder, bases, 4000, DMG_STRAND_PLUS, stop_at_third, &calls, &err),
        DMG_STOPPED);
    assert_int_equal(calls, 3);
    dmg_hairpin_finder_destroy(finder);
}

/* A precursor of a plant, between random bases. */
static void test_long_hairpin(void **state)
{
    (void)state;
    /* ath-MIR8178 */
    static const char precursor[] =
        "UAUUGGAGUACAUAGGCCAGUUUAGAUUAAUUCUAUUUGUUCGGUUUAGUAUUGGUUAGAUCUUAUACCACACUUGUAUA"
        "UAACAGAGUAAUUGUACAGUGUAAUCAUUAGAACUUUCUCAUUCAUCUUAAUGAUUACACUGUACAAUUACUCUGUUAUA"
        "UACAAGUGUGGUAUAAGAUCUAACCAAUACUAAACCGAACAAAUAGAAUUAAUCUAAACCGGCCUAUGUACUCCAAUA";
    static char bases[1500];
    const size_t length = sizeof precursor - 1;
    dmg_rng rng;
    dmg_rng_init(&rng, SEED, 5);
    for (size_t k = 0; k < sizeof bases; k++) bases[k] = "ACGU"[dmg_rng_below(&rng, 4)];
    memcpy(bases + 600, precursor, length);
    dmg_hairpin_options options = dmg_hairpin_defaults();
    for (int longer = 0; longer < 2; longer++) {
        options.long_span = longer ? 400 : 0;
        place at = {.start = 600, .end = 600 + length};
        dmg_error err;
        dmg_hairpin_finder *finder = NULL;
        assert_ok(dmg_hairpin_finder_create(&finder, &options, DMG_CPU_AUTO, &err), &err);
        assert_ok(dmg_hairpins_find(finder, bases, sizeof bases, DMG_STRAND_PLUS, cover, &at, &err),
                  &err);
        assert_int_equal(at.covered, longer);
        dmg_hairpin_finder_destroy(finder);
    }
}

static void test_options_out_of_range(void **state)
{
    (void)state;
    dmg_error err;
    dmg_hairpin_options options = dmg_hairpin_defaults();
    assert_ok(dmg_hairpin_check(&options, &err), &err);
    options.neighbourhood = options.flank - 1;
    assert_int_equal(dmg_hairpin_check(&options, &err), DMG_RANGE);
    assert_non_null(strstr(err.message, "neighbourhood"));
    dmg_hairpin_finder *finder = NULL;
    assert_int_equal(dmg_hairpin_finder_create(&finder, &options, DMG_CPU_AUTO, &err), DMG_RANGE);
    assert_null(finder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_minus_strand),
        cmocka_unit_test(test_locality),
        cmocka_unit_test(test_two_steps),
        cmocka_unit_test(test_known_precursors),
        cmocka_unit_test(test_range_of_elements),
        cmocka_unit_test(test_callback_ends_the_search),
        cmocka_unit_test(test_long_hairpin),
        cmocka_unit_test(test_options_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
