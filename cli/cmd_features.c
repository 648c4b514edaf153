/* SPDX-License-Identifier: MIT */
/* deepmirgene features: what other programs classify by, as a table. */
#include <math.h>
#include <stdio.h>

#include "command.h"
#include "options.h"
#include "progress.h"
#include "row.h"

typedef struct features_options {
    bool columns, skip_bad;
    const char *output, *cpu;
    long long shuffles, seed, threads;
} features_options;

static const opt_spec specs[] = {
    {.name = "shuffles",
     .kind = OPT_INT,
     .offset = offsetof(features_options, shuffles),
     .argument = "N",
     .own_preset = true,
     .low = 0,
     .high = DMG_FEATURES_MAX_SHUFFLES,
     .help = "add the columns p_value and zG to zD, which compare\n"
             "each sequence with N shuffles of it that have the same\n"
             "dinucleotides (zQ and zD with a quarter of them); the\n"
             "articles used 1000"},
    OPT_SEED(features_options, "seed of the shuffles"),
    {.name = "columns",
     .kind = OPT_FLAG,
     .offset = offsetof(features_options, columns),
     .help = "print the table of columns instead: name, unit,\n"
             "formula, source"},
    OPT_OUTPUT(features_options),
    OPT_SKIP_BAD(features_options),
    OPT_THREADS(features_options),
    OPT_CPU(features_options),
    {0},
};

static const opt_command command = {
    .name = "features",
    .usage = " [options] FILE...",
    .description =
        "Computes the features by which other programs tell pre-miRNAs from hairpins, for\n"
        "each sequence in FASTA or FASTQ files (plain, gzip or bgzip; '-' is standard\n"
        "input). The table has one row for each record: composition, triplets, energies,\n"
        "stems and loops of the structure, and the ensemble of structures. A structure\n"
        "in the file is used in place of folding. A record without structure or energy\n"
        "has NA in all columns.\n"
        "\n"
        "The values of a sequence depend on its letters, its structure, the number of\n"
        "shuffles and the seed, not on other records or the number of threads.",
    .examples = "  deepmirgene features hairpins.fa > features.tsv\n"
                "  deepmirgene features --shuffles 100 -o features.tsv.gz hairpins.fa.gz\n"
                "  deepmirgene features --columns\n",
    .specs = specs,
    .least_operands = 0,
    .operands = "input file",
};

typedef struct features_run {
    unsigned families;
    dmg_output *output;
    size_t records, too_long, faults;
    progress meter;
} features_run;

static bool is_shown(const features_run *run, size_t k)
{
    return dmg_feature_get(k)->family & run->families;
}

static void print_header(FILE *out, const features_run *run)
{
    fputs("id", out);
    for (size_t k = 0; k < dmg_feature_count(); k++)
        if (is_shown(run, k)) fprintf(out, "\t%s", dmg_feature_get(k)->name);
    putc('\n', out);
}

static dmg_status print_result(void *context, const dmg_result *result, dmg_error *err)
{
    features_run *run = context;
    FILE *out = dmg_output_stream(run->output);
    (void)err;
    run->records++;
    if (result->flags & DMG_FLAG_TOO_LONG)
        run->too_long = row_report_fault(command.name, result, run->too_long);
    if (result->flags & (DMG_FLAG_MALFORMED | DMG_FLAG_NO_MEMORY))
        run->faults = row_report_fault(command.name, result, run->faults);
    fputs(result->id, out);
    for (size_t k = 0; k < dmg_feature_count(); k++) {
        if (!is_shown(run, k)) continue;
        if (result->features && !isnan(result->features[k]))
            fprintf(out, "\t%.6g", result->features[k]);
        else
            fputs("\tNA", out);
    }
    putc('\n', out);
    return DMG_OK;
}

static dmg_status show_progress(void *context, const dmg_classify_progress *done, dmg_error *err)
{
    features_run *run = context;
    progress_count(&run->meter, done->records, done->share);
    return dmg_output_check(run->output, err);
}

static void print_columns(FILE *out)
{
    fputs("name\tunit\tformula\tsource\n", out);
    for (size_t k = 0; k < dmg_feature_count(); k++) {
        const dmg_feature_column *column = dmg_feature_get(k);
        fprintf(out, "%s\t%s\t%s\t%s\n", column->name, column->unit[0] ? column->unit : "-",
                column->formula, column->source);
    }
}

static int write_columns(const features_options *options)
{
    dmg_error err;
    dmg_output *output = NULL;
    const dmg_status st = dmg_output_open_text(&output, options->output, &err);
    if (st == DMG_OK) print_columns(dmg_output_stream(output));
    return command_finish(command.name, output, st, &err);
}

static dmg_status fill_options(dmg_classify_options *how, features_run *run,
                               const features_options *options, dmg_error *err)
{
    *how = dmg_classify_defaults();
    how->fold_only = true;
    how->features = run->families;
    how->shuffles = (int)options->shuffles;
    how->seed = (uint64_t)options->seed;
    how->threads = command_threads(options->threads);
    how->progress = show_progress;
    how->progress_context = run;
    how->skip_malformed = options->skip_bad;
    return command_cpu(&how->cpu, options->cpu, err);
}

static int run_features(const features_options *options, const opt_list *paths)
{
    features_run run = {.families = options->shuffles > 0 ? DMG_FEATURES_ALL : DMG_FEATURES_PLAIN,
                        .meter = progress_start_beside("records", options->output)};
    dmg_error err;
    dmg_classifier *classifier = NULL;
    dmg_classify_options how;
    dmg_status st = fill_options(&how, &run, options, &err);
    if (st == DMG_OK) st = command_check_inputs(command.name, paths, &err);
    if (st == DMG_OK) st = dmg_classifier_create(&classifier, &how, &err);
    if (st == DMG_OK) st = dmg_output_open_text(&run.output, options->output, &err);
    if (st == DMG_OK) {
        print_header(dmg_output_stream(run.output), &run);
        st = dmg_classify_files(classifier, paths->items, paths->count, print_result, &run, &err);
    }
    progress_end(&run.meter);
    dmg_classifier_destroy(classifier);
    const int status = command_finish(command.name, run.output, st, &err);
    if (status == EXIT_DONE) command_warn_of_no_records(command.name, paths, run.records);
    return status == EXIT_DONE && run.faults > 0 ? EXIT_FAILED : status;
}

static int dispatch(const features_options *options, const opt_list *paths)
{
    if (options->columns) return write_columns(options);
    if (paths->count == 0) return command_not_run(opt_refuse(&command, "no input file given"));
    return run_features(options, paths);
}

int cmd_features(int argc, char **argv)
{
    features_options options = {.seed = (long long)dmg_classify_defaults().seed};
    opt_list paths;
    const opt_outcome outcome = opt_parse(&options, &paths, &command, argc, argv);
    const int status = outcome == OPT_RUN ? dispatch(&options, &paths) : command_not_run(outcome);
    opt_clear(&options, &paths, &command);
    return status;
}
