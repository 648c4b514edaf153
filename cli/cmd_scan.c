/* SPDX-License-Identifier: MIT */
/* deepmirgene scan: the pre-miRNAs of a genome. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "loci_output.h"
#include "note.h"
#include "options.h"
#include "ranks.h"
#include "scan_run.h"

typedef struct scan_options {
    const char *model;
    double threshold;
    opt_list regions, beds;
    const char *strand;
    bool circular;
    long long span, long_span, shortest, pairs;
    double score;
    double decoys;
    long long seed;
    loci_choice loci;
    const char *shard;
    bool resume, mpi;
    long long chunk, threads;
    const char *cpu;
} scan_options;

static const opt_spec specs[] = {
    OPT_MODEL(scan_options),
    {.name = "threshold",
     .kind = OPT_REAL,
     .offset = offsetof(scan_options, threshold),
     .argument = "P",
     .own_preset = true,
     .low = 0,
     .high = 1,
     .help = "lowest p_mirna of a reported locus"},
    {.name = "region",
     .letter = 'r',
     .kind = OPT_LIST,
     .offset = offsetof(scan_options, regions),
     .argument = "NAME[:FROM-TO]",
     .help = "scan only this region, 1-based (repeatable). Write\n"
             "{NAME} if the name contains a colon"},
    {.name = "bed",
     .kind = OPT_LIST,
     .offset = offsetof(scan_options, beds),
     .argument = "FILE",
     .role = OPT_READS,
     .help = "scan only the intervals of this BED file (repeatable)"},
    {.name = "strand",
     .kind = OPT_CHOICE,
     .offset = offsetof(scan_options, strand),
     .argument = "both|plus|minus",
     .preset = "both",
     .help = "strands to scan"},
    {.name = "circular",
     .kind = OPT_FLAG,
     .offset = offsetof(scan_options, circular),
     .help = "sequences are circular: loci may span the origin"},
    {.name = "span",
     .kind = OPT_INT,
     .offset = offsetof(scan_options, span),
     .argument = "NT",
     .own_preset = true,
     .low = 20,
     .high = DMG_HAIRPIN_MAX_SPAN,
     .help = "maximum length of a hairpin, including 10 nucleotides\n"
             "on either side of its stem"},
    {.name = "long-span",
     .kind = OPT_INT,
     .offset = offsetof(scan_options, long_span),
     .argument = "NT",
     .preset_help = "from the model",
     .low = 0,
     .high = DMG_HAIRPIN_MAX_SPAN,
     .help = "maximum length of a hairpin whose arms pair nearly\n"
             "throughout; 400 of the models general and plant,\n"
             "0: none"},
    {.name = "shortest",
     .kind = OPT_INT,
     .offset = offsetof(scan_options, shortest),
     .argument = "NT",
     .own_preset = true,
     .low = 5,
     .high = DMG_HAIRPIN_MAX_SPAN,
     .help = "minimum length of a hairpin, from end to end of its\n"
             "stem"},
    {.name = "score",
     .kind = OPT_REAL,
     .offset = offsetof(scan_options, score),
     .argument = "KCAL",
     .own_preset = true,
     .low = -10000,
     .high = -0.01,
     .help = "maximum energy of a hairpin, relative to that of its\n"
             "background, kcal/mol"},
    {.name = "pairs",
     .kind = OPT_INT,
     .offset = offsetof(scan_options, pairs),
     .argument = "N",
     .own_preset = true,
     .low = 1,
     .high = DMG_HAIRPIN_MAX_SPAN / 2,
     .help = "minimum number of base pairs in its stem"},
    {.name = "decoy",
     .letter = 'd',
     .kind = OPT_REAL,
     .offset = offsetof(scan_options, decoys),
     .argument = "X",
     .preset_help = "0; with --fdr, as much as needed",
     .low = 0,
     .high = 100,
     .help = "also scan this fraction of the sequence, 0 to 1, in\n"
             "reverse as decoys, to estimate error rates for this\n"
             "genome"},
    OPT_SEED(scan_options, "seed for sampling the decoys"),
    OPT_LOCI(scan_options),
    OPT_RESUME(scan_options, "continue an interrupted run of the same command"),
    {.name = "shard",
     .kind = OPT_TEXT,
     .offset = offsetof(scan_options, shard),
     .argument = "I/N",
     .help = "scan the I-th of N parts; 'deepmirgene merge' merges\n"
             "the files written by -o and takes the output options"},
    {.name = "mpi",
     .kind = OPT_FLAG,
     .offset = offsetof(scan_options, mpi),
     .help = "distribute the work over the ranks of mpirun, one of\n"
             "which coordinates the others; each uses one thread\n"
             "unless --threads is given"},
    {.name = "chunk",
     .kind = OPT_INT,
     .offset = offsetof(scan_options, chunk),
     .argument = "NT",
     .own_preset = true,
     .low = 1,
     .high = DMG_SCAN_MAX_CHUNK,
     .help = "nucleotides that a thread processes at a time; does\n"
             "not affect the loci"},
    OPT_THREADS(scan_options),
    OPT_CPU(scan_options),
    {0},
};

static const opt_command command = {
    .name = "scan",
    .usage = " [options] GENOME.fa...",
    .description =
        "Finds pre-miRNAs in genomes: FASTA files, plain, gzip or bgzip ('-' is standard\n"
        "input), with any number of sequences of any length. Local folding finds hairpins\n"
        "on both strands, the model scores them, and the best of those that overlap is\n"
        "reported as a locus. The result does not depend on threads or shards.\n"
        "\n" LOCI_HELP "\n"
        "\n"
        "During the scan, OUTPUT.journal records the progress. --resume continues from it\n"
        "after an interruption of any kind.",
    .examples = "  deepmirgene scan -o loci.gff3 genome.fa\n"
                "  deepmirgene scan --region chr21 --fdr 0.1 --format bed -o chr21.bed genome.fa\n"
                "  deepmirgene scan --shard 1/3 -o part1 genome.fa\n",
    .specs = specs,
    .least_operands = 1,
    .operands = "input file",
    .operands_derived = ".fai|.gzi",
};

/* --- what is asked for --- */

/* The defaults of the library are those of the command. */
static scan_options default_options(void)
{
    const dmg_scan_options from = dmg_scan_defaults();
    return (scan_options){.threshold = from.threshold,
                          .span = from.hairpins.span,
                          .long_span = -1,
                          .shortest = from.hairpins.shortest,
                          .pairs = from.hairpins.min_pairs,
                          .score = from.hairpins.max_score / 100.0,
                          .decoys = -1,
                          .seed = (long long)from.seed,
                          .chunk = (long long)from.chunk,
                          .loci = loci_choice_defaults()};
}

static dmg_scan_options library_options(const scan_options *options)
{
    dmg_scan_options out = dmg_scan_defaults();
    out.hairpins.span = (int)options->span;
    out.model_span = options->long_span < 0;
    if (!out.model_span) out.hairpins.long_span = (int)options->long_span;
    out.hairpins.shortest = (int)options->shortest;
    out.hairpins.min_pairs = (int)options->pairs;
    out.hairpins.max_score = (int)(options->score * 100 - 0.5);
    out.plus = strcmp(options->strand, "minus") != 0;
    out.minus = strcmp(options->strand, "plus") != 0;
    out.circular = options->circular;
    out.threshold = options->threshold;
    out.seed = (uint64_t)options->seed;
    out.chunk = (size_t)options->chunk;
    return out;
}

/* Sequence that is enough for decoys of a large genome, in bases. */
#define ENOUGH_DECOYS 1e8

/* About how many bases the files have; 0: not known, or no more than is enough. */
static double count_bases(const opt_list *paths)
{
    double bases = 0;
    for (size_t i = 0; i < paths->count; i++) {
        struct stat about;
        const char *ending = strrchr(paths->items[i], '.');
        const bool packed = ending && (strcmp(ending, ".gz") == 0 || strcmp(ending, ".bgz") == 0);
        if (stat(paths->items[i], &about) != 0 || !S_ISREG(about.st_mode)) return 0;
        bases += (packed ? 3.5 : 1) * (double)about.st_size;
    }
    return bases > ENOUGH_DECOYS ? bases : 0;
}

/* The share of the sequence that becomes decoys. Where none was given: with --fdr, and a model that
 * has no background, as much as is enough. All ranks of an MPI run must come to the same one,
 * whatever files they see. */
static double choose_decoys(const scan_options *options, const opt_list *paths, bool has_background)
{
    const double fdr = options->loci.fdr;
    double share = options->decoys;
    if (share > 1) {
        share = 1;
        note(command.name,
             "note: decoys are the reversed sequence, which exists once: "
             "--decoy %g is reduced to 1\n",
             options->decoys);
    } else if (share < 0) {
        const double bases = options->mpi ? 0 : count_bases(paths);
        share = fdr >= 1 || has_background ? 0 : bases > 0 ? ENOUGH_DECOYS / bases : 1;
        if (share > 0) note(command.name, "--fdr %g: using --decoy %.3g\n", fdr, share);
    }
    if (fdr > 0 && fdr < 1 && share > 0 && share < 1)
        note(command.name,
             "note: with --decoy %.3g, a q-value of %g requires at least %.0f "
             "loci\n",
             share, fdr, ceil(1 / (share * fdr)));
    return share;
}

/* "I/N", 1-based. */
static bool parse_shard(const char *text, unsigned *shard, unsigned *shards)
{
    int used = -1;
    *shard = 0;
    *shards = 1;
    if (!text) return true;
    if (sscanf(text, "%5u/%5u%n", shard, shards, &used) != 2 || text[used] != '\0') return false;
    if (*shard < 1 || *shard > *shards || strpbrk(text, "+- ")) return false;
    --*shard;
    return true;
}

/* Mistakes that only the options together show. */
static opt_outcome check_options(const scan_options *options)
{
    unsigned shard, shards;
    const bool named = command_is_ordinary(options->loci.output);
    if (!parse_shard(options->shard, &shard, &shards))
        return opt_refuse(&command, "--shard takes I/N with 1 <= I <= N, not '%s'", options->shard);
    if (options->resume && !named) return opt_refuse(&command, "--resume requires -o FILE");
    if (options->shard && !named) return opt_refuse(&command, "--shard requires -o FILE");
    const int most = (int)options->span - 2 * dmg_scan_defaults().hairpins.flank;
    if (options->shortest > most)
        return opt_refuse(
            &command,
            "--span %lld allows stems of at most %d nucleotides, less than --shortest %lld",
            options->span, most, options->shortest);
    if (options->pairs > options->span / 2)
        return opt_refuse(&command,
                          "--span %lld allows at most %lld base pairs, fewer than --pairs %lld",
                          options->span, options->span / 2, options->pairs);
    if (options->circular && options->regions.count + options->beds.count > 0)
        return opt_refuse(&command, "--circular cannot be combined with --region or --bed");
    return loci_choice_check(&command, &options->loci);
}

static dmg_status read_regions(dmg_regions **regions, const scan_options *options, dmg_error *err)
{
    if (options->regions.count + options->beds.count == 0) return DMG_OK;
    dmg_status st = dmg_regions_create(regions, err);
    for (size_t i = 0; st == DMG_OK && i < options->regions.count; i++)
        st = dmg_regions_add(*regions, options->regions.items[i], err);
    for (size_t i = 0; st == DMG_OK && i < options->beds.count; i++)
        st = dmg_regions_add_bed(*regions, options->beds.items[i], err);
    return st;
}

/* An index that cannot be used is none: the file is read through, which takes longer. */
static void report_index(const char *path)
{
    dmg_error why;
    if (strcmp(path, "-") == 0 || dmg_fasta_index_check(path, &why) == DMG_OK) return;
    warn(command.name, "%s; reading the whole file", why.message);
}

/* --- the journal --- */

/* OUTPUT.journal; NULL where the output is not an ordinary file. */
static dmg_status name_journal(char **name, const char *output, dmg_error *err)
{
    if (!command_is_ordinary(output)) return DMG_OK;
    const size_t capacity = strlen(output) + sizeof ".journal";
    *name = malloc(capacity);
    if (!*name) return command_nomem(err);
    snprintf(*name, capacity, "%s.journal", output);
    return DMG_OK;
}

static bool has_journal(const char *name)
{
    struct stat about;
    return name && stat(name, &about) == 0;
}

static dmg_status open_journal(scan_run *run, const char *name, const dmg_scan_identity *identity,
                               bool resume, dmg_error *err)
{
    const bool there = has_journal(name);
    if (there && !resume) {
        return dmg_error_set(
            err, DMG_IO,
            "%.500s: left by an interrupted scan; continue it with --resume, or remove the file",
            name);
    }
    if (!there) return dmg_journal_create(&run->journal, name, identity, err);
    const dmg_status st = dmg_journal_resume(&run->journal, name, identity, run->source, err);
    if (st != DMG_OK) return st;
    run->before = dmg_journal_count(run->journal);
    run->begun = dmg_scan_source_progress(run->source);
    note(command.name, "resumed after %.2f Mb\n", (double)run->before.bases / 1e6);
    return DMG_OK;
}

/* A journal without any item is of no use: the input was refused at its beginning. */
static void discard_empty_journal(const scan_run *run, const char *name)
{
    if (run->journal && name && dmg_journal_count(run->journal).items == 0) unlink(name);
}

/* A part is its journal, under the name asked for. */
static int publish_part(const char *journal, const char *output)
{
    dmg_error err;
    if (dmg_output_rename(journal, output, &err) == DMG_OK) return EXIT_DONE;
    return command_failed(command.name, &err);
}

/* --- the run --- */

/* What the run needs and who frees it. */
typedef struct scan_parts {
    dmg_scan_options options;
    dmg_model *model;
    dmg_regions *regions;
    char *journal_name;
    scan_run run;
} scan_parts;

static void scan_parts_clear(scan_parts *parts)
{
    scan_run_destroy_scanners(&parts->run);
    dmg_journal_close(parts->run.journal);
    dmg_scan_source_close(parts->run.source);
    dmg_regions_destroy(parts->regions);
    dmg_model_destroy(parts->model);
    free(parts->journal_name);
}

/* What every rank needs. */
static dmg_status prepare_scanners(scan_parts *parts, const scan_options *options,
                                   const opt_list *paths, dmg_error *err)
{
    dmg_cpu cpu;
    dmg_status st = command_cpu(&cpu, options->cpu, err);
    if (st == DMG_OK) st = dmg_model_load(&parts->model, options->model, err);
    if (st != DMG_OK) return st;
    const bool has_background = dmg_model_metadata(parts->model, "scan_background") != NULL;
    parts->options = library_options(options);
    parts->options.decoys = choose_decoys(options, paths, has_background);
    if (options->loci.fdr < 1 && parts->options.decoys <= 0 && !has_background)
        return dmg_error_set(
            err, DMG_RANGE,
            "--fdr requires error rates: give --decoy, because this model does not "
            "include a background");
    st = dmg_scan_fit_model(&parts->options, parts->model, err);
    if (st == DMG_OK) st = dmg_scan_check(&parts->options, err);
    if (st == DMG_OK)
        st = scan_run_create_scanners(&parts->run, parts->model, &parts->options, cpu, err);
    return st;
}

/* What the one that reads and writes needs besides. */
static dmg_status prepare_files(scan_parts *parts, const scan_options *options,
                                const opt_list *paths, dmg_error *err)
{
    dmg_status st = command_check_inputs(command.name, paths, err);
    if (st == DMG_OK) st = loci_check(&options->loci, err);
    if (st == DMG_OK) st = read_regions(&parts->regions, options, err);
    for (size_t i = 0; st == DMG_OK && parts->regions && i < paths->count; i++)
        report_index(paths->items[i]);
    if (st == DMG_OK)
        st = dmg_scan_source_open(&parts->run.source, paths->items, paths->count, parts->regions,
                                  &parts->options, err);
    if (st == DMG_OK) st = name_journal(&parts->journal_name, options->loci.output, err);
    return st;
}

static dmg_status pass_over_sequence(scan_parts *parts, bool resume, dmg_error *err)
{
    scan_run *run = &parts->run;
    const dmg_scan_identity identity = {.options = &parts->options,
                                        .model = parts->model,
                                        .regions = parts->regions,
                                        .shard = run->shard,
                                        .shards = run->shards};
    if (parts->journal_name) run->stop = command_catch_stop();
    dmg_status st = open_journal(run, parts->journal_name, &identity, resume, err);
    if (st != DMG_OK) return st;
    st = run->ranks > 1 ? ranks_lead(run, err) : scan_run_threads(run, err);
    progress_end(&run->meter);
    const char *warning = dmg_scan_source_warning(run->source);
    if (warning) warn(command.name, "%s", warning);
    if (st != DMG_OK && st != DMG_STOPPED) discard_empty_journal(run, parts->journal_name);
    return st == DMG_OK ? dmg_journal_finish(run->journal, run->source, err) : st;
}

/* An empty BED file is a warning, like an empty sequence file. */
static void warn_if_nothing(const scan_parts *parts, const scan_options *options,
                            const opt_list *paths)
{
    if (parts->run.shards > 1 || dmg_journal_count(parts->run.journal).items > 0) return;
    if (!parts->regions) command_warn_of_no_records(command.name, paths, 0);
    if (options->beds.count > 0)
        warn(command.name, "%s: no intervals; nothing was scanned", options->beds.items[0]);
}

static int write_result(const scan_parts *parts, const scan_options *options, const opt_list *paths)
{
    warn_if_nothing(parts, options, paths);
    if (options->shard) return publish_part(parts->journal_name, options->loci.output);
    const int status = loci_output(command.name, &options->loci, &parts->run.journal, 1);
    if (status == EXIT_DONE && parts->journal_name) unlink(parts->journal_name);
    return status;
}

static int run_scan(const scan_options *options, const opt_list *paths)
{
    dmg_error err;
    dmg_status st = DMG_OK;
    scan_parts parts = {.run = {.ranks = 1, .meter = progress_start("Mb")}};
    scan_run *run = &parts.run;
    run->threads = options->mpi && options->threads == 0 ? 1 : command_threads(options->threads);
    parse_shard(options->shard, &run->shard, &run->shards);
    if (options->mpi) st = ranks_begin(&run->rank, &run->ranks, &err);
    if (st == DMG_OK) st = prepare_scanners(&parts, options, paths, &err);
    if (run->rank == 0) {
        if (st == DMG_OK) st = prepare_files(&parts, options, paths, &err);
        if (st == DMG_OK) st = pass_over_sequence(&parts, options->resume, &err);
    } else if (st == DMG_OK) {
        st = ranks_follow(run, &err);
    }
    int status = st == DMG_OK ? EXIT_DONE : command_failed(command.name, &err);
    if (status == EXIT_DONE && run->rank == 0) status = write_result(&parts, options, paths);
    if (options->mpi) ranks_end(status != EXIT_DONE);
    scan_parts_clear(&parts);
    return status;
}

int cmd_scan(int argc, char **argv)
{
    scan_options options = default_options();
    opt_list paths;
    opt_outcome outcome = opt_parse(&options, &paths, &command, argc, argv);
    char threshold[32];
    snprintf(threshold, sizeof threshold, "%g", options.threshold);
    options.loci.arguments = argv;
    options.loci.argument_count = argc;
    options.loci.model = options.model;
    options.loci.threshold = threshold;
    options.loci.genome = paths.items;
    options.loci.genome_count = paths.count;
    if (outcome == OPT_RUN) outcome = check_options(&options);
    const int status = outcome == OPT_RUN ? run_scan(&options, &paths) : command_not_run(outcome);
    opt_clear(&options, &paths, &command);
    return status;
}
