/* SPDX-License-Identifier: MIT */
/* Files without a name, for what is too large or too late for memory. */
#ifndef DMG_BASE_TEMPORARY_H
#define DMG_BASE_TEMPORARY_H

#include <stdio.h>

#include "deepmirgene/status.h"

/* Opens a nameless file in the folder that TMPDIR names, else /tmp: a descriptor to read and write,
 * or a stream of one. It is gone when it is closed. */
dmg_status dmg_temporary_open(int *fd, dmg_error *err);
dmg_status dmg_temporary_stream(FILE **file, dmg_error *err);

/* Appends the whole of a temporary file to `out`, whose errors are the caller's to check. DMG_IO
 * where it cannot be read back. */
dmg_status dmg_temporary_copy(FILE *out, FILE *file, dmg_error *err);

#endif
