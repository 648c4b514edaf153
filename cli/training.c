/* SPDX-License-Identifier: MIT */
/* Options of a training: from the command line, and to it. */
#include "training.h"

#include <string.h>

#include "note.h"

training_choice training_choice_initial(void)
{
    return (training_choice){
        .recipe = dmg_train_recipe_name(0),
        .average_weights = -1,
        .pretrain = -1,
        .final_learning_rate = -1,
        .weight_decay = -1,
        .dropout = -1,
    };
}

/* --- from the command line --- */

static dmg_loss loss_of(const char *name)
{
    return strcmp(name, dmg_loss_name(DMG_LOSS_CROSS_ENTROPY)) == 0 ? DMG_LOSS_CROSS_ENTROPY
                                                                    : DMG_LOSS_SQUARED_ERROR;
}

/* On what dense layers read of streams. */
static void set_dropout(dmg_architecture *architecture, double rate)
{
    for (int d = 0; d < architecture->dense_count; d++) {
        dmg_dense_spec *layer = &architecture->dense[d];
        for (int k = 0; k < layer->input_count; k++)
            if (layer->inputs[k] < architecture->stream_count) layer->dropout = rate;
    }
}

opt_outcome training_check(const opt_command *command, const training_choice *choice)
{
    dmg_train_options options;
    dmg_error err;
    const dmg_status st = dmg_train_recipe(&options, choice->recipe, &err);
    if (st == DMG_OK) return OPT_RUN;
    if (st != DMG_NOMEM)
        return opt_refuse(command, "--recipe '%s': %s", choice->recipe, err.message);
    (void)command_failed(command->name, &err);
    return OPT_FAILED;
}

dmg_status training_fill(dmg_train_options *out, const training_choice *choice,
                         const dmg_model *from, dmg_error *err)
{
    const bool given = choice->recipe != training_choice_initial().recipe; /* the very text */
    dmg_status st = dmg_train_recipe(out, from && !given ? "fine-tune" : choice->recipe, err);
    if (st == DMG_OK && from) {
        out->from = from;
        out->architecture = *dmg_model_architecture(from);
    }
    if (st == DMG_OK && choice->architecture)
        st = dmg_architecture_load(&out->architecture, choice->architecture, err);
    if (st != DMG_OK) return st;
    if (choice->dropout >= 0) set_dropout(&out->architecture, choice->dropout);
    if (choice->epochs > 0) out->epochs = (int)choice->epochs;
    if (choice->batch > 0) out->batch = (int)choice->batch;
    if (choice->loss) out->loss = loss_of(choice->loss);
    if (choice->learning_rate > 0) out->learning_rate = choice->learning_rate;
    if (choice->final_learning_rate >= 0) out->final_learning_rate = choice->final_learning_rate;
    if (choice->average_weights >= 0) out->average_weights = (int)choice->average_weights;
    if (choice->class_weight) out->balanced = strcmp(choice->class_weight, "balanced") == 0;
    if (choice->weight_decay >= 0) out->weight_decay = choice->weight_decay;
    if (choice->pretrain >= 0) out->pretrain = (int)choice->pretrain;
    return DMG_OK;
}

/* --- to the command line --- */

/* Those that every training has, and then what makes one unlike the paper's, whose recipe stays as
 * it is for ever. */
static void print_options(FILE *out, const dmg_train_options *options)
{
    fprintf(out, " --epochs %d --batch %d --learning-rate %.15g", options->epochs, options->batch,
            options->learning_rate);
    if (options->final_learning_rate != 0)
        fprintf(out, " --final-learning-rate %.15g", options->final_learning_rate);
    if (options->loss != DMG_LOSS_SQUARED_ERROR)
        fprintf(out, " --loss %s", dmg_loss_name(options->loss));
    if (options->balanced) fputs(" --class-weight balanced", out);
    if (options->average_weights > 0)
        fprintf(out, " --average-weights %d", options->average_weights);
    if (options->weight_decay > 0) fprintf(out, " --weight-decay %.15g", options->weight_decay);
    if (options->pretrain > 0) fprintf(out, " --pretrain %d", options->pretrain);
}

void training_print(FILE *out, const dmg_train_options *options, const training_choice *choice)
{
    fputs(" --recipe 2016 --architecture ", out);
    command_print_word(out, choice->architecture ? choice->architecture : options->architecture.id);
    print_options(out, options);
    if (choice->dropout >= 0) fprintf(out, " --dropout %.15g", choice->dropout);
}

void training_print_recipes(FILE *out)
{
    dmg_train_options options;
    dmg_error err;
    const char *name;
    fputs("\nRecipes:\n", out);
    for (size_t i = 0; (name = dmg_train_recipe_name(i)); i++) {
        if (dmg_train_recipe(&options, name, &err) != DMG_OK) continue;
        fprintf(out, "  %-10s--architecture %s --loss %s --epochs %d\n", name,
                options.architecture.id, dmg_loss_name(options.loss), options.epochs);
        fprintf(out, "            --batch %d --learning-rate %g", options.batch,
                options.learning_rate);
        if (options.final_learning_rate != 0)
            fprintf(out, " --final-learning-rate %g", options.final_learning_rate);
        fputc('\n', out);
    }
}

/* --- data --- */

dmg_status training_report_conflicts(const char *command, dmg_dataset *dataset,
                                     const training_choice *choice, dmg_error *err)
{
    const size_t before = dmg_dataset_count(dataset);
    size_t sequences = 0, records = 0;
    const dmg_status st =
        dmg_dataset_conflicts(dataset, choice->drop_conflicts, &sequences, &records, err);
    if (st != DMG_OK || records == 0) return st;
    const char *const plural = command_plural(sequences);
    if (choice->drop_conflicts)
        note(command, "%zu sequence%s with both labels, in %zu records: discarded\n", sequences,
             plural, records);
    else
        warn(command,
             "%zu sequence%s with both labels, in %zu records: kept (--drop-conflicts discards "
             "them)",
             sequences, plural, records);
    if (2 * records >= before)
        warn(command,
             "%zu of %zu records have both labels and cannot be learned; is one file given as both "
             "--positive and --negative?",
             records, before);
    return DMG_OK;
}
