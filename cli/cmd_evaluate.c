/* deepmirgene evaluate: how good a model is on labelled sequences.
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "command.h"

typedef struct evaluate_options {
    const char *model;
    opt_list positive, negative;
    double threshold;
    const char *output, *cpu;
    long long threads;
} evaluate_options;

#define OFFSET(member) offsetof(evaluate_options, member)

static const opt_spec specs[] = {
    {.name = "model",
     .letter = 'm',
     .kind = OPT_TEXT,
     .offset = OFFSET(model),
     .argument = "NAME|FILE",
     .preset = "human",
     .help = "a built-in model ('deepmirgene version' lists them)\n"
             "or a file written by 'deepmirgene train'"},
    {.name = "positive",
     .letter = 'p',
     .kind = OPT_LIST,
     .offset = OFFSET(positive),
     .argument = "FILE",
     .help = "pre-miRNAs; give it several times for several files"},
    {.name = "negative",
     .letter = 'n',
     .kind = OPT_LIST,
     .offset = OFFSET(negative),
     .argument = "FILE",
     .help = "other sequences; likewise"},
    {.name = "threshold",
     .kind = OPT_REAL,
     .offset = OFFSET(threshold),
     .argument = "P",
     .preset = "0.5",
     .low = 0,
     .high = 1,
     .help = "call a pre-miRNA from this probability on"},
    {.name = "output",
     .letter = 'o',
     .kind = OPT_TEXT,
     .offset = OFFSET(output),
     .argument = "FILE",
     .preset = "-",
     .preset_help = "standard output",
     .help = "write there, the whole file or none"},
    OPT_THREADS(evaluate_options),
    OPT_CPU(evaluate_options),
    {0},
};

static const opt_command command = {
    .name = "evaluate",
    .usage = " [options] --positive FILE --negative FILE",
    .description =
        "Judges labelled sequences with a model and prints a table of metrics: those at\n"
        "the threshold once at the proportions of the data (raw) and once as if both\n"
        "classes were equally large (balanced, as Park et al. 2016 report them); AUROC\n"
        "and average precision (AUPR) at the proportions of the data. What is undefined\n"
        "is NaN, such as the specificity when there are pre-miRNAs alone.",
    .specs = specs,
    .least_operands = -1,
};

/* Fills scores and labels [records of the dataset]. */
static dmg_status score(float *scores, bool *labels, const dmg_dataset *dataset,
                        const dmg_model *model, int threads, dmg_cpu cpu, dmg_error *err)
{
    const size_t count = dmg_dataset_count(dataset);
    dmg_predictor *predictor = NULL;
    dmg_predict_task *tasks = malloc(count * sizeof *tasks + 1);
    dmg_status st = tasks ? DMG_OK : command_nomem(err);
    for (size_t i = 0; st == DMG_OK && i < count; i++) {
        const dmg_dataset_record record = dmg_dataset_get(dataset, i);
        tasks[i] = (dmg_predict_task){
            .sequence = record.sequence, .structure = record.structure, .length = record.length};
        labels[i] = record.positive;
    }
    if (st == DMG_OK) st = dmg_predictor_create(&predictor, model, threads, cpu, err);
    if (st == DMG_OK) st = dmg_predict(predictor, tasks, count, err);
    for (size_t i = 0; st == DMG_OK && i < count; i++) scores[i] = tasks[i].p_mirna;
    dmg_predictor_destroy(predictor);
    free(tasks);
    return st;
}

static void print_number(FILE *out, double value)
{
    if (isnan(value))
        fputs("\tNaN", out);
    else
        fprintf(out, "\t%.4f", value);
}

static void print_row(FILE *out, const char *name, double raw, double balanced)
{
    fputs(name, out);
    print_number(out, raw);
    print_number(out, balanced);
    putc('\n', out);
}

static void print_metrics(FILE *out, dmg_confusion confusion, const dmg_rank_metrics *ranks)
{
    const dmg_call_metrics raw = dmg_metrics_calls(confusion);
    const dmg_call_metrics even = dmg_metrics_calls(dmg_metrics_balanced(confusion));
    fprintf(out, "metric\traw\tbalanced\n");
    fprintf(out, "TP\t%.0f\tNaN\nFP\t%.0f\tNaN\nTN\t%.0f\tNaN\nFN\t%.0f\tNaN\n", confusion.tp,
            confusion.fp, confusion.tn, confusion.fn);
    print_row(out, "SE", raw.se, even.se);
    print_row(out, "SP", raw.sp, even.sp);
    print_row(out, "ACC", raw.acc, even.acc);
    print_row(out, "PPV", raw.ppv, even.ppv);
    print_row(out, "F", raw.f, even.f);
    print_row(out, "MCC", raw.mcc, even.mcc);
    print_row(out, "gmean", raw.gmean, even.gmean);
    print_row(out, "AUROC", ranks->auroc, NAN);
    print_row(out, "AUPR", ranks->aupr, NAN);
}

static dmg_status evaluate(FILE *out, const dmg_dataset *dataset, const dmg_model *model,
                           const evaluate_options *options, dmg_cpu cpu, dmg_error *err)
{
    const size_t count = dmg_dataset_count(dataset);
    float *scores = malloc(count * sizeof *scores + 1);
    bool *labels = malloc(count * sizeof *labels + 1);
    dmg_rank_metrics ranks;
    dmg_status st = scores && labels ? DMG_OK : command_nomem(err);
    if (st == DMG_OK)
        st = score(scores, labels, dataset, model, command_threads(options->threads), cpu, err);
    if (st == DMG_OK) st = dmg_metrics_ranks(&ranks, scores, labels, count, err);
    if (st == DMG_OK)
        print_metrics(out, dmg_metrics_confusion(scores, labels, count, options->threshold),
                      &ranks);
    free(scores);
    free(labels);
    return st;
}

static int run_evaluate(const evaluate_options *options)
{
    dmg_error err;
    dmg_model *model = NULL;
    dmg_dataset *dataset = NULL;
    dmg_output *output = NULL;
    dmg_cpu cpu;
    dmg_status st = command_cpu(&cpu, options->cpu, &err);
    if (st == DMG_OK) st = command_check_output(options->output, &options->positive, &err);
    if (st == DMG_OK) st = command_check_output(options->output, &options->negative, &err);
    if (st == DMG_OK) st = command_open_output(&output, options->output, &err);
    if (st == DMG_OK) st = dmg_model_load(&model, options->model, &err);
    if (st == DMG_OK) st = dmg_dataset_create(&dataset, &err);
    if (st == DMG_OK) st = command_add_files(dataset, &options->positive, true, &err);
    if (st == DMG_OK) st = command_add_files(dataset, &options->negative, false, &err);
    if (st == DMG_OK) st = dmg_dataset_fold(dataset, command_threads(options->threads), cpu, &err);
    if (st == DMG_OK) st = evaluate(dmg_output_stream(output), dataset, model, options, cpu, &err);
    const int status = command_finish(command.name, output, st, &err);
    dmg_dataset_destroy(dataset);
    dmg_model_destroy(model);
    return status;
}

static opt_outcome check_options(const evaluate_options *options)
{
    if (options->positive.count + options->negative.count > 0) return OPT_RUN;
    return opt_refuse(&command, "neither --positive nor --negative is given");
}

int cmd_evaluate(int argc, char **argv)
{
    evaluate_options options = {0};
    opt_list operands;
    opt_outcome outcome = opt_parse(&options, &operands, &command, argc, argv);
    if (outcome == OPT_RUN) outcome = check_options(&options);
    const int status = outcome == OPT_RUN ? run_evaluate(&options) : command_not_run(outcome);
    opt_clear(&options, &operands, &command);
    return status;
}
