/* SPDX-License-Identifier: MIT */
/* Formats by the ends of file names. */
#ifndef DMG_CLI_FILE_FORMAT_H
#define DMG_CLI_FILE_FORMAT_H

typedef struct file_format {
    const char *ending, *name; /* ".bed", and what --format calls it */
    const char *other;         /* the name in commands without the first one; or NULL */
} file_format;

/* The format that the name ends in: that of ".bed" for loci.bed and loci.bed.gz. A constant; NULL
 * where the ending says nothing, as ".txt". */
const file_format *format_of_name(const char *path);

#endif
