/* SPDX-License-Identifier: MIT */
/* How loci are written. */
#include "loci_output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "loci_report.h"
#include "note.h"
#include "sorted_rows.h"

loci_choice loci_choice_defaults(void)
{
    const dmg_loci_options from = dmg_loci_defaults();
    return (loci_choice){.fdr = from.fdr,
                         .prevalence = from.prevalence,
                         .max_copies = (long long)from.max_copies,
                         .max_masked = from.max_masked};
}

static dmg_loci_format format_of(const char *name)
{
    if (strcmp(name, "bed") == 0) return DMG_LOCI_BED;
    if (strcmp(name, "tsv") == 0) return DMG_LOCI_TSV;
    if (strcmp(name, "jsonl") == 0) return DMG_LOCI_JSONL;
    if (strcmp(name, "fasta") == 0) return DMG_LOCI_FASTA;
    return DMG_LOCI_GFF3;
}

/* "1.23 Mb", "172 kb" */
static void print_size(double bases)
{
    if (bases >= 1e6)
        note_more("%.2f Mb", bases / 1e6);
    else
        note_more("%.1f kb", bases / 1e3);
}

static void print_summary(const char *command, const dmg_loci_totals *totals)
{
    const size_t loci = (size_t)totals->loci, sequences = (size_t)totals->sequences;
    note(command, "%zu %s in %zu sequence%s, ", loci, loci == 1 ? "locus" : "loci", sequences,
         command_plural(sequences));
    print_size((double)totals->bases);
    if (totals->decoy_bases > 0) {
        note_more("; %zu with p >= %g in decoys, ", (size_t)totals->decoy_loci, DMG_SCAN_FLOOR);
        print_size((double)totals->decoy_bases);
    }
    if (totals->selected < totals->loci) note_more("; %zu selected", (size_t)totals->selected);
    if (totals->rated_by != DMG_NOT_RATED && totals->selected > 0)
        note_more("; %.3g of %zu expected to be true, by %s", totals->expected_true,
                  (size_t)totals->families,
                  totals->rated_by == DMG_RATED_BY_DECOYS ? "decoys" : "the model's background");
    note_more("\n");
}

/* Results of different levels of instructions may differ in their last digits. */
static void warn_of_levels(const char *command, unsigned levels)
{
    if ((levels & (levels - 1)) == 0) return;
    char names[128] = "";
    for (unsigned level = 0; level < 32; level++) {
        if (!(levels >> level & 1)) continue;
        const size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? ", " : "",
                 dmg_cpu_name((dmg_cpu)level));
    }
    warn(command,
         "parts were computed with different instruction sets (%s); the last digits of p_mirna may "
         "differ from those of a run with one of them",
         names);
}

static dmg_status check_rated(const loci_choice *choice, const dmg_loci_totals *totals,
                              dmg_error *err)
{
    if (choice->fdr >= 1 || totals->rated_by != DMG_NOT_RATED || totals->bases == 0) return DMG_OK;
    return dmg_error_set(
        err, DMG_RANGE,
        "--fdr requires error rates: scan with --decoy, because this model does not "
        "include a background");
}

/* NULL, or the first of the genome's files that cannot be read a second time. */
static const char *find_passing(const loci_choice *choice)
{
    for (size_t i = 0; i < choice->genome_count; i++) {
        struct stat about;
        if (stat(choice->genome[i], &about) != 0 || !S_ISREG(about.st_mode))
            return choice->genome[i];
    }
    return NULL;
}

/* --missed needs the places of known precursors. */
static dmg_status check_missed(const loci_choice *choice, bool places, dmg_error *err)
{
    if (!choice->missed || places) return DMG_OK;
    const char *const passing = find_passing(choice);
    if (choice->genome_count == 0)
        return dmg_error_set(err, DMG_RANGE, "--missed of merge requires --known with a GFF3 file");
    if (passing)
        return dmg_error_set(err, DMG_RANGE,
                             "--missed looks up the sequences of %s in the genome, and %s cannot "
                             "be read twice: give a regular file",
                             choice->known, strcmp(passing, "-") == 0 ? "standard input" : passing);
    return DMG_OK;
}

dmg_status loci_check(const loci_choice *choice, dmg_error *err)
{
    bool places = false;
    dmg_status st = choice->report ? command_try_output(choice->report, err) : DMG_OK;
    if (st == DMG_OK && choice->multiqc) st = command_try_output(choice->multiqc, err);
    if (st == DMG_OK && choice->missed) st = command_try_output(choice->missed, err);
    if (st == DMG_OK && choice->known) st = dmg_loci_check_known(&places, choice->known, err);
    return st == DMG_OK ? check_missed(choice, places, err) : st;
}

/* Whether tabix is to find its way about the file. */
static bool is_sorted(const loci_choice *choice)
{
    const dmg_loci_format format = format_of(choice->format);
    return dmg_is_bgzip_name(choice->output) && (format == DMG_LOCI_GFF3 || format == DMG_LOCI_BED);
}

opt_outcome loci_choice_check(const opt_command *command, const loci_choice *choice)
{
    if (choice->missed && !choice->known) return opt_refuse(command, "--missed requires --known");
    if (!is_sorted(choice) || strcmp(choice->order, "genome") == 0)
        return multiqc_check(command, choice->multiqc);
    return opt_refuse(command,
                      "--order %s cannot be combined with a compressed %s file, which is "
                      "sorted by position",
                      choice->order, choice->format);
}

static dmg_status write_sorted(FILE *out, dmg_loci *loci, dmg_loci_format format, dmg_error *err)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (!memory) return command_nomem(err);
    dmg_status st = dmg_loci_write(loci, format, memory, err);
    const bool whole = !ferror(memory);
    if ((fclose(memory) != 0 || !whole) && st == DMG_OK) st = command_nomem(err);
    if (st == DMG_OK) st = sorted_rows_write(out, text, size, format == DMG_LOCI_BED ? 2 : 4, err);
    free(text);
    return st;
}

static dmg_status write_loci(const loci_choice *choice, dmg_loci *loci, FILE *out, dmg_error *err)
{
    const dmg_loci_format format = format_of(choice->format);
    return is_sorted(choice) ? write_sorted(out, loci, format, err)
                             : dmg_loci_write(loci, format, out, err);
}

/* Writes the missed ones and tells how many there are. */
static dmg_status write_missed(const char *command, const char *path, const dmg_loci *loci,
                               dmg_error *err)
{
    dmg_output *output = NULL;
    size_t total, missed;
    const dmg_status st = dmg_output_open(&output, path, err);
    if (st != DMG_OK) return st;
    dmg_loci_write_missed(loci, dmg_output_stream(output), &total, &missed);
    note(command, "%zu of %zu known precursors are among the loci\n", total - missed, total);
    return dmg_output_commit(output, err);
}

int loci_output(const char *command, const loci_choice *choice, dmg_journal *const *journals,
                size_t count)
{
    dmg_loci_options options = dmg_loci_defaults();
    options.fdr = choice->fdr;
    options.prevalence = choice->prevalence;
    options.by_score = strcmp(choice->order, "score") == 0;
    options.overlapping = choice->overlapping;
    options.mature = choice->mature;
    options.both_strands = choice->both_strands;
    options.max_copies = (size_t)choice->max_copies;
    options.max_masked = choice->max_masked;
    options.known = choice->known;
    if (choice->known && (choice->missed || choice->report) && !find_passing(choice)) {
        options.genome = choice->genome;
        options.genome_count = choice->genome_count;
    }
    dmg_error err;
    dmg_loci *loci = NULL;
    dmg_output *output = NULL;
    dmg_status st = dmg_loci_collect(&loci, journals, count, &options, &err);
    if (st == DMG_OK) st = check_rated(choice, dmg_loci_count(loci), &err);
    if (st == DMG_OK) st = dmg_output_open_text(&output, choice->output, &err);
    if (st == DMG_OK) st = write_loci(choice, loci, dmg_output_stream(output), &err);
    if (st == DMG_OK && choice->missed) st = write_missed(command, choice->missed, loci, &err);
    if (st == DMG_OK && choice->report) st = loci_report(command, choice, loci, &err);
    if (st == DMG_OK) st = multiqc_loci(choice->multiqc, dmg_loci_count(loci), &err);
    const int status = command_finish(command, output, st, &err);
    if (status == EXIT_DONE) {
        warn_of_levels(command, dmg_loci_count(loci)->levels);
        print_summary(command, dmg_loci_count(loci));
    }
    dmg_loci_destroy(loci);
    return status;
}
