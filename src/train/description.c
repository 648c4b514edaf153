/* SPDX-License-Identifier: MIT */
/* Descriptions of trainings. */
#include "train/description.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_build.h"
#include "model/provenance.h"
#include "train/dataset.h"

static bool add(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0;
}

bool train_describe_options(json_t *object, const dmg_train_options *options)
{
    bool ok = true;
    if (options->loss != DMG_LOSS_SQUARED_ERROR)
        ok = ok && add(object, "loss", json_string(dmg_loss_name(options->loss)));
    if (options->final_learning_rate != 0)
        ok = ok && add(object, "final_learning_rate", json_real(options->final_learning_rate));
    if (options->average_weights != 0)
        ok = ok && add(object, "average_weights", json_integer(options->average_weights));
    /* The epochs are part of such schedules. */
    if (options->final_learning_rate != 0 || options->average_weights != 0)
        ok = ok && add(object, "epochs", json_integer(options->epochs));
    if (options->weight_decay != 0)
        ok = ok && add(object, "weight_decay", json_real(options->weight_decay));
    if (options->balanced) ok = ok && add(object, "class_weight", json_string("balanced"));
    if (options->pretrain != 0) ok = ok && add(object, "pretrain", json_integer(options->pretrain));
    return ok;
}

/* How many records are held out, and a hash (FNV-1a) of which. */
static json_t *describe_held_out(const training_set *set)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < set->validation_count; i++)
        hash = (hash ^ set->validation[i]) * 0x100000001b3u;
    char held_out[48];
    snprintf(held_out, sizeof held_out, "%zu:%016" PRIx64, set->validation_count, hash);
    return json_string(held_out);
}

json_t *train_describe(const dmg_dataset *dataset, const training_set *set,
                       const dmg_train_options *options, dmg_cpu cpu)
{
    char *text = dmg_architecture_print(&options->architecture);
    bool no_memory;
    json_t *architecture = text ? dmg_json_parse(text, strlen(text), 0, &no_memory, NULL) : NULL;
    free(text);
    json_t *description = json_pack(
        "{s:s, s:o, s:o, s:o, s:I, s:i, s:f, s:s}", "program", "deepmirgene " DMG_VERSION, "data",
        dataset_describe(dataset), "architecture", architecture, "held_out", describe_held_out(set),
        "seed", (json_int_t)options->seed, "batch", options->batch, "learning_rate",
        options->learning_rate, "cpu", dmg_cpu_name(dmg_cpu_same_bytes(cpu)));
    bool ok = description && train_describe_options(description, options);
    if (options->teacher)
        ok = ok && add(description, "teacher", provenance_describe(options->teacher));
    if (options->from) ok = ok && add(description, "from", provenance_describe(options->from));
    if (ok) return description;
    json_decref(description);
    return NULL;
}

char *train_describe_print(const json_t *description)
{
    return description ? dmg_json_dump(description, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
}
