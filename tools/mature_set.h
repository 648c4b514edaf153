/* SPDX-License-Identifier: MIT */
/* The sets of scripts/mature-set.py, folded. */
#ifndef DMG_TOOLS_MATURE_SET_H
#define DMG_TOOLS_MATURE_SET_H

#include <stddef.h>

#include "deepmirgene/status.h"
#include "mature/cut_lattice.h"

typedef struct mature_record {
    char *text; /* of the line, which the next four point into */
    const char *id, *clade, *cut, *sequence;
    char *structure; /* [length + 1] */
    double weight;
    size_t length;
    cut_set ends;          /* CUT_UNKNOWN where the set says '.' */
    char source[CUT_ARMS]; /* E, S, G or '.' */
    cut_set mirgenedb;     /* likewise */
} mature_record;

typedef struct mature_set {
    mature_record *records;
    size_t count, capacity;
} mature_set;

/* Reads and folds a file; *set zeroed. */
dmg_status mature_set_read(mature_set *set, const char *path, dmg_error *err);

void mature_set_clear(mature_set *set);

#endif
