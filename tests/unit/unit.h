/* SPDX-License-Identifier: MIT */
/* What every unit test includes: cmocka with the headers that it needs, and the way to the data. */
#ifndef DMG_TESTS_UNIT_H
#define DMG_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Fails with the library's own words. */
#define assert_ok(call, err)                                                                       \
    do {                                                                                           \
        if ((call) != DMG_OK) fail_msg("%s: %s", #call, (err)->message);                           \
    } while (0)

/* Path of `name` in the folder of published data (DMG_SHARED, or ../shared beside the source tree)
 * written to buffer; NULL, with a line that says what is skipped, where there is none. */
static inline const char *shared_path(char buffer[4096], const char *name)
{
    const char *shared = getenv("DMG_SHARED"), *source = getenv("DMG_SOURCE");
    if (shared)
        snprintf(buffer, 4096, "%s/%s", shared, name);
    else
        snprintf(buffer, 4096, "%s/../shared/%s", source ? source : ".", name);
    FILE *file = fopen(buffer, "r");
    if (!file) {
        print_message("skipped: %s is not here\n", buffer);
        return NULL;
    }
    fclose(file);
    return buffer;
}

/* Path of `name` in the source tree. */
static inline const char *source_path(char buffer[4096], const char *name)
{
    const char *source = getenv("DMG_SOURCE");
    snprintf(buffer, 4096, "%s/%s", source ? source : ".", name);
    return buffer;
}

#endif
