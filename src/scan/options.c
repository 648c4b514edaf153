/* SPDX-License-Identifier: MIT */
/* Options of a scan. */
#include "base/error.h"
#include "base/rng.h"
#include "deepmirgene/scan.h"

dmg_scan_options dmg_scan_defaults(void)
{
    return (dmg_scan_options){.hairpins = dmg_hairpin_defaults(),
                              .plus = true,
                              .minus = true,
                              .threshold = 0.9,
                              .seed = DMG_DEFAULT_SEED,
                              .chunk = 65536};
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
