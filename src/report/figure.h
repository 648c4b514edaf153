/* SPDX-License-Identifier: MIT */
/* Figures for those who put them into something else. */
#ifndef DMG_REPORT_FIGURE_H
#define DMG_REPORT_FIGURE_H

#include <stdio.h>

#include "deepmirgene/report.h"

/* Lets gnuplot write the figure as SVG, without its numbers. As dmg_figure_write. */
dmg_status figure_draw_svg(FILE *out, const dmg_figure *figure, dmg_error *err);

#endif
