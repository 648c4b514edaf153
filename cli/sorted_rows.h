/* SPDX-License-Identifier: MIT */
/* Rows of GFF3 and BED in the order that tabix requires: those of a sequence together, by start. */
#ifndef DMG_CLI_SORTED_ROWS_H
#define DMG_CLI_SORTED_ROWS_H

#include <stdio.h>

#include "deepmirgene/status.h"

/* Writes the lines of text [size], which it changes: first those that begin with '#', then the
 * rows; sequences, column 1, in the order in which they first occur, and rows of one start, column
 * `start_column` from 1, as they were. */
dmg_status sorted_rows_write(FILE *out, char *text, size_t size, int start_column, dmg_error *err);

#endif
