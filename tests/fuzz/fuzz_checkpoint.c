/* SPDX-License-Identifier: MIT */
/* Any bytes as the checkpoint of a training: refused with a message that names the file, taken as
 * cut off, or read as a state that can be saved and read again. The first byte says whether the
 * training has an average and epochs of pre-training.
 *
 * As in fuzz_model.c the checksum that a refusal names is put into the bytes. */
#include <math.h>

#include "fuzz_file.h"
#include "train/checkpoint.h"

enum { PARAMETERS = 5, EPOCHS = 4, PRETRAIN = 3, DIGITS = 16 };

static const char description[] = "{\"seed\":1,\"x\":{}}";

typedef struct fuzz_state {
    float params[PARAMETERS], first[PARAMETERS], second[PARAMETERS], average[PARAMETERS];
    dmg_epoch history[EPOCHS];
    double pretrain_loss[PRETRAIN];
    training_state state;
} fuzz_state;

static void begin(fuzz_state *s, unsigned kind)
{
    memset(s, 0, sizeof *s);
    s->state = (training_state){.parameters = PARAMETERS,
                                .params = s->params,
                                .first = s->first,
                                .second = s->second,
                                .average = kind & 1 ? s->average : NULL,
                                .history = s->history,
                                .history_capacity = EPOCHS,
                                .pretrain_loss = kind & 2 ? s->pretrain_loss : NULL,
                                .pretrain_epochs = kind & 2 ? PRETRAIN : 0};
}

static void check_state(fuzz_state *read, unsigned kind)
{
    dmg_error err;
    fuzz_state again;
    bool cut_off = false;
    const char *path = fuzz_file("saved", "", 0);
    fuzz_require(read->state.epochs <= EPOCHS && read->state.pretrained <= PRETRAIN, "room");
    for (int i = 0; i < PARAMETERS; i++) fuzz_require(isfinite(read->params[i]), "numbers");
    fuzz_require(checkpoint_save(&read->state, description, path, &err) == DMG_OK, err.message);
    begin(&again, kind);
    fuzz_require(checkpoint_load(&again.state, &cut_off, description, path, &err) == DMG_OK,
                 err.message);
    fuzz_require(!cut_off && again.state.epochs == read->state.epochs, "the same epochs");
    fuzz_require(memcmp(again.params, read->params, sizeof again.params) == 0, "the same weights");
}

static dmg_status try_bytes(const uint8_t *bytes, size_t size, unsigned kind, dmg_error *err)
{
    fuzz_state state;
    bool cut_off = false;
    const char *path = fuzz_file("c", bytes, size);
    begin(&state, kind);
    const dmg_status st = checkpoint_load(&state.state, &cut_off, description, path, err);
    if (st == DMG_OK && !cut_off) check_state(&state, kind);
    if (st != DMG_OK) fuzz_require(strstr(err->message, path) != NULL, err->message);
    return st;
}

/* "its checksum is RIGHT, WRONG is expected": RIGHT in the place of WRONG. */
static bool repair(uint8_t *bytes, size_t size, const char *message)
{
    static const char says[] = "its checksum is ";
    const char *right = strstr(message, says);
    if (!right || strlen(right) < sizeof says + 2 * DIGITS + 1) return false;
    right += strlen(says);
    const char *wrong = right + DIGITS + 2;
    for (size_t i = 0; i + DIGITS <= size; i++)
        if (memcmp(bytes + i, wrong, DIGITS) == 0) {
            memcpy(bytes + i, right, DIGITS);
            return true;
        }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dmg_error err;
    if (size < 1) return 0;
    uint8_t *bytes = malloc(size);
    if (!bytes) return 0;
    memcpy(bytes, data + 1, size - 1);
    const dmg_status st = try_bytes(bytes, size - 1, data[0] & 3, &err);
    if (st == DMG_FORMAT && repair(bytes, size - 1, err.message))
        (void)try_bytes(bytes, size - 1, data[0] & 3, &err);
    free(bytes);
    return 0;
}
