/* SPDX-License-Identifier: MIT */
/* deepmirgene fold: minimum-free-energy structures. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "options.h"
#include "progress.h"
#include "row.h"

typedef struct fold_options {
    bool tsv, skip_bad, partition, mea;
    const char *format, *output, *cpu;
    long long threads;
} fold_options;

static const opt_spec specs[] = {
    OPT_FORMAT(fold_options, format, "rnafold|tsv", "rnafold",
               "output format: RNAfold's, or a table with the columns\n"
               "id, length, structure and mfe (and with --partition\n"
               "ensemble_energy, frequency, diversity, pairing,\n"
               "centroid, centroid_energy and centroid_distance; with\n"
               "--mea accurate, accurate_energy and accuracy); what an\n"
               "empty record lacks is NA; by the ending of --output if\n"
               "not given"),
    {.name = "tsv",
     .kind = OPT_FLAG,
     .offset = offsetof(fold_options, tsv),
     .help = "the same as --format tsv"},
    {.name = "partition",
     .kind = OPT_FLAG,
     .offset = offsetof(fold_options, partition),
     .help = "add the ensemble of structures: as 'RNAfold -p' its\n"
             "pairs and free energy, the centroid, the frequency\n"
             "of the structure, and the diversity"},
    {.name = "mea",
     .kind = OPT_FLAG,
     .offset = offsetof(fold_options, mea),
     .help = "the same, and the structure of maximum expected\n"
             "accuracy, as 'RNAfold --MEA'"},
    OPT_OUTPUT(fold_options),
    OPT_SKIP_BAD(fold_options),
    OPT_THREADS(fold_options),
    OPT_CPU(fold_options),
    {0},
};

static const opt_command command = {
    .name = "fold",
    .usage = " [options] FILE...",
    .description =
        "Predicts the minimum free energy structure of each sequence in FASTA or FASTQ\n"
        "files (plain, gzip or bgzip; '-' is standard input). The output is that of\n"
        "'RNAfold --noPS': header, RNA sequence, structure and free energy in kcal/mol,\n"
        "in input order. The energy parameters are those of Turner 2004 at 37 C, with\n"
        "dangling ends on both sides (-d2). If the file gives a structure, the structure\n"
        "is kept and its energy is computed.\n"
        "\n"
        "Sequences may have up to 32767 nucleotides. Each thread needs up to 4 n (n+1)\n"
        "bytes of memory for a sequence of n nucleotides: 40 kB for 100, 4 MB for 1000,\n"
        "400 MB for 10000, 4.3 GB for 32767; mostly half of it. With --partition it is\n"
        "four times as much.\n"
        "\n"
        "--partition sums over all structures (McCaskill 1990). The third line has a\n"
        "letter for each base: ( or ) if it pairs to the right or left with a probability\n"
        "above 2/3, { } if it mostly does, | if either, '.' if it is unpaired above 2/3,\n"
        "and ',' if mostly. A structure in the file is compared with the ensemble.",
    .examples = "  deepmirgene fold hairpins.fa > hairpins.fold\n"
                "  deepmirgene fold --partition hairpins.fa\n"
                "  deepmirgene fold --tsv -o structures.tsv hairpins.fa.gz\n"
                "  zcat reads.fq.gz | deepmirgene fold --threads 4 - > reads.fold\n",
    .specs = specs,
    .least_operands = 1,
    .operands = "input file",
};

static void print_energy(FILE *out, const char *format, const dmg_result *result)
{
    if (result->energy != DMG_ENERGY_UNKNOWN) fprintf(out, format, result->mfe);
}

typedef struct fold_run {
    bool tsv, partition, mea;
    dmg_output *output;
    size_t records, too_long, faults;
    progress meter;
} fold_run;

/* The lines of RNAfold -p; what it computes in single precision does not show. */
static void print_ensemble(FILE *out, const dmg_pairing_task *e, bool mea)
{
    fprintf(out, "%s [%6.2f]\n%s {%6.2f d=%.2f}\n", e->pairing, e->ensemble_energy, e->centroid,
            e->centroid_energy / 100.0, e->centroid_distance);
    if (mea)
        fprintf(out, "%s {%6.2f MEA=%.2f}\n", e->accurate, e->accurate_energy / 100.0, e->accuracy);
    fprintf(out, " frequency of mfe structure in ensemble %g; ensemble diversity %-6.2f\n",
            e->frequency, e->diversity);
}

/* As RNAfold: an empty record has an empty structure of energy 0. */
static void print_rnafold(FILE *out, const fold_run *run, const dmg_result *result)
{
    fprintf(out, ">%s\n%s\n%s", result->header, result->sequence,
            result->structure ? result->structure : "");
    if (result->length == 0)
        fprintf(out, " (  0.00)");
    else
        print_energy(out, " (%6.2f)", result);
    putc('\n', out);
    if (result->pairing) print_ensemble(out, result->pairing, run->mea);
}

static void print_table_header(FILE *out, const fold_run *run)
{
    fputs("id\tlength\tstructure\tmfe", out);
    if (run->partition)
        fputs("\tensemble_energy\tfrequency\tdiversity\tpairing\tcentroid\tcentroid_energy"
              "\tcentroid_distance",
              out);
    if (run->mea) fputs("\taccurate\taccurate_energy\taccuracy", out);
    putc('\n', out);
}

static void print_ensemble_columns(FILE *out, const fold_run *run, const dmg_pairing_task *e)
{
    if (!e) {
        fputs("\tNA\tNA\tNA\tNA\tNA\tNA\tNA", out);
        if (run->mea) fputs("\tNA\tNA\tNA", out);
        return;
    }
    fprintf(out, "\t%.4f\t%g\t%.4f\t%s\t%s\t%.2f\t%.4f", e->ensemble_energy, e->frequency,
            e->diversity, e->pairing, e->centroid, e->centroid_energy / 100.0,
            e->centroid_distance);
    if (run->mea)
        fprintf(out, "\t%s\t%.2f\t%.4f", e->accurate, e->accurate_energy / 100.0, e->accuracy);
}

/* What a table cannot say is NA, not an empty field. */
static void print_table_row(FILE *out, const fold_run *run, const dmg_result *result)
{
    if (result->fault)
        fprintf(out, "%s\tNA\tNA\t", result->id);
    else
        fprintf(out, "%s\t%zu\t%s\t", result->id, result->length,
                result->length > 0 && result->structure ? result->structure : "NA");
    print_energy(out, "%.2f", result);
    if (result->energy == DMG_ENERGY_UNKNOWN) fputs("NA", out);
    if (run->partition) print_ensemble_columns(out, run, result->pairing);
    putc('\n', out);
}

/* RNAfold's format cannot say that a structure is missing: a record that is too long is printed
 * with its sequence alone, one that was not read is left out, and standard error says so. */
static dmg_status print_result(void *context, const dmg_result *result, dmg_error *err)
{
    fold_run *run = context;
    (void)err;
    run->records++;
    if (result->flags & DMG_FLAG_TOO_LONG)
        run->too_long = row_report_fault(command.name, result, run->too_long);
    if (result->flags & (DMG_FLAG_MALFORMED | DMG_FLAG_NO_MEMORY))
        run->faults = row_report_fault(command.name, result, run->faults);
    if (run->tsv)
        print_table_row(dmg_output_stream(run->output), run, result);
    else if (!result->fault)
        print_rnafold(dmg_output_stream(run->output), run, result);
    return DMG_OK;
}

static dmg_status show_progress(void *context, const dmg_classify_progress *done, dmg_error *err)
{
    fold_run *run = context;
    progress_count(&run->meter, done->records, done->share);
    return dmg_output_check(run->output, err);
}

static int run_fold(const fold_options *options, const opt_list *paths)
{
    fold_run run = {.tsv = options->tsv || strcmp(options->format, "tsv") == 0,
                    .partition = options->partition || options->mea,
                    .mea = options->mea,
                    .meter = progress_start_beside("records", options->output)};
    dmg_error err;
    dmg_classifier *classifier = NULL;
    dmg_classify_options how = dmg_classify_defaults();
    how.fold_only = true;
    how.pairing = run.partition;
    how.threads = command_threads(options->threads);
    how.progress = show_progress;
    how.progress_context = &run;
    how.skip_malformed = options->skip_bad;
    dmg_status st = command_cpu(&how.cpu, options->cpu, &err);
    if (st == DMG_OK) st = command_check_inputs(command.name, paths, &err);
    if (st == DMG_OK) st = dmg_classifier_create(&classifier, &how, &err);
    if (st == DMG_OK) st = dmg_output_open_text(&run.output, options->output, &err);
    if (st == DMG_OK) {
        if (run.tsv) print_table_header(dmg_output_stream(run.output), &run);
        st = dmg_classify_files(classifier, paths->items, paths->count, print_result, &run, &err);
    }
    progress_end(&run.meter);
    dmg_classifier_destroy(classifier);
    const int status = command_finish(command.name, run.output, st, &err);
    if (status == EXIT_DONE) command_warn_of_no_records(command.name, paths, run.records);
    return status == EXIT_DONE && run.faults > 0 ? EXIT_FAILED : status;
}

int cmd_fold(int argc, char **argv)
{
    fold_options options = {0};
    opt_list paths;
    const opt_outcome outcome = opt_parse(&options, &paths, &command, argc, argv);
    const int status = outcome == OPT_RUN ? run_fold(&options, &paths) : command_not_run(outcome);
    opt_clear(&options, &paths, &command);
    return status;
}
