/* SPDX-License-Identifier: MIT */
/* Any bytes as a region and as a BED file: what is taken are intervals in order, apart, and not
 * empty.
 *
 * Invariants are checked with abort() so that they hold in builds without assertions too.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "scan/regions.h"

static void require(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "regions: %s\n", what);
    abort();
}

static void check(dmg_regions *regions, const char *name)
{
    size_t count;
    const scan_interval *intervals = regions_of(regions, name, &count);
    for (size_t i = 0; i < count; i++) {
        require(intervals[i].from < intervals[i].to, "an empty interval");
        require(i == 0 || intervals[i - 1].to < intervals[i].from, "intervals that touch");
    }
}

/* Every name that was taken is asked for once; then none is left. */
static void check_all(dmg_regions *regions)
{
    regions_begin(regions);
    const uint64_t digest = regions_digest(regions);
    for (const char *name; (name = regions_not_found(regions));) check(regions, name);
    regions_begin(regions);
    require(regions_digest(regions) == digest, "the digest has changed");
    dmg_regions_destroy(regions);
}

static void try_text(const uint8_t *data, size_t size)
{
    dmg_regions *regions = NULL;
    dmg_error err;
    char *text = malloc(size + 1);
    require(text && dmg_regions_create(&regions, &err) == DMG_OK, "no memory");
    memcpy(text, data, size);
    text[size] = '\0';
    const dmg_status st = dmg_regions_add(regions, text, &err);
    require(st == DMG_OK || st == DMG_FORMAT, "status");
    check_all(regions);
    free(text);
}

static void try_bed(const uint8_t *data, size_t size)
{
    dmg_regions *regions = NULL;
    dmg_error err;
    char path[] = "/tmp/fuzz-regions-XXXXXX";
    const int fd = mkstemp(path);
    require(fd >= 0 && write(fd, data, size) == (ssize_t)size && close(fd) == 0, "no file");
    require(dmg_regions_create(&regions, &err) == DMG_OK, "no memory");
    (void)dmg_regions_add_bed(regions, path, &err);
    check_all(regions);
    unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0) {
        try_text(data, size);
        try_bed(data, size);
    }
    return 0;
}
