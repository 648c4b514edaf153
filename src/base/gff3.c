/* SPDX-License-Identifier: MIT */
#include "base/gff3.h"

#include <stdbool.h>
#include <string.h>

static void write_escaped(FILE *out, const char *text, const char *allowed)
{
    for (; *text; text++) {
        const unsigned char byte = (unsigned char)*text;
        const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                           (byte >= 'a' && byte <= 'z') || byte >= 0x80 || strchr(allowed, byte);
        fprintf(out, plain ? "%c" : "%%%02X", byte);
    }
}

void dmg_gff3_column(FILE *out, const char *text)
{
    write_escaped(out, text, ".:^*$@!+_?-|");
}

void dmg_gff3_attribute(FILE *out, const char *text)
{
    write_escaped(out, text, ".:^*$@!+_?-|()[]{}<>/\\~'\"`#");
}
