/* SPDX-License-Identifier: MIT */
/* Known precursors that are not among the loci. */
#include <inttypes.h>
#include <math.h>

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

size_t dmg_loci_known_places(const dmg_loci *loci)
{
    return loci_places(loci)->count;
}

bool dmg_loci_missed(const dmg_loci *loci, size_t i, dmg_missed *missed)
{
    const known_place *const place = &loci_places(loci)->places[i];
    const char *const reason = known_place_missed(place, loci_threshold(loci));
    if (!reason) return false;
    *missed = (dmg_missed){.name = place->name,
                           .sequence = place->sequence,
                           .start = place->start,
                           .end = place->end,
                           .strand = place->strand,
                           .p_mirna = place->candidate < 0 ? NAN : (double)place->candidate,
                           .reason = reason};
    return true;
}

static void write_missed(FILE *out, const dmg_missed *m)
{
    fprintf(out, "%s\t%s\t%" PRIu64 "\t%" PRIu64 "\t%c\t", m->name, m->sequence, m->start + 1,
            m->end, m->strand == DMG_STRAND_PLUS ? '+' : '-');
    if (isnan(m->p_mirna))
        fprintf(out, "NA\t%s\n", m->reason);
    else
        fprintf(out, "%.6g\t%s\n", m->p_mirna, m->reason);
}

void dmg_loci_write_missed(const dmg_loci *loci, FILE *out, size_t *total, size_t *missed)
{
    *total = dmg_loci_known_places(loci);
    *missed = 0;
    fputs("known\tseqid\tstart\tend\tstrand\tp_mirna\treason\n", out);
    for (size_t i = 0; i < *total; i++) {
        dmg_missed m;
        if (!dmg_loci_missed(loci, i, &m)) continue;
        ++*missed;
        write_missed(out, &m);
    }
}
