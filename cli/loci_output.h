/* SPDX-License-Identifier: MIT */
/* How loci are written: options, words and errors that scan and merge have in common. */
#ifndef DMG_CLI_LOCI_OUTPUT_H
#define DMG_CLI_LOCI_OUTPUT_H

#include "command.h"

typedef struct loci_choice {
    const char *format, *order, *output, *report;
    double prior, fdr;
    bool overlapping, mature;
} loci_choice;

/* Rows of an option table; `type` has a member `loci` of the above. */
#define OPT_LOCI(type)                                                                             \
    {.name = "format",                                                                             \
     .letter = 'f',                                                                                \
     .kind = OPT_CHOICE,                                                                           \
     .offset = offsetof(type, loci.format),                                                        \
     .argument = "gff3|bed|tsv|jsonl|fasta",                                                       \
     .preset = "gff3",                                                                             \
     .help = "how loci are written"},                                                              \
        {.name = "order",                                                                          \
         .kind = OPT_CHOICE,                                                                       \
         .offset = offsetof(type, loci.order),                                                     \
         .argument = "genome|score",                                                               \
         .preset = "genome",                                                                       \
         .help = "as they lie in the input, or the best first"},                                   \
        {.name = "overlapping",                                                                    \
         .kind = OPT_FLAG,                                                                         \
         .offset = offsetof(type, loci.overlapping),                                               \
         .help = "every candidate is a locus, also those that overlap\n"                           \
                 "a better one"},                                                                  \
        {.name = "mature",                                                                         \
         .kind = OPT_FLAG,                                                                         \
         .offset = offsetof(type, loci.mature),                                                    \
         .help = "find the mature sequences of both arms, too"},                                   \
        {.name = "fdr",                                                                            \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, loci.fdr),                                                       \
         .argument = "Q",                                                                          \
         .own_preset = true,                                                                       \
         .low = 0,                                                                                 \
         .high = 1,                                                                                \
         .help = "only loci with a q-value of at most this, of which\n"                            \
                 "this share is expected to be false"},                                            \
        {.name = "prior",                                                                          \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, loci.prior),                                                     \
         .argument = "X",                                                                          \
         .own_preset = true,                                                                       \
         .low = 1e-9,                                                                              \
         .high = 0.999999999,                                                                      \
         .help = "how many of all candidates are pre-miRNAs, for the\n"                            \
                 "expected precision"},                                                            \
        {.name = "report",                                                                         \
         .kind = OPT_TEXT,                                                                         \
         .offset = offsetof(type, loci.report),                                                    \
         .argument = "FILE",                                                                       \
         .role = OPT_WRITES,                                                                       \
         .help = "write a page of HTML, too: the loci to be sorted and\n"                          \
                 "searched, with drawings of the best"},                                           \
    {                                                                                              \
        .name = "output", .letter = 'o', .kind = OPT_TEXT, .offset = offsetof(type, loci.output),  \
        .argument = "FILE", .role = OPT_WRITES, .derived = ".journal", .preset = "-",              \
        .preset_help = "standard output", .help = "write there, the whole file or none"            \
    }

/* What the columns and attributes mean, for the help of both commands. */
#define LOCI_HELP                                                                                  \
    "A locus has p_mirna, the probability to be a pre-miRNA; mfe, the free energy of\n"            \
    "its structure, kcal/mol; precision, to be expected of that probability where\n"               \
    "--prior of the candidates are pre-miRNAs; and with decoys, q_value, the false\n"              \
    "discovery rate of all loci at least as good, and false_per_mb, how many such\n"               \
    "loci 1 Mb holds by chance. --mature adds the mature sequences, mature_5p and\n"               \
    "mature_3p, and the probabilities p_5p and p_3p that they start there, give or take\n"         \
    "a nucleotide: columns, records of FASTA, or features of GFF3. GFF3, TSV, JSON\n"              \
    "Lines and the names of loci count from 1, BED from 0. Sequences are printed on\n"             \
    "their strand."

/* The defaults of the library. */
loci_choice loci_choice_defaults(void);

/* Collects the loci of finished journals and writes them; a summary goes to standard error. Returns
 * the command's exit status. */
int loci_output(const char *command, const loci_choice *choice, dmg_journal *const *journals,
                size_t count);

#endif
