/* SPDX-License-Identifier: MIT */
/* Trains and evaluates the model of mature ends, on the sets of scripts/mature-set.py:
 *
 *     train_mature train TRAIN.tsv MODEL.safetensors [EPOCHS [SEED]]
 *     train_mature evaluate TRAIN.tsv MODEL.safetensors SET.tsv
 *
 * The loss of a hairpin is -log of the probability of the ends that are known, summed over those
 * that are not. Each epoch draws one of the ways in which a hairpin was cut out. One thread, so
 * that the same sets give the same bytes.
 *
 * The evaluation compares the model with two others: the rule, a 5p sequence of 22 nucleotides that
 * ends at the loop and a 3p one with overhangs of two; and the most frequent distances of the four
 * ends from the loop in the training set.
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/rng.h"
#include "deepmirgene/mature.h"
#include "mature/cut_lattice.h"
#include "mature/cut_places.h"
#include "mature/mature_model.h"
#include "mature_set.h"
#include "nn/adam.h"

enum { BATCH = 64, EPOCHS = 16 };

static const double learning_rate = 4e-3, last_rate = 0.02; /* the last as a share of the first */
static const double dropout = 0.2, initial_deviation = 0.1;
static const double similarity_weight = 0.5; /* of a hairpin none of whose ends is experimental */

/* --- one hairpin --- */

typedef struct learner {
    hairpin_duplex duplex;
    cut_places places;
    cut_lattice possible, observed;
    cut_scores dscores;
    float *memory; /* of dscores */
    size_t capacity;
    float kept[CUT_ARMS][CUT_HIDDEN];
    cut_weights weights, gradient, first, second;
    dmg_rng rng;
} learner;

static void learner_destroy(learner *l)
{
    if (!l) return;
    duplex_clear(&l->duplex);
    cut_places_clear(&l->places);
    cut_lattice_clear(&l->possible);
    cut_lattice_clear(&l->observed);
    free(l->memory);
    free(l);
}

/* Twice the same scores, once with the known ends only. */
static dmg_status fill_lattices(learner *l, const cut_set *ends, dmg_error *err)
{
    dmg_status st = cut_lattice_begin(&l->possible, &l->duplex, &l->weights, err);
    if (st == DMG_OK) st = cut_lattice_begin(&l->observed, &l->duplex, &l->weights, err);
    if (st != DMG_OK) return st;
    cut_lattice_score(&l->possible, &l->places.scores);
    cut_lattice_score(&l->observed, &l->places.scores);
    cut_lattice_observe(&l->observed, ends);
    return DMG_OK;
}

static dmg_status reserve_dscores(learner *l, size_t length, dmg_error *err)
{
    if (!dmg_grow(&l->memory, &l->capacity, CUT_ARMS * CUT_SIDES * (length + 1), sizeof(float)))
        return dmg_error_nomem(err, "gradients");
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int side = 0; side < CUT_SIDES; side++)
            l->dscores.of[arm][side] = l->memory + (size_t)(arm * CUT_SIDES + side) * (length + 1);
    return DMG_OK;
}

/* The gradient of a conditional random field: what is expected less what is observed. */
static void add_gradient(learner *l, double weight)
{
    const size_t first[CUT_ARMS] = {0, l->possible.centre};
    const size_t sizes[CUT_ARMS] = {l->possible.rows, l->possible.columns};
    const cut_edges *const possible = &l->possible.expected, *const observed =
                                                                 &l->observed.expected;
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int side = 0; side < CUT_SIDES; side++)
            for (size_t i = 0; i < sizes[arm]; i++)
                l->dscores.of[arm][side][first[arm] + i] =
                    (float)(weight * (l->possible.marginal[arm][side][i] -
                                      l->observed.marginal[arm][side][i]));
    cut_places_backward(&l->gradient, &l->places, &l->dscores, &l->weights,
                        (const float(*)[CUT_HIDDEN])l->kept);
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int k = 0; k < CUT_LENGTHS; k++)
            l->gradient.length[arm][k] +=
                (float)(weight * (possible->length[arm][k] - observed->length[arm][k]));
    for (int enzyme = 0; enzyme < CUT_ENZYMES; enzyme++)
        for (int k = 0; k < CUT_OVERHANGS; k++)
            l->gradient.overhang[enzyme][k] +=
                (float)(weight * (possible->overhang[enzyme][k] - observed->overhang[enzyme][k]));
}

static void draw_dropout(learner *l)
{
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int h = 0; h < CUT_HIDDEN; h++)
            l->kept[arm][h] = dmg_rng_uniform(&l->rng) < dropout ? 0 : (float)(1 / (1 - dropout));
}

/* Adds the loss, times its weight, and the gradient of one hairpin; *loss is not touched where the
 * structure does not allow the known ends. */
static dmg_status learn_hairpin(double *loss, learner *l, const mature_record *record,
                                dmg_error *err)
{
    const bool experimental =
        record->source[CUT_ARM_5P] == 'E' || record->source[CUT_ARM_3P] == 'E';
    const double weight = record->weight * (experimental ? 1 : similarity_weight);
    dmg_status st =
        duplex_build(&l->duplex, record->sequence, record->structure, record->length, err);
    if (st == DMG_OK) st = cut_places_begin(&l->places, &l->duplex, err);
    if (st == DMG_OK) st = reserve_dscores(l, record->length, err);
    if (st != DMG_OK) return st;
    draw_dropout(l);
    cut_places_forward(&l->places, &l->weights, (const float(*)[CUT_HIDDEN])l->kept);
    st = fill_lattices(l, &record->ends, err);
    if (st != DMG_OK) return st;
    const double observed = cut_lattice_sum(&l->observed), possible = cut_lattice_sum(&l->possible);
    if (!isfinite(observed)) return DMG_OK;
    *loss += weight * (possible - observed);
    cut_lattice_marginals(&l->possible);
    cut_lattice_marginals(&l->observed);
    add_gradient(l, weight);
    return DMG_OK;
}

/* --- training --- */

/* Index of the first record of each hairpin, whose ways of being cut out follow each other; count +
 * 1 entries, the caller's. */
static size_t *find_hairpins(size_t *count, const mature_set *set)
{
    size_t *starts = dmg_alloc(set->count + 1, sizeof *starts);
    *count = 0;
    for (size_t i = 0; starts && i < set->count; i++)
        if (i == 0 || strcmp(set->records[i].id, set->records[i - 1].id) != 0)
            starts[(*count)++] = i;
    if (starts) starts[*count] = set->count;
    return starts;
}

/* Mean of the gradients, one step of Adam; `progress` 0 .. 1 lowers the rate along a cosine. */
static void step(learner *l, size_t count, uint64_t number, double progress)
{
    adam_options options = adam_options_defaults();
    options.learning_rate =
        learning_rate * (last_rate + (1 - last_rate) * (1 + cos(3.14159265358979 * progress)) / 2);
    float *const gradient = (float *)&l->gradient;
    for (size_t k = 0; k < CUT_WEIGHTS; k++) gradient[k] /= (float)count;
    adam_update((float *)&l->weights, (float *)&l->first, (float *)&l->second, gradient,
                CUT_WEIGHTS, number, &options);
    memset(&l->gradient, 0, sizeof l->gradient);
}

static void initialise(learner *l, uint64_t seed)
{
    dmg_rng_init(&l->rng, seed, 0);
    float *const features = &l->weights.features[0][0][0];
    float *const output = &l->weights.output[0][0][0];
    for (size_t k = 0; k < sizeof l->weights.features / sizeof(float); k++)
        features[k] = (float)(initial_deviation * dmg_rng_normal(&l->rng));
    for (size_t k = 0; k < sizeof l->weights.output / sizeof(float); k++)
        output[k] = (float)(initial_deviation * dmg_rng_normal(&l->rng));
}

static dmg_status train_epoch(learner *l, const mature_set *set, const size_t *starts,
                              size_t *order, size_t count, int epoch, int epochs, dmg_error *err)
{
    double loss = 0;
    dmg_rng_shuffle(&l->rng, order, count);
    const size_t steps = (count + BATCH - 1) / BATCH;
    for (size_t s = 0; s < steps; s++) {
        const size_t first = s * BATCH, end = first + BATCH < count ? first + BATCH : count;
        for (size_t i = first; i < end; i++) {
            const size_t from = starts[order[i]], ways = starts[order[i] + 1] - from;
            const size_t record = from + (size_t)dmg_rng_below(&l->rng, ways);
            const dmg_status st = learn_hairpin(&loss, l, &set->records[record], err);
            if (st != DMG_OK) return st;
        }
        const double done = (double)epoch * (double)steps + (double)s;
        step(l, end - first, (uint64_t)done + 1, done / ((double)steps * epochs));
    }
    printf("epoch %d\tloss %.4f\n", epoch + 1, loss / (double)count);
    fflush(stdout);
    return DMG_OK;
}

static dmg_status train(const mature_set *set, const char *output, int epochs, uint64_t seed,
                        dmg_error *err)
{
    size_t count;
    size_t *starts = find_hairpins(&count, set), *order = dmg_alloc(count + 1, sizeof *order);
    learner *l = dmg_alloc_zero(1, sizeof *l);
    dmg_status st = starts && order && l ? DMG_OK : dmg_error_nomem(err, "training");
    for (size_t i = 0; st == DMG_OK && i < count; i++) order[i] = i;
    if (st == DMG_OK) initialise(l, seed);
    for (int epoch = 0; st == DMG_OK && epoch < epochs; epoch++)
        st = train_epoch(l, set, starts, order, count, epoch, epochs, err);
    char training[256];
    snprintf(training, sizeof training,
             "{\"hairpins\":%zu,\"epochs\":%d,\"batch\":%d,\"learning_rate\":%g,\"dropout\":%g,"
             "\"seed\":%llu}",
             count, epochs, BATCH, learning_rate, dropout, (unsigned long long)seed);
    if (st == DMG_OK) st = mature_model_save(&l->weights, training, output, err);
    learner_destroy(l);
    free(order);
    free(starts);
    return st;
}

/* --- the methods to compare --- */

typedef enum method { METHOD_MODEL, METHOD_RULE, METHOD_OFFSETS, METHODS } method;

static const char *const method_names[METHODS] = {"model", "rule", "offsets"};

enum { OFFSETS = 256 };

typedef struct contest {
    dmg_mature_finder *finder;
    hairpin_duplex duplex;
    long offsets[CUT_ARMS][CUT_SIDES]; /* most frequent, from the loop */
} contest;

/* Nucleotides from the loop to a cut, on its own arm. */
static long offset_of(const hairpin_duplex *duplex, int arm, long cut)
{
    return arm == CUT_ARM_5P ? (long)duplex->loop_start - cut : cut - (long)duplex->loop_end;
}

static long most_frequent(const size_t counts[OFFSETS])
{
    size_t best = 0;
    for (size_t k = 1; k < OFFSETS; k++)
        if (counts[k] > counts[best]) best = k;
    return (long)best - OFFSETS / 2;
}

static dmg_status learn_offsets(contest *c, const mature_set *set, dmg_error *err)
{
    static size_t counts[CUT_ARMS][CUT_SIDES][OFFSETS];
    for (size_t i = 0; i < set->count; i++) {
        const mature_record *const record = &set->records[i];
        const dmg_status st =
            duplex_build(&c->duplex, record->sequence, record->structure, record->length, err);
        if (st != DMG_OK) return st;
        for (int arm = 0; arm < CUT_ARMS; arm++)
            for (int side = 0; side < CUT_SIDES; side++) {
                const long cut = record->ends.cuts[arm][side];
                const long k = offset_of(&c->duplex, arm, cut) + OFFSETS / 2;
                if (cut != CUT_UNKNOWN && k >= 0 && k < OFFSETS) counts[arm][side][k]++;
            }
    }
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int side = 0; side < CUT_SIDES; side++)
            c->offsets[arm][side] = most_frequent(counts[arm][side]);
    return DMG_OK;
}

static cut_set by_rule(const hairpin_duplex *duplex)
{
    enum { MATURE = 22, OVERHANG = 2 };
    const long end_5p = (long)duplex->loop_start, start_3p = (long)duplex->loop_end + OVERHANG;
    return (cut_set){{{end_5p - MATURE, end_5p}, {start_3p, start_3p + MATURE}}};
}

static cut_set by_offsets(const contest *c)
{
    const long start = (long)c->duplex.loop_start, end = (long)c->duplex.loop_end;
    return (cut_set){{{start - c->offsets[0][0], start - c->offsets[0][1]},
                      {end + c->offsets[1][0], end + c->offsets[1][1]}}};
}

static dmg_status by_model(cut_set *out, dmg_mature *found, const contest *c,
                           const mature_record *record, dmg_error *err)
{
    const dmg_status st =
        dmg_mature_find(found, c->finder, record->sequence, record->structure, record->length, err);
    const dmg_mature_arm *const a = &found->arm_5p, *const b = &found->arm_3p;
    *out = (cut_set){{{(long)a->start, (long)a->end}, {(long)b->start, (long)b->end}}};
    return st;
}

/* --- counting --- */

enum { CUTS = 2, CLADES = 4, LABELS = 3, NEAR = 3 };

static const char *const cut_names[CUTS] = {"published", "found"};
static const char *const clade_names[CLADES] = {"animal", "plant", "other", "human"};
static const char *const label_names[LABELS] = {"all", "experimental", "MirGeneDB"};

typedef struct tally {
    size_t count, near[NEAR]; /* ends; within 0, 1, 2 nucleotides */
} tally;

typedef tally tallies[METHODS][CUTS][CLADES][LABELS][CUT_SIDES];

enum { BINS = 10 };

/* Ends by the probability that the model gives them. */
typedef struct reliability {
    size_t count[BINS], right[BINS];
    double sum[BINS];
} reliability;

static void count_end(tally *t, long predicted, long known)
{
    const long distance = labs(predicted - known);
    t->count++;
    for (long k = 0; k < NEAR; k++) t->near[k] += distance <= k;
}

/* The end by a kind of label, or CUT_UNKNOWN. */
static long label_of(const mature_record *record, int label, int arm, int side)
{
    const char source = record->source[arm];
    if (label == 2) return record->mirgenedb.cuts[arm][side];
    return source == 'E' || (source == 'S' && label == 0) ? record->ends.cuts[arm][side]
                                                          : CUT_UNKNOWN;
}

static void count_record(tally counts[CLADES][LABELS][CUT_SIDES], const mature_record *record,
                         const cut_set *predicted)
{
    for (int clade = 0; clade < CLADES; clade++) {
        if (strcmp(record->clade, clade_names[clade]) != 0 &&
            !(clade == 3 && strncmp(record->id, "hsa-", 4) == 0))
            continue;
        for (int label = 0; label < LABELS; label++)
            for (int arm = 0; arm < CUT_ARMS; arm++)
                for (int side = 0; side < CUT_SIDES; side++) {
                    const long known = label_of(record, label, arm, side);
                    if (known != CUT_UNKNOWN)
                        count_end(&counts[clade][label][side], predicted->cuts[arm][side], known);
                }
    }
}

/* Of 5' ends within one nucleotide, against experimental ones. */
static void count_reliability(reliability *r, const mature_record *record, const dmg_mature *found)
{
    const double p[CUT_ARMS] = {found->arm_5p.p_start_near, found->arm_3p.p_start_near};
    const size_t starts[CUT_ARMS] = {found->arm_5p.start, found->arm_3p.start};
    for (int arm = 0; arm < CUT_ARMS; arm++) {
        const long known = label_of(record, 1, arm, CUT_START);
        if (known == CUT_UNKNOWN || !found->found) continue;
        const int bin = p[arm] * BINS < BINS ? (int)(p[arm] * BINS) : BINS - 1;
        r->count[bin]++;
        r->sum[bin] += p[arm];
        r->right[bin] += labs((long)starts[arm] - known) <= 1;
    }
}

static dmg_status evaluate_record(tallies counts, reliability *r, contest *c,
                                  const mature_record *record, dmg_error *err)
{
    for (int cut = 0; cut < CUTS; cut++) {
        if (strcmp(record->cut, cut_names[cut]) != 0) continue;
        cut_set predicted[METHODS];
        dmg_mature found;
        dmg_status st =
            duplex_build(&c->duplex, record->sequence, record->structure, record->length, err);
        if (st == DMG_OK) st = by_model(&predicted[METHOD_MODEL], &found, c, record, err);
        if (st != DMG_OK) return st;
        predicted[METHOD_RULE] = by_rule(&c->duplex);
        predicted[METHOD_OFFSETS] = by_offsets(c);
        for (int m = 0; m < METHODS; m++) count_record(counts[m][cut], record, &predicted[m]);
        if (strcmp(record->clade, "animal") == 0) count_reliability(r, record, &found);
    }
    return DMG_OK;
}

static void print_tallies(tallies counts)
{
    printf("hairpins\tclade\tlabels\tends\tmethod\tcount\texact\twithin_1\twithin_2\n");
    for (int cut = 0; cut < CUTS; cut++)
        for (int clade = 0; clade < CLADES; clade++)
            for (int label = 0; label < LABELS; label++)
                for (int side = 0; side < CUT_SIDES; side++)
                    for (int m = 0; m < METHODS; m++) {
                        const tally *const t = &counts[m][cut][clade][label][side];
                        if (t->count == 0) continue;
                        printf("%s\t%s\t%s\t%s\t%s\t%zu", cut_names[cut], clade_names[clade],
                               label_names[label], side ? "3'" : "5'", method_names[m], t->count);
                        for (int k = 0; k < NEAR; k++)
                            printf("\t%.3f", (double)t->near[k] / (double)t->count);
                        putchar('\n');
                    }
}

static void print_reliability(const reliability *r)
{
    printf("\n5' ends of animals by p_start_near: ends\tmean probability\twithin one nucleotide\n");
    for (int bin = 0; bin < BINS; bin++)
        if (r->count[bin] > 0)
            printf("%zu\t%.3f\t%.3f\n", r->count[bin], r->sum[bin] / (double)r->count[bin],
                   (double)r->right[bin] / (double)r->count[bin]);
}

static dmg_status evaluate(const mature_set *training, const char *model, const char *path,
                           dmg_error *err)
{
    static tallies counts;
    reliability r = {0};
    contest c = {0};
    mature_set set = {0};
    dmg_status st = learn_offsets(&c, training, err);
    if (st == DMG_OK) st = mature_set_read(&set, path, err);
    if (st == DMG_OK) st = dmg_mature_finder_load(&c.finder, model, err);
    for (size_t i = 0; st == DMG_OK && i < set.count; i++)
        st = evaluate_record(counts, &r, &c, &set.records[i], err);
    if (st == DMG_OK) {
        print_tallies(counts);
        print_reliability(&r);
    }
    dmg_mature_finder_destroy(c.finder);
    duplex_clear(&c.duplex);
    mature_set_clear(&set);
    return st;
}

/* --- command line --- */

int main(int argc, char **argv)
{
    const bool trains = argc >= 4 && strcmp(argv[1], "train") == 0;
    if (!trains && !(argc == 5 && strcmp(argv[1], "evaluate") == 0)) {
        fprintf(stderr, "train_mature train TRAIN.tsv MODEL [EPOCHS [SEED]]\n"
                        "train_mature evaluate TRAIN.tsv MODEL SET.tsv\n");
        return 2;
    }
    dmg_error err;
    mature_set set = {0};
    dmg_status st = mature_set_read(&set, argv[2], &err);
    if (st == DMG_OK && trains)
        st = train(&set, argv[3], argc > 4 ? (int)strtol(argv[4], NULL, 10) : EPOCHS,
                   argc > 5 ? strtoull(argv[5], NULL, 10) : 1, &err);
    else if (st == DMG_OK)
        st = evaluate(&set, argv[3], argv[4], &err);
    if (st != DMG_OK) fprintf(stderr, "train_mature: %s\n", err.message);
    mature_set_clear(&set);
    return st == DMG_OK ? 0 : 1;
}
