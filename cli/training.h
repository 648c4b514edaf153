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

#define TRAINING_PRESET "from the recipe"

/* Rows of an option table; `type` has a member `training` of the above. */
#define OPT_TRAINING(type)                                                                         \
    {.name = "recipe",                                                                             \
     .kind = OPT_TEXT,                                                                             \
     .offset = offsetof(type, training.recipe),                                                    \
     .argument = "NAME",                                                                           \
     .own_preset = true,                                                                           \
     .help = "preset of the network and of the training options; see\n"                            \
             "below"},                                                                             \
        {.name = "architecture",                                                                   \
         .letter = 'a',                                                                            \
         .kind = OPT_TEXT,                                                                         \
         .offset = offsetof(type, training.architecture),                                          \
         .argument = "NAME|FILE",                                                                  \
         .role = OPT_READS,                                                                        \
         .preset_help = TRAINING_PRESET,                                                           \
         .help = "network: built-in ('deepmirgene version' lists them),\n"                         \
                 "or a JSON file that describes one"},                                             \
        {.name = "epochs",                                                                         \
         .letter = 'e',                                                                            \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, training.epochs),                                                \
         .argument = "N",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 1,                                                                                 \
         .high = 1000000,                                                                          \
         .help = "passes over the data"},                                                          \
        {.name = "batch",                                                                          \
         .letter = 'b',                                                                            \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, training.batch),                                                 \
         .argument = "N",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 1,                                                                                 \
         .high = 65536,                                                                            \
         .help = "sequences per step of Adam"},                                                    \
        {.name = "learning-rate",                                                                  \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, training.learning_rate),                                         \
         .argument = "X",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 1e-9,                                                                              \
         .high = 10,                                                                               \
         .help = "learning rate of Adam"},                                                         \
        {.name = "final-learning-rate",                                                            \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, training.final_learning_rate),                                   \
         .argument = "X",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 0,                                                                                 \
         .high = 10,                                                                               \
         .help = "learning rate of the last epoch, approached along a\n"                           \
                 "cosine; 0: the rate is constant"},                                               \
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
         .help = "average the weights over the last N epochs; 0: use the\n"                        \
                 "weights of the last epoch"},                                                     \
        {.name = "class-weight",                                                                   \
         .kind = OPT_CHOICE,                                                                       \
         .offset = offsetof(type, training.class_weight),                                          \
         .argument = "none|balanced",                                                              \
         .preset_help = TRAINING_PRESET,                                                           \
         .help = "balanced: both classes contribute equally to the loss,\n"                        \
                 "regardless of the number of records"},                                           \
        {.name = "weight-decay",                                                                   \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, training.weight_decay),                                          \
         .argument = "X",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 0,                                                                                 \
         .high = 10,                                                                               \
         .help = "decay of all weight matrices, as in AdamW"},                                     \
        {.name = "pretrain",                                                                       \
         .kind = OPT_INT,                                                                          \
         .offset = offsetof(type, training.pretrain),                                              \
         .argument = "N",                                                                          \
         .preset_help = TRAINING_PRESET,                                                           \
         .low = 0,                                                                                 \
         .high = 1000000,                                                                          \
         .help = "pre-training epochs, in which each stream is trained\n"                          \
                 "as the encoder of an LSTM autoencoder"},                                         \
        {.name = "dropout",                                                                        \
         .kind = OPT_REAL,                                                                         \
         .offset = offsetof(type, training.dropout),                                               \
         .argument = "X",                                                                          \
         .preset_help = "from the architecture",                                                   \
         .low = 0,                                                                                 \
         .high = 0.99,                                                                             \
         .help = "dropout rate between LSTMs and dense layers"},                                   \
    {                                                                                              \
        .name = "drop-conflicts", .kind = OPT_FLAG,                                                \
        .offset = offsetof(type, training.drop_conflicts),                                         \
        .help = "discard sequences that occur on both sides"                                       \
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
