/* SPDX-License-Identifier: MIT */
/* Output files that appear whole or not at all.
 *
 * The content goes to a temporary file beside it (NAME.HOST-RANDOM.part), which takes the final
 * name only in dmg_output_commit, when its content is on the disk; until then an older file of that
 * name stays as it was. The new file has the permissions of the old one. A symbolic link is
 * followed; a dangling link is refused, as is a file without write permission. A temporary file
 * that a killed writer of the same name left is removed, if it ran on this host. Pipes and devices,
 * and "-", standard output, are written through as usual.
 */
#ifndef DMG_OUTPUT_H
#define DMG_OUTPUT_H

#include <stdio.h>

#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dmg_output dmg_output;

DMG_API dmg_status dmg_output_open(dmg_output **out, const char *path, dmg_error *err);

/* The stream to write to; belongs to the output, never to be closed by the caller. */
DMG_API FILE *dmg_output_stream(dmg_output *output);

/* DMG_IO with the system's reason if anything written so far was refused (disk full, closed pipe).
 * Flushes, so that a consumer of standard output sees whole batches. */
DMG_API dmg_status dmg_output_check(dmg_output *output, dmg_error *err);

/* Writes out, renames, and frees `output`. On failure it also removes the temporary file and frees.
 */
DMG_API dmg_status dmg_output_commit(dmg_output *output, dmg_error *err);

/* Discards the content and frees `output`. Accepts NULL. */
DMG_API void dmg_output_discard(dmg_output *output);

/* Removes all unfinished files of the process, for a signal handler that ends the program: only
 * dmg_output_discard may be called afterwards. */
DMG_API void dmg_output_unlink_all(void);

/* Gives a file that is whole and on the disk (fsync) its final name, durably. */
DMG_API dmg_status dmg_output_rename(const char *from, const char *to, dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
