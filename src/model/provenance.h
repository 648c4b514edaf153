/* SPDX-License-Identifier: MIT */
/* Where a model comes from, as its metadata "training" tells (deepmirgene/model.h): the one place
 * that knows the keys of it. A model that says nothing, or no JSON, has an empty provenance. */
#ifndef DMG_MODEL_PROVENANCE_H
#define DMG_MODEL_PROVENANCE_H

#include <jansson.h>
#include <stdbool.h>

#include "deepmirgene/model.h"

typedef struct provenance {
    json_t *training; /* NULL: nothing is known */
} provenance;

/* Fails only for want of memory, and leaves nothing to clear then. */
dmg_status provenance_read(provenance *out, const dmg_model *model, dmg_error *err);

/* Accepts a zeroed struct. */
void provenance_clear(provenance *p);

/* Whether a file of this digest was among the positives or negatives of the model, of a member or
 * of a teacher. */
bool provenance_has_file(const provenance *p, bool positive, const char *md5);

/* Of a member: its name (NULL: not known), which is the provenance's own, and its training as text,
 * the caller's to free; NULL when memory is out. */
const char *provenance_member_name(const provenance *p, size_t member);
char *provenance_member_training(const provenance *p, size_t member);

/* What the files of models that are made of this one say of it: {"name", "checksum", "training"},
 * null where the model does not say. NULL when memory is out. */
json_t *provenance_describe(const dmg_model *model);

/* The training of a model whose members are described so, as text, the caller's to free; takes
 * `members`. NULL when memory is out. */
char *provenance_join(json_t *members);

#endif
