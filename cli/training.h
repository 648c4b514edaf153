/* SPDX-License-Identifier: MIT */
/* How a network is trained: options, words and conversions that train and crossval share. */
#ifndef DMG_CLI_TRAINING_H
#define DMG_CLI_TRAINING_H

#include <stdio.h>

#include "command.h"

/* What was given; the rest is the recipe's. */
typedef struct training_choice {
    const char *recipe;
    const char *architecture, *loss, *class_weight; /* NULL: not given */
    long long epochs, batch;                        /* 0: not given */
    double learning_rate;                           /* 0: not given */
    long long average_weights, pretrain;            /* negative: not given, as 0 is a choice */
    double final_learning_rate, weight_decay, dropout;
    bool drop_conflicts;
} training_choice;

/* Nothing given, and the default recipe. */
training_choice training_choice_initial(void);

#define TRAINING_PRESET "the recipe's"

/* Rows of an option table; `type` has a member `training` of the above. */
#define OPT_TRAINING(type)                                                                         \
    {.name = "recipe",                                                                             \
     .kind = OPT_TEXT,                                                                             \
     .offset = offsetof(type, training.recipe),                                                    \
     .argument = "NAME",                                                                           \
     .own_preset = true,                                                                           \
     .help = "options for what is not given: a network and how\n"                                  \
             "it is trained; see below"},                                                          \
        {.name = "architecture",                                                                   \
         .letter = 'a',                                                                            \
         .kind = OPT_TEXT,                                                                         \
         .offset = offsetof(type, training.architecture),                                          \
         .argument = "NAME|FILE",                                                                  \
         .role = OPT_READS,                                                                        \
         .preset_help = TRAINING_PRESET,                                                           \
         .help = "the network: a known one ('deepmirgene version'\n"                               \
                 "lists them), or a file that describes one in JSON"},                             \
        {.name = "epochs",                                                                         \
         .letter = 'e',                                                                            \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, training.epochs),                                                \
         .argument = "N",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 1,                                                                                 \
         .high = 1000000,                                                                          \
         .help = "times to go through the data"},                                                  \
        {.name = "batch",                                                                          \
         .letter = 'b',                                                                            \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, training.batch),                                                 \
         .argument = "N",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 1,                                                                                 \
         .high = 65536,                                                                            \
         .help = "sequences for one step of Adam"},                                                \
        {.name = "learning-rate",                                                                  \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, training.learning_rate),                                         \
         .argument = "X",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 1e-9,                                                                              \
         .high = 10,                                                                               \
         .help = "of Adam"},                                                                       \
        {.name = "final-learning-rate",                                                            \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, training.final_learning_rate),                                   \
         .argument = "X",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 0,                                                                                 \
         .high = 10,                                                                               \
         .help = "let the rate fall to this along a cosine, which\n"                               \
                 "the last epoch has; 0: the rate stays as it is"},                                \
        {.name = "loss",                                                                           \
         .kind = OPT_CHOICE,                                                                       \
         .offset = offsetof(type, training.loss),                                                  \
         .argument = "squared-error|cross-entropy",                                                \
         .preset_help = TRAINING_PRESET,                                                           \
         .help = "loss to minimise"},                                                              \
        {.name = "average-weights",                                                                \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, training.average_weights),                                       \
         .argument = "N",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 0,                                                                                 \
         .high = 1000000,                                                                          \
         .help = "the model is the mean of the weights after each\n"                               \
                 "of the last N epochs; 0: those of the last one"},                                \
        {.name = "class-weight",                                                                   \
         .kind = OPT_CHOICE,                                                                       \
         .offset = offsetof(type, training.class_weight),                                          \
         .argument = "none|balanced",                                                              \
         .preset_help = TRAINING_PRESET,                                                           \
         .help = "balanced: both classes count as much in the loss,\n"                             \
                 "however many records they have"},                                                \
        {.name = "weight-decay",                                                                   \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, training.weight_decay),                                          \
         .argument = "X",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 0,                                                                                 \
         .high = 10,                                                                               \
         .help = "of all matrices, as AdamW does"},                                                \
        {.name = "pretrain",                                                                       \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, training.pretrain),                                              \
         .argument = "N",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 0,                                                                                 \
         .high = 1000000,                                                                          \
         .help = "epochs before, in which each stream learns to be\n"                              \
                 "the encoder of an LSTM autoencoder"},                                            \
        {.name = "dropout",                                                                        \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, training.dropout),                                               \
         .argument = "X",                                                                          \
         .preset_help = "the architecture's",                                                      \
         .low = 0,                                                                                 \
         .high = 0.99,                                                                             \
         .help = "rate on what dense layers read of LSTMs"},                                       \
    {                                                                                              \
        .name = "drop-conflicts", .kind = OPT_FLAG,                                                \
        .offset = offsetof(type, training.drop_conflicts),                                         \
        .help = "leave out sequences that stand on both sides"                                     \
    }

/* The recipes, as the options that they stand for; for the end of a help. */
void training_print_recipes(FILE *out);

/* OPT_WRONG, with its line printed, for what the table cannot check. */
opt_outcome training_check(const opt_command *command, const training_choice *choice);

/* The recipe with what was given in its place; threads, seed and files are left to the command.
 * With a model to begin from (or NULL) the recipe is "fine-tune" unless one was given, and the
 * architecture the model's. */
dmg_status training_fill(dmg_train_options *out, const training_choice *choice,
                         const dmg_model *from, dmg_error *err);

/* These options as a command line has them, whatever later recipes say. `architecture` is the name
 * or file of theirs; --dropout is part of it, and printed where it was given. */
void training_print(FILE *out, const dmg_train_options *options, const training_choice *choice);

/* Looks for sequences of both classes, leaves them out where that is wanted, and says so. */
dmg_status training_report_conflicts(const char *command, dmg_dataset *dataset,
                                     const training_choice *choice, dmg_error *err);

#endif
