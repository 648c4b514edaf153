/* SPDX-License-Identifier: MIT */
/* Any bytes as a model file: refused with a word that names the file, or read as a model that can
 * be saved, read again and used.
 *
 * Damage is refused by its checksum before anything else is looked at, which would keep a fuzzer
 * out; so the checksum that the refusal tells is put into the bytes, and they are tried again.
 *
 * Invariants are checked with abort() so that they hold in builds without assertions too.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deepmirgene/model.h"
#include "fuzz.h"

static const char source[] = "FILE";

enum { DIGITS = 16 }; /* of a checksum */

static void require(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "model: %s\n", what);
    abort();
}

/* The first place of text [length] in bytes [size], or NULL. */
static uint8_t *find(uint8_t *bytes, size_t size, const char *text, size_t length)
{
    for (size_t i = 0; i + length <= size; i++)
        if (memcmp(bytes + i, text, length) == 0) return bytes + i;
    return NULL;
}

/* Puts the right checksum in the place of the wrong one, both told by the message; false when that
 * is not what is wrong. */
static bool repair(uint8_t *bytes, size_t size, const char *message)
{
    static const char says[] = "its checksum is ", joins[] = ", ", ends[] = " is expected";
    const char *right = strstr(message, says);
    if (!right) return false;
    right += strlen(says);
    const char *wrong = right + DIGITS + strlen(joins), *end = strstr(wrong, ends);
    if (!end || end - wrong != DIGITS) return false;
    uint8_t *place = find(bytes, size, wrong, DIGITS);
    if (!place) return false;
    memcpy(place, right, DIGITS);
    return true;
}

static char path[] = "/tmp/fuzz-model-XXXXXX";

static void remove_file(void)
{
    (void)unlink(path);
}

/* Saved and read again it is the same model. */
static void check_saving(const dmg_model *model)
{
    static bool made = false;
    if (!made) {
        const int fd = mkstemp(path);
        require(fd >= 0 && close(fd) == 0 && atexit(remove_file) == 0, "no scratch file");
        made = true;
    }
    dmg_error err;
    dmg_model *again = NULL;
    require(dmg_model_save(model, path, &err) == DMG_OK, "a model that cannot be saved");
    require(dmg_model_load(&again, path, &err) == DMG_OK, "a saved model that cannot be read");
    require(dmg_model_parameters(again) == dmg_model_parameters(model), "parameters got lost");
    require(strcmp(dmg_model_metadata(again, "architecture"),
                   dmg_model_metadata(model, "architecture")) == 0,
            "another architecture");
    dmg_model_destroy(again);
}

static void check_architecture(const dmg_architecture *architecture)
{
    dmg_architecture again;
    dmg_error err;
    char *text = dmg_architecture_print(architecture);
    require(text && dmg_architecture_parse(&again, text, &err) == DMG_OK,
            "an architecture that cannot be read again");
    free(text);
}

/* Weights may be so large that a score is not a number; it is never outside of 0 .. 1. */
static void check_prediction(const dmg_model *model)
{
    dmg_predict_task tasks[] = {
        {.sequence = "N", .structure = ".", .length = 1},
        {.sequence = "GGGACUUCGGUCCC", .structure = "((((......))))", .length = 14},
    };
    dmg_predictor *predictor = NULL;
    dmg_error err;
    require(dmg_predictor_create(&predictor, model, 1, DMG_CPU_AUTO, &err) == DMG_OK &&
                dmg_predict(predictor, tasks, 2, &err) == DMG_OK,
            "no prediction");
    for (int i = 0; i < 2; i++)
        require(isnan(tasks[i].p_mirna) || (tasks[i].p_mirna >= 0 && tasks[i].p_mirna <= 1),
                "a score outside of 0 .. 1");
    dmg_predictor_destroy(predictor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes = malloc(size ? size : 1); /* of exactly its size, and ours to repair */
    if (!bytes) return 0;
    memcpy(bytes, data, size);
    dmg_model *model = NULL;
    dmg_error err;
    dmg_status st = dmg_model_load_memory(&model, bytes, size, source, &err);
    if (st == DMG_FORMAT && repair(bytes, size, err.message))
        st = dmg_model_load_memory(&model, bytes, size, source, &err);
    if (st == DMG_OK) {
        check_architecture(dmg_model_architecture(model));
        check_saving(model);
        if (dmg_model_parameters(model) < 100000) check_prediction(model);
        dmg_model_destroy(model);
    } else {
        require(st == DMG_FORMAT || st == DMG_RANGE || st == DMG_UNSUPPORTED || st == DMG_NOMEM,
                "an unexpected status");
        require(strncmp(err.message, source, strlen(source)) == 0, "a complaint without the file");
    }
    free(bytes);
    return 0;
}
