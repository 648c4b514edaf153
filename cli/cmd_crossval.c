/* SPDX-License-Identifier: MIT */
/* deepmirgene crossval: how good a method is on sequences that it has not learned from. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "multiqc.h"
#include "note.h"
#include "options.h"
#include "progress.h"
#include "quality.h"
#include "training.h"

typedef struct crossval_command {
    opt_list positive, negative;
    const char *output, *splits, *groups, *method, *figures, *multiqc, *cpu;
    long long folds, repeats, members, average_last, seed, replicates, threads;
    training_choice training;
    bool resume;
} crossval_command;

#define OFFSET(member) offsetof(crossval_command, member)

static const opt_spec specs[] = {
    OPT_POSITIVE(crossval_command, true),
    OPT_NEGATIVE(crossval_command, true),
    OPT_OUTPUT_REQUIRED(crossval_command, OPT_WRITES_FOLDER, "FOLDER", NULL,
                        "folder for the results; created if necessary"),
    {.name = "folds",
     .old_letter = 'f',
     .kind = OPT_INT,
     .offset = OFFSET(folds),
     .argument = "N",
     .own_preset = true,
     .low = 2,
     .high = DMG_PARTITION_MAX_FOLDS,
     .help = "number of folds, stratified by label"},
    {.name = "groups",
     .kind = OPT_TEXT,
     .offset = OFFSET(groups),
     .argument = "FILE",
     .role = OPT_READS,
     .help = "table of id and group, such as families or clusters;\n"
             "each group stays in one fold"},
    {.name = "splits",
     .kind = OPT_TEXT,
     .offset = OFFSET(splits),
     .argument = "FILE",
     .role = OPT_READS,
     .help = "read the folds from a table of id and split, or of id,\n"
             "label (1 or 0) and split; 'test' is held out"},
    {.name = "repeats",
     .old_letter = 'r',
     .kind = OPT_INT,
     .offset = OFFSET(repeats),
     .argument = "N",
     .own_preset = true,
     .low = 1,
     .high = 1000,
     .help = "number of repeats, each with other folds and seeds"},
    {.name = "method",
     .old_letter = 'm',
     .kind = OPT_TEXT,
     .offset = OFFSET(method),
     .argument = "NAME",
     .own_preset = true,
     .help = "method to evaluate: network, mfe-per-length, length,\n"
             "triplet-svm, mirena, mipred, micropred, mirboost,\n"
             "cshmm or boosted-trees"},
    {.name = "members",
     .kind = OPT_INT,
     .offset = OFFSET(members),
     .argument = "K",
     .own_preset = true,
     .low = 1,
     .high = DMG_MAX_MEMBERS,
     .help = "networks to train for each fold, with different seeds;\n"
             "the mean of their scores is evaluated"},
    OPT_TRAINING(crossval_command),
    {.name = "average-last",
     .kind = OPT_INT,
     .offset = OFFSET(average_last),
     .argument = "N",
     .preset_help = "50; 1 if the learning rate falls or with --members",
     .low = 1,
     .high = 1000000,
     .help = "report metrics averaged over the last N epochs, or\n"
             "over all if there are fewer"},
    OPT_SEED(crossval_command, "seed for folds, training and intervals"),
    OPT_BOOTSTRAP(crossval_command, replicates),
    {.name = "figures",
     .kind = OPT_CHOICE,
     .offset = OFFSET(figures),
     .argument = "svg|pdf|png|none",
     .own_preset = true,
     .help = "file format of the figures, which gnuplot draws"},
    OPT_MULTIQC(crossval_command, multiqc),
    OPT_RESUME(crossval_command, "continue an interrupted run in this folder"),
    OPT_THREADS(crossval_command),
    OPT_CPU(crossval_command),
    {0},
};

static const opt_command command = {
    .name = "crossval",
    .usage = " [options] --positive FILE --negative FILE -o FOLDER",
    .description =
        "Divides labelled sequences into folds and evaluates each fold with a model\n"
        "trained on the others. Folds run in parallel. The folder receives:\n"
        "\n"
        "  report.md        tables to read: metrics of each fold, their mean and standard\n"
        "                   deviation, balanced and raw; metrics of all scores pooled,\n"
        "                   with 95 % intervals\n"
        "  metrics.json     all of these numbers\n"
        "  history.tsv      loss and metrics of each fold by epoch\n"
        "  predictions.tsv  score of each record after the last epoch\n"
        "  figures/         ROC, precision-recall and learning curves, and their data\n"
        "  runs/            a checkpoint of each training, for --resume\n"
        "\n"
        "Metrics are averaged over the last epochs, never taken from the best epoch. With\n"
        "--members, they are those of the last epoch. The same data, options and seed\n"
        "give the same files, byte for byte, for any number of threads and whether or not\n"
        "the run was interrupted. After Ctrl-C or a crash, the same command with --resume\n"
        "continues the run and repeats at most the current epochs, or the last second of\n"
        "shorter epochs.",
    .examples =
        "  deepmirgene crossval -p pre-mirnas.fa -n others.fa -o results\n"
        "  deepmirgene crossval --groups families.tsv --repeats 3 \\\n"
        "      -p pre-mirnas.fa -n others.fa -o results\n"
        "  deepmirgene crossval --method triplet-svm -p pre-mirnas.fa -n others.fa -o svm\n",
    .specs = specs,
    .least_operands = -1,
    .print_notes = training_print_recipes,
};

/* --- the command line, as the results state it -------------------------------------------------
 *
 * Only what results depend on, and that in full: so it is the same for any number of threads, and a
 * later preset changes nothing.
 */

static void print_text(FILE *out, const char *option, const char *value)
{
    fprintf(out, " --%s ", option);
    command_print_word(out, value);
}

static void print_folds(FILE *out, const crossval_command *o)
{
    if (o->splits)
        print_text(out, "splits", o->splits);
    else
        fprintf(out, " --folds %lld", o->folds);
    if (o->groups) print_text(out, "groups", o->groups);
}

/* NULL when memory is out. */
static char *print_command(const crossval_command *o, const dmg_crossval_options *options)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out) return NULL;
    fputs("deepmirgene crossval", out);
    for (size_t i = 0; i < o->positive.count; i++)
        print_text(out, "positive", o->positive.items[i]);
    for (size_t i = 0; i < o->negative.count; i++)
        print_text(out, "negative", o->negative.items[i]);
    print_folds(out, o);
    print_text(out, "method", o->method);
    fprintf(out, " --repeats %lld --seed %lld --bootstrap %lld", o->repeats, o->seed,
            o->replicates);
    if (strcmp(o->method, "network") == 0) {
        training_print(out, &options->training, &o->training);
        if (o->members > 1) fprintf(out, " --members %lld", o->members);
        fprintf(out, " --average-last %d --cpu %s", options->average_last,
                dmg_cpu_name(options->training.cpu));
    }
    print_text(out, "figures", o->figures);
    if (o->training.drop_conflicts) fputs(" --drop-conflicts", out);
    if (fclose(out) == 0) return text;
    free(text);
    return NULL;
}

/* --- progress --- */

static void show_status(void *context, const dmg_crossval_status *status)
{
    progress *meter = context;
    const size_t done = status->epochs_done - status->epochs_restored;
    if (done == 0 || (!progress_due(meter) && status->runs_done < status->runs)) return;
    const double share = (double)done / (double)(status->epochs - status->epochs_restored);
    char left[PROGRESS_LEFT];
    progress_line(meter, "%s%zu of %zu folds done, epoch %zu of %zu%s",
                  meter->terminal ? "" : "deepmirgene crossval: ", status->runs_done, status->runs,
                  status->epochs_done, status->epochs,
                  progress_left(left, progress_seconds(meter), share));
}

/* --- the run --- */

static dmg_status load_data(dmg_dataset *dataset, const crossval_command *options, dmg_error *err)
{
    dmg_status st = command_add_files(command.name, dataset, &options->positive, true, err);
    if (st == DMG_OK) st = command_add_files(command.name, dataset, &options->negative, false, err);
    return st == DMG_OK ? training_report_conflicts(command.name, dataset, &options->training, err)
                        : st;
}

/* Of fewer epochs all; of members only the last one. */
static int average_last(const crossval_command *options, const dmg_train_options *training)
{
    const int preset = options->members > 1 || training->final_learning_rate > 0
                           ? 1
                           : dmg_crossval_options_defaults().average_last;
    const int wanted = options->average_last > 0 ? (int)options->average_last : preset;
    return wanted < training->epochs ? wanted : training->epochs;
}

static dmg_status fill_options(dmg_crossval_options *out, const crossval_command *options,
                               dmg_error *err)
{
    *out = dmg_crossval_options_defaults();
    dmg_train_options *training = &out->training;
    dmg_status st = training_fill(training, &options->training, NULL, err);
    if (st == DMG_OK) st = command_cpu(&training->cpu, options->cpu, err);
    training->seed = (uint64_t)options->seed;
    training->stop = command_catch_stop();
    out->method = options->method;
    out->folds = (int)options->folds;
    out->groups = options->groups;
    out->splits = options->splits;
    out->repeats = (int)options->repeats;
    out->members = (int)options->members;
    out->average_last = average_last(options, training);
    out->replicates = (size_t)options->replicates;
    out->threads = command_threads(options->threads);
    out->figures = strcmp(options->figures, "none") == 0 ? NULL : options->figures;
    out->folder = options->output;
    out->resume = options->resume;
    return st;
}

/* Of runs whose classifier ended in calling everything one class. */
static void warn_of_runs(const dmg_crossval *crossval)
{
    for (size_t i = 0; i < dmg_crossval_count(crossval); i++) {
        const dmg_crossval_run run = dmg_crossval_get(crossval, i);
        char name[80];
        snprintf(name, sizeof name, "split %.40s of repeat %d:", run.fold, run.repeat);
        if (isnan(run.final[DMG_METRIC_TP])) continue;
        quality_warn_of_calls(command.name, name,
                              (dmg_confusion){.tp = run.final[DMG_METRIC_TP],
                                              .fp = run.final[DMG_METRIC_FP],
                                              .tn = run.final[DMG_METRIC_TN],
                                              .fn = run.final[DMG_METRIC_FN]},
                              "; report.md has its learning curve");
    }
}

/* All scores of each repeat, and those of the fold "test". */
static dmg_status fill_methods(dmg_report_method *methods, size_t *count, dmg_crossval_pool *pools,
                               char (*names)[32], const dmg_crossval *crossval, dmg_error *err)
{
    const int repeats = dmg_crossval_repeats(crossval);
    for (int i = 0; i < 2 * repeats; i++) {
        const int repeat = i % repeats + 1;
        const bool test = i >= repeats;
        dmg_crossval_pool *pool = &pools[*count];
        const dmg_status st = dmg_crossval_pool_init(pool, crossval, repeat, test, err);
        if (st != DMG_OK) return st;
        snprintf(names[*count], sizeof *names, "%srepeat %d", test ? "test, " : "", repeat);
        methods[*count] = (dmg_report_method){names[*count], NAN, pool->values, NULL};
        if (pool->count > 0)
            ++*count;
        else
            dmg_crossval_pool_clear(pool);
    }
    return DMG_OK;
}

static dmg_status write_multiqc(const char *path, const dmg_crossval *crossval, dmg_error *err)
{
    if (!path) return DMG_OK;
    const size_t most = 2 * (size_t)dmg_crossval_repeats(crossval);
    size_t count = 0;
    dmg_report_method *methods = calloc(most, sizeof *methods);
    dmg_crossval_pool *pools = calloc(most, sizeof *pools);
    char(*names)[32] = calloc(most, sizeof *names);
    dmg_status st = methods && pools && names ? DMG_OK : command_nomem(err);
    if (st == DMG_OK) st = fill_methods(methods, &count, pools, names, crossval, err);
    if (st == DMG_OK) st = multiqc_metrics(path, command.name, methods, count, err);
    for (size_t i = 0; i < count; i++) dmg_crossval_pool_clear(&pools[i]);
    free(methods);
    free(pools);
    free(names);
    return st;
}

/* What a baseline needs of the records before it learns from them. */
static dmg_status prepare(dmg_dataset *dataset, const dmg_crossval_options *options, dmg_error *err)
{
    dmg_baseline_method method;
    if (strcmp(options->method, "network") == 0) return DMG_OK;
    const dmg_status st = dmg_baseline_parse(&method, options->method, err);
    if (st != DMG_OK) return st;
    return dmg_baseline_prepare(dataset, method, options->training.seed, options->threads,
                                options->training.cpu, err);
}

static dmg_status cross_validate(const dmg_crossval_options *options, const char *multiqc,
                                 const dmg_dataset *dataset, dmg_error *err)
{
    dmg_crossval *crossval = NULL;
    progress meter = progress_start("epochs");
    dmg_crossval_options own = *options;
    own.progress = show_status;
    own.progress_context = &meter;
    dmg_status st = dmg_crossval_create(&crossval, dataset, &own, err);
    progress_end(&meter);
    if (st == DMG_OK) st = dmg_crossval_write(crossval, err);
    if (st == DMG_UNSUPPORTED && crossval) {
        warn(command.name, "no figures: %s", err->message);
        st = DMG_OK;
    }
    if (st == DMG_OK) st = write_multiqc(multiqc, crossval, err);
    if (st == DMG_OK) warn_of_runs(crossval);
    if (st == DMG_OK)
        note(command.name, "wrote %s/report.md and related files in %.1f s\n", options->folder,
             progress_seconds(&meter));
    if (st == DMG_STOPPED)
        dmg_error_set(err, DMG_STOPPED,
                      "stopped on request; run the same command with --resume to continue");
    dmg_crossval_destroy(crossval);
    return st;
}

static int run_crossval(const crossval_command *options)
{
    dmg_error err;
    dmg_crossval_options crossval;
    dmg_dataset *dataset = NULL;
    char *line = NULL;
    dmg_status st = fill_options(&crossval, options, &err);
    if (st == DMG_OK && options->multiqc) st = command_try_output(options->multiqc, &err);
    if (st == DMG_OK && !(line = print_command(options, &crossval))) st = command_nomem(&err);
    crossval.command = line;
    if (st == DMG_OK) st = dmg_dataset_create(&dataset, &err);
    if (st == DMG_OK) st = load_data(dataset, options, &err);
    if (st == DMG_OK) st = dmg_dataset_fold(dataset, crossval.threads, crossval.training.cpu, &err);
    if (st == DMG_OK) st = prepare(dataset, &crossval, &err);
    if (st == DMG_OK) st = cross_validate(&crossval, options->multiqc, dataset, &err);
    dmg_dataset_destroy(dataset);
    free(line);
    return st == DMG_OK ? EXIT_DONE : command_failed(command.name, &err);
}

static opt_outcome check_options(const crossval_command *options)
{
    if (options->splits && options->groups)
        return opt_refuse(&command, "--splits and --groups cannot be combined");
    if (options->members > 1 && strcmp(options->method, "network") != 0)
        return opt_refuse(&command, "--members requires --method network");
    if (options->members > 1 && options->average_last > 1)
        return opt_refuse(
            &command,
            "--members requires --average-last 1: the members are evaluated after the last epoch");
    const opt_outcome outcome = multiqc_check(&command, options->multiqc);
    return outcome == OPT_RUN ? training_check(&command, &options->training) : outcome;
}

static crossval_command initial_options(void)
{
    const dmg_crossval_options defaults = dmg_crossval_options_defaults();
    return (crossval_command){
        .method = defaults.method,
        .figures = defaults.figures,
        .folds = defaults.folds,
        .repeats = defaults.repeats,
        .members = defaults.members,
        .replicates = (long long)defaults.replicates,
        .seed = (long long)defaults.training.seed,
        .training = training_choice_initial(),
    };
}

int cmd_crossval(int argc, char **argv)
{
    crossval_command options = initial_options();
    opt_list operands;
    opt_outcome outcome = opt_parse(&options, &operands, &command, argc, argv);
    if (outcome == OPT_RUN) outcome = check_options(&options);
    const int status = outcome == OPT_RUN ? run_crossval(&options) : command_not_run(outcome);
    opt_clear(&options, &operands, &command);
    return status;
}
