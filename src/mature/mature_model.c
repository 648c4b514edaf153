/* SPDX-License-Identifier: MIT */
/* Reads and writes the weights of mature ends. */
#include "mature/mature_model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "deepmirgene/output.h"
#include "model/safetensors.h"

static const char format_name[] = "deepmirgene-mature", format_version[] = "1";

/* The one list of tensors. */
enum { TENSORS = 5 };

static void describe(safetensors_tensor tensors[TENSORS], const cut_weights *weights)
{
    const safetensors_tensor list[TENSORS] = {
        {"features", 4, 3, {CUT_ARMS, CUT_FEATURES, CUT_HIDDEN}, weights->features},
        {"hidden_bias", 4, 2, {CUT_ARMS, CUT_HIDDEN}, weights->hidden_bias},
        {"output", 4, 3, {CUT_ARMS, CUT_SIDES, CUT_HIDDEN}, weights->output},
        {"length", 4, 2, {CUT_ARMS, CUT_LENGTHS}, weights->length},
        {"overhang", 4, 2, {CUT_ENZYMES, CUT_OVERHANGS}, weights->overhang},
    };
    memcpy(tensors, list, sizeof list);
}

static bool same_shape(const safetensors_tensor *a, const safetensors_tensor *b)
{
    return a->element == b->element && a->rank == b->rank &&
           memcmp(a->shape, b->shape, a->rank * sizeof *a->shape) == 0;
}

static dmg_status check_format(const safetensors_file *file, const char *source, dmg_error *err)
{
    const char *format = safetensors_text(file, "format");
    const char *version = safetensors_text(file, "format_version");
    if (!format || strcmp(format, format_name) != 0)
        return dmg_error_set(err, DMG_FORMAT, "%s: not a model of mature ends", source);
    if (!version || strcmp(version, format_version) != 0)
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "%s: format version %.20s; this program reads version %s", source,
                             version ? version : "(none)", format_version);
    if (!safetensors_text(file, "checksum") || file->count != TENSORS)
        return dmg_error_set(err, DMG_FORMAT, "%s: expected a checksum and %d tensors", source,
                             TENSORS);
    return DMG_OK;
}

static dmg_status read_tensors(cut_weights *weights, const safetensors_file *file,
                               const char *source, dmg_error *err)
{
    safetensors_tensor wanted[TENSORS];
    describe(wanted, weights);
    float *next = (float *)weights; /* the tensors follow each other in the struct as in the list */
    for (int k = 0; k < TENSORS; k++) {
        const safetensors_tensor *const tensor = safetensors_find(file, wanted[k].name);
        if (!tensor || !same_shape(tensor, &wanted[k]))
            return dmg_error_set(err, DMG_FORMAT, "%s: no tensor '%s' of the expected shape",
                                 source, wanted[k].name);
        safetensors_floats(next, tensor);
        for (size_t n = safetensors_elements(tensor); n > 0; n--, next++)
            if (!isfinite(*next))
                return dmg_error_set(err, DMG_FORMAT,
                                     "%s: '%s' contains a value that is not finite", source,
                                     wanted[k].name);
    }
    return DMG_OK;
}

dmg_status mature_model_parse(cut_weights *weights, const void *bytes, size_t size,
                              const char *source, dmg_error *err)
{
    safetensors_file file = {0};
    dmg_status st = safetensors_parse(&file, bytes, size, source, err);
    if (st == DMG_OK) st = check_format(&file, source, err);
    if (st == DMG_OK) st = read_tensors(weights, &file, source, err);
    safetensors_clear(&file);
    return st;
}

dmg_status mature_model_save(const cut_weights *weights, const char *training, const char *path,
                             dmg_error *err)
{
    safetensors_tensor tensors[TENSORS];
    describe(tensors, weights);
    json_t *metadata = json_pack("{s:s, s:s, s:s}", "format", format_name, "format_version",
                                 format_version, "training", training);
    if (!metadata) return dmg_error_nomem(err, path);
    uint8_t *bytes = NULL;
    size_t size = 0;
    dmg_output *output = NULL;
    dmg_status st = safetensors_write(&bytes, &size, metadata, tensors, TENSORS, err);
    if (st == DMG_OK) st = dmg_output_open(&output, path, err);
    if (st == DMG_OK) {
        fwrite(bytes, 1, size, dmg_output_stream(output)); /* checked by the commit */
        st = dmg_output_commit(output, err);
    }
    free(bytes);
    json_decref(metadata);
    return st;
}
