/* SPDX-License-Identifier: MIT */
/* Formats by the ends of file names. */
#ifndef DMG_CLI_FILE_FORMAT_H
#define DMG_CLI_FILE_FORMAT_H

/* The format that the name ends in, as a choice of --format: "bed" of loci.bed and loci.bed.gz; a
 * constant string, or NULL. */
const char *format_of_name(const char *path);

#endif
