/* SPDX-License-Identifier: MIT */
/* Trains a small network on records in memory and evaluates it on others: hairpins against the same
 * letters shuffled. */
#include <deepmirgene/deepmirgene.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORDS = 240, LENGTH = 62, STEM = 28 };

static char letters[RECORDS][LENGTH + 1];
static dmg_sequence sequences[RECORDS];
static bool labels[RECORDS], held_out[RECORDS];

static void make_hairpin(char *s)
{
    for (int i = 0; i < LENGTH; i++) s[i] = "ACGU"[rand() / 7 % 4];
    for (int i = 0; i < STEM; i++)
        s[LENGTH - 1 - i] = s[i] == 'A' ? 'U' : s[i] == 'U' ? 'A' : s[i] == 'G' ? 'C' : 'G';
}

static void shuffle(char *s)
{
    for (int i = LENGTH - 1; i > 0; i--) {
        const int j = rand() / 7 % (i + 1);
        const char moved = s[i];
        s[i] = s[j];
        s[j] = moved;
    }
}

/* Even records fold back on themselves, each odd one has the letters of the one before it. */
static void make_records(void)
{
    for (int r = 0; r < RECORDS; r++) {
        labels[r] = r % 2 == 0;
        held_out[r] = r >= RECORDS * 3 / 4;
        if (labels[r])
            make_hairpin(letters[r]);
        else
            shuffle(strcpy(letters[r], letters[r - 1]));
        sequences[r].sequence = letters[r];
        sequences[r].length = LENGTH;
    }
}

static dmg_status train(dmg_model **model, const dmg_dataset *dataset, dmg_error *err)
{
    dmg_train_options options = dmg_train_options_defaults();
    options.epochs = 40;
    options.batch = 16;
    options.learning_rate = 0.005;
    options.held_out = held_out;
    return dmg_train(model, dataset, &options, err);
}

/* Sensitivity and average precision on what was held out. */
static dmg_status evaluate(const dmg_model *model, const dmg_dataset *dataset, dmg_error *err)
{
    float scores[RECORDS];
    bool truth[RECORDS];
    double values[DMG_METRICS];
    size_t count = 0;
    for (int r = 0; r < RECORDS; r++)
        if (held_out[r]) truth[count++] = labels[r];
    dmg_status st = dmg_dataset_predict(scores, dataset, held_out, model, 1, DMG_CPU_AUTO, err);
    if (st == DMG_OK) st = dmg_metrics_values(values, scores, truth, count, 0.5, err);
    if (st == DMG_OK)
        printf("SE %.2f, AUPR %.2f on %zu records\n", values[DMG_METRIC_SE],
               values[DMG_METRIC_AUPR], count);
    return st;
}

int main(void)
{
    dmg_dataset *dataset = NULL;
    dmg_model *model = NULL;
    dmg_error err;
    make_records();
    dmg_status st = dmg_dataset_create(&dataset, &err);
    if (st == DMG_OK) st = dmg_dataset_add_sequences(dataset, sequences, labels, RECORDS, &err);
    if (st == DMG_OK) st = dmg_dataset_fold(dataset, 1, DMG_CPU_AUTO, &err);
    if (st == DMG_OK) st = train(&model, dataset, &err);
    if (st == DMG_OK) st = evaluate(model, dataset, &err);
    if (st != DMG_OK) fprintf(stderr, "%s\n", err.message);
    dmg_model_destroy(model);
    dmg_dataset_destroy(dataset);
    return st == DMG_OK ? 0 : 1;
}
