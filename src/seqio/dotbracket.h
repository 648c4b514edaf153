/* SPDX-License-Identifier: MIT */
/* Structure lines as RNAfold prints them: dot-bracket text, with or without an energy. */
#ifndef DMG_SEQIO_DOTBRACKET_H
#define DMG_SEQIO_DOTBRACKET_H

#include <stdbool.h>
#include <stddef.h>

typedef enum dmg_dotbracket_kind {
    DMG_DOTBRACKET_OPEN,       /* structure only; the next line may continue it */
    DMG_DOTBRACKET_CLOSED,     /* an energy ends the structure */
    DMG_DOTBRACKET_WRONG_BYTE, /* neither '.', '(', ')' nor white space at *fault */
    DMG_DOTBRACKET_WRONG_TAIL, /* the text after white space, from *fault on, is not an energy */
} dmg_dotbracket_kind;

/* '.', '(' or ')'. */
bool dmg_dotbracket_has(char byte);

/* Whether this is one of the lines that RNAfold -p and --MEA print after the structure: ensemble,
 * centroid, MEA, frequency. */
bool dmg_dotbracket_is_extra(const char *text, size_t length);

/* Looks at a line without white space at its ends: *structure is the number of structure characters
 * it begins with (0 for an energy on a line of its own), *fault is set for the wrong kinds. */
dmg_dotbracket_kind dmg_dotbracket_scan(const char *text, size_t length, size_t *structure,
                                        size_t *fault);

#endif
