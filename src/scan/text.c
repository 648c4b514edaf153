/* SPDX-License-Identifier: MIT */
/* Text that grows. */
#include "scan/text.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"

bool text_append(scan_text *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0 || !dmg_grow(&text->bytes, &text->capacity, text->size + (size_t)length + 1, 1))
        return false;
    va_start(args, format);
    vsnprintf(text->bytes + text->size, (size_t)length + 1, format, args);
    va_end(args);
    text->size += (size_t)length;
    return true;
}
