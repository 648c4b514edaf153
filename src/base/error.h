/* SPDX-License-Identifier: MIT */
/* Errors that many functions report in the same words. */
#ifndef DMG_BASE_ERROR_H
#define DMG_BASE_ERROR_H

#include "deepmirgene/status.h"

/* The message for memory that could not be had: `what` says what it was for. */
dmg_status dmg_error_nomem(dmg_error *err, const char *what);

#endif
