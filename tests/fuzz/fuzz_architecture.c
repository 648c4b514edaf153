/* SPDX-License-Identifier: MIT */
/* Any bytes as the description of an architecture: refused with a message, or printed and read
 * again as the same. */
#include "deepmirgene/architecture.h"
#include "fuzz_file.h"

static void check_round_trip(const dmg_architecture *architecture)
{
    dmg_error err;
    dmg_architecture again;
    char *text = dmg_architecture_print(architecture);
    fuzz_require(text != NULL, "a text");
    fuzz_require(dmg_architecture_parse(&again, text, &err) == DMG_OK, err.message);
    char *second = dmg_architecture_print(&again);
    fuzz_require(second && strcmp(text, second) == 0, "the same text");
    free(text);
    free(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dmg_error err;
    dmg_architecture architecture;
    const char *path = fuzz_file("a.json", data, size);
    const dmg_status st = dmg_architecture_load(&architecture, path, &err);
    if (st == DMG_OK)
        check_round_trip(&architecture);
    else
        fuzz_require(strstr(err.message, path) != NULL, "a message that names the file");
    return 0;
}
