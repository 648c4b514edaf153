/* SPDX-License-Identifier: MIT */
/* Any bytes as the calibration in a model's metadata: refused with a message that names the file,
 * or a map of probabilities to probabilities, in order, that is printed and read again. */
#include "fuzz_file.h"
#include "model/calibration.h"

static const char source[] = "FILE";

static void check_map(const dmg_calibration *calibration)
{
    enum { STEPS = 20 };
    double before = 0;
    for (int i = 0; i <= STEPS; i++) {
        const double p = dmg_calibration_apply(calibration, (double)i / STEPS);
        fuzz_require(p >= before && p <= 1, "probabilities in order");
        before = p;
    }
}

static void check_round_trip(const dmg_calibration *calibration)
{
    dmg_error err;
    dmg_calibration again;
    char *text = NULL;
    fuzz_require(calibration_print(&text, calibration, NULL, &err) == DMG_OK, err.message);
    fuzz_require(calibration_parse(&again, text, source, &err) == DMG_OK, err.message);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dmg_error err;
    dmg_calibration calibration;
    char *text = malloc(size + 1);
    if (!text) return 0;
    if (size > 0) memcpy(text, data, size);
    text[size] = '\0';
    if (calibration_parse(&calibration, text, source, &err) == DMG_OK) {
        check_map(&calibration);
        check_round_trip(&calibration);
        const dmg_calibration rare = dmg_calibration_restate(calibration, 0.001);
        check_map(&rare);
    } else {
        fuzz_require(strncmp(err.message, source, strlen(source)) == 0, err.message);
    }
    free(text);
    return 0;
}
