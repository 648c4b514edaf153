/* SPDX-License-Identifier: MIT */
/* Long candidates in two steps, for callers that want few of them.
 *
 * Step 2 of deepmirgene/hairpins.h compares a pair with rivals that reach half a span further, on
 * either side. To fold so much around each long pair costs more than the pair itself. A provisional
 * candidate has been compared only with rivals in the bases that had to be folded anyway. Those
 * that the caller has a use for are then confirmed, in windows of full width: the confirmed ones
 * are the long candidates of dmg_hairpins_find(), as far as the caller has asked.
 */
#ifndef DMG_FOLD_PROVISIONAL_H
#define DMG_FOLD_PROVISIONAL_H

#include <stdbool.h>

#include "deepmirgene/hairpins.h"

/* Calls `found` for the candidates of up to `span` bases only, otherwise as dmg_hairpins_find(). */
dmg_status dmg_hairpins_find_short(dmg_hairpin_finder *finder, const char *bases, size_t length,
                                   dmg_strand strand, dmg_hairpin_found *found, void *context,
                                   dmg_error *err);

/* Calls `found` for the provisional long candidates, among which are all long candidates, by
 * ascending start, then end. None without a `long_span`. */
dmg_status dmg_hairpins_find_provisional(dmg_hairpin_finder *finder, const char *bases,
                                         size_t length, dmg_strand strand, dmg_hairpin_found *found,
                                         void *context, dmg_error *err);

/* A provisional candidate of the bases and the strand. */
typedef struct dmg_provisional {
    size_t start, end;
    bool confirmed;
} dmg_provisional;

/* Fills in `confirmed` of list[0 .. count), which is in the order in which they were found. */
dmg_status dmg_hairpins_confirm(dmg_hairpin_finder *finder, const char *bases, size_t length,
                                dmg_strand strand, dmg_provisional *list, size_t count,
                                dmg_error *err);

#endif
