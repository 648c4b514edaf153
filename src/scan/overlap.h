/* SPDX-License-Identifier: MIT */
/* The best of intervals that overlap. */
#ifndef DMG_SCAN_OVERLAP_H
#define DMG_SCAN_OVERLAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STRAND_FLOOR  0.5F   /* DMG_SCAN_FLOOR */
#define STRAND_ENERGY 0.0015 /* natural logarithm of odds for each dcal/mol */

typedef struct scored_interval {
    uint64_t start, end; /* end > start */
    bool minus;          /* its strand */
    float score;         /* a probability */
    int energy;          /* dcal/mol */
    float other;  /* out, of those that stay: the best score of its place on the other strand; -1:
                   * there is none */
    uint64_t tag; /* the caller's */
} scored_interval;

/* Of all intervals the best stays and those that compete with it go, then the best of the rest, and
 * so on. Two compete if they share a position, and, with `both_strands`, are on one strand. Best:
 * the highest score, then the lowest energy, then the smallest start, then the smallest end, then
 * the plus strand.
 *
 * Without `both_strands` the two strands of the best one's place are compared, that is, all that
 * share half of the shorter one with it and have scores of STRAND_FLOOR or more: each strand by the
 * log odds of its best score less STRAND_ENERGY times its least energy. If the other strand is
 * ahead, its best one stays instead. A true hairpin has G-U pairs, which the other strand has not,
 * so that its energy is lower.
 *
 * The result depends on no order, and raising a threshold for scores before, up to STRAND_FLOOR, is
 * the same as raising it afterwards.
 *
 * `circle` 0: positions on a line; else on a circle of that length: starts lie below it, ends may
 * lie beyond, and no interval is longer. Leaves in intervals[0 .. returned count) those that stay,
 * by start, end. False when memory is out. */
bool overlap_keep_best(scored_interval *intervals, size_t *count, uint64_t circle,
                       bool both_strands);

#endif
