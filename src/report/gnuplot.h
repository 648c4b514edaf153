/* SPDX-License-Identifier: MIT */
/* gnuplot as a child process. */
#ifndef DMG_REPORT_GNUPLOT_H
#define DMG_REPORT_GNUPLOT_H

#include <stdio.h>

#include "deepmirgene/status.h"

/* Runs the gnuplot found on PATH on `script` (a file opened for reading and writing, from its
 * beginning) and lets it write its picture to `out`. DMG_UNSUPPORTED where there is none, DMG_IO
 * with its own words if it fails. */
dmg_status gnuplot_run(FILE *script, FILE *out, dmg_error *err);

#endif
