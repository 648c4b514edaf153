/* SPDX-License-Identifier: MIT */
/* The lines of a block, written and read. Columns are separated by tabs:
 *
 *   > FROM CIRCULAR NAME       a sequence begins; CIRCULAR is 0 or 1
 *   + START END P ENERGY SKETCH SEQUENCE STRUCTURE     a candidate; - for the other strand
 *   b STRAND START END P ENERGY SKETCH     a candidate below the threshold, for error rates
 *   d STRAND START END P ENERGY SKETCH     a candidate of the decoy
 *   < TO                       the sequence ends
 *   = BASES DECOY_BASES        A C G T U in the cores, and in those parts of the decoys that were
 *                              scanned; the last line
 *
 * Positions are as in item.h, energies in dcal/mol, probabilities with nine digits, which name a
 * float without loss. A sketch is its hashes in hexadecimal, eight digits each.
 */
#ifndef DMG_SCAN_BLOCK_ROW_H
#define DMG_SCAN_BLOCK_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/hairpins.h"
#include "scan/sketch.h"
#include "scan/text.h"

typedef enum row_kind {
    ROW_BEGIN,
    ROW_CANDIDATE,
    ROW_BACKGROUND,
    ROW_DECOY,
    ROW_END,
    ROW_BASES,
} row_kind;

typedef struct row {
    row_kind kind;
    uint64_t from; /* BEGIN; END: where the sequence ends */
    bool circular; /* BEGIN */
    const char *name;
    dmg_strand strand;   /* CANDIDATE, BACKGROUND, DECOY, and so are those that follow */
    uint64_t start, end; /* start < end */
    float p_mirna;
    int energy;
    sketch sketch;
    const char *sequence, *structure; /* CANDIDATE: [end - start] each */
    uint64_t bases, decoy_bases;      /* BASES */
} row;

/* Appends the line; false when memory is out. */
bool row_write(scan_text *out, const row *line);

/* Takes a line apart, in which tabs become NULs; it ends in a NUL. False if it is not one. */
bool row_parse(row *out, char *line);

#endif
