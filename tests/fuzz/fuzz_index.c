/* SPDX-License-Identifier: MIT */
/* Any bytes as the .fai of a genome: it is not used, or gives what the file holds. */
#include <sys/stat.h>

#include "deepmirgene/seqio.h"
#include "fuzz_file.h"

static const char genome[] =
    ">one first\nACGTACGTAC\nGTTTGTGTAC\nAC\n>two\nNNNNacgt\nAC\n>three\nGGGG";
static const char *const names[] = {"one", "two", "three"};
static const char *const sequences[] = {"ACGUACGUACGUUUGUGUACAC", "NNNNacguAC", "GGGG"};

static void check_sequence(dmg_fasta_index *index, size_t i)
{
    char letters[7], whole[64] = "";
    size_t count = 1, used = 0;
    dmg_error err;
    while (count > 0) {
        fuzz_require(dmg_fasta_index_read(index, i, used, letters, sizeof letters, &count, &err) ==
                         DMG_OK,
                     err.message);
        fuzz_require(used + count < sizeof whole, "no more letters than the file has");
        memcpy(whole + used, letters, count);
        used += count;
    }
    fuzz_require(strcmp(whole, sequences[i]) == 0, "letters of the file");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dmg_error err;
    dmg_fasta_index *index = NULL;
    static char path[1024];
    if (!path[0]) {
        snprintf(path, sizeof path, "%s", fuzz_file("g.fa", genome, sizeof genome - 1));
        const struct timespec old[2] = {{1000, 0}, {1000, 0}};
        fuzz_require(utimensat(AT_FDCWD, path, old, 0) == 0, "an old file");
    }
    (void)fuzz_file("g.fa.fai", data, size);
    fuzz_require(dmg_fasta_index_open(&index, path, &err) == DMG_OK, err.message);
    fuzz_require((index != NULL) == (dmg_fasta_index_check(path, &err) == DMG_OK), "one opinion");
    for (size_t i = 0; index && i < 3; i++) {
        const char *name = dmg_fasta_index_name(index, i);
        fuzz_require(name && strcmp(name, names[i]) == 0, "names of the file");
        check_sequence(index, i);
    }
    fuzz_require(!index || !dmg_fasta_index_name(index, 3), "no further names");
    dmg_fasta_index_close(index);
    return 0;
}
