/* SPDX-License-Identifier: MIT */
/* How loci are written: options, words and errors that scan and merge have in common. */
#ifndef DMG_CLI_LOCI_OUTPUT_H
#define DMG_CLI_LOCI_OUTPUT_H

#include "command.h"

typedef struct loci_choice {
    const char *format, *order, *output, *report;
    double fdr, prevalence, max_masked;
    long long max_copies;
    bool both_strands, overlapping, mature;
    const char *known;
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
        {.name = "known",                                                                          \
         .kind = OPT_TEXT,                                                                         \
         .offset = offsetof(type, loci.known),                                                     \
         .argument = "FILE",                                                                       \
         .role = OPT_READS,                                                                        \
         .help = "name loci after the most similar of these known\n"                               \
                 "hairpins or mature sequences, FASTA"},                                           \
        {.name = "fdr",                                                                            \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, loci.fdr),                                                       \
         .argument = "Q",                                                                          \
         .own_preset = true,                                                                       \
         .low = 0,                                                                                 \
         .high = 1,                                                                                \
         .help = "only loci with a q-value of at most this, of which\n"                            \
                 "this share is expected to be false"},                                            \
        {.name = "both-strands",                                                                   \
         .kind = OPT_FLAG,                                                                         \
         .offset = offsetof(type, loci.both_strands),                                              \
         .help = "a locus on either strand of one place, where the\n"                              \
                 "better of the two is reported otherwise"},                                       \
        {.name = "prevalence",                                                                     \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, loci.prevalence),                                                \
         .argument = "X",                                                                          \
         .own_preset = true,                                                                       \
         .low = 1e-6,                                                                              \
         .high = 1e6,                                                                              \
         .help = "precursors for each Mb to expect before the scan, for\n"                         \
                 "error rates: animals and plants 0.2 to 2, viruses 100"},                         \
        {.name = "max-copies",                                                                     \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, loci.max_copies),                                                \
         .argument = "N",                                                                          \
         .own_preset = true,                                                                       \
         .low = 0,                                                                                 \
         .high = 1e9,                                                                              \
         .help = "leave out loci of which the input has more\n"                                    \
                 "near-identical copies; 0: none"},                                                \
        {.name = "max-masked",                                                                     \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, loci.max_masked),                                                \
         .argument = "X",                                                                          \
         .own_preset = true,                                                                       \
         .low = 0,                                                                                 \
         .high = 1,                                                                                \
         .help = "leave out loci with a larger share of lower-case\n"                              \
                 "bases, which are repeats in masked genomes"},                                    \
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
    "A locus has p_mirna, the model's probability that it is a pre-miRNA; mfe, the free\n"         \
    "energy of its structure, kcal/mol; other_strand, the probability of its place on\n"           \
    "the other strand; copies, the near-identical loci of this input; masked, the share\n"         \
    "of lower-case bases; complexity, from 0 to 1. Where error rates are known, by\n"              \
    "--decoy or by the model: precision, the probability that this locus is true;\n"               \
    "q_value, the share of false ones among it and all better ones; false_per_mb, how\n"           \
    "many false loci as good 1 Mb has. --mature adds the mature sequences, mature_5p\n"            \
    "and mature_3p, and the probabilities p_5p and p_3p that they start there, give or\n"          \
    "take a nucleotide: columns, records of FASTA, or features of GFF3. GFF3, TSV, JSON\n"         \
    "Lines and the names of loci count from 1, BED from 0. Sequences are printed on\n"             \
    "their strand.\n\n"                                                                            \
    "--known adds the most similar known sequence (or novel), its family, the identity\n"          \
    "of the shorter one, and which seeds agree: 5p, 3p, both or none. No probability\n"            \
    "depends on it."

/* The defaults of the library. */
loci_choice loci_choice_defaults(void);

/* Whether all files that the output needs can be read and written: what fails is told before hours
 * of work. */
dmg_status loci_check(const loci_choice *choice, dmg_error *err);

/* Collects the loci of finished journals and writes them; a summary goes to standard error. Returns
 * the command's exit status. */
int loci_output(const char *command, const loci_choice *choice, dmg_journal *const *journals,
                size_t count);

#endif
