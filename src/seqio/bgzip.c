/* SPDX-License-Identifier: MIT */
/* Outputs in the format of bgzip: gzip in blocks that can be looked up (SAM specification, section
 * 4.1), which tabix and samtools index. */
#define _GNU_SOURCE /* fopencookie */

#include <htslib/bgzf.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/output_filter.h"
#include "deepmirgene/seqio.h"

enum { BLOCK = BGZF_BLOCK_SIZE, PACKED = BGZF_MAX_BLOCK_SIZE, LEVEL = 6 };

typedef struct bgzip {
    FILE *file;
    size_t used;
    char block[BLOCK]; /* not yet written */
} bgzip;

/* An empty block is the mark of the end. */
static bool write_block(bgzip *b)
{
    unsigned char packed[PACKED];
    size_t size = sizeof packed;
    if (bgzf_compress(packed, &size, b->block, b->used, LEVEL) != 0) return false;
    b->used = 0;
    return fwrite(packed, 1, size, b->file) == size;
}

static ssize_t write_text(void *cookie, const char *text, size_t count)
{
    bgzip *b = cookie;
    for (size_t done = 0; done < count;) {
        const size_t left = count - done;
        const size_t part = left < BLOCK - b->used ? left : BLOCK - b->used;
        memcpy(b->block + b->used, text + done, part);
        b->used += part;
        done += part;
        if (b->used == BLOCK && !write_block(b)) return 0;
    }
    return (ssize_t)count;
}

static int end_text(void *cookie)
{
    bgzip *b = cookie;
    const bool whole = (b->used == 0 || write_block(b)) && write_block(b);
    free(b);
    return whole ? 0 : EOF;
}

/* A stream of one's own: BSD and macOS have another name for it than Linux. */
#if defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) || defined(__OpenBSD__)
static int write_some(void *cookie, const char *text, int count)
{
    return (int)write_text(cookie, text, (size_t)count);
}

static FILE *open_stream(bgzip *b)
{
    return funopen(b, NULL, write_some, NULL, end_text);
}
#else
static FILE *open_stream(bgzip *b)
{
    return fopencookie(b, "w", (cookie_io_functions_t){.write = write_text, .close = end_text});
}
#endif

static FILE *open_bgzip(FILE *file)
{
    bgzip *b = dmg_alloc(1, sizeof *b);
    if (!b) return NULL;
    b->file = file;
    b->used = 0;
    FILE *stream = open_stream(b);
    if (!stream) free(b);
    return stream;
}

bool dmg_is_bgzip_name(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && (strcmp(dot, ".gz") == 0 || strcmp(dot, ".bgz") == 0);
}

dmg_status dmg_output_open_text(dmg_output **out, const char *path, dmg_error *err)
{
    dmg_output *output;
    dmg_status st = dmg_output_open(&output, path, err);
    if (st != DMG_OK) return st;
    if (dmg_is_bgzip_name(path)) st = dmg_output_filter(output, open_bgzip, err);
    if (st == DMG_OK)
        *out = output;
    else
        dmg_output_discard(output);
    return st;
}
