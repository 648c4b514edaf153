/* SPDX-License-Identifier: MIT */
/* Minimum-free-energy folding of single RNA strands.
 *
 * Turner 2004 parameters at 37 C with dangles on both sides of every stem (-d2), special hairpins
 * and interior loops of at most 30 unpaired bases: energies are those of RNAfold 2.x with default
 * options, and among optimal structures the one RNAfold prints (doc/folding.md gives the order).
 * Mathews et al. 2004, PNAS 101:7287; Turner & Mathews 2010, NAR 38:D280 (NNDB).
 *
 * Energies are integers in dcal/mol (0.01 kcal/mol). Letters of either case; T is U; every letter
 * outside A C G U pairs with nothing and keeps its place.
 */
#ifndef DMG_FOLD_H
#define DMG_FOLD_H

#include <stddef.h>

#include "deepmirgene/cpu.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DMG_FOLD_MAX_LENGTH 32767 /* nucleotides, as in RNAfold */

/* One sequence to fold; everything it points to is the caller's. */
typedef struct dmg_fold_task {
    const char *sequence; /* in: [length], no NUL needed */
    size_t length;        /* in: 0 .. DMG_FOLD_MAX_LENGTH */
    char *structure;      /* out: [length + 1], dot-bracket and NUL */
    int energy;           /* out: dcal/mol, <= 0 */
} dmg_fold_task;

/* Working memory for a fixed number of threads, reused from call to call. Threads of the caller
 * must not share it. */
typedef struct dmg_folder dmg_folder;

/* `threads` >= 1; DMG_UNSUPPORTED if the processor lacks `cpu`. */
DMG_API dmg_status dmg_folder_create(dmg_folder **out, int threads, dmg_cpu cpu, dmg_error *err);
DMG_API void dmg_folder_destroy(dmg_folder *folder);

/* Folds tasks[0 .. count) on the folder's threads; the result does not depend on their number. A
 * thread needs 4 n (n + 1) bytes for its longest sequence of n nucleotides (1.6 GB at 20,000, 4.3
 * GB at 32,767) and some 700 n besides; with vectors half of that, but for sequences whose energies
 * do not fit 16 bits (doc/folding.md, Fast folding). It is kept for the next call unless that needs
 * far less. If it cannot be allocated the status is DMG_NOMEM; a longer sequence is DMG_RANGE,
 * found before anything is folded. The error is that of the first task that fails, and the outputs
 * of all tasks are then undefined. */
DMG_API dmg_status dmg_fold(dmg_folder *folder, dmg_fold_task *tasks, size_t count, dmg_error *err);

/* Free energy of a given structure by the same loop energies: *energy in dcal/mol. `structure` is
 * [length] dot-bracket; unbalanced brackets or other characters are DMG_FORMAT, a pair without an
 * energy (letters that cannot pair, a hairpin loop of fewer than three) is DMG_RANGE, as are more
 * than DMG_FOLD_MAX_LENGTH nucleotides. Loops longer than 30 are extrapolated. */
DMG_API dmg_status dmg_fold_evaluate(int *energy, const char *sequence, const char *structure,
                                     size_t length, dmg_error *err);

/* The enthalpy of a structure in dcal/mol, from the enthalpies of the same loops; the entropy is
 * (enthalpy - free energy) / 310.15 K. Errors as by dmg_fold_evaluate. */
DMG_API dmg_status dmg_fold_enthalpy(int *enthalpy, const char *sequence, const char *structure,
                                     size_t length, dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
