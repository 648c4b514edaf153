/* SPDX-License-Identifier: MIT */
/* Status words and error messages. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *dmg_status_text(dmg_status status)
{
    switch (status) {
    case DMG_OK: return "no error";
    case DMG_NOMEM: return "out of memory";
    case DMG_IO: return "input or output failed";
    case DMG_FORMAT: return "malformed input";
    case DMG_RANGE: return "value out of range";
    case DMG_UNSUPPORTED: return "unsupported";
    case DMG_STOPPED: return "stopped on request";
    }
    return "unknown status";
}

dmg_status dmg_error_set(dmg_error *err, dmg_status status, const char *format, ...)
{
    if (!err) return status;
    err->status = status;
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    if (length >= (int)sizeof err->message)
        memcpy(err->message + sizeof err->message - 4, "...", 4);
    for (char *c = err->message; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = '?';
    return status;
}

dmg_status dmg_error_nomem(dmg_error *err, const char *what)
{
    return dmg_error_set(err, DMG_NOMEM, "out of memory for %s", what);
}
