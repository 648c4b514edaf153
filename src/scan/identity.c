/* SPDX-License-Identifier: MIT */
/* The identity of a scan: the program, the model, the regions, and every option by its row in the
 * option table. */
#include "scan/identity.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_build.h"
#include "deepmirgene/version.h"
#include "scan/option_table.h"
#include "scan/regions.h"

/* --- the model --- */

/* The model's background: a list of [p, loci per Mb, spread], or null; NULL when memory is out. */
static json_t *model_background(const dmg_model *model)
{
    const char *text = dmg_model_metadata(model, "scan_background");
    bool no_memory = false;
    json_t *all = text ? dmg_json_parse(text, strlen(text), 0, &no_memory, NULL) : NULL;
    json_t *points = json_incref(json_object_get(all, "loci_per_mb"));
    json_decref(all);
    return points || no_memory ? points : json_null();
}

/* False unless the points, where there are any, are a list of [p, loci per Mb, spread] in order. */
static bool read_background(score_background *out, const json_t *points)
{
    size_t i;
    const json_t *point;
    *out = (score_background){0};
    if (json_is_null(points)) return true;
    if (json_array_size(points) < 2 || json_array_size(points) > BACKGROUND_POINTS) return false;
    json_array_foreach(points, i, point)
    {
        const double p = json_number_value(json_array_get(point, 0));
        const false_loci loci = {.mean = json_number_value(json_array_get(point, 1)),
                                 .spread = json_number_value(json_array_get(point, 2))};
        if (!(p > (i > 0 ? out->p[i - 1] : 0) && p < 1 && loci.mean > 0 && loci.spread >= 0) ||
            (i > 0 && loci.mean > out->per_mb[i - 1].mean))
            return false;
        out->p[i] = p;
        out->per_mb[i] = loci;
    }
    out->count = json_array_size(points);
    return true;
}

/* --- writing --- */

static json_t *describe_model(const dmg_scan_identity *identity)
{
    char regions[17] = "";
    if (identity->regions)
        snprintf(regions, sizeof regions, "%016" PRIx64, regions_digest(identity->regions));
    return json_pack("{s:s, s:s?, s:s?, s:o, s:s}", "program", dmg_version_info().version, "model",
                     dmg_model_metadata(identity->model, "name"), "model_checksum",
                     dmg_model_metadata(identity->model, "checksum"), "model_background",
                     model_background(identity->model), "regions", regions);
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
    for (size_t i = 0; good && i < count; i++) {
        assert(!json_object_get(object, table[i].name));
        good = json_object_set_new(object, table[i].name,
                                   describe_option(&table[i], identity->options)) == 0;
    }
    char *text = good ? dmg_json_dump(object, JSON_COMPACT | JSON_REAL_PRECISION(17)) : NULL;
    json_decref(object);
    return text;
}

/* --- reading --- */

bool identity_read(scan_facts *facts, const char *identity, bool *no_memory)
{
    json_t *object = dmg_json_parse(identity, strlen(identity), 0, no_memory, NULL);
    const json_t *decoys = json_object_get(object, "decoys");
    const json_t *threshold = json_object_get(object, "threshold");
    facts->decoys = json_number_value(decoys);
    facts->threshold = json_number_value(threshold);
    const bool good =
        json_is_number(decoys) && json_is_number(threshold) &&
        read_background(&facts->background, json_object_get(object, "model_background"));
    json_decref(object);
    return good;
}

void identity_difference(char *name, size_t capacity, const char *ours, const char *theirs)
{
    bool no_memory; /* then there is nothing to compare */
    json_t *a = dmg_json_parse(ours, strlen(ours), 0, &no_memory, NULL);
    json_t *b = a ? dmg_json_parse(theirs, strlen(theirs), 0, &no_memory, NULL) : NULL;
    const char *key;
    json_t *value;
    snprintf(name, capacity, "program");
    json_object_foreach(b ? a : NULL, key, value)
    {
        if (json_equal(value, json_object_get(b, key))) continue;
        snprintf(name, capacity, "%s", key);
        break;
    }
    json_decref(a);
    json_decref(b);
}
