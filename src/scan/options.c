/* SPDX-License-Identifier: MIT */
/* Options of a scan. */
#include <stdlib.h>

#include "base/error.h"
#include "base/rng.h"
#include "deepmirgene/scan.h"

dmg_scan_options dmg_scan_defaults(void)
{
    return (dmg_scan_options){.hairpins = dmg_hairpin_defaults(),
                              .plus = true,
                              .minus = true,
                              .model_span = true,
                              .threshold = 0.9,
                              .seed = DMG_DEFAULT_SEED,
                              .chunk = 65536};
}

dmg_status dmg_scan_fit_model(dmg_scan_options *options, const dmg_model *model, dmg_error *err)
{
    const char *text = dmg_model_metadata(model, "scan_long_span");
    if (!options->model_span || !text) return DMG_OK;
    char *end;
    const long span = strtol(text, &end, 10);
    if (end == text || *end || span < 0 || span > DMG_HAIRPIN_MAX_SPAN)
        return dmg_error_set(err, DMG_FORMAT,
                             "the scan_long_span of the model, '%.20s', is not a "
                             "number from 0 to %d",
                             text, DMG_HAIRPIN_MAX_SPAN);
    options->hairpins.long_span = (int)span;
    return DMG_OK;
}

dmg_loci_options dmg_loci_defaults(void)
{
    return (dmg_loci_options){.fdr = 1, .prevalence = 1, .max_masked = 1};
}

dmg_status dmg_scan_check(const dmg_scan_options *options, dmg_error *err)
{
    if (!options->plus && !options->minus)
        return dmg_error_set(err, DMG_RANGE, "no strand to scan");
    if (!(options->threshold >= 0 && options->threshold <= 1))
        return dmg_error_set(err, DMG_RANGE, "threshold %g is not between 0 and 1",
                             options->threshold);
    if (!(options->decoys >= 0 && options->decoys <= 1))
        return dmg_error_set(err, DMG_RANGE, "decoy fraction %g is not between 0 and 1",
                             options->decoys);
    if (options->chunk < 1 || options->chunk > DMG_SCAN_MAX_CHUNK)
        return dmg_error_set(err, DMG_RANGE, "chunk %zu is not within 1 and %d", options->chunk,
                             DMG_SCAN_MAX_CHUNK);
    return dmg_hairpin_check(&options->hairpins, err);
}
