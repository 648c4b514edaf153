/* SPDX-License-Identifier: MIT */
/* What a file is that is not what was expected. */
#ifndef DMG_SEQIO_FILE_KIND_H
#define DMG_SEQIO_FILE_KIND_H

#include <stddef.h>

/* A few words about a file that begins with these bytes: what it is, and what to do with it; NULL
 * where they are nothing known. The first is for files that are no text at all, packed ones among
 * them; the second for text, which begins with the line. */
const char *dmg_file_kind_binary(const char *bytes, size_t size);
const char *dmg_file_kind_text(const char *line, size_t size);

#endif
