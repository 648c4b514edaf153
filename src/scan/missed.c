/* SPDX-License-Identifier: MIT */
/* Known precursors that are not among the loci. */
#include <inttypes.h>

#include "scan/loci.h"

dmg_status dmg_loci_check_known(bool *places, const char *path, dmg_error *err)
{
    known_places read = {0};
    dmg_known *known = NULL;
    *places = known_places_are_in(path);
    const dmg_status st =
        *places ? known_places_read(&read, path, err) : dmg_known_load(&known, path, err);
    known_places_clear(&read);
    dmg_known_destroy(known);
    return st;
}

void dmg_loci_write_missed(const dmg_loci *loci, FILE *out, size_t *total, size_t *missed)
{
    const known_places *known = loci_places(loci);
    *total = known->count;
    *missed = 0;
    fputs("known\tseqid\tstart\tend\tstrand\tp_mirna\treason\n", out);
    for (size_t i = 0; i < known->count; i++) {
        const known_place *place = &known->places[i];
        const char *reason = known_place_missed(place, loci_threshold(loci));
        if (!reason) continue;
        ++*missed;
        fprintf(out, "%s\t%s\t%" PRIu64 "\t%" PRIu64 "\t%c\t", place->name, place->sequence,
                place->start + 1, place->end, place->strand == DMG_STRAND_PLUS ? '+' : '-');
        if (place->candidate < 0)
            fprintf(out, "NA\t%s\n", reason);
        else
            fprintf(out, "%.6g\t%s\n", (double)place->candidate, reason);
    }
}
