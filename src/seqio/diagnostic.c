/* SPDX-License-Identifier: MIT */
/* What is said of a fault in a sequence file. */
#include "seqio/diagnostic.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "seqio/file_kind.h"

#define ID_SHOWN 60 /* bytes of an id that a message quotes */

dmg_byte_text dmg_show_byte(char byte)
{
    dmg_byte_text shown;
    const unsigned code = (unsigned char)byte;
    snprintf(shown.text, sizeof shown.text, code > 0x20 && code < 0x7f ? "'%c'" : "0x%02X", code);
    return shown;
}

/* The bytes of an id to quote; never a part of an UTF-8 letter. */
static int shown_length(const char *id, size_t length)
{
    if (length <= ID_SHOWN) return (int)length;
    size_t shown = ID_SHOWN;
    while (shown > 0 && ((unsigned char)id[shown] & 0xc0) == 0x80) shown--;
    return (int)(shown > 0 ? shown : ID_SHOWN);
}

dmg_status dmg_diagnostic(const char *label, uint64_t line, const char *what, dmg_error *err)
{
    return dmg_error_set(err, DMG_FORMAT, "%s:%llu: %s", label, (unsigned long long)line, what);
}

dmg_status dmg_diagnostic_about(dmg_diagnostic_record record, uint64_t line, dmg_error *err,
                                const char *format, ...)
{
    char text[512];
    int used;
    if (record.id_length > 0)
        used = snprintf(text, sizeof text,
                        "record '%.*s%s': ", shown_length(record.id, record.id_length), record.id,
                        record.id_length > ID_SHOWN ? "..." : "");
    else
        used = snprintf(text, sizeof text,
                        "record number %llu (without a name): ", (unsigned long long)record.number);
    va_list args;
    va_start(args, format);
    vsnprintf(text + used, sizeof text - (size_t)used, format, args);
    va_end(args);
    return dmg_diagnostic(record.label, line, text, err);
}

/* What a letter that is none may come from. */
static const char *explain_letter(char wrong)
{
    if (wrong == '\0') return "";
    if (wrong == '-' || wrong == '.') return "; remove the gaps of an alignment";
    if (wrong == '*') return "; remove the end mark of some formats";
    if (wrong >= '0' && wrong <= '9') return "; remove the line numbers of GenBank format";
    if (wrong == '(' || wrong == ')') return "; structures are read by predict, fold and explain";
    if (wrong == '&' || wrong == '+') return "; write two strands as two records";
    if (wrong == 'P' || wrong == 'p' || strchr("~_#/?!\"{}[]|<>=", wrong))
        return " (a protein file? A modified base is written as its plain letter, or N)";
    if (strchr("EeFfJjLlOoQqZz", wrong)) return " (is this a protein file?)";
    return "";
}

dmg_status dmg_diagnostic_letter(dmg_diagnostic_record record, uint64_t line, char wrong,
                                 size_t column, dmg_error *err)
{
    return dmg_diagnostic_about(record, line, err, "%s at column %zu is not a nucleotide letter%s",
                                dmg_show_byte(wrong).text, column, explain_letter(wrong));
}

/* Control characters other than white space do not occur in text. */
static bool looks_binary(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)text[i];
        if ((byte < 0x20 && !dmg_lines_blank(text[i])) || byte == 0x7f) return true;
    }
    return false;
}

dmg_status dmg_diagnostic_start(const char *label, const dmg_line *line, const char *expected,
                                dmg_error *err)
{
    char text[256];
    const char *kind = dmg_file_kind_text(line->text, line->length);
    if (!kind && looks_binary(line->text, line->length)) kind = "it looks like a binary file";
    snprintf(text, sizeof text, "expected %s at the start, found %s%s%s", expected,
             dmg_show_byte(line->text[0]).text, kind ? "; " : "", kind ? kind : "");
    return dmg_diagnostic(label, line->number, text, err);
}

/* A NUL in a name would hide its rest from those who read it as a string; a carriage return means
 * that the whole file came as one line. */
dmg_status dmg_diagnostic_header(const char *label, const dmg_line *line, dmg_error *err)
{
    if (memchr(line->text, '\0', line->length))
        return dmg_diagnostic(label, line->number,
                              "a NUL byte in a header line; is this a text file?", err);
    if (memchr(line->text, '\r', line->length))
        return dmg_diagnostic(
            label, line->number,
            "a carriage return inside a header line; lines must end in LF or CRLF", err);
    return DMG_OK;
}
