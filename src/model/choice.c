/* SPDX-License-Identifier: MIT */
/* The model that a caller names, has as bytes, or has loaded. */
#include "model/choice.h"

#include "base/error.h"

dmg_status model_choose(dmg_model **own, const dmg_model **model, const char *name,
                        const void *bytes, size_t size, const dmg_model *loaded, dmg_error *err)
{
    dmg_status st = DMG_OK;
    *own = NULL;
    if (!loaded && !bytes && !name) return dmg_error_set(err, DMG_RANGE, "no model given");
    if (!loaded)
        st = bytes ? dmg_model_load_memory(own, bytes, size, "the model in memory", err)
                   : dmg_model_load(own, name, err);
    if (st == DMG_OK) *model = loaded ? loaded : *own;
    return st;
}
