/* SPDX-License-Identifier: MIT */
/* Sums, marginals and the best path of the ring of four cuts. */
#include "mature/cut_lattice.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

void cut_lattice_clear(cut_lattice *lattice)
{
    dmg_arena_clear(&lattice->arena);
    *lattice = (cut_lattice){0};
}

/* --- set-up --- */

static void place(cut_lattice *lattice, size_t cuts)
{
    dmg_arena *const arena = &lattice->arena;
    const size_t pairs = (cuts + 1) * (cuts + 1) / 4; /* rows + columns is cuts at most */
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int side = 0; side < CUT_SIDES; side++) {
            lattice->corner[arm][side] = dmg_arena_take(arena, cuts, sizeof(double));
            lattice->marginal[arm][side] = dmg_arena_take(arena, cuts, sizeof(double));
        }
    lattice->dicer = dmg_arena_take(arena, pairs, sizeof(double));
    lattice->drosha = dmg_arena_take(arena, pairs, sizeof(double));
    lattice->inner = dmg_arena_take(arena, pairs, sizeof(double));
    lattice->outer = dmg_arena_take(arena, pairs, sizeof(double));
    lattice->dicer_paths = dmg_arena_take(arena, pairs, sizeof(double));
    lattice->drosha_paths = dmg_arena_take(arena, pairs, sizeof(double));
}

static dmg_status reserve(cut_lattice *lattice, size_t cuts, dmg_error *err)
{
    if (cuts <= lattice->capacity) return DMG_OK;
    cut_lattice_clear(lattice);
    place(lattice, cuts);
    if (!dmg_arena_alloc(&lattice->arena)) return dmg_error_nomem(err, "the cuts of a hairpin");
    place(lattice, cuts);
    lattice->capacity = cuts;
    return DMG_OK;
}

/* By how much the strand that ends here, read 5' to 3', sticks out over the one that begins across.
 */
static int overhang_step(long overhang)
{
    if (overhang < -CUT_OVERHANG_LIMIT) return 0;
    if (overhang > CUT_OVERHANG_LIMIT) return CUT_OVERHANGS - 1;
    return (int)(overhang + CUT_OVERHANG_LIMIT);
}

static int dicer_step(const cut_lattice *lattice, size_t end_5p, size_t start_3p)
{
    return overhang_step((long)(lattice->centre + start_3p) - lattice->mirror[end_5p]);
}

static int drosha_step(const cut_lattice *lattice, size_t start_5p, size_t end_3p)
{
    return overhang_step((long)(lattice->centre + end_3p) - lattice->mirror[start_5p]);
}

static void fill_edges(cut_lattice *lattice, const cut_weights *weights)
{
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int k = 0; k < CUT_LENGTHS; k++)
            lattice->edge.length[arm][k] = exp((double)weights->length[arm][k]);
    for (int enzyme = 0; enzyme < CUT_ENZYMES; enzyme++)
        for (int k = 0; k < CUT_OVERHANGS; k++)
            lattice->edge.overhang[enzyme][k] = exp((double)weights->overhang[enzyme][k]);
}

dmg_status cut_lattice_begin(cut_lattice *lattice, const hairpin_duplex *duplex,
                             const cut_weights *weights, dmg_error *err)
{
    const dmg_status st = reserve(lattice, duplex->length + 2, err);
    if (st != DMG_OK) return st;
    lattice->centre = duplex_centre(duplex);
    lattice->rows = lattice->centre + 1;
    lattice->columns = duplex->length - lattice->centre + 1;
    lattice->mirror = duplex->mirror;
    fill_edges(lattice, weights);
    return DMG_OK;
}

/* Exponentials of the scores over that of the largest, so that nothing overflows. */
void cut_lattice_score(cut_lattice *lattice, const cut_scores *scores)
{
    const size_t first[CUT_ARMS] = {0, lattice->centre};
    const size_t sizes[CUT_ARMS] = {lattice->rows, lattice->columns};
    lattice->scale = 0;
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int side = 0; side < CUT_SIDES; side++) {
            const float *const score = scores->of[arm][side] + first[arm];
            float largest = score[0];
            for (size_t i = 1; i < sizes[arm]; i++) largest = fmaxf(largest, score[i]);
            for (size_t i = 0; i < sizes[arm]; i++)
                lattice->corner[arm][side][i] = exp((double)score[i] - (double)largest);
            lattice->scale += (double)largest;
        }
}

void cut_lattice_observe(cut_lattice *lattice, const cut_set *observed)
{
    const size_t first[CUT_ARMS] = {0, lattice->centre};
    const size_t sizes[CUT_ARMS] = {lattice->rows, lattice->columns};
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int side = 0; side < CUT_SIDES; side++) {
            const long cut = observed->cuts[arm][side];
            if (cut == CUT_UNKNOWN) continue;
            for (size_t i = 0; i < sizes[arm]; i++)
                if ((long)(first[arm] + i) != cut) lattice->corner[arm][side][i] = 0;
        }
}

/* --- sums --- */

static void fill_pairs(cut_lattice *lattice)
{
    for (size_t i = 0; i < lattice->rows; i++) {
        double *const dicer = lattice->dicer + i * lattice->columns;
        double *const drosha = lattice->drosha + i * lattice->columns;
        for (size_t j = 0; j < lattice->columns; j++) {
            dicer[j] = lattice->corner[CUT_ARM_5P][CUT_END][i] *
                       lattice->edge.overhang[CUT_DICER][dicer_step(lattice, i, j)] *
                       lattice->corner[CUT_ARM_3P][CUT_START][j];
            drosha[j] = lattice->corner[CUT_ARM_5P][CUT_START][i] *
                        lattice->edge.overhang[CUT_DROSHA][drosha_step(lattice, i, j)] *
                        lattice->corner[CUT_ARM_3P][CUT_END][j];
        }
    }
}

/* inner[i][j] = sum over k of length_5p[k] dicer[i + k][j] */
static void sum_inner(cut_lattice *lattice)
{
    const size_t columns = lattice->columns;
    memset(lattice->inner, 0, lattice->rows * columns * sizeof *lattice->inner);
    for (size_t i = 0; i + CUT_SHORTEST < lattice->rows; i++)
        for (size_t k = 0; k < CUT_LENGTHS && i + k + CUT_SHORTEST < lattice->rows; k++) {
            const double weight = lattice->edge.length[CUT_ARM_5P][k];
            const double *const from = lattice->dicer + (i + k + CUT_SHORTEST) * columns;
            for (size_t j = 0; j < columns; j++)
                lattice->inner[i * columns + j] += weight * from[j];
        }
}

/* outer[i][j] = sum over k of length_3p[k] drosha[i][j + k] */
static void sum_outer(cut_lattice *lattice)
{
    const size_t columns = lattice->columns;
    memset(lattice->outer, 0, lattice->rows * columns * sizeof *lattice->outer);
    for (size_t i = 0; i < lattice->rows; i++) {
        double *const to = lattice->outer + i * columns;
        const double *const from = lattice->drosha + i * columns;
        for (size_t k = 0; k < CUT_LENGTHS; k++)
            for (size_t j = 0; j + k + CUT_SHORTEST < columns; j++)
                to[j] += lattice->edge.length[CUT_ARM_3P][k] * from[j + k + CUT_SHORTEST];
    }
}

static double total(const cut_lattice *lattice)
{
    double sum = 0;
    for (size_t i = 0; i < lattice->rows * lattice->columns; i++)
        sum += lattice->inner[i] * lattice->outer[i];
    return sum;
}

double cut_lattice_sum(cut_lattice *lattice)
{
    fill_pairs(lattice);
    sum_inner(lattice);
    sum_outer(lattice);
    return log(total(lattice)) + lattice->scale;
}

/* --- marginals --- */

/* The probability of all four cuts with each (5p end, 3p start): the gradient of log Z, carried
 * back through sum_inner, times the weight itself. */
static void back_inner(cut_lattice *lattice, double z)
{
    const size_t columns = lattice->columns;
    memset(lattice->dicer_paths, 0, lattice->rows * columns * sizeof *lattice->dicer_paths);
    for (size_t i = 0; i + CUT_SHORTEST < lattice->rows; i++)
        for (size_t k = 0; k < CUT_LENGTHS && i + k + CUT_SHORTEST < lattice->rows; k++) {
            const double weight = lattice->edge.length[CUT_ARM_5P][k] / z;
            const size_t end = (i + k + CUT_SHORTEST) * columns;
            double used = 0;
            for (size_t j = 0; j < columns; j++) {
                const double path =
                    weight * lattice->outer[i * columns + j] * lattice->dicer[end + j];
                lattice->dicer_paths[end + j] += path;
                used += path;
            }
            lattice->expected.length[CUT_ARM_5P][k] += used;
        }
}

static void back_outer(cut_lattice *lattice, double z)
{
    const size_t columns = lattice->columns;
    memset(lattice->drosha_paths, 0, lattice->rows * columns * sizeof *lattice->drosha_paths);
    for (size_t i = 0; i < lattice->rows; i++)
        for (size_t k = 0; k < CUT_LENGTHS; k++) {
            const double weight = lattice->edge.length[CUT_ARM_3P][k] / z;
            double used = 0;
            for (size_t j = 0; j + k + CUT_SHORTEST < columns; j++) {
                const size_t end = i * columns + j + k + CUT_SHORTEST;
                const double path = weight * lattice->inner[i * columns + j] * lattice->drosha[end];
                lattice->drosha_paths[end] += path;
                used += path;
            }
            lattice->expected.length[CUT_ARM_3P][k] += used;
        }
}

void cut_lattice_marginals(cut_lattice *lattice)
{
    const double z = total(lattice);
    lattice->expected = (cut_edges){0};
    memset(lattice->marginal[CUT_ARM_5P][CUT_START], 0, lattice->rows * sizeof(double));
    memset(lattice->marginal[CUT_ARM_5P][CUT_END], 0, lattice->rows * sizeof(double));
    memset(lattice->marginal[CUT_ARM_3P][CUT_START], 0, lattice->columns * sizeof(double));
    memset(lattice->marginal[CUT_ARM_3P][CUT_END], 0, lattice->columns * sizeof(double));
    back_inner(lattice, z);
    back_outer(lattice, z);
    for (size_t i = 0; i < lattice->rows; i++)
        for (size_t j = 0; j < lattice->columns; j++) {
            const double dicer = lattice->dicer_paths[i * lattice->columns + j];
            const double drosha = lattice->drosha_paths[i * lattice->columns + j];
            lattice->marginal[CUT_ARM_5P][CUT_END][i] += dicer;
            lattice->marginal[CUT_ARM_3P][CUT_START][j] += dicer;
            lattice->marginal[CUT_ARM_5P][CUT_START][i] += drosha;
            lattice->marginal[CUT_ARM_3P][CUT_END][j] += drosha;
            lattice->expected.overhang[CUT_DICER][dicer_step(lattice, i, j)] += dicer;
            lattice->expected.overhang[CUT_DROSHA][drosha_step(lattice, i, j)] += drosha;
        }
}

/* --- the best four --- */

/* The best end of an arm that begins at `start` of `size` places, by the weight of its length times
 * that of the place, `step` apart in `places`; returns the weight. */
static double best_end(size_t *end, const double *lengths, const double *places, size_t step,
                       size_t start, size_t size)
{
    double best = 0;
    for (size_t k = 0; k < CUT_LENGTHS && start + k + CUT_SHORTEST < size; k++) {
        const size_t cut = start + k + CUT_SHORTEST;
        const double weight = lengths[k] * places[cut * step];
        if (weight <= best) continue;
        best = weight;
        *end = cut;
    }
    return best;
}

/* The best 5p end for (5p start i, 3p start j), and the best 3p end. */
static double best_inner(size_t *end, const cut_lattice *lattice, size_t i, size_t j)
{
    return best_end(end, lattice->edge.length[CUT_ARM_5P], lattice->dicer + j, lattice->columns, i,
                    lattice->rows);
}

static double best_outer(size_t *end, const cut_lattice *lattice, size_t i, size_t j)
{
    return best_end(end, lattice->edge.length[CUT_ARM_3P], lattice->drosha + i * lattice->columns,
                    1, j, lattice->columns);
}

bool cut_lattice_best(cut_set *best, cut_lattice *lattice)
{
    double highest = 0;
    fill_pairs(lattice);
    for (size_t i = 0; i < lattice->rows; i++)
        for (size_t j = 0; j < lattice->columns; j++) {
            size_t end_5p = 0, end_3p = 0;
            const double inner = best_inner(&end_5p, lattice, i, j);
            if (inner == 0) continue;
            const double weight = inner * best_outer(&end_3p, lattice, i, j);
            if (weight <= highest) continue;
            highest = weight;
            *best = (cut_set){{{(long)i, (long)end_5p},
                               {(long)(lattice->centre + j), (long)(lattice->centre + end_3p)}}};
        }
    return highest > 0;
}

/* --- the most expected --- */

double cut_lattice_near(const cut_lattice *lattice, enum cut_arm arm, enum cut_side side, size_t i)
{
    const double *const marginal = lattice->marginal[arm][side];
    const size_t size = arm == CUT_ARM_5P ? lattice->rows : lattice->columns;
    return (i > 0 ? marginal[i - 1] : 0) + marginal[i] + (i + 1 < size ? marginal[i + 1] : 0);
}

void cut_lattice_expect(cut_lattice *lattice)
{
    static const double exact =
        0.25; /* worth of an exact end over that of one within a nucleotide */
    const size_t sizes[CUT_ARMS] = {lattice->rows, lattice->columns};
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int side = 0; side < CUT_SIDES; side++)
            for (size_t i = 0; i < sizes[arm]; i++)
                lattice->corner[arm][side][i] =
                    exp(cut_lattice_near(lattice, (enum cut_arm)arm, (enum cut_side)side, i) +
                        exact * lattice->marginal[arm][side][i]);
    for (int arm = 0; arm < CUT_ARMS; arm++)
        for (int k = 0; k < CUT_LENGTHS; k++) lattice->edge.length[arm][k] = 1;
    for (int enzyme = 0; enzyme < CUT_ENZYMES; enzyme++)
        for (int k = 0; k < CUT_OVERHANGS; k++) lattice->edge.overhang[enzyme][k] = 1;
}
