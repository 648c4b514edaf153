/* SPDX-License-Identifier: MIT */
/* The lines of a block, read back; scanner.c says what they are. */
#ifndef DMG_SCAN_BLOCK_ROW_H
#define DMG_SCAN_BLOCK_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/hairpins.h"

typedef enum row_kind { ROW_BEGIN, ROW_CANDIDATE, ROW_DECOY, ROW_END, ROW_LETTERS } row_kind;

typedef struct row {
    row_kind kind;
    uint64_t from; /* BEGIN; END: where the sequence ends */
    bool circular; /* BEGIN */
    const char *name;
    int copy; /* DECOY */
    dmg_strand strand;
    uint64_t start, end; /* start < end */
    float p_mirna;
    int energy;
    const char *sequence, *structure; /* CANDIDATE: [end - start] each */
    uint64_t letters, decoy_letters;  /* LETTERS */
} row;

/* Takes a line apart, in which tabs become NULs; it ends in a NUL. False if it is none. */
bool row_parse(row *out, char *line);

#endif
