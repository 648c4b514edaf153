/* SPDX-License-Identifier: MIT */
/* deepmirgene fold: minimum-free-energy structures. */
#include <stdio.h>

#include "command.h"
#include "folded.h"
#include "options.h"

typedef struct fold_options {
    bool tsv;
    const char *output, *cpu;
    long long threads;
} fold_options;

static const opt_spec specs[] = {
    {.name = "tsv",
     .kind = OPT_FLAG,
     .offset = offsetof(fold_options, tsv),
     .help = "a table instead: id, length, structure, mfe; NA for\n"
             "what an empty record lacks"},
    OPT_OUTPUT(fold_options),
    OPT_THREADS(fold_options),
    OPT_CPU(fold_options),
    {0},
};

static const opt_command command = {
    .name = "fold",
    .usage = " [options] FILE...",
    .description =
        "Folds each sequence of FASTA or FASTQ files (plain, gzip or bgzip; '-' is\n"
        "standard input) and prints what 'RNAfold --noPS' prints: header, RNA, structure\n"
        "and minimum free energy in kcal/mol, in the order of the input. Turner 2004\n"
        "energies, 37 C, dangles on both sides (-d2). A structure that the file gives is\n"
        "kept, and its energy computed.\n\n"
        "Sequences may have up to 32767 nucleotides. For one of n nucleotides, a thread\n"
        "needs about 4 n (n+1) bytes of memory: 40 kB at 100 nt, 4 MB at 1000, 400 MB at\n"
        "10000, 4.3 GB at 32767.",
    .specs = specs,
    .least_operands = 1,
    .operands = "input file",
};

static void print_energy(FILE *out, const char *format, const folded_record *folded)
{
    if (folded->has_energy) fprintf(out, format, folded->energy / 100.0);
}

/* As RNAfold: an empty record has an empty structure of energy 0. */
static void print_rnafold(FILE *out, const folded_record *folded)
{
    const dmg_record *record = folded->record;
    fprintf(out, ">%s\n%s\n%s", record->name, record->sequence,
            folded->structure ? folded->structure : "");
    if (record->length == 0)
        fprintf(out, " (  0.00)");
    else
        print_energy(out, " (%6.2f)", folded);
    putc('\n', out);
}

/* What a table cannot say is NA, not an empty field. */
static void print_table_row(FILE *out, const folded_record *folded)
{
    const dmg_record *record = folded->record;
    fprintf(out, "%.*s\t%zu\t%s\t", (int)record->id_length, record->name, record->length,
            record->length > 0 ? folded->structure : "NA");
    print_energy(out, "%.2f", folded);
    fputs(folded->has_energy ? "\n" : "NA\n", out);
}

/* A sequence too long to fold ends the run: a shorter list of structures would go unnoticed. */
static dmg_status check_length(const char *path, const dmg_record *record, dmg_error *err)
{
    if (record->structure || record->length <= DMG_FOLD_MAX_LENGTH) return DMG_OK;
    return dmg_error_set(err, DMG_RANGE,
                         "%s:%llu: record '%.*s' has %zu nucleotides; at most %d can be folded",
                         path, (unsigned long long)record->line,
                         record->id_length > 80 ? 80 : (int)record->id_length, record->name,
                         record->length, DMG_FOLD_MAX_LENGTH);
}

typedef struct fold_run {
    bool tsv;
    dmg_output *output;
} fold_run;

static dmg_status print_batch(void *context, const folded_batch *batch, dmg_error *err)
{
    const fold_run *run = context;
    FILE *out = dmg_output_stream(run->output);
    for (size_t i = 0; i < batch->count; i++) {
        const dmg_status st = check_length(batch->path, batch->records[i].record, err);
        if (st != DMG_OK) return st;
        (run->tsv ? print_table_row : print_rnafold)(out, &batch->records[i]);
    }
    return dmg_output_check(run->output, err);
}

static int run_fold(const fold_options *options, const opt_list *paths)
{
    static const folded_steps steps = {.write = print_batch};
    fold_run run = {.tsv = options->tsv};
    dmg_error err;
    dmg_cpu cpu;
    dmg_status st = command_cpu(&cpu, options->cpu, &err);
    if (st == DMG_OK) st = folded_check(paths, &err);
    if (st == DMG_OK) st = command_check_output(options->output, paths, &err);
    if (st == DMG_OK) st = command_open_output(&run.output, options->output, &err);
    if (st == DMG_OK) {
        if (run.tsv) fputs("id\tlength\tstructure\tmfe\n", dmg_output_stream(run.output));
        st = folded_run(paths, command_threads(options->threads), cpu, &steps, &run, &err);
    }
    return command_finish(command.name, run.output, st, &err);
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
