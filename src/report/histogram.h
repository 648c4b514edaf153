/* SPDX-License-Identifier: MIT */
/* A histogram of probabilities, as an <svg> element for a page. */
#ifndef DMG_REPORT_HISTOGRAM_H
#define DMG_REPORT_HISTOGRAM_H

#include <stddef.h>
#include <stdio.h>

/* counts[0 .. bins): records in bins of equal width from 0 to 1. */
void histogram_write(FILE *out, const size_t *counts, size_t bins, const char *title);

#endif
