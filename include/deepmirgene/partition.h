/* SPDX-License-Identifier: MIT */
/* The assignment of records to the folds of a cross-validation.
 *
 * A partition puts every record of a labelled set into one fold. Each fold in turn is scored by a
 * classifier trained on the others. A fold called "test" is different: the classifiers of other
 * folds are not trained on it, and its own is trained on all the rest. If only one fold remains
 * beside "test", there is no cross-validation, and that split is used for training only.
 */
#ifndef DMG_PARTITION_H
#define DMG_PARTITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/status.h"
#include "deepmirgene/train.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DMG_PARTITION_MAX_FOLDS 1000

/* Immutable; keeps no reference to the dataset. */
typedef struct dmg_partition dmg_partition;

/* Draws folds that differ by one record at most, in each label and in total. The same seed and
 * repeat (from 1) give the same folds, each repeat others. Fewer records of a label than folds are
 * DMG_RANGE. Folds are called "1", "2", ... */
DMG_API dmg_status dmg_partition_draw(dmg_partition **out, const dmg_dataset *dataset, int folds,
                                      uint64_t seed, int repeat, dmg_error *err);

/* Draws folds that split no group, and are as equal in labels and size as the groups let them be
 * (greedily: the largest group first, then single moves while one helps). `path` is a table like
 * that of dmg_partition_load, with a column "group". Fewer groups than folds are DMG_RANGE. */
DMG_API dmg_status dmg_partition_draw_grouped(dmg_partition **out, const dmg_dataset *dataset,
                                              const char *path, int folds, uint64_t seed,
                                              int repeat, dmg_error *err);

/* Reads folds from a table: lines of tab-separated columns, whose title line names "id", "split"
 * and, where an id is in both classes, "label" (1 or 0); other columns are ignored. Without a title
 * line the columns are id and split, or id, label and split. Folds are named by the column; numbers
 * are in numerical order.
 *
 * Every record has to be assigned exactly once. An id that no record has, that several records
 * have, or that occurs twice, is DMG_FORMAT with file and line; so is a missing record. */
DMG_API dmg_status dmg_partition_load(dmg_partition **out, const dmg_dataset *dataset,
                                      const char *path, dmg_error *err);

DMG_API void dmg_partition_destroy(dmg_partition *partition);

/* Number of folds, "test" included, which is the last one. */
DMG_API size_t dmg_partition_count(const dmg_partition *partition);

/* The partition's own string. */
DMG_API const char *dmg_partition_name(const dmg_partition *partition, size_t fold);

DMG_API bool dmg_partition_is_test(const dmg_partition *partition, size_t fold);

/* Whether other folds are left to train on for this fold. */
DMG_API bool dmg_partition_is_evaluated(const dmg_partition *partition, size_t fold);

/* The fold of the i-th record. */
DMG_API size_t dmg_partition_fold(const dmg_partition *partition, size_t i);

#ifdef __cplusplus
}
#endif

#endif
