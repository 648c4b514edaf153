/* Records of several files, one batch after the other, each record with its structure. */
#ifndef DMG_CLI_FOLDED_H
#define DMG_CLI_FOLDED_H

#include <stdbool.h>
#include <stddef.h>

#include "deepmirgene/deepmirgene.h"
#include "opt.h"

typedef struct folded_record {
    const dmg_record *record;
    const char *structure; /* [length], the file's or folded; NULL for a record not folded */
    bool has_energy;       /* false also for a structure of the file with pairs that have none */
    int energy;            /* dcal/mol */
} folded_record;

typedef struct folded_reader folded_reader;

/* Reads the files one after the other; that all of them can be read is checked first. */
dmg_status folded_open(folded_reader **out, const opt_list *paths, int threads, dmg_cpu cpu,
                       dmg_error *err);
void folded_close(folded_reader *reader);

/* The next batch: *records [*count], valid until the next call; *count 0 at the end of the last
 * file. Records that are empty or longer than DMG_FOLD_MAX_LENGTH are not folded. A fault in a file
 * is reported after the records that stand before it were handed out. */
dmg_status folded_next(folded_reader *reader, const folded_record **records, size_t *count,
                       dmg_error *err);

/* The file that the present batch is from. */
const char *folded_path(const folded_reader *reader);

#endif
