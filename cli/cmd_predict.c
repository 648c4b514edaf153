/* SPDX-License-Identifier: MIT */
/* deepmirgene predict: the probability of each sequence to be a precursor. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "note.h"
#include "options.h"
#include "progress.h"
#include "row.h"

typedef struct predict_options {
    const char *model;
    double threshold, prior;
    const char *format, *cpu;
    const char *output, *report;
    long long threads;
    bool mature, skip_bad;
} predict_options;

static const opt_spec specs[] = {
    OPT_MODEL(predict_options),
    OPT_THRESHOLD(predict_options),
    OPT_PRIOR(predict_options, "prior of the calibration",
              "expected fraction of pre-miRNAs among the records (for\n"
              "example 0.001), to which p_mirna is adjusted; requires\n"
              "a calibrated model"),
    {.name = "mature",
     .kind = OPT_FLAG,
     .offset = offsetof(predict_options, mature),
     .help = "also predict the mature sequence of each arm: adds\n"
             "four columns"},
    OPT_FORMAT(predict_options, format, "tsv|jsonl|gff3", "tsv",
               "output format: table, JSON Lines, or GFF3 of the\n"
               "pre-miRNAs; by the ending of --output if not given"),
    OPT_OUTPUT(predict_options),
    OPT_REPORT(predict_options, report, "records"),
    OPT_SKIP_BAD(predict_options),
    OPT_THREADS(predict_options),
    OPT_CPU(predict_options),
    {0},
};

static const opt_command command = {
    .name = "predict",
    .usage = " [options] FILE...",
    .description =
        "Predicts the probability that each sequence is a microRNA precursor. Reads FASTA\n"
        "or FASTQ files (plain, gzip or bgzip; '-' is standard input) and folds each\n"
        "sequence, unless the file gives its structure as RNAfold prints it. Prints one\n"
        "row per record, in input order:\n"
        "\n"
        "  id         first word of the header\n"
        "  length     in nucleotides\n"
        "  p_mirna    probability of being a pre-miRNA, 0 to 1; NA if not scored\n"
        "  call       pre-miRNA, other, or NA\n"
        "  mfe        free energy of the structure, kcal/mol; NA if not known\n"
        "  structure  in dot-bracket notation\n" ROW_FLAGS_HELP "\n"
        "  hairpin_start, hairpin_end\n"
        "             the part that was scored, 1-based: the whole record, or the best\n"
        "             hairpin of a long one\n"
        "\n"
        "Additional columns with --mature, NA if the arms are too short:\n"
        "\n"
        "  mature_5p  mature sequence of the 5p arm, as start-end, 1-based\n"
        "  p_5p       probability that its 5' end is within one nucleotide of this start\n"
        "  mature_3p  mature sequence of the 3p arm\n"
        "  p_3p       probability that its 5' end is within one nucleotide of this start\n"
        "\n"
        "GFF3 holds the pre-miRNAs only. Positions are those within the record, so that\n"
        "records need different names; --mature adds the mature sequences as features.",
    .examples = "  deepmirgene predict hairpins.fa > predictions.tsv\n"
                "  deepmirgene predict --threshold 0.9 --mature -o predictions.tsv hairpins.fa.gz\n"
                "  deepmirgene predict --report hairpins.html -o predictions.tsv hairpins.fa\n",
    .specs = specs,
    .least_operands = 1,
    .operands = "input file",
};

/* --- counting --- */

typedef struct predict_counts {
    size_t records, faults, precursors, others, not_scored, ambiguous;
} predict_counts;

static void count_result(predict_counts *counts, const dmg_result *result)
{
    counts->records++;
    counts->ambiguous += (result->flags & DMG_FLAG_AMBIGUOUS) != 0;
    switch (result->call) {
    case DMG_CALL_NONE: counts->not_scored++; break;
    case DMG_CALL_OTHER: counts->others++; break;
    case DMG_CALL_PRECURSOR: counts->precursors++; break;
    }
}

/* --- writing --- */

static void print_arm(FILE *out, const dmg_mature *mature, const dmg_mature_arm *arm)
{
    if (mature->found)
        fprintf(out, "\t%zu-%zu\t%.3f", arm->start + 1, arm->end, arm->p_start_near);
    else
        fputs("\tNA\tNA", out);
}

static bool print_tsv(FILE *out, const dmg_result *result)
{
    const bool scored = row_is_scored(result);
    char flags[ROW_FLAGS_TEXT];
    if (result->fault)
        fprintf(out, "%s\tNA\t", result->id);
    else
        fprintf(out, "%s\t%zu\t", result->id, result->length);
    if (scored)
        fprintf(out, "%.6g\t%s\t", result->p_mirna, dmg_call_name(result->call));
    else
        fputs("NA\tNA\t", out);
    if (result->energy != DMG_ENERGY_UNKNOWN)
        fprintf(out, "%.2f\t", result->mfe);
    else
        fputs("NA\t", out);
    fprintf(out, "%s\t", scored ? result->structure : "NA");
    fputs(row_flags(flags, result->flags), out);
    if (scored && result->hairpin_end > 0)
        fprintf(out, "\t%zu\t%zu", result->hairpin_start + 1, result->hairpin_end);
    else
        fputs("\tNA\tNA", out);
    if (result->mature) {
        print_arm(out, result->mature, &result->mature->arm_5p);
        print_arm(out, result->mature, &result->mature->arm_3p);
    }
    putc('\n', out);
    return true;
}

/* A string of JSON; in an id that is not UTF-8, bytes beyond ASCII become '?'. */
static json_t *json_id(const char *bytes)
{
    errno = 0;
    json_t *id = json_string(bytes);
    if (id || errno == ENOMEM) return id;
    const size_t length = strlen(bytes);
    char *ascii = malloc(length + 1);
    for (size_t i = 0; ascii && i < length; i++)
        ascii[i] = (unsigned char)bytes[i] < 0x80 ? bytes[i] : '?';
    id = ascii ? json_stringn(ascii, length) : NULL;
    free(ascii);
    return id;
}

/* The value with as many decimals as the table has, so that both formats say the same. */
static json_t *json_rounded(bool present, double value, const char *format)
{
    if (!present) return json_null();
    char text[32];
    snprintf(text, sizeof text, format, value);
    return json_real(strtod(text, NULL));
}

static json_t *json_place(bool present, size_t place)
{
    return present ? json_integer((json_int_t)place) : json_null();
}

static json_t *json_flags(unsigned flags)
{
    json_t *list = json_array();
    for (size_t i = 0; list && dmg_flag_name(i); i++) {
        if (!(flags >> i & 1)) continue;
        if (json_array_append_new(list, json_string(dmg_flag_name(i))) == 0) continue;
        json_decref(list);
        list = NULL;
    }
    return list;
}

/* 1-based and closed, as in the table. */
static json_t *json_arm(const dmg_mature *mature, const dmg_mature_arm *arm)
{
    if (!mature->found) return json_null();
    return json_pack("{s:I, s:I, s:o}", "start", (json_int_t)arm->start + 1, "end",
                     (json_int_t)arm->end, "p", json_rounded(true, arm->p_start_near, "%.3f"));
}

static int add_mature(json_t *object, const dmg_mature *mature)
{
    return json_object_set_new(object, "mature_5p", json_arm(mature, &mature->arm_5p)) |
           json_object_set_new(object, "mature_3p", json_arm(mature, &mature->arm_3p));
}

/* False when memory is out; a refused write is seen by dmg_output_check. */
static bool print_json(FILE *out, const dmg_result *result)
{
    const bool scored = row_is_scored(result);
    const bool placed = scored && result->hairpin_end > 0;
    json_t *object = json_pack(
        "{s:o, s:o, s:o, s:s?, s:o, s:s?, s:o, s:o, s:o}", "id", json_id(result->id), "length",
        result->fault ? json_null() : json_integer((json_int_t)result->length), "p_mirna",
        json_rounded(scored, result->p_mirna, "%.6g"), "call",
        scored ? dmg_call_name(result->call) : NULL, "mfe",
        json_rounded(result->energy != DMG_ENERGY_UNKNOWN, result->mfe, "%.2f"), "structure",
        scored ? result->structure : NULL, "flags", json_flags(result->flags), "hairpin_start",
        json_place(placed, result->hairpin_start + 1), "hairpin_end",
        json_place(placed, result->hairpin_end));
    if (!object || (result->mature && add_mature(object, result->mature) != 0)) return false;
    const int dumped = json_dumpf(object, out, JSON_COMPACT | JSON_REAL_PRECISION(12));
    putc('\n', out);
    json_decref(object);
    return dumped == 0 || ferror(out);
}

static bool print_gff3(FILE *out, const dmg_result *result)
{
    dmg_result_write_gff3(out, result);
    return true;
}

static void print_tsv_head(FILE *out, bool mature)
{
    fprintf(out, "id\tlength\tp_mirna\tcall\tmfe\tstructure\tflags\thairpin_start\thairpin_end%s\n",
            mature ? "\tmature_5p\tp_5p\tmature_3p\tp_3p" : "");
}

static void print_json_head(FILE *out, bool mature)
{
    (void)out, (void)mature;
}

static void print_gff3_head(FILE *out, bool mature)
{
    (void)mature;
    fputs("##gff-version 3\n", out);
}

typedef struct predict_format {
    const char *name;
    void (*head)(FILE *out, bool mature);
    bool (*row)(FILE *out, const dmg_result *result); /* false: memory is out */
} predict_format;

static const predict_format formats[] = {
    {"tsv", print_tsv_head, print_tsv},
    {"jsonl", print_json_head, print_json},
    {"gff3", print_gff3_head, print_gff3},
};

/* `name` is one of them. */
static const predict_format *format_named(const char *name)
{
    const predict_format *format = formats;
    while (strcmp(format->name, name) != 0) format++;
    return format;
}

/* --- the run --- */

typedef struct predict_run {
    const predict_options *options;
    const predict_format *format;
    dmg_classifier *classifier;
    dmg_output *output;
    dmg_html_report *report; /* NULL: none is asked for */
    predict_counts counts;
    progress meter;
} predict_run;

static dmg_status print_result(void *context, const dmg_result *result, dmg_error *err)
{
    predict_run *run = context;
    FILE *out = dmg_output_stream(run->output);
    if (!run->format->row(out, result)) return command_nomem(err);
    count_result(&run->counts, result);
    if (result->flags & (DMG_FLAG_MALFORMED | DMG_FLAG_NO_MEMORY))
        run->counts.faults = row_report_fault(command.name, result, run->counts.faults);
    return run->report ? row_report(run->report, result, err) : DMG_OK;
}

static dmg_status show_progress(void *context, const dmg_classify_progress *done, dmg_error *err)
{
    predict_run *run = context;
    progress_count(&run->meter, done->records, done->share);
    return dmg_output_check(run->output, err);
}

static void print_summary(const predict_counts *counts, const char *model)
{
    note(command.name, "%zu record%s by model %s: %zu pre-miRNA, %zu other", counts->records,
         command_plural(counts->records), model, counts->precursors, counts->others);
    if (counts->not_scored > 0) note_more(", %zu not scored", counts->not_scored);
    if (counts->ambiguous > 0)
        note_more("; %zu in total contain letters other than ACGTU", counts->ambiguous);
    note_more("\n");
}

/* --- the report --- */

static dmg_status begin_report(predict_run *run, const dmg_html_options *options, dmg_error *err)
{
    if (!run->options->report) return DMG_OK;
    const dmg_status st = command_try_output(run->options->report, err);
    return st == DMG_OK ? dmg_html_report_create(&run->report, options, err) : st;
}

static dmg_status write_report(const predict_run *run, dmg_error *err)
{
    if (!run->report) return DMG_OK;
    dmg_output *output;
    dmg_status st = dmg_output_open_text(&output, run->options->report, err);
    if (st != DMG_OK) return st;
    st = dmg_html_report_write(run->report, dmg_output_stream(output), err);
    if (st == DMG_OK) return dmg_output_commit(output, err);
    dmg_output_discard(output);
    return st;
}

static dmg_status create_classifier(predict_run *run, dmg_error *err)
{
    const predict_options *options = run->options;
    dmg_classify_options how = dmg_classify_defaults();
    how.model = options->model;
    how.threads = command_threads(options->threads);
    how.threshold = options->threshold;
    how.prior = options->prior;
    how.mature = options->mature;
    how.progress = show_progress;
    how.progress_context = run;
    how.skip_malformed = options->skip_bad;
    const dmg_status st = command_cpu(&how.cpu, options->cpu, err);
    return st == DMG_OK ? dmg_classifier_create(&run->classifier, &how, err) : st;
}

static dmg_status predict_files(predict_run *run, const opt_list *paths, dmg_error *err)
{
    run->format->head(dmg_output_stream(run->output), run->options->mature);
    return dmg_classify_files(run->classifier, paths->items, paths->count, print_result, run, err);
}

static int run_predict(const predict_options *options, const opt_list *paths)
{
    dmg_error err;
    predict_run run = {.options = options,
                       .format = format_named(options->format),
                       .meter = progress_start_beside("records", options->output)};
    char threshold[32], prior[32];
    snprintf(threshold, sizeof threshold, "%g", options->threshold);
    snprintf(prior, sizeof prior, "%g", options->prior);
    const dmg_html_fact facts[] = {{"model", options->model},
                                   {"called from p_mirna", threshold},
                                   {"version", dmg_version_info().version},
                                   {"share of pre-miRNAs", prior}};
    dmg_html_options page = dmg_html_options_defaults();
    page.title = "deepmirgene predict";
    page.facts = facts;
    page.fact_count = sizeof facts / sizeof *facts - (options->prior == 0);
    dmg_status st = command_check_inputs(command.name, paths, &err);
    if (st == DMG_OK) st = create_classifier(&run, &err);
    if (st == DMG_OK) st = dmg_output_open_text(&run.output, options->output, &err);
    if (st == DMG_OK) st = begin_report(&run, &page, &err);
    if (st == DMG_OK) st = predict_files(&run, paths, &err);
    if (st == DMG_OK) st = write_report(&run, &err);
    progress_end(&run.meter);
    int status = command_finish(command.name, run.output, st, &err);
    if (status == EXIT_DONE) {
        command_warn_of_no_records(command.name, paths, run.counts.records);
        print_summary(&run.counts, options->model);
    }
    if (status == EXIT_DONE && run.counts.faults > 0) status = EXIT_FAILED;
    dmg_html_report_destroy(run.report);
    dmg_classifier_destroy(run.classifier);
    return status;
}

int cmd_predict(int argc, char **argv)
{
    predict_options options = {0};
    opt_list paths;
    const opt_outcome outcome = opt_parse(&options, &paths, &command, argc, argv);
    const int status =
        outcome == OPT_RUN ? run_predict(&options, &paths) : command_not_run(outcome);
    opt_clear(&options, &paths, &command);
    return status;
}
