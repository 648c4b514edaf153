/* SPDX-License-Identifier: MIT */
/* Random access to FASTA files through htslib's faidx. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <htslib/faidx.h>
#include <htslib/hts_log.h>

#include "base/alloc.h"
#include "base/error.h"
#include "deepmirgene/seqio.h"
#include "seqio/alphabet.h"
#include "seqio/complaint.h"

struct dmg_fasta_index {
    faidx_t *faidx;
    char *path;
};

/* Whether PATH.fai is there and not older than the file. */
static bool has_index(const char *path)
{
    struct stat file, index;
    const size_t capacity = strlen(path) + 5;
    char *name = dmg_alloc(capacity, 1);
    if (!name) return false;
    snprintf(name, capacity, "%s.fai", path);
    const bool fresh = stat(path, &file) == 0 && stat(name, &index) == 0 &&
                       index.st_mtime >= file.st_mtime && access(name, R_OK) == 0;
    free(name);
    return fresh;
}

dmg_status dmg_fasta_index_open(dmg_fasta_index **out, const char *path, dmg_error *err)
{
    *out = NULL;
    if (!has_index(path)) return DMG_OK;
    hts_set_log_level(HTS_LOG_OFF); /* a library does not write to standard error */
    faidx_t *faidx = fai_load3(path, NULL, NULL, 0);
    if (!faidx) return DMG_OK;
    dmg_fasta_index *index = dmg_alloc_zero(1, sizeof *index);
    char *copy = dmg_copy_text(path, strlen(path));
    if (!index || !copy) {
        free(index);
        free(copy);
        fai_destroy(faidx);
        return dmg_error_nomem(err, "a sequence index");
    }
    *index = (dmg_fasta_index){.faidx = faidx, .path = copy};
    *out = index;
    return DMG_OK;
}

void dmg_fasta_index_close(dmg_fasta_index *index)
{
    if (!index) return;
    fai_destroy(index->faidx);
    free(index->path);
    free(index);
}

const char *dmg_fasta_index_name(const dmg_fasta_index *index, size_t i)
{
    return i < (size_t)faidx_nseq(index->faidx) ? faidx_iseq(index->faidx, (int)i) : NULL;
}

dmg_status dmg_fasta_index_read(dmg_fasta_index *index, size_t i, uint64_t from, char *letters,
                                size_t capacity, size_t *count, dmg_error *err)
{
    const char *name = faidx_iseq(index->faidx, (int)i);
    hts_pos_t fetched = -1;
    *count = 0;
    /* htslib divides by the length of the lines of an empty sequence. */
    if (capacity == 0 || faidx_seq_len(index->faidx, name) == 0) return DMG_OK;
    /* Behind the end htslib gives the last letter; so the one before is fetched, too, and whatever
     * came first is dropped. */
    const size_t extra = from > 0;
    char *text = faidx_fetch_seq64(index->faidx, name, (hts_pos_t)(from - extra),
                                   (hts_pos_t)(from + capacity - 1), &fetched);
    if (!text || fetched < (hts_pos_t)extra) {
        free(text);
        return dmg_error_set(err, DMG_IO,
                             "%s: cannot read %s by the index %s.fai; is it of this file?",
                             index->path, name, index->path);
    }
    const size_t length = (size_t)fetched - extra;
    bool ambiguous = false;
    size_t fault;
    *count = dmg_alphabet_convert(letters, text + extra, length, &ambiguous, &fault);
    const char wrong = fault < length ? text[extra + fault] : 0;
    free(text);
    if (fault == length) return DMG_OK;
    return dmg_error_set(
        err, DMG_FORMAT, "%s: record '%s': %s at position %llu is no nucleotide letter",
        index->path, name, dmg_show_byte(wrong).text, (unsigned long long)(from + fault + 1));
}
