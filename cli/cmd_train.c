/* SPDX-License-Identifier: MIT */
/* deepmirgene train: a model from labelled sequences. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "note.h"
#include "options.h"
#include "progress.h"
#include "quality.h"
#include "training.h"

typedef struct train_command {
    opt_list positive, negative, unlabelled;
    const char *output, *from, *teacher, *validation, *history, *cpu;
    long long seed, threads;
    training_choice training;
    bool resume;
} train_command;

#define OFFSET(member) offsetof(train_command, member)

static const opt_spec specs[] = {
    OPT_POSITIVE(train_command, true),
    OPT_NEGATIVE(train_command, true),
    OPT_OUTPUT_MODEL(train_command, ".checkpoint"),
    OPT_TRAINING(train_command),
    {.name = "from",
     .kind = OPT_TEXT,
     .offset = OFFSET(from),
     .argument = "NAME|FILE",
     .role = OPT_READS,
     .help = "fine-tune this model: start from its weights and\n"
             "architecture, use --recipe fine-tune, and compare both\n"
             "models on held-out records (--validation 0.25)"},
    {.name = "teacher",
     .kind = OPT_TEXT,
     .offset = OFFSET(teacher),
     .argument = "NAME|FILE",
     .role = OPT_READS,
     .help = "train on the probabilities predicted by this model\n"
             "instead of the labels; one network can learn from an\n"
             "ensemble"},
    {.name = "unlabelled",
     .kind = OPT_LIST,
     .offset = OFFSET(unlabelled),
     .argument = "FILE",
     .role = OPT_READS,
     .help = "additional sequences without labels, for training with\n"
             "--teacher (repeatable)"},
    OPT_SEED(train_command, "seed for all random numbers"),
    {.name = "validation",
     .kind = OPT_TEXT,
     .offset = OFFSET(validation),
     .argument = "X|FILE",
     .role = OPT_READS,
     .help = "evaluate each epoch on records held out from training:\n"
             "a fraction of each side, such as 0.1, drawn at random,\n"
             "or those of a file of ids, one per line"},
    {.name = "history",
     .kind = OPT_TEXT,
     .offset = OFFSET(history),
     .argument = "FILE",
     .role = OPT_WRITES,
     .help = "write a table of loss and metrics by epoch"},
    OPT_RESUME(train_command, "continue an interrupted training from its checkpoint,\n"
                              "OUTPUT.checkpoint; without one, start from the\n"
                              "beginning"),
    OPT_THREADS(train_command),
    OPT_CPU(train_command),
    {0},
};

static const opt_command command = {
    .name = "train",
    .usage = " [options] --positive FILE --negative FILE -o FILE",
    .description =
        "Trains a network to distinguish pre-miRNAs from other sequences. The default\n"
        "recipe gives a network like that of the model general; --recipe 2016 is that of\n"
        "Park et al. 2016. At the end, prints the sensitivity and specificity of the\n"
        "model at the threshold " OPT_TEXT_OF(
            DMG_DEFAULT_THRESHOLD) ", on held-out records with --validation, otherwise on\n"
                                   "the training records, where both are too optimistic.\n\n"
                                   "Sequences are folded once, before the training. The same data, "
                                   "options and seed\n"
                                   "give the same file, byte for byte, for any number of threads "
                                   "and whether or not\n"
                                   "the training was interrupted. After Ctrl-C or a crash, the "
                                   "same command with\n"
                                   "--resume continues the training and repeats at most the "
                                   "current epoch, or the\n"
                                   "last second of shorter epochs.",
    .examples = "  deepmirgene train -p pre-mirnas.fa -n others.fa -o model.safetensors\n"
                "  deepmirgene train --validation 0.1 --history history.tsv \\\n"
                "      -p pre-mirnas.fa -n others.fa -o model.safetensors\n",
    .specs = specs,
    .least_operands = -1,
    .print_notes = training_print_recipes,
};

/* --- history --- */

typedef struct train_report {
    const char *history; /* file to write, or NULL */
    size_t epochs, pretrain;
    progress meter;
    double written;    /* when the history was, in seconds of the meter; negative: not yet */
    double pretrained; /* seconds until training itself began */
} train_report;

static void print_value(FILE *out, double value)
{
    if (isnan(value))
        fputs("\tNaN", out);
    else
        fprintf(out, "\t%.6g", value);
}

/* The whole table each time, so that the file never ends in the middle of a line. */
static dmg_status write_history(const char *path, const dmg_epoch *history, size_t count,
                                dmg_error *err)
{
    dmg_output *output = NULL;
    const dmg_status st = dmg_output_open_text(&output, path, err);
    if (st != DMG_OK) return st;
    FILE *out = dmg_output_stream(output);
    fputs("epoch\tloss\tvalidation_loss\tse\tsp\tacc\tppv\tf\tmcc\tgmean\tauroc\taupr\n", out);
    for (size_t i = 0; i < count; i++) {
        const dmg_epoch *e = &history[i];
        const dmg_call_metrics calls = dmg_metrics_calls(e->confusion);
        const double values[] = {e->loss,     e->validation_loss, calls.se,     calls.sp,
                                 calls.acc,   calls.ppv,          calls.f,      calls.mcc,
                                 calls.gmean, e->ranks.auroc,     e->ranks.aupr};
        fprintf(out, "%.0f", e->epoch);
        for (size_t k = 0; k < sizeof values / sizeof *values; k++) print_value(out, values[k]);
        putc('\n', out);
    }
    return dmg_output_commit(output, err);
}

/* "[#####.....]" on a terminal; the lines of a log say who speaks. */
static const char *line_start(char bar[16], const progress *meter, double fraction)
{
    enum { WIDTH = 10 };
    if (!meter->terminal) return "deepmirgene train:";
    const int filled = (int)(fraction * WIDTH);
    bar[0] = '[';
    for (int i = 0; i < WIDTH; i++) bar[i + 1] = i < filled ? '#' : '.';
    bar[WIDTH + 1] = ']';
    bar[WIDTH + 2] = '\0';
    return bar;
}

static void show_epoch(train_report *report, const dmg_epoch *epoch, size_t done)
{
    const size_t epochs = report->epochs;
    const size_t total = (size_t)epoch->epoch;
    const double seconds = progress_seconds(&report->meter) - report->pretrained;
    const double share = (double)done / (double)(done + epochs - total);
    char bar[16], left[PROGRESS_LEFT], score[32] = "";
    const double f = dmg_metrics_calls(epoch->confusion).f;
    if (!isnan(f)) snprintf(score, sizeof score, ", F %.3f", f);
    progress_line(&report->meter, "%s epoch %zu/%zu, loss %.5f%s, %.2f s each%s",
                  line_start(bar, &report->meter, (double)total / (double)epochs), total, epochs,
                  epoch->loss, score, seconds / (double)done, progress_left(left, seconds, share));
}

static void report_pretraining(void *context, size_t epoch, double loss)
{
    train_report *report = context;
    const size_t epochs = report->pretrain;
    char bar[16];
    report->pretrained = progress_seconds(&report->meter);
    if (!progress_due(&report->meter) && epoch < epochs) return;
    progress_line(&report->meter, "%s pre-training, epoch %zu/%zu, %.4f nats a symbol",
                  line_start(bar, &report->meter, (double)epoch / (double)epochs), epoch, epochs,
                  loss);
}

static dmg_status report_epoch(void *context, const dmg_epoch *history, size_t count,
                               size_t restored, dmg_error *err)
{
    train_report *report = context;
    const double now = progress_seconds(&report->meter);
    const bool due = report->written < 0 || now - report->written >= 1 || count == report->epochs;
    if (report->history && due) {
        report->written = now;
        const dmg_status st = write_history(report->history, history, count, err);
        if (st != DMG_OK) return st;
    }
    if (count == restored)
        note(command.name, "resumed after epoch %zu\n", count);
    else if (progress_due(&report->meter) || count == report->epochs)
        show_epoch(report, &history[count - 1], count - restored);
    return DMG_OK;
}

/* --- data --- */

static dmg_status add_unlabelled(dmg_dataset *dataset, const opt_list *paths, dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < paths->count; i++)
        st = dmg_dataset_add_unlabelled(dataset, paths->items[i], err);
    return st;
}

static dmg_status load_data(dmg_dataset *dataset, const train_command *options, dmg_error *err)
{
    dmg_status st = command_add_files(command.name, dataset, &options->positive, true, err);
    if (st == DMG_OK) st = command_add_files(command.name, dataset, &options->negative, false, err);
    if (st == DMG_OK) st = add_unlabelled(dataset, &options->unlabelled, err);
    return st == DMG_OK ? training_report_conflicts(command.name, dataset, &options->training, err)
                        : st;
}

static dmg_status fold_data(dmg_dataset *dataset, const train_command *options, dmg_cpu cpu,
                            dmg_error *err)
{
    const size_t count = dmg_dataset_count(dataset);
    size_t positives = 0, unlabelled = 0;
    for (size_t i = 0; i < count; i++) {
        const dmg_dataset_record record = dmg_dataset_get(dataset, i);
        positives += record.positive;
        unlabelled += record.unlabelled;
    }
    const size_t others = count - positives - unlabelled;
    note(command.name, "folding %zu pre-miRNA%s and %zu other%s", positives,
         command_plural(positives), others, command_plural(others));
    if (unlabelled > 0) note_more(", and %zu unlabelled", unlabelled);
    note_more("\n");
    return dmg_dataset_fold(dataset, command_threads(options->threads), cpu, err);
}

/* Whether the whole of the value is a number, and not a file's name. */
static bool is_number(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == '\0';
}

/* *held_out stays NULL where no validation is asked for. */
static dmg_status draw_validation(bool **held_out, const dmg_dataset *dataset,
                                  const train_command *options, dmg_error *err)
{
    if (!options->validation) return DMG_OK;
    double fraction;
    *held_out = malloc(dmg_dataset_count(dataset) * sizeof **held_out + 1);
    if (!*held_out) return command_nomem(err);
    if (is_number(options->validation, &fraction))
        return dmg_dataset_draw(*held_out, dataset, fraction, (uint64_t)options->seed, err);
    return dmg_dataset_draw_listed(*held_out, dataset, options->validation, err);
}

/* --- the run --- */

/* Tells before the training what would only be found after its first epoch, or at its end. */
static dmg_status check_output(const char *path, dmg_error *err)
{
    if (!command_is_ordinary(path))
        return dmg_error_set(err, DMG_IO, "cannot write %.500s: not a regular file", path);
    return command_try_output(path, err);
}

static dmg_status check_outputs(const train_command *options, const char *checkpoint,
                                dmg_error *err)
{
    dmg_status st = check_output(options->output, err);
    if (st == DMG_OK && options->history) st = check_output(options->history, err);
    if (st != DMG_OK || options->resume || access(checkpoint, F_OK) != 0) return st;
    return dmg_error_set(
        err, DMG_IO,
        "%.500s: left by an interrupted training; continue it with --resume, or remove the file",
        checkpoint);
}

/* PATH.checkpoint */
static char *checkpoint_path(const char *path)
{
    const size_t capacity = strlen(path) + sizeof ".checkpoint";
    char *checkpoint = malloc(capacity);
    if (checkpoint) snprintf(checkpoint, capacity, "%s.checkpoint", path);
    return checkpoint;
}

static dmg_status fill_options(dmg_train_options *out, const train_command *options,
                               const dmg_model *from, dmg_error *err)
{
    dmg_status st = training_fill(out, &options->training, from, err);
    if (st == DMG_OK) st = command_cpu(&out->cpu, options->cpu, err);
    out->seed = (uint64_t)options->seed;
    out->threads = command_threads(options->threads);
    out->resume = options->resume;
    return st;
}

static void print_notice(void *context, const char *message)
{
    (void)context;
    warn(command.name, "%s", message);
}

static dmg_status report_quality(const train_command *options, const dmg_train_options *training,
                                 const dmg_dataset *dataset, const dmg_model *model, dmg_error *err)
{
    const quality_report report = {
        .command = command.name,
        .dataset = dataset,
        .held_out = training->held_out,
        .model = model,
        .name = training->name,
        .before = training->from,
        .before_name = options->from,
        .threads = training->threads,
        .cpu = training->cpu,
    };
    return quality_report_print(&report, err);
}

static dmg_status train_and_save(const train_command *options, dmg_train_options training,
                                 const dmg_dataset *dataset, dmg_error *err)
{
    dmg_model *model = NULL;
    train_report report = {
        .history = options->history,
        .epochs = (size_t)training.epochs,
        .pretrain = (size_t)training.pretrain,
        .meter = progress_start("epochs"),
        .written = -1,
    };
    training.stop = command_catch_stop(); /* before, there is nothing to save */
    training.progress = report_epoch;
    training.pretrain_progress = report_pretraining;
    training.progress_context = &report;
    training.notice = print_notice;
    dmg_status st = dmg_train(&model, dataset, &training, err);
    if (report.meter.terminal && report.meter.shown) putc('\n', stderr);
    if (st == DMG_OK) st = dmg_model_save(model, options->output, err);
    if (st == DMG_OK) {
        remove(training.checkpoint);
        note(command.name, "wrote %s, %zu parameters, in %.1f s\n", options->output,
             dmg_model_parameters(model), progress_seconds(&report.meter));
        st = report_quality(options, &training, dataset, model, err);
    }
    if (st == DMG_STOPPED)
        dmg_error_set(err, DMG_STOPPED,
                      "stopped on request; run the same command with --resume to continue");
    dmg_model_destroy(model);
    return st;
}

static int run_train(const train_command *options)
{
    dmg_error err;
    dmg_train_options training;
    dmg_dataset *dataset = NULL;
    dmg_model *teacher = NULL, *from = NULL;
    bool *held_out = NULL;
    char name[DMG_NAME_CAPACITY];
    char *checkpoint = checkpoint_path(options->output);
    command_model_name(name, sizeof name, options->output);
    dmg_status st = checkpoint ? DMG_OK : command_nomem(&err);
    if (st == DMG_OK && options->from) st = dmg_model_load(&from, options->from, &err);
    if (st == DMG_OK) st = fill_options(&training, options, from, &err);
    training.name = name;
    training.checkpoint = checkpoint;
    if (st == DMG_OK) st = check_outputs(options, checkpoint, &err);
    if (st == DMG_OK && options->teacher) st = dmg_model_load(&teacher, options->teacher, &err);
    if (st == DMG_OK) st = dmg_dataset_create(&dataset, &err);
    if (st == DMG_OK) st = load_data(dataset, options, &err);
    if (st == DMG_OK) st = draw_validation(&held_out, dataset, options, &err);
    if (st == DMG_OK) {
        quality_warn_of_few(command.name, dataset, held_out, from);
        st = fold_data(dataset, options, training.cpu, &err);
    }
    training.held_out = held_out;
    training.teacher = teacher;
    if (st == DMG_OK) st = train_and_save(options, training, dataset, &err);
    dmg_dataset_destroy(dataset);
    dmg_model_destroy(teacher);
    dmg_model_destroy(from);
    free(held_out);
    free(checkpoint);
    return st == DMG_OK ? EXIT_DONE : command_failed(command.name, &err);
}

static opt_outcome check_options(const train_command *options)
{
    double fraction;
    if (options->from && options->training.architecture)
        return opt_refuse(&command, "--architecture cannot be combined with --from, which sets it");
    if (options->from && options->training.pretrain > 0)
        return opt_refuse(
            &command,
            "--pretrain cannot be combined with --from, whose weights it would overwrite");
    if (options->unlabelled.count > 0 && !options->teacher)
        return opt_refuse(&command, "--unlabelled requires --teacher");
    const char *weights = options->training.class_weight;
    if (options->teacher && weights && strcmp(weights, "balanced") == 0)
        return opt_refuse(
            &command,
            "--class-weight balanced cannot be combined with --teacher, which does not use labels");
    if (!options->validation || !is_number(options->validation, &fraction) ||
        (fraction > 0 && fraction < 1))
        return training_check(&command, &options->training);
    return opt_refuse(&command,
                      "--validation '%s': expected a number between 0 and 1, or a file of ids",
                      options->validation);
}

int cmd_train(int argc, char **argv)
{
    train_command options = {.training = training_choice_initial(),
                             .seed = (long long)dmg_train_options_defaults().seed};
    opt_list operands;
    opt_outcome outcome = opt_parse(&options, &operands, &command, argc, argv);
    if (options.from && !options.validation) options.validation = "0.25";
    if (outcome == OPT_RUN) outcome = check_options(&options);
    const int status = outcome == OPT_RUN ? run_train(&options) : command_not_run(outcome);
    opt_clear(&options, &operands, &command);
    return status;
}
