/* SPDX-License-Identifier: MIT */
/* The identity of a scan: the program, the model, the regions, and every option by its row in the
 * option table. */
#include "scan/identity.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "deepmirgene/calibration.h"
#include "deepmirgene/version.h"
#include "scan/option_table.h"
#include "scan/regions.h"

/* --- the model --- */

/* Adds the sequences of a training, positive and negative. */
static void count_trained(double counts[2], const json_t *training)
{
    const json_t *data = json_object_get(training, "data");
    for (int side = 0; side < 2; side++) {
        size_t i;
        const json_t *file;
        json_array_foreach(json_object_get(data, side == 0 ? "positive" : "negative"), i, file)
            counts[side] += (double)json_integer_value(json_object_get(file, "records"));
    }
}

/* The share of pre-miRNAs that the model's probabilities are for: that of its calibration, or else
 * that among the sequences which it, or its members taken together, were trained with; NaN: not
 * known. */
static double model_prior(const dmg_model *model)
{
    dmg_calibration calibration;
    if (dmg_model_calibration(&calibration, model)) return calibration.prior;
    const char *text = dmg_model_metadata(model, "training");
    json_t *training = text ? json_loads(text, 0, NULL) : NULL;
    const json_t *members = json_object_get(training, "members"), *member;
    double counts[2] = {0, 0};
    size_t m;
    json_array_foreach(members, m, member)
    {
        count_trained(counts, json_object_get(member, "training"));
    }
    if (!members) count_trained(counts, training);
    json_decref(training);
    return counts[0] > 0 && counts[1] > 0 ? counts[0] / (counts[0] + counts[1]) : NAN;
}

/* --- writing --- */

static json_t *describe_model(const dmg_scan_identity *identity)
{
    const double prior = model_prior(identity->model);
    char regions[17] = "";
    if (identity->regions)
        snprintf(regions, sizeof regions, "%016" PRIx64, regions_digest(identity->regions));
    return json_pack("{s:s, s:s?, s:s?, s:o, s:s}", "program", dmg_version_info().version, "model",
                     dmg_model_metadata(identity->model, "name"), "model_checksum",
                     dmg_model_metadata(identity->model, "checksum"), "model_prior",
                     isnan(prior) ? json_null() : json_real(prior), "regions", regions);
}

static json_t *describe_option(const scan_option *option, const dmg_scan_options *options)
{
    const char *at = (const char *)options + option->offset;
    switch (option->type) {
    case SCAN_OPTION_BOOL: return json_boolean(*(const bool *)at);
    case SCAN_OPTION_INT: return json_integer(*(const int *)(const void *)at);
    case SCAN_OPTION_REAL: return json_real(*(const double *)(const void *)at);
    case SCAN_OPTION_SIZE: return json_integer((json_int_t) * (const size_t *)(const void *)at);
    case SCAN_OPTION_COUNT: return json_integer((json_int_t) * (const uint64_t *)(const void *)at);
    }
    return NULL;
}

char *identity_write(const dmg_scan_identity *identity)
{
    json_t *object = describe_model(identity);
    size_t count;
    const scan_option *table = scan_option_table(&count);
    bool good = object != NULL;
    for (size_t i = 0; good && i < count; i++)
        good = json_object_set_new(object, table[i].name,
                                   describe_option(&table[i], identity->options)) == 0;
    char *text = good ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(object);
    return text;
}

/* --- reading --- */

bool identity_read(scan_facts *facts, const char *identity)
{
    json_t *object = json_loads(identity, 0, NULL);
    const json_t *prior = json_object_get(object, "model_prior");
    const json_t *decoys = json_object_get(object, "decoys");
    facts->prior = json_is_real(prior) ? json_real_value(prior) : NAN;
    facts->decoys = json_number_value(decoys);
    const bool good = json_is_number(decoys);
    json_decref(object);
    return good;
}

void identity_difference(char *name, size_t capacity, const char *ours, const char *theirs)
{
    json_t *a = json_loads(ours, 0, NULL), *b = json_loads(theirs, 0, NULL);
    const char *key;
    json_t *value;
    snprintf(name, capacity, "program");
    json_object_foreach(a, key, value)
    {
        if (json_equal(value, json_object_get(b, key))) continue;
        snprintf(name, capacity, "%s", key);
        break;
    }
    json_decref(a);
    json_decref(b);
}
