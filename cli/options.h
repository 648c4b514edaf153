/* SPDX-License-Identifier: MIT */
/* Rows of option tables that several commands have: the same name, limits and words everywhere.
 * Each takes the command's struct, whose member has the option's name. */
#ifndef DMG_CLI_OPTIONS_H
#define DMG_CLI_OPTIONS_H

#include <stddef.h>

#include "opt.h"

#define OPT_POSITIVE(type, needed)                                                                 \
    {                                                                                              \
        .name = "positive", .letter = 'p', .kind = OPT_LIST, .offset = offsetof(type, positive),   \
        .argument = "FILE", .role = OPT_READS, .required = needed,                                 \
        .help = "pre-miRNAs; give it several times for several files"                              \
    }

#define OPT_NEGATIVE(type, needed)                                                                 \
    {                                                                                              \
        .name = "negative", .letter = 'n', .kind = OPT_LIST, .offset = offsetof(type, negative),   \
        .argument = "FILE", .role = OPT_READS, .required = needed,                                 \
        .help = "other sequences; likewise"                                                        \
    }

#define OPT_OUTPUT(type)                                                                           \
    {                                                                                              \
        .name = "output", .letter = 'o', .kind = OPT_TEXT, .offset = offsetof(type, output),       \
        .argument = "FILE", .role = OPT_WRITES, .preset = "-", .preset_help = "standard output",   \
        .help = "write there, the whole file or none"                                              \
    }

#define OPT_MODEL(type)                                                                            \
    {                                                                                              \
        .name = "model", .letter = 'm', .kind = OPT_TEXT, .offset = offsetof(type, model),         \
        .argument = "NAME|FILE", .role = OPT_READS, .preset = "general",                           \
        .help = "a built-in model ('deepmirgene version' lists them)\n"                            \
                "or a file written by 'deepmirgene train'"                                         \
    }

#define OPT_THRESHOLD(type)                                                                        \
    {                                                                                              \
        .name = "threshold", .kind = OPT_REAL, .offset = offsetof(type, threshold),                \
        .argument = "P", .preset = "0.5", .low = 0, .high = 1,                                     \
        .help = "call a pre-miRNA from this probability on"                                        \
    }

/* Up to 2^53, which a double holds exactly. */
#define OPT_SEED(type, what)                                                                       \
    {                                                                                              \
        .name = "seed", .letter = 's', .kind = OPT_INT, .offset = offsetof(type, seed),            \
        .argument = "N", .preset = "1", .low = 0, .high = 9007199254740992.0, .help = what         \
    }

/* Several rows: which network, and how it is trained. Without --dropout its member stays as it is.
 */
#define OPT_TRAINING(type)                                                                         \
    {.name = "architecture",                                                                       \
     .letter = 'a',                                                                                \
     .kind = OPT_TEXT,                                                                             \
     .offset = offsetof(type, architecture),                                                       \
     .argument = "NAME|FILE",                                                                      \
     .role = OPT_READS,                                                                            \
     .preset = "deepmirgene-2016",                                                                 \
     .help = "the network: a known one ('deepmirgene version'\n"                                   \
             "lists them), or a file that describes one in JSON"},                                 \
        {.name = "epochs",                                                                         \
         .letter = 'e',                                                                            \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, epochs),                                                         \
         .argument = "N",                                                                          \
         .preset = "500",                                                                          \
         .low = 1,                                                                                 \
         .high = 1000000,                                                                          \
         .help = "times to go through the data"},                                                  \
        {.name = "batch",                                                                          \
         .letter = 'b',                                                                            \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, batch),                                                          \
         .argument = "N",                                                                          \
         .preset = "128",                                                                          \
         .low = 1,                                                                                 \
         .high = 65536,                                                                            \
         .help = "sequences for one step of Adam"},                                                \
        {.name = "learning-rate",                                                                  \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, learning_rate),                                                  \
         .argument = "X",                                                                          \
         .preset = "1e-3",                                                                         \
         .low = 1e-9,                                                                              \
         .high = 10,                                                                               \
         .help = "of Adam"},                                                                       \
        {.name = "final-learning-rate",                                                            \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, final_learning_rate),                                            \
         .argument = "X",                                                                          \
         .preset_help = "it stays as it is",                                                       \
         .low = 1e-12,                                                                             \
         .high = 10,                                                                               \
         .help = "let the rate fall to this along a cosine, which\n"                               \
                 "the last epoch has"},                                                            \
        {.name = "loss",                                                                           \
         .kind = OPT_CHOICE,                                                                       \
         .offset = offsetof(type, loss),                                                           \
         .argument = "squared-error|cross-entropy",                                                \
         .preset = "squared-error",                                                                \
         .help = "what the training makes small"},                                                 \
        {.name = "average-weights",                                                                \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, average_weights),                                                \
         .argument = "N",                                                                          \
         .preset_help = "the last one's",                                                          \
         .low = 0,                                                                                 \
         .high = 1000000,                                                                          \
         .help = "the model is the mean of the weights after each\n"                               \
                 "of so many epochs, the last ones"},                                              \
        {.name = "class-weight",                                                                   \
         .kind = OPT_CHOICE,                                                                       \
         .offset = offsetof(type, class_weight),                                                   \
         .argument = "none|balanced",                                                              \
         .preset = "none",                                                                         \
         .help = "balanced: both classes count as much in the loss,\n"                             \
                 "however many records they have"},                                                \
        {.name = "weight-decay",                                                                   \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, weight_decay),                                                   \
         .argument = "X",                                                                          \
         .preset_help = "none",                                                                    \
         .low = 0,                                                                                 \
         .high = 10,                                                                               \
         .help = "of all matrices, as AdamW does"},                                                \
        {.name = "pretrain",                                                                       \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, pretrain),                                                       \
         .argument = "N",                                                                          \
         .preset = "0",                                                                            \
         .low = 0,                                                                                 \
         .high = 1000000,                                                                          \
         .help = "epochs before, in which each stream learns to be\n"                              \
                 "the encoder of an LSTM autoencoder"},                                            \
        {.name = "dropout",                                                                        \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, dropout),                                                        \
         .argument = "X",                                                                          \
         .preset_help = "as the architecture says: 0.2",                                           \
         .low = 0,                                                                                 \
         .high = 0.99,                                                                             \
         .help = "rate on what dense layers read of LSTMs"},                                       \
    {                                                                                              \
        .name = "drop-conflicts", .kind = OPT_FLAG, .offset = offsetof(type, drop_conflicts),      \
        .help = "leave out sequences that stand on both sides"                                     \
    }

#define OPT_PRIOR(type, unless, what)                                                              \
    {                                                                                              \
        .name = "prior", .kind = OPT_REAL, .offset = offsetof(type, prior), .argument = "P",       \
        .preset_help = unless, .low = 1e-9, .high = 0.999999999, .help = what                      \
    }

#define OPT_THREADS(type)                                                                          \
    {                                                                                              \
        .name = "threads", .letter = 't', .kind = OPT_INT, .offset = offsetof(type, threads),      \
        .argument = "N", .preset = "0", .preset_help = "all processors", .low = 0, .high = 1024,   \
        .help = "threads to work with"                                                             \
    }

#define OPT_CPU(type)                                                                              \
    {                                                                                              \
        .name = "cpu", .kind = OPT_CHOICE, .offset = offsetof(type, cpu),                          \
        .argument = "auto|scalar|avx2", .preset = "auto",                                          \
        .help = "instruction set to compute with"                                                  \
    }

#endif
