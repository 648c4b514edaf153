/* SPDX-License-Identifier: MIT */
/* MD5, by htslib. */
#include "seqio/digest.h"

#include <htslib/hts.h>

digest *digest_create(void)
{
    return (digest *)hts_md5_init();
}

void digest_update(digest *d, const void *bytes, size_t size)
{
    hts_md5_update((hts_md5_context *)d, bytes, size);
}

void digest_finish(digest *d, char hex[DIGEST_HEX])
{
    unsigned char binary[16];
    hts_md5_final(binary, (hts_md5_context *)d);
    hts_md5_hex(hex, binary);
    hts_md5_destroy((hts_md5_context *)d);
}
