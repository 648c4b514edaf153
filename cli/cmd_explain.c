/* SPDX-License-Identifier: MIT */
/* deepmirgene explain: what the network saw, and why it decided as it did. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "note.h"
#include "options.h"
#include "progress.h"
#include "row.h"

typedef struct explain_options {
    const char *model;
    double threshold;
    const char *format, *show, *cpu;
    const char *output;
    long long member, draw, mutations, threads;
    bool units;
    opt_list positive, negative;
} explain_options;

static const opt_spec specs[] = {
    OPT_MODEL(explain_options),
    {.name = "member",
     .kind = OPT_INT,
     .offset = offsetof(explain_options, member),
     .argument = "N",
     .preset_help = "the only one",
     .low = 1,
     .high = DMG_MAX_MEMBERS,
     .help = "network to explain, if the model has several"},
    OPT_THRESHOLD(explain_options),
    OPT_FORMAT(explain_options, format, "html|svg|tsv|json", "html",
               "output format: a page, a drawing of a single record,\n"
               "or all numbers as a table or as JSON, one record per\n"
               "line; by the ending of --output if not given"),
    {.name = "show",
     .kind = OPT_TEXT,
     .offset = offsetof(explain_options, show),
     .argument = "LIST",
     .preset = "cell",
     .help = "values of the LSTMs to show, separated by commas:\n"
             "cell, hidden, and the gates input, forget and output"},
    {.name = "draw",
     .kind = OPT_INT,
     .offset = offsetof(explain_options, draw),
     .argument = "N",
     .preset = "200",
     .low = 0,
     .high = 100000,
     .help = "explain the first N records of a page; list the others\n"
             "in its index only"},
    {.name = "mutations",
     .kind = OPT_INT,
     .offset = offsetof(explain_options, mutations),
     .argument = "N",
     .preset = "400",
     .low = 0,
     .high = DMG_EXPLAIN_MAX_LENGTH,
     .help = "map the mutations of sequences of up to N nucleotides,\n"
             "which takes 3 N foldings each; 0: none"},
    {.name = "units",
     .kind = OPT_FLAG,
     .offset = offsetof(explain_options, units),
     .help = "print a table of the LSTM units over labelled\n"
             "sequences instead: which are informative, and which\n"
             "hardly vary"},
    OPT_POSITIVE(explain_options, false),
    OPT_NEGATIVE(explain_options, false),
    OPT_OUTPUT(explain_options),
    OPT_THREADS(explain_options),
    OPT_CPU(explain_options),
    {0},
};

static const opt_command command = {
    .name = "explain",
    .usage = " [options] FILE...\n       deepmirgene explain --units --positive FILE --negative "
             "FILE [options]",
    .description =
        "Shows how the network responds to each sequence of FASTA or FASTQ files, as a\n"
        "self-contained HTML page:\n"
        "\n"
        "  structure    the hairpin, with each nucleotide coloured by its attribution, or\n"
        "               by the probability of its pair among all structures\n"
        "  states       state of each LSTM unit at each position (as in figure 7\n"
        "               of Park et al. 2016)\n"
        "  attribution  contribution of each position to the log odds of p_mirna, by\n"
        "               integrated gradients (Sundararajan et al. 2017)\n"
        "  mutations    change of p_mirna when one nucleotide is replaced; each mutant is\n"
        "               folded again\n"
        "\n"
        "A page of several records begins with an index that can be sorted and searched.\n"
        "\n"
        "With --units, --positive and --negative, prints a table with one row per unit:\n"
        "\n"
        "  variance   variance of the cell state over all positions\n"
        "  auroc      AUROC of the final hidden state as a score of its own; values far\n"
        "             from 0.5 in either direction are informative\n"
        "  gc, stem, loop, bulge\n"
        "             correlation of the cell state with a property of the nucleotide:\n"
        "             G or C, paired, in a hairpin loop, unpaired elsewhere inside a pair\n"
        "  still      yes if the variance is below 5 % of the mean of the layer",
    .examples = "  deepmirgene explain -o hairpins.html hairpins.fa\n"
                "  deepmirgene explain --format tsv --mutations 0 hairpins.fa > states.tsv\n"
                "  deepmirgene explain --units -m model.safetensors \\\n"
                "      -p pre-mirnas.fa -n others.fa -o units.tsv\n",
    .specs = specs,
    .least_operands = 0,
    .operands = "input file",
};

/* --- the run --- */

typedef enum explain_format { FORMAT_HTML, FORMAT_SVG, FORMAT_TSV, FORMAT_JSON } explain_format;

typedef struct explain_run {
    const explain_options *options;
    explain_format format;
    unsigned shown;
    dmg_model *model;
    dmg_classifier *classifier;
    dmg_explainer *explainer;
    dmg_html_report *report; /* of HTML only */
    dmg_output *output;
    size_t records, explained, not_explained;
    progress meter;
} explain_run;

static explain_format format_of(const char *name)
{
    return strcmp(name, "html") == 0  ? FORMAT_HTML
           : strcmp(name, "svg") == 0 ? FORMAT_SVG
           : strcmp(name, "tsv") == 0 ? FORMAT_TSV
                                      : FORMAT_JSON;
}

/* False if a word of the list is none of the states. */
static bool parse_states(unsigned *shown, const char *list)
{
    *shown = 0;
    for (const char *word = list;; word++) {
        const size_t length = strcspn(word, ",");
        int state = 0;
        while (state < DMG_STATES && (strlen(dmg_state_name((dmg_state)state)) != length ||
                                      strncmp(dmg_state_name((dmg_state)state), word, length) != 0))
            state++;
        if (state == DMG_STATES) return false;
        *shown |= 1U << state;
        word += length;
        if (*word == '\0') return true;
    }
}

/* --- one record --- */

static bool is_explained(const explain_run *run, const dmg_result *result)
{
    if (!row_is_scored(result) || result->length > DMG_EXPLAIN_MAX_LENGTH) return false;
    return run->format != FORMAT_HTML || run->explained < (size_t)run->options->draw;
}

/* The numbers over the drawings of a section. */
static void write_verdict(FILE *out, const dmg_result *result, const dmg_explanation *x)
{
    char flags[ROW_FLAGS_TEXT];
    fprintf(out,
            "<p class=\"verdict\"><strong>%s</strong>, p_mirna %.4g <span class=\"bar\">"
            "<i style=\"width:%.1f%%\"></i></span></p>\n<dl class=\"facts\">\n"
            "<dt>length</dt><dd>%zu nucleotides</dd>\n",
            dmg_call_name(result->call), x->p_mirna, 100 * x->p_mirna, x->length);
    if (result->energy != DMG_ENERGY_UNKNOWN)
        fprintf(out, "<dt>free energy</dt><dd>%.2f kcal/mol</dd>\n", result->mfe);
    fprintf(out,
            "<dt>split</dt><dd>after nucleotide %zu</dd>\n<dt>hairpin loops</dt><dd>%d</dd>\n"
            "<dt>flags</dt><dd>%s</dd>\n</dl>\n",
            x->split, x->loops, row_flags(flags, result->flags));
}

static dmg_status write_section(explain_run *run, const dmg_result *result,
                                const dmg_explanation *x, dmg_error *err)
{
    FILE *out;
    const dmg_status st = dmg_html_report_section(&out, run->report, err);
    if (st != DMG_OK) return st;
    write_verdict(out, result, x);
    return dmg_explain_html(out, x, run->shown, err);
}

/* "hsa-let-7a-1: pre-miRNA, p_mirna 0.8142" */
static dmg_status write_drawing(explain_run *run, const dmg_result *result,
                                const dmg_explanation *x, dmg_error *err)
{
    char title[256];
    if (run->explained > 0) {
        return dmg_error_set(
            err, DMG_RANGE,
            "--format svg draws one record, but the input has more; --format html draws them all");
    }
    snprintf(title, sizeof title, "%.150s: %s, p_mirna %.4g", result->id,
             dmg_call_name(result->call), x->p_mirna);
    return dmg_explain_svg(dmg_output_stream(run->output), x, title, run->shown, err);
}

static dmg_status write_explanation(explain_run *run, const dmg_result *result, dmg_error *err)
{
    const size_t id_length = strlen(result->id);
    FILE *out = dmg_output_stream(run->output);
    const dmg_explanation *x;
    dmg_status st = dmg_explain(&x, run->explainer, result->sequence, result->structure,
                                result->length, result->energy, err);
    if (st != DMG_OK) return st;
    switch (run->format) {
    case FORMAT_HTML: st = write_section(run, result, x, err); break;
    case FORMAT_SVG: st = write_drawing(run, result, x, err); break;
    case FORMAT_TSV: dmg_explain_tsv(out, x, result->id, id_length, run->shown); break;
    case FORMAT_JSON: st = dmg_explain_json(out, x, result->id, id_length, run->shown, err); break;
    }
    run->explained++;
    return st;
}

static dmg_status write_result(void *context, const dmg_result *result, dmg_error *err)
{
    explain_run *run = context;
    dmg_status st = DMG_OK;
    run->records++;
    if (run->report) st = row_report(run->report, result, err);
    if (st == DMG_OK && is_explained(run, result))
        st = write_explanation(run, result, err);
    else
        run->not_explained++;
    progress_count(&run->meter, run->records, -1);
    return st;
}

static dmg_status check_output(void *context, const dmg_classify_progress *done, dmg_error *err)
{
    const explain_run *run = context;
    (void)done;
    return dmg_output_check(run->output, err);
}

/* --- the whole --- */

static dmg_status explain_files(explain_run *run, const opt_list *paths, dmg_error *err)
{
    FILE *out = dmg_output_stream(run->output);
    if (run->format == FORMAT_TSV)
        fputs("id\twhat\tstream\tlayer\tunit\tposition\tletter\tvalue\n", out);
    dmg_status st =
        dmg_classify_files(run->classifier, paths->items, paths->count, write_result, run, err);
    if (st == DMG_OK && run->report) st = dmg_html_report_write(run->report, out, err);
    return st;
}

/* The model, or the one of its members that is wanted. */
static dmg_status load_network(dmg_model **out, const explain_options *options, dmg_error *err)
{
    dmg_model *model = NULL;
    dmg_status st = dmg_model_load(&model, options->model, err);
    if (st != DMG_OK || options->member == 0) {
        *out = model;
        return st;
    }
    st = dmg_model_member(out, model, (size_t)options->member - 1, err);
    dmg_model_destroy(model);
    return st;
}

static dmg_status create_parts(explain_run *run, int threads, dmg_cpu cpu, dmg_error *err)
{
    dmg_explain_options options = dmg_explain_options_defaults();
    options.mutations = (size_t)run->options->mutations;
    options.threads = threads;
    options.cpu = cpu;
    dmg_classify_options how = dmg_classify_defaults();
    how.loaded = run->model;
    how.threads = threads;
    how.cpu = cpu;
    how.threshold = run->options->threshold;
    how.progress = check_output;
    how.progress_context = run;
    const dmg_status st = dmg_classifier_create(&run->classifier, &how, err);
    return st == DMG_OK ? dmg_explainer_create(&run->explainer, run->model, &options, err) : st;
}

/* What the page says of the whole; `threshold` holds the text that the facts point to. */
enum { EXPLAIN_FACTS = 5 };

static void describe_run(dmg_html_fact facts[EXPLAIN_FACTS], char threshold[32],
                         const explain_run *run)
{
    const char *training = dmg_model_metadata(run->model, "training");
    snprintf(threshold, 32, "%g", run->options->threshold);
    facts[0] = (dmg_html_fact){"model", run->options->model};
    facts[1] = (dmg_html_fact){"architecture", dmg_model_architecture(run->model)->id};
    facts[2] = (dmg_html_fact){"training", training ? training : "not recorded"};
    facts[3] = (dmg_html_fact){"called from p_mirna", threshold};
    facts[4] = (dmg_html_fact){"version", dmg_version_info().version};
}

static void explain_run_clear(explain_run *run)
{
    dmg_html_report_destroy(run->report);
    dmg_explainer_destroy(run->explainer);
    dmg_classifier_destroy(run->classifier);
    dmg_model_destroy(run->model);
}

static void print_summary(const explain_run *run)
{
    note(command.name, "%zu record%s by model %s", run->explained, command_plural(run->explained),
         run->options->model);
    if (run->not_explained > 0)
        note_more("; %zu not explained (%sempty, or longer than %d)", run->not_explained,
                  run->format == FORMAT_HTML ? "beyond --draw, " : "", DMG_EXPLAIN_MAX_LENGTH);
    note_more("\n");
}

static int run_explain(const explain_options *options, unsigned shown, const opt_list *paths)
{
    dmg_error err;
    dmg_cpu cpu;
    const int threads = command_threads(options->threads);
    explain_run run = {.options = options,
                       .format = format_of(options->format),
                       .shown = shown,
                       .meter = progress_start("records")};
    dmg_html_fact facts[EXPLAIN_FACTS];
    char threshold[32];
    dmg_html_options page = dmg_html_options_defaults();
    page.title = "deepmirgene explain";
    page.facts = facts;
    page.fact_count = EXPLAIN_FACTS;
    dmg_status st = command_cpu(&cpu, options->cpu, &err);
    if (st == DMG_OK) st = command_check_inputs(command.name, paths, &err);
    if (st == DMG_OK) st = load_network(&run.model, options, &err);
    if (st == DMG_OK) st = create_parts(&run, threads, cpu, &err);
    if (st == DMG_OK) describe_run(facts, threshold, &run);
    if (st == DMG_OK && run.format == FORMAT_HTML)
        st = dmg_html_report_create(&run.report, &page, &err);
    if (st == DMG_OK) st = dmg_output_open_text(&run.output, options->output, &err);
    if (st == DMG_OK) st = explain_files(&run, paths, &err);
    progress_end(&run.meter);
    const int status = command_finish(command.name, run.output, st, &err);
    if (status == EXIT_DONE) {
        command_warn_of_no_records(command.name, paths, run.records);
        print_summary(&run);
    }
    explain_run_clear(&run);
    return status;
}

/* --- units --- */

static void print_units(FILE *out, const dmg_unit_summary *units, size_t count)
{
    fputs("stream\tlayer\tunit\tvariance\tauroc\tgc\tstem\tloop\tbulge\tstill\n", out);
    for (size_t i = 0; i < count; i++) {
        const dmg_unit_summary *u = &units[i];
        fprintf(out, "%s\t%zu%s\t%zu\t%.4g\t%.3f", dmg_encode_stream_name(u->stream), u->layer + 1,
                u->reversed ? "r" : "", u->unit + 1, u->variance, u->auroc);
        const double correlations[] = {u->gc, u->stem, u->loop, u->bulge};
        for (size_t k = 0; k < sizeof correlations / sizeof *correlations; k++)
            if (isnan(correlations[k]))
                fputs("\tNaN", out);
            else
                fprintf(out, "\t%.2f", correlations[k]);
        fprintf(out, "\t%s\n", u->still ? "yes" : "no");
    }
}

static dmg_status study_records(dmg_unit_study *study, const dmg_dataset *dataset, dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < dmg_dataset_count(dataset); i++) {
        const dmg_dataset_record r = dmg_dataset_get(dataset, i);
        st =
            dmg_unit_study_add(study, r.sequence, r.structure, r.length, r.energy, r.positive, err);
    }
    return st;
}

static dmg_status load_records(dmg_dataset **dataset, const explain_options *options, int threads,
                               dmg_cpu cpu, dmg_error *err)
{
    dmg_status st = dmg_dataset_create(dataset, err);
    if (st == DMG_OK) st = command_add_files(command.name, *dataset, &options->positive, true, err);
    if (st == DMG_OK)
        st = command_add_files(command.name, *dataset, &options->negative, false, err);
    return st == DMG_OK ? dmg_dataset_fold(*dataset, threads, cpu, err) : st;
}

static int run_units(const explain_options *options)
{
    dmg_error err;
    dmg_cpu cpu;
    dmg_model *model = NULL;
    dmg_dataset *dataset = NULL;
    dmg_unit_study *study = NULL;
    dmg_unit_summary *units = NULL;
    dmg_output *output = NULL;
    size_t count = 0;
    dmg_status st = command_cpu(&cpu, options->cpu, &err);
    if (st == DMG_OK) st = load_network(&model, options, &err);
    if (st == DMG_OK)
        st = load_records(&dataset, options, command_threads(options->threads), cpu, &err);
    if (st == DMG_OK) st = dmg_unit_study_create(&study, model, &err);
    if (st == DMG_OK) st = study_records(study, dataset, &err);
    if (st == DMG_OK) st = dmg_unit_study_finish(&units, &count, study, &err);
    if (st == DMG_OK) st = dmg_output_open_text(&output, options->output, &err);
    if (st == DMG_OK) print_units(dmg_output_stream(output), units, count);
    const int status = command_finish(command.name, output, st, &err);
    free(units);
    dmg_unit_study_destroy(study);
    dmg_dataset_destroy(dataset);
    dmg_model_destroy(model);
    return status;
}

/* --- the command --- */

/* What the option table cannot see. */
static opt_outcome check_options(const explain_options *options, unsigned *shown,
                                 const opt_list *paths)
{
    const bool labelled = options->positive.count > 0 && options->negative.count > 0;
    const bool any = options->positive.count > 0 || options->negative.count > 0;
    if (!parse_states(shown, options->show))
        return opt_refuse(&command, "--show takes cell, hidden, input, forget and output, not '%s'",
                          options->show);
    if (options->units && !labelled)
        return opt_refuse(&command, "--units requires --positive and --negative");
    if (options->units && paths->count > 0)
        return opt_refuse(&command, "--units reads only the files of --positive and --negative");
    if (!options->units && any)
        return opt_refuse(&command, "--positive and --negative require --units");
    if (!options->units && paths->count == 0) return opt_refuse(&command, "no input file given");
    return OPT_RUN;
}

int cmd_explain(int argc, char **argv)
{
    explain_options options = {0};
    opt_list paths;
    unsigned shown = 0;
    opt_outcome outcome = opt_parse(&options, &paths, &command, argc, argv);
    if (outcome == OPT_RUN) outcome = check_options(&options, &shown, &paths);
    const int status = outcome != OPT_RUN ? command_not_run(outcome)
                       : options.units    ? run_units(&options)
                                          : run_explain(&options, shown, &paths);
    opt_clear(&options, &paths, &command);
    return status;
}
