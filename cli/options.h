/* SPDX-License-Identifier: MIT */
/* Rows of option tables that several commands have: the same name, limits and words everywhere.
 * Each takes the command's struct, whose member has the option's name. */
#ifndef DMG_CLI_OPTIONS_H
#define DMG_CLI_OPTIONS_H

#include <stddef.h>

#include "deepmirgene/classify.h"
#include "opt.h"

/* A number of the library's as the text of a preset. */
#define OPT_TEXT_OF(number)  OPT_TEXT_OF_(number)
#define OPT_TEXT_OF_(number) #number

#define OPT_POSITIVE(type, needed)                                                                 \
    {                                                                                              \
        .name = "positive", .letter = 'p', .kind = OPT_LIST, .offset = offsetof(type, positive),   \
        .argument = "FILE", .role = OPT_READS, .required = needed,                                 \
        .help = "pre-miRNA sequences (repeatable)"                                                 \
    }

#define OPT_NEGATIVE(type, needed)                                                                 \
    {                                                                                              \
        .name = "negative", .letter = 'n', .kind = OPT_LIST, .offset = offsetof(type, negative),   \
        .argument = "FILE", .role = OPT_READS, .required = needed,                                 \
        .help = "other sequences (repeatable)"                                                     \
    }

#define OPT_OUTPUT(type)                                                                           \
    {                                                                                              \
        .name = "output", .letter = 'o', .kind = OPT_TEXT, .offset = offsetof(type, output),       \
        .argument = "FILE", .role = OPT_WRITES, .preset = "-", .preset_help = "standard output",   \
        .help = "output file (written atomically; compressed if it\n"                              \
                "ends in .gz)"                                                                     \
    }

/* A file or folder that has to be named; `also` are further members of the row. */
#define OPT_OUTPUT_REQUIRED(type, what_role, value, also, what)                                    \
    {                                                                                              \
        .name = "output", .letter = 'o', .kind = OPT_TEXT, .offset = offsetof(type, output),       \
        .argument = value, .role = what_role, .derived = also, .required = true, .help = what      \
    }

#define OPT_OUTPUT_MODEL(type, also)                                                               \
    OPT_OUTPUT_REQUIRED(type, OPT_WRITES, "FILE", also,                                            \
                        "model file (safetensors); its name without folder and\n"                  \
                        "extension becomes the name of the model")

/* The first of the choices is the preset. */
#define OPT_FORMAT(type, member, choices, first, what)                                             \
    {                                                                                              \
        .name = "format", .letter = 'f', .kind = OPT_CHOICE, .offset = offsetof(type, member),     \
        .argument = choices, .preset = first, .follows = "output", .help = what                    \
    }

#define OPT_REPORT(type, member, what)                                                             \
    {                                                                                              \
        .name = "report", .kind = OPT_TEXT, .offset = offsetof(type, member), .argument = "FILE",  \
        .role = OPT_WRITES,                                                                        \
        .help = "also write an HTML page: " what " in a table that can\n"                          \
                "be sorted and searched, and drawings of the best"                                 \
    }

#define OPT_RESUME(type, what)                                                                     \
    {                                                                                              \
        .name = "resume", .kind = OPT_FLAG, .offset = offsetof(type, resume), .help = what         \
    }

#define OPT_BOOTSTRAP(type, member)                                                                \
    {                                                                                              \
        .name = "bootstrap", .kind = OPT_INT, .offset = offsetof(type, member), .argument = "N",   \
        .own_preset = true, .low = 0, .high = 1000000,                                             \
        .help = "bootstrap replicates for the 95 % intervals; 0: no\n"                             \
                "intervals"                                                                        \
    }

#define OPT_MODEL(type)                                                                            \
    {                                                                                              \
        .name = "model", .letter = 'm', .kind = OPT_TEXT, .offset = offsetof(type, model),         \
        .argument = "NAME|FILE", .role = OPT_READS, .preset = DMG_DEFAULT_MODEL,                   \
        .help = "built-in model ('deepmirgene version' lists them) or\n"                           \
                "a file written by 'deepmirgene train'"                                            \
    }

#define OPT_THRESHOLD(type)                                                                        \
    {                                                                                              \
        .name = "threshold", .kind = OPT_REAL, .offset = offsetof(type, threshold),                \
        .argument = "P", .preset = OPT_TEXT_OF(DMG_DEFAULT_THRESHOLD), .low = 0, .high = 1,        \
        .help = "lowest p_mirna at which a record is called a pre-miRNA"                           \
    }

/* Up to 2^53, which a double holds exactly; the preset is the library's. */
#define OPT_SEED(type, what)                                                                       \
    {                                                                                              \
        .name = "seed", .letter = 's', .kind = OPT_INT, .offset = offsetof(type, seed),            \
        .argument = "N", .own_preset = true, .low = 0, .high = 9007199254740992.0, .help = what    \
    }

#define OPT_PRIOR(type, unless, what)                                                              \
    {                                                                                              \
        .name = "prior", .kind = OPT_REAL, .offset = offsetof(type, prior), .argument = "P",       \
        .preset_help = unless, .low = 1e-9, .high = 0.999999999, .help = what                      \
    }

#define OPT_SKIP_BAD(type)                                                                         \
    {                                                                                              \
        .name = "skip-bad", .kind = OPT_FLAG, .offset = offsetof(type, skip_bad),                  \
        .help = "skip records that cannot be read; if there are any,\n"                            \
                "the exit status is 1"                                                             \
    }

#define OPT_THREADS(type)                                                                          \
    {                                                                                              \
        .name = "threads", .letter = 't', .kind = OPT_INT, .offset = offsetof(type, threads),      \
        .argument = "N", .preset = "0", .low = 0, .high = 1024,                                    \
        .help = "number of threads; 0: all processors"                                             \
    }

#define OPT_CPU(type)                                                                              \
    {                                                                                              \
        .name = "cpu", .kind = OPT_CHOICE, .offset = offsetof(type, cpu),                          \
        .argument = "auto|scalar|v128|avx2|avx512", .preset = "auto",                              \
        .help = "instruction set to use"                                                           \
    }

#endif
