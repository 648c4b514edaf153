/* SPDX-License-Identifier: MIT */
/* deepmirgene evaluate: how good a model is on labelled sequences. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "evaluate_methods.h"
#include "multiqc.h"
#include "options.h"
#include "quality.h"

typedef struct evaluate_options {
    const char *model;
    opt_list positive, negative, methods, learn_positive, learn_negative;
    double threshold;
    const char *format, *output, *predictions, *roc, *pr, *multiqc, *cpu;
    long long bootstrap, seed, threads;
} evaluate_options;

#define OFFSET(member) offsetof(evaluate_options, member)

static const opt_spec specs[] = {
    OPT_MODEL(evaluate_options),
    OPT_POSITIVE(evaluate_options, false),
    OPT_NEGATIVE(evaluate_options, false),
    OPT_THRESHOLD(evaluate_options),
    {.name = "method",
     .kind = OPT_LIST,
     .offset = OFFSET(methods),
     .argument = "NAME",
     .preset_help = "network, mfe-per-length and length",
     .help = "method to evaluate (repeatable): network (the model),\n"
             "mfe-per-length or length (a single number, without\n"
             "threshold), mirena (a rule), or, with sequences to\n"
             "learn from, triplet-svm, mipred, micropred, mirboost,\n"
             "cshmm or boosted-trees"},
    {.name = "learn-positive",
     .kind = OPT_LIST,
     .offset = OFFSET(learn_positive),
     .argument = "FILE",
     .role = OPT_READS,
     .help = "pre-miRNA sequences that these methods learn from\n"
             "(repeatable)"},
    {.name = "learn-negative",
     .kind = OPT_LIST,
     .offset = OFFSET(learn_negative),
     .argument = "FILE",
     .role = OPT_READS,
     .help = "other sequences that they learn from (repeatable)"},
    OPT_BOOTSTRAP(evaluate_options, bootstrap),
    OPT_SEED(evaluate_options, "seed for the bootstrap, and of methods that learn"),
    OPT_FORMAT(evaluate_options, format, "md|tsv|json", "md",
               "output format: Markdown, tab-separated values or\n"
               "JSON; by the ending of --output if not given"),
    {.name = "predictions",
     .kind = OPT_TEXT,
     .offset = OFFSET(predictions),
     .argument = "FILE",
     .role = OPT_WRITES,
     .help = "also write the id, label (1: pre-miRNA) and scores of\n"
             "each sequence to a table"},
    {.name = "roc",
     .kind = OPT_TEXT,
     .offset = OFFSET(roc),
     .argument = "FILE",
     .role = OPT_WRITES,
     .derived = "~.data.tsv",
     .help = "draw the ROC curves with gnuplot to a .svg, .pdf or\n"
             ".png file, and write their points to a table,\n"
             "roc.data.tsv for roc.svg"},
    {.name = "pr",
     .kind = OPT_TEXT,
     .offset = OFFSET(pr),
     .argument = "FILE",
     .role = OPT_WRITES,
     .derived = "~.data.tsv",
     .help = "draw the precision-recall curves, as --roc does"},
    OPT_MULTIQC(evaluate_options, multiqc),
    OPT_OUTPUT(evaluate_options),
    OPT_THREADS(evaluate_options),
    OPT_CPU(evaluate_options),
    {0},
};

static const opt_command command = {
    .name = "evaluate",
    .usage = " [options] --positive FILE --negative FILE",
    .description =
        "Scores labelled sequences with a model and prints a table of metrics with 95 %\n"
        "bootstrap intervals. Metrics at the threshold are given at the class proportions\n"
        "of the data and, if different, for classes of equal size (balanced, as reported\n"
        "by Park et al. 2016). The expected PPV is given for 10, 100 and 1000 negatives\n"
        "per pre-miRNA. AUROC, average precision and recall refer to the proportions of\n"
        "the data. Brier score and calibration error are given for scores that are\n"
        "probabilities. Undefined values, such as the specificity without negatives, are\n"
        "NaN (null in JSON). By default, the table also has two simple scores, length and\n"
        "mfe per length, for comparison with the model.",
    .examples = "  deepmirgene evaluate --positive pre-mirnas.fa --negative others.fa\n"
                "  deepmirgene evaluate -m model.safetensors --threshold 0.9 --format tsv \\\n"
                "      -p pre-mirnas.fa -n others.fa -o metrics.tsv\n"
                "  deepmirgene evaluate --roc roc.svg --pr pr.svg -p pre-mirnas.fa -n others.fa\n",
    .specs = specs,
    .least_operands = -1,
};

/* --- methods --- */

/* One method and its scores of the data. */
typedef struct method_result {
    const evaluated_method *method;
    double threshold;
    float *scores; /* [records] */
    double values[DMG_METRICS];
    dmg_interval intervals[DMG_METRICS];
    dmg_operating_point *points; /* [point_count] */
    size_t point_count;
} method_result;

/* What a run works with and on. */
typedef struct evaluation {
    const evaluate_options *options;
    int threads;
    dmg_cpu cpu;
    dmg_model *model; /* NULL if the network is not asked for */
    dmg_dataset *dataset;
    dmg_dataset *learned; /* what methods learn from; NULL where none does */
    bool *labels;         /* [records] */
    method_result *results;
    size_t count; /* of results */
} evaluation;

static dmg_status list_methods(evaluation *e, dmg_error *err)
{
    const opt_list *wanted = &e->options->methods;
    const size_t count = wanted->count > 0 ? wanted->count : EVALUATED_PRESET;
    e->results = calloc(count, sizeof *e->results);
    if (!e->results) return command_nomem(err);
    e->count = count;
    for (size_t k = 0; k < count; k++) {
        method_result *j = &e->results[k];
        j->method =
            wanted->count > 0 ? evaluated_method_find(wanted->items[k]) : evaluated_method_get(k);
        j->threshold = j->method->is_network ? e->options->threshold
                                             : dmg_baseline_threshold(j->method->baseline);
    }
    return DMG_OK;
}

/* --- input --- */

static dmg_status load_model(evaluation *e, dmg_error *err)
{
    for (size_t k = 0; k < e->count; k++)
        if (e->results[k].method->is_network)
            return dmg_model_load(&e->model, e->options->model, err);
    return DMG_OK;
}

static dmg_status load_set(dmg_dataset **out, const evaluation *e, const opt_list *positive,
                           const opt_list *negative, dmg_error *err)
{
    dmg_status st = dmg_dataset_create(out, err);
    if (st == DMG_OK) st = command_add_files(command.name, *out, positive, true, err);
    if (st == DMG_OK) st = command_add_files(command.name, *out, negative, false, err);
    return st == DMG_OK ? dmg_dataset_fold(*out, e->threads, e->cpu, err) : st;
}

static dmg_status load_data(evaluation *e, dmg_error *err)
{
    const evaluate_options *const o = e->options;
    dmg_status st = load_set(&e->dataset, e, &o->positive, &o->negative, err);
    if (st == DMG_OK && o->learn_positive.count > 0)
        st = load_set(&e->learned, e, &o->learn_positive, &o->learn_negative, err);
    if (st != DMG_OK) return st;
    const size_t count = dmg_dataset_count(e->dataset);
    e->labels = malloc(count * sizeof *e->labels + 1);
    if (!e->labels) return command_nomem(err);
    for (size_t i = 0; i < count; i++) e->labels[i] = dmg_dataset_get(e->dataset, i).positive;
    return DMG_OK;
}

/* --- evaluating --- */

static dmg_status evaluate_method(method_result *j, const evaluation *e, dmg_error *err)
{
    const size_t count = dmg_dataset_count(e->dataset);
    const dmg_bootstrap_options bootstrap = {
        .replicates = (size_t)e->options->bootstrap,
        .seed = (uint64_t)e->options->seed,
        .threads = e->threads,
    };
    const baseline_run run = {e->dataset, e->learned, (uint64_t)e->options->seed, e->threads,
                              e->cpu};
    j->scores = malloc(count * sizeof *j->scores + 1);
    if (!j->scores) return command_nomem(err);
    dmg_status st =
        j->method->is_network
            ? dmg_dataset_predict(j->scores, e->dataset, NULL, e->model, e->threads, e->cpu, err)
            : baseline_run_score(j->scores, &run, j->method->baseline, err);
    if (st == DMG_OK)
        st = dmg_metrics_values(j->values, j->scores, e->labels, count, j->threshold, err);
    if (st == DMG_OK)
        st = dmg_metrics_bootstrap(j->intervals, j->scores, e->labels, count, j->threshold,
                                   &bootstrap, err);
    if (st == DMG_OK)
        st = dmg_metrics_points(&j->points, &j->point_count, j->scores, e->labels, count, err);
    return st;
}

static void evaluation_clear(evaluation *e)
{
    for (size_t k = 0; k < e->count; k++) {
        free(e->results[k].scores);
        free(e->results[k].points);
    }
    free(e->results);
    free(e->labels);
    dmg_dataset_destroy(e->dataset);
    dmg_dataset_destroy(e->learned);
    dmg_model_destroy(e->model);
}

/* --- tables --- */

static size_t count_positives(const evaluation *e)
{
    const dmg_confusion c = e->results[0].points[0].confusion; /* nothing is called */
    return (size_t)c.fn;
}

/* A path in JSON, which knows nothing but UTF-8. */
static json_t *json_path(const char *path)
{
    errno = 0;
    json_t *text = json_string(path);
    return text || errno == ENOMEM ? text : json_string("(a name that is not UTF-8)");
}

/* NULL when memory is out. */
static json_t *json_paths(const opt_list *paths)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < paths->count; i++) {
        if (json_array_append_new(list, json_path(paths->items[i])) == 0) continue;
        json_decref(list);
        list = NULL;
    }
    return list;
}

/* json_dumps leaves out what it finds no memory for; so it is asked twice. */
static char *dump(const json_t *json)
{
    enum { FLAGS = JSON_REAL_PRECISION(4) };
    char *text = json ? json_dumps(json, FLAGS) : NULL;
    char *again = text ? json_dumps(json, FLAGS) : NULL;
    const bool same = again && strcmp(text, again) == 0;
    free(again);
    if (same) return text;
    free(text);
    return NULL;
}

/* What the metrics are of, as JSON text, the caller's to free; NULL when memory is out. */
static char *describe(const evaluation *e)
{
    const evaluate_options *o = e->options;
    const size_t positives = count_positives(e);
    json_t *about = json_pack(
        "{s:s, s:s, s:o, s:{s:o, s:o, s:I, s:I}, s:{s:I, s:I, s:f}}", "program", "deepmirgene",
        "version", dmg_version_info().version, "model",
        e->model ? json_path(o->model) : json_null(), "data", "positive", json_paths(&o->positive),
        "negative", json_paths(&o->negative), "positives", (json_int_t)positives, "negatives",
        (json_int_t)(dmg_dataset_count(e->dataset) - positives), "intervals", "replicates",
        (json_int_t)o->bootstrap, "seed", (json_int_t)o->seed, "coverage", 0.95);
    char *text = dump(about);
    json_decref(about);
    return text;
}

static dmg_status print_json(FILE *out, const evaluation *e, const dmg_report_method *reported,
                             dmg_error *err)
{
    char *about = describe(e);
    if (!about) return command_nomem(err);
    const dmg_status st = dmg_report_json(out, about, reported, e->count, err);
    free(about);
    return st;
}

static dmg_status print_markdown(FILE *out, const evaluation *e, const dmg_report_method *reported,
                                 dmg_error *err)
{
    const size_t positives = count_positives(e);
    const dmg_status st = dmg_report_markdown(out, reported, e->count, err);
    if (st != DMG_OK) return st;
    fprintf(out, "\n%zu positive%s, %zu negative%s.", positives, command_plural(positives),
            dmg_dataset_count(e->dataset) - positives,
            command_plural(dmg_dataset_count(e->dataset) - positives));
    if (e->options->bootstrap > 0)
        fprintf(out, " In brackets: 95 %% intervals by %lld bootstrap replicates (seed %lld).",
                e->options->bootstrap, e->options->seed);
    putc('\n', out);
    return DMG_OK;
}

static dmg_status print_table(FILE *out, const evaluation *e, const dmg_report_method *reported,
                              dmg_error *err)
{
    if (strcmp(e->options->format, "json") == 0) return print_json(out, e, reported, err);
    if (strcmp(e->options->format, "tsv") != 0) return print_markdown(out, e, reported, err);
    dmg_report_tsv(out, reported, e->count);
    return DMG_OK;
}

static dmg_status write_metrics(FILE *out, const evaluation *e, dmg_error *err)
{
    dmg_report_method *reported = malloc(e->count * sizeof *reported);
    if (!reported) return command_nomem(err);
    for (size_t k = 0; k < e->count; k++) {
        const method_result *j = &e->results[k];
        reported[k] = (dmg_report_method){j->method->name, j->threshold, j->values, j->intervals};
    }
    dmg_status st = print_table(out, e, reported, err);
    if (st == DMG_OK)
        st = multiqc_metrics(e->options->multiqc, command.name, reported, e->count, err);
    free(reported);
    return st;
}

static void print_predictions(FILE *out, const evaluation *e)
{
    fputs("id\tlabel", out);
    for (size_t k = 0; k < e->count; k++)
        fprintf(out, "\t%s",
                e->results[k].method->is_network ? "p_mirna" : e->results[k].method->name);
    putc('\n', out);
    for (size_t i = 0; i < dmg_dataset_count(e->dataset); i++) {
        fprintf(out, "%s\t%d", dmg_dataset_get(e->dataset, i).id, e->labels[i]);
        for (size_t k = 0; k < e->count; k++)
            fprintf(out, "\t%.6g", (double)e->results[k].scores[i]);
        putc('\n', out);
    }
}

static dmg_status write_predictions(const evaluation *e, dmg_error *err)
{
    dmg_output *output;
    if (!e->options->predictions) return DMG_OK;
    const dmg_status st = dmg_output_open_text(&output, e->options->predictions, err);
    if (st != DMG_OK) return st;
    print_predictions(dmg_output_stream(output), e);
    return dmg_output_commit(output, err);
}

/* --- figures --- */

typedef dmg_status draw_curves(const char *path, const dmg_report_curve *curves, size_t count,
                               dmg_error *err);

static dmg_status draw(const char *path, draw_curves *drawer, enum dmg_metric area,
                       const evaluation *e, dmg_error *err)
{
    if (!path) return DMG_OK;
    dmg_report_curve *curves = malloc(e->count * sizeof *curves);
    if (!curves) return command_nomem(err);
    for (size_t k = 0; k < e->count; k++) {
        const method_result *j = &e->results[k];
        curves[k] = (dmg_report_curve){j->method->name, j->points, j->point_count, j->values[area]};
    }
    const dmg_status st = drawer(path, curves, e->count, err);
    free(curves);
    return st;
}

/* Draws both even if one fails, as the numbers of each are written on the way. */
static int draw_figures(const evaluation *e)
{
    dmg_error err;
    int status = EXIT_DONE;
    if (draw(e->options->roc, dmg_report_roc, DMG_METRIC_AUROC, e, &err) != DMG_OK)
        status = command_failed(command.name, &err);
    if (draw(e->options->pr, dmg_report_pr, DMG_METRIC_AUPR, e, &err) != DMG_OK)
        status = command_failed(command.name, &err);
    return status;
}

/* --- the whole --- */

static dmg_status check_figure(const char *path, dmg_error *err)
{
    char data_path[DMG_FIGURE_PATH];
    const dmg_status st = dmg_figure_data_path(data_path, path, err);
    return st == DMG_OK ? command_try_output(path, err) : st;
}

static dmg_status check_outputs(const evaluate_options *options, dmg_error *err)
{
    dmg_status st = options->predictions ? command_try_output(options->predictions, err) : DMG_OK;
    if (st == DMG_OK && options->multiqc) st = command_try_output(options->multiqc, err);
    if (st == DMG_OK && options->roc) st = check_figure(options->roc, err);
    if (st == DMG_OK && options->pr) st = check_figure(options->pr, err);
    return st;
}

static void warn_of_calls(const method_result *j)
{
    const dmg_confusion calls = {.tp = j->values[DMG_METRIC_TP],
                                 .fp = j->values[DMG_METRIC_FP],
                                 .tn = j->values[DMG_METRIC_TN],
                                 .fn = j->values[DMG_METRIC_FN]};
    if (!isnan(calls.tp))
        quality_warn_of_calls(command.name, j->method->name, calls, " at this threshold");
}

static int run_evaluate(const evaluate_options *options)
{
    dmg_error err;
    dmg_output *output = NULL;
    evaluation e = {.options = options, .threads = command_threads(options->threads)};
    dmg_status st = command_cpu(&e.cpu, options->cpu, &err);
    if (st == DMG_OK) st = list_methods(&e, &err);
    if (st == DMG_OK) st = check_outputs(options, &err);
    if (st == DMG_OK) st = dmg_output_open_text(&output, options->output, &err);
    if (st == DMG_OK) st = load_model(&e, &err);
    if (st == DMG_OK) st = load_data(&e, &err);
    for (size_t k = 0; st == DMG_OK && k < e.count; k++)
        st = evaluate_method(&e.results[k], &e, &err);
    for (size_t k = 0; st == DMG_OK && k < e.count; k++) warn_of_calls(&e.results[k]);
    if (st == DMG_OK) st = write_metrics(dmg_output_stream(output), &e, &err);
    if (st == DMG_OK) st = write_predictions(&e, &err);
    int status = command_finish(command.name, output, st, &err);
    if (status == EXIT_DONE) status = draw_figures(&e);
    evaluation_clear(&e);
    return status;
}

static opt_outcome check_methods(const evaluate_options *options)
{
    const bool learns = options->learn_positive.count > 0 && options->learn_negative.count > 0;
    for (size_t i = 0; i < options->methods.count; i++) {
        const char *const name = options->methods.items[i];
        const evaluated_method *method = evaluated_method_find(name);
        if (!method)
            return opt_refuse(&command,
                              "--method '%s': expected one of network, mfe-per-length, length, "
                              "mirena, triplet-svm, mipred, micropred, mirboost, cshmm, "
                              "boosted-trees",
                              name);
        if (method->learns && !learns)
            return opt_refuse(&command,
                              "--method %s requires --learn-positive and --learn-negative, "
                              "sequences to learn from",
                              name);
    }
    return OPT_RUN;
}

static opt_outcome check_options(const evaluate_options *options)
{
    const char *const figures[] = {options->roc, options->pr};
    dmg_error err;
    if (options->positive.count + options->negative.count == 0)
        return opt_refuse(&command, "--positive or --negative is required");
    const opt_outcome outcome = check_methods(options);
    if (outcome != OPT_RUN) return outcome;
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (figures[i] && dmg_figure_check_path(figures[i], &err) != DMG_OK)
            return opt_refuse(&command, "%s", err.message);
    return multiqc_check(&command, options->multiqc);
}

int cmd_evaluate(int argc, char **argv)
{
    const dmg_bootstrap_options bootstrap = dmg_bootstrap_options_defaults();
    evaluate_options options = {.bootstrap = (long long)bootstrap.replicates,
                                .seed = (long long)bootstrap.seed};
    opt_list operands;
    opt_outcome outcome = opt_parse(&options, &operands, &command, argc, argv);
    if (outcome == OPT_RUN) outcome = check_options(&options);
    const int status = outcome == OPT_RUN ? run_evaluate(&options) : command_not_run(outcome);
    opt_clear(&options, &operands, &command);
    return status;
}
