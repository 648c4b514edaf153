/* SPDX-License-Identifier: MIT */
/* Letters, centroid, diversity and entropy, from the probabilities of pairs. */
#include "fold/pairing_structures.h"

#include <math.h>
#include <string.h>

/* As RNAfold -p, in single precision. */
static char pairing_letter(float unpaired, float right, float left)
{
    const float most = 0.667F;
    if (unpaired > most) return '.';
    if (right > most) return '(';
    if (left > most) return ')';
    if (right + left <= unpaired) return unpaired > right + left ? ',' : ':';
    if (right / (right + left) > most) return '{';
    return left / (right + left) > most ? '}' : '|';
}

static void write_letters(char *letters, const dmg_pairing *p)
{
    for (int j = 0; j < p->n; j++) {
        float unpaired = 1, right = 0, left = 0;
        for (int i = 0; i < j; i++) {
            const float x = (float)pair_probability(p, i, j);
            left += x;
            unpaired -= x;
        }
        for (int k = j + 1; k < p->n; k++) {
            const float x = (float)pair_probability(p, j, k);
            right += x;
            unpaired -= x;
        }
        letters[j] = pairing_letter(unpaired, right, left);
    }
    letters[p->n] = '\0';
}

static void find_centroid(dmg_pairing_task *task, const dmg_pairing *p)
{
    double distance = 0, differ = 0;
    memset(task->centroid, '.', task->length);
    task->centroid[task->length] = '\0';
    for (int i = 0; i < p->n; i++)
        for (int j = i + 1; j < p->n; j++) {
            const double x = pair_probability(p, i, j);
            differ += x * (1 - x);
            distance += x > 0.5 ? 1 - x : x;
            if (x <= 0.5) continue;
            task->centroid[i] = '(';
            task->centroid[j] = ')';
        }
    task->centroid_distance = distance;
    task->diversity = 2 * differ;
}

static double entropy_term(double x)
{
    return x > 0 ? -x * log2(x) : 0;
}

static void find_entropy(double *entropy, const dmg_pairing *p)
{
    for (int i = 0; i < p->n; i++) {
        double paired = 0;
        entropy[i] = 0;
        for (int j = 0; j < p->n; j++) {
            if (j == i) continue;
            const double x = i < j ? pair_probability(p, i, j) : pair_probability(p, j, i);
            paired += x;
            entropy[i] += entropy_term(x);
        }
        entropy[i] += entropy_term(1 - paired);
    }
}

static void copy_probabilities(double *out, const dmg_pairing *p)
{
    for (int i = 0; i + 1 < p->n; i++) {
        const size_t count = (size_t)(p->n - i - 1);
        memcpy(out, p->pairs + p->row[i] + 1, count * sizeof *out);
        out += count;
    }
}

dmg_status dmg_pairing_describe(dmg_pairing_task *task, const dmg_pairing *p, dmg_error *err)
{
    write_letters(task->pairing, p);
    find_centroid(task, p);
    if (task->entropy) find_entropy(task->entropy, p);
    if (task->probabilities) copy_probabilities(task->probabilities, p);
    dmg_status st = dmg_fold_evaluate(&task->centroid_energy, task->sequence, task->centroid,
                                      task->length, err);
    if (st != DMG_OK || !task->accurate) return st;
    const double gamma = task->gamma > 0 ? task->gamma : 1;
    st = dmg_most_accurate(task->accurate, &task->accuracy, p, gamma, err);
    if (st != DMG_OK) return st;
    return dmg_fold_evaluate(&task->accurate_energy, task->sequence, task->accurate, task->length,
                             err);
}
