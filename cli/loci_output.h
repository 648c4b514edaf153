/* SPDX-License-Identifier: MIT */
/* How loci are written: options, words and errors that scan and merge have in common. */
#ifndef DMG_CLI_LOCI_OUTPUT_H
#define DMG_CLI_LOCI_OUTPUT_H

#include "command.h"
#include "multiqc.h"
#include "options.h"

typedef struct loci_choice {
    const char *format, *order, *output, *report, *multiqc;
    double fdr, prevalence, max_masked;
    long long max_copies;
    bool both_strands, overlapping, mature;
    const char *known, *missed;
    const char *const *genome; /* [genome_count] files that were scanned; NULL: not known */
    size_t genome_count;
    /* What a page says of the run: */
    char **arguments; /* [argument_count] of the command line, its name first */
    int argument_count;
    const char *model; /* NULL: that of the parts */
    const char *threshold;
} loci_choice;

/* Rows of an option table; `type` has a member `loci` of the above. */
#define OPT_LOCI(type)                                                                             \
    OPT_FORMAT(type, loci.format, "gff3|bed|tsv|jsonl|fasta", "gff3",                              \
               "output format; by the ending of --output if not given"),                           \
        {.name = "order",                                                                          \
         .kind = OPT_CHOICE,                                                                       \
         .offset = offsetof(type, loci.order),                                                     \
         .argument = "genome|score",                                                               \
         .preset = "genome",                                                                       \
         .help = "by position in the input, or best first"},                                       \
        {.name = "overlapping",                                                                    \
         .kind = OPT_FLAG,                                                                         \
         .offset = offsetof(type, loci.overlapping),                                               \
         .help = "report every candidate, including those that overlap a\n"                        \
                 "better one"},                                                                    \
        {.name = "mature",                                                                         \
         .kind = OPT_FLAG,                                                                         \
         .offset = offsetof(type, loci.mature),                                                    \
         .help = "also predict the mature sequence of each arm"},                                  \
        {.name = "known",                                                                          \
         .kind = OPT_TEXT,                                                                         \
         .offset = offsetof(type, loci.known),                                                     \
         .argument = "FILE",                                                                       \
         .role = OPT_READS,                                                                        \
         .help = "name each locus after the most similar of these known\n"                         \
                 "hairpins or mature sequences, FASTA; or after their\n"                           \
                 "places in the genome, GFF3"},                                                    \
        {.name = "missed",                                                                         \
         .kind = OPT_TEXT,                                                                         \
         .offset = offsetof(type, loci.missed),                                                    \
         .argument = "FILE",                                                                       \
         .role = OPT_WRITES,                                                                       \
         .help = "also write the --known precursors that are not\n"                                \
                 "among the loci, with the reason, as TSV; those of\n"                             \
                 "FASTA are looked up in the genome (exact matches)"},                             \
        {.name = "fdr",                                                                            \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, loci.fdr),                                                       \
         .argument = "Q",                                                                          \
         .own_preset = true,                                                                       \
         .low = 0,                                                                                 \
         .high = 1,                                                                                \
         .help = "report only loci with a q-value of at most Q, the\n"                             \
                 "expected fraction of false loci among them"},                                    \
        {.name = "both-strands",                                                                   \
         .kind = OPT_FLAG,                                                                         \
         .offset = offsetof(type, loci.both_strands),                                              \
         .help = "report loci on both strands of one place, not just the\n"                        \
                 "better one"},                                                                    \
        {.name = "prevalence",                                                                     \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, loci.prevalence),                                                \
         .argument = "X",                                                                          \
         .own_preset = true,                                                                       \
         .low = 1e-6,                                                                              \
         .high = 1e6,                                                                              \
         .help = "expected number of precursors per Mb, the prior of\n"                            \
                 "error rates: 0.2 to 2 for animals and plants, 100 for\n"                         \
                 "viruses"},                                                                       \
        {.name = "max-copies",                                                                     \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, loci.max_copies),                                                \
         .argument = "N",                                                                          \
         .own_preset = true,                                                                       \
         .low = 0,                                                                                 \
         .high = 1e9,                                                                              \
         .help = "discard loci with more than N near-identical copies in\n"                        \
                 "the input; 0: no limit"},                                                        \
        {.name = "max-masked",                                                                     \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, loci.max_masked),                                                \
         .argument = "X",                                                                          \
         .own_preset = true,                                                                       \
         .low = 0,                                                                                 \
         .high = 1,                                                                                \
         .help = "discard loci with a larger fraction of lower-case\n"                             \
                 "bases, which are repeats in soft-masked genomes"},                               \
        OPT_REPORT(type, loci.report, "loci"), OPT_MULTIQC(type, loci.multiqc),                    \
    {                                                                                              \
        .name = "output", .letter = 'o', .kind = OPT_TEXT, .offset = offsetof(type, loci.output),  \
        .argument = "FILE", .role = OPT_WRITES, .derived = ".journal", .preset = "-",              \
        .preset_help = "standard output",                                                          \
        .help = "output file (written atomically; compressed if it\n"                              \
                "ends in .gz, GFF3 and BED also sorted for tabix)"                                 \
    }

/* What the columns and attributes mean, for the help of both commands. */
#define LOCI_HELP                                                                                  \
    "Each locus has these values:\n"                                                               \
    "\n"                                                                                           \
    "  p_mirna       probability that the locus is a pre-miRNA, by the model\n"                    \
    "  mfe           free energy of the structure, kcal/mol\n"                                     \
    "  other_strand  highest p_mirna of the same place on the other strand\n"                      \
    "  copies        near-identical loci in this input, the locus itself included\n"               \
    "  masked        fraction of lower-case bases\n"                                               \
    "  complexity    entropy of the dinucleotides, 0 to 1\n"                                       \
    "\n"                                                                                           \
    "Error rates, from --decoy or from the model:\n"                                               \
    "\n"                                                                                           \
    "  precision     probability that the locus is true\n"                                         \
    "  q_value       expected fraction of false loci among this and all better ones\n"             \
    "  false_per_mb  false loci per Mb that score at least as high\n"                              \
    "\n"                                                                                           \
    "Mature sequences, with --mature, as columns, FASTA records or GFF3 features:\n"               \
    "\n"                                                                                           \
    "  mature_5p, mature_3p\n"                                                                     \
    "                mature sequence of each arm\n"                                                \
    "  p_5p, p_3p    probability that its 5' end is within one nucleotide\n"                       \
    "\n"                                                                                           \
    "With --known, also the most similar known sequence (or novel), its family, the\n"             \
    "identity over the shorter sequence, and the arms whose seeds agree: 5p, 3p, both\n"           \
    "or none. Probabilities do not depend on it.\n"                                                \
    "\n"                                                                                           \
    "Coordinates are 1-based in GFF3, TSV, JSON Lines and the names of loci, and\n"                \
    "0-based in BED. Sequences are those of the strand of the locus."

/* The defaults of the library. */
loci_choice loci_choice_defaults(void);

/* OPT_WRONG, with its line printed, for what the table cannot check. */
opt_outcome loci_choice_check(const opt_command *command, const loci_choice *choice);

/* Whether all files that the output needs can be read and written: what fails is told before hours
 * of work. */
dmg_status loci_check(const loci_choice *choice, dmg_error *err);

/* Collects the loci of finished journals and writes them; a summary goes to standard error. Returns
 * the command's exit status. */
int loci_output(const char *command, const loci_choice *choice, dmg_journal *const *journals,
                size_t count);

#endif
