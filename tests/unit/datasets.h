/* SPDX-License-Identifier: MIT */
/* Data sets that tests fill from files. */
#ifndef DMG_TESTS_DATASETS_H
#define DMG_TESTS_DATASETS_H

#include "deepmirgene/train.h"
#include "unit.h"

static inline dmg_dataset *new_dataset(void)
{
    dmg_dataset *dataset = NULL;
    dmg_error err;
    assert_ok(dmg_dataset_create(&dataset, &err), &err);
    return dataset;
}

static inline void add(dmg_dataset *dataset, const char *path, bool positive)
{
    dmg_error err;
    assert_ok(dmg_dataset_add(dataset, path, positive, &err), &err);
}

#endif
