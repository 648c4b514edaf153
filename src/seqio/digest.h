/* SPDX-License-Identifier: MIT */
/* MD5 of what was read, to name data sets in model files. */
#ifndef DMG_SEQIO_DIGEST_H
#define DMG_SEQIO_DIGEST_H

#include <stddef.h>

enum { DIGEST_HEX = 33 }; /* characters of a digest in hexadecimal, NUL included */

typedef struct digest digest;

/* NULL when memory is out. */
digest *digest_create(void);
void digest_update(digest *d, const void *bytes, size_t size);

/* Writes the digest of all bytes so far and frees `d`. */
void digest_finish(digest *d, char hex[DIGEST_HEX]);

#endif
