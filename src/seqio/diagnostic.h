/* SPDX-License-Identifier: MIT */
/* What is said of a fault in a sequence file: "FILE:LINE: record 'ID': what is wrong". */
#ifndef DMG_SEQIO_DIAGNOSTIC_H
#define DMG_SEQIO_DIAGNOSTIC_H

#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/status.h"
#include "seqio/lines.h"

/* "'-'" or "0x1F": a byte as people can read it. */
typedef struct dmg_byte_text {
    char text[8];
} dmg_byte_text;

dmg_byte_text dmg_show_byte(char byte);

/* The record that a diagnostic is about; one without a name goes by its number in the file. */
typedef struct dmg_diagnostic_record {
    const char *label; /* of the file */
    const char *id;
    size_t id_length;
    uint64_t number; /* 1-based */
} dmg_diagnostic_record;

/* "FILE:LINE: what"; all of these return DMG_FORMAT. */
dmg_status dmg_diagnostic(const char *label, uint64_t line, const char *what, dmg_error *err);

dmg_status dmg_diagnostic_about(dmg_diagnostic_record record, uint64_t line, dmg_error *err,
                                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* `wrong`, at the 1-based column, is not a nucleotide letter. */
dmg_status dmg_diagnostic_letter(dmg_diagnostic_record record, uint64_t line, char wrong,
                                 size_t column, dmg_error *err);

/* A file does not begin as it should, but with this line; `expected` is "'>' (FASTA)". */
dmg_status dmg_diagnostic_start(const char *label, const dmg_line *line, const char *expected,
                                dmg_error *err);

/* A header line with bytes that no name may have, else DMG_OK. */
dmg_status dmg_diagnostic_header(const char *label, const dmg_line *line, dmg_error *err);

#endif
