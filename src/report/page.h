/* SPDX-License-Identifier: MIT */
/* The frame of a page of HTML: its head with style and script, and its end. */
#ifndef DMG_REPORT_PAGE_H
#define DMG_REPORT_PAGE_H

#include <stdio.h>

/* Up to and including the <h1>. */
void page_begin(FILE *out, const char *title);
void page_end(FILE *out);

#endif
