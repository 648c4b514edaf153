/* SPDX-License-Identifier: MIT */
/* What readers can do for the program's own modules. */
#ifndef DMG_SEQIO_READER_H
#define DMG_SEQIO_READER_H

#include "deepmirgene/seqio.h"

/* Records of more letters come with their length and without letters (sequence "") and structure,
 * so that memory does not grow with them. They are checked like any other. */
void dmg_reader_keep_at_most(dmg_reader *reader, size_t letters);

#endif
