/* SPDX-License-Identifier: MIT */
/* Records for a training: encoded, divided, weighed. */
#include "train/training_set.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

void training_set_clear(training_set *set)
{
    for (size_t i = 0; set->buffers && i < set->count; i++) sample_clear(&set->buffers[i]);
    void *const blocks[] = {set->samples, set->buffers,  set->lengths,   set->labels,
                            set->targets, set->training, set->validation};
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) free(blocks[b]);
}

static bool set_alloc(training_set *set)
{
    const size_t n = set->count;
    return (set->samples = dmg_alloc_zero(n, sizeof *set->samples)) &&
           (set->buffers = dmg_alloc_zero(n, sizeof *set->buffers)) &&
           (set->lengths = dmg_alloc(n, sizeof *set->lengths)) &&
           (set->labels = dmg_alloc(n, sizeof *set->labels)) &&
           (set->targets = dmg_alloc(n, sizeof *set->targets)) &&
           (set->training = dmg_alloc(n, sizeof *set->training)) &&
           (set->validation = dmg_alloc(n, sizeof *set->validation));
}

static dmg_status check_record(const dmg_dataset_record *record, bool held_out, bool has_teacher,
                               dmg_error *err)
{
    if (!record->structure)
        return dmg_error_set(err, DMG_RANGE, "record '%.80s' is not folded", record->id);
    if (record->unlabelled && !has_teacher)
        return dmg_error_set(err, DMG_RANGE,
                             "record '%.80s' has no label; training on it requires a teacher",
                             record->id);
    if (record->unlabelled && held_out)
        return dmg_error_set(err, DMG_RANGE, "record '%.80s' has no label to validate on",
                             record->id);
    return DMG_OK;
}

static dmg_status encode_records(training_set *set, const dmg_dataset *dataset,
                                 const dmg_train_options *options, dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < set->count; i++) {
        const dmg_dataset_record record = dmg_dataset_get(dataset, i);
        set->labels[i] = record.positive;
        set->lengths[i] = record.length;
        set->targets[i] = (float)record.positive;
        st =
            check_record(&record, options->held_out && options->held_out[i], options->teacher, err);
        if (st == DMG_OK)
            st =
                sample_encode(&set->samples[i], &set->buffers[i], &options->architecture,
                              record.sequence, record.structure, record.length, record.energy, err);
    }
    return st;
}

static void weigh_classes(training_set *set, size_t positives, bool balanced)
{
    const double all = (double)set->training_count, members = (double)positives;
    set->class_weight[true] = balanced ? all / (2 * members) : 1;
    set->class_weight[false] = balanced ? all / (2 * (all - members)) : 1;
}

static dmg_status divide_records(training_set *set, const dmg_train_options *options,
                                 dmg_error *err)
{
    size_t positives = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (options->held_out && options->held_out[i]) {
            set->validation[set->validation_count++] = i;
        } else {
            positives += set->labels[i];
            set->training[set->training_count++] = i;
        }
    }
    weigh_classes(set, positives, options->balanced);
    if (positives > 0 && positives < set->training_count) return DMG_OK;
    return dmg_error_set(err, DMG_RANGE,
                         "training needs both classes: %zu records include %zu positives",
                         set->training_count, positives);
}

/* The teacher's probabilities take the place of the labels. */
static dmg_status ask_teacher(training_set *set, const dmg_dataset *dataset,
                              const dmg_train_options *options, dmg_cpu cpu, dmg_error *err)
{
    if (!options->teacher) return DMG_OK;
    if (options->balanced)
        return dmg_error_set(
            err, DMG_UNSUPPORTED,
            "class weights need labels, which training with a teacher does not use");
    return dmg_dataset_predict(set->targets, dataset, NULL, options->teacher, options->threads, cpu,
                               err);
}

dmg_status training_set_init(training_set *set, const dmg_dataset *dataset,
                             const dmg_train_options *options, dmg_cpu cpu, dmg_error *err)
{
    *set = (training_set){.count = dmg_dataset_count(dataset)};
    if (!set_alloc(set)) return dmg_error_nomem(err, "training");
    dmg_status st = encode_records(set, dataset, options, err);
    if (st == DMG_OK) st = divide_records(set, options, err);
    if (st == DMG_OK) st = ask_teacher(set, dataset, options, cpu, err);
    return st;
}
