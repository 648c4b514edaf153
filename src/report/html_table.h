/* SPDX-License-Identifier: MIT */
/* A plain table of a page. */
#ifndef DMG_REPORT_HTML_TABLE_H
#define DMG_REPORT_HTML_TABLE_H

#include <stdio.h>

#include "deepmirgene/html_report.h"

/* Writes a heading and the table; without rows the heading says so. NULL: nothing. */
void html_table_write(FILE *out, const dmg_html_table *table);

#endif
