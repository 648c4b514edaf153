/* SPDX-License-Identifier: MIT */
/* The precursors of microRNAs in a genome that is in memory. */
#include <deepmirgene/deepmirgene.h>

#include <stdio.h>
#include <string.h>

static const char genome[] = "CCGTAATGCCTTTCCCTAACAGAGTTTTTCGAACTCGTGTTGTCGAGCGACGGAATTAGATCAGT"
                             "TAAATGGCAGAAAACTGGCAGGGCTTGGGATGAGGTAGTAGGTTGTATAGTTTTAGGGTCACACC"
                             "CACCACTGGGAGATAACTATACAATCTACTGTCTTTCCTATTTAGTCGTGGGATGATCAGTGGGT"
                             "AAAGGTGGCGCGGGGTAACGCGCGCTAAGGCTCAGCTGCAACGCGGAGCTGGTGTGTTATCCATT";

int main(void)
{
    const dmg_sequence sequence = {"genome", genome, sizeof genome - 1, NULL};
    dmg_scan_options what = dmg_scan_defaults();
    dmg_scan_run_options options = dmg_scan_run_defaults();
    dmg_loci *loci = NULL;
    dmg_locus locus;
    dmg_error err;
    what.threshold = 0.5;
    options.scan = &what;
    dmg_status st = dmg_scan_sequences(&loci, &sequence, 1, &options, &err);
    for (size_t i = 0; st == DMG_OK && i < dmg_loci_count(loci)->selected; i++) {
        st = dmg_loci_get(loci, i, &locus, &err);
        if (st == DMG_OK)
            printf("%s\t%llu\t%llu\t%c\t%.6g\n", locus.name, (unsigned long long)locus.start + 1,
                   (unsigned long long)locus.end, "+-"[locus.strand], locus.p_mirna);
    }
    if (st != DMG_OK) fprintf(stderr, "%s\n", err.message);
    dmg_loci_destroy(loci);
    return st == DMG_OK ? 0 : 1;
}
