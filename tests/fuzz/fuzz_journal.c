/* SPDX-License-Identifier: MIT */
/* Any bytes as the journal of a scan, as merge takes it: refused with a message that names the
 * file, or written in every format. */
#include "deepmirgene/scan.h"
#include "fuzz_file.h"

static dmg_status write_all(dmg_journal *journal, dmg_error *err)
{
    static FILE *sink;
    if (!sink) sink = fopen("/dev/null", "w");
    fuzz_require(sink != NULL, "a sink");
    const dmg_loci_options options = dmg_loci_defaults();
    dmg_loci *loci = NULL;
    dmg_status st = dmg_loci_collect(&loci, &journal, 1, &options, err);
    for (int f = 0; st == DMG_OK && f <= DMG_LOCI_FASTA; f++)
        st = dmg_loci_write(loci, (dmg_loci_format)f, sink, err);
    dmg_loci_destroy(loci);
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dmg_error err;
    dmg_journal *journal = NULL;
    const char *path = fuzz_file("j", data, size);
    dmg_status st = dmg_journal_open(&journal, path, &err);
    if (st == DMG_OK) st = write_all(journal, &err);
    if (st != DMG_OK) fuzz_require(strstr(err.message, path) != NULL, err.message);
    dmg_journal_close(journal);
    return 0;
}
