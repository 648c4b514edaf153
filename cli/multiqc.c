/* SPDX-License-Identifier: MIT */
/* Tables for MultiQC. */
#include "multiqc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The name of the file, without folders. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

opt_outcome multiqc_check(const opt_command *command, const char *path)
{
    const size_t ending = strlen(MULTIQC_ENDING);
    const size_t length = path ? strlen(last_part(path)) : 0;
    if (!path || (length > ending && strcmp(path + strlen(path) - ending, MULTIQC_ENDING) == 0))
        return OPT_RUN;
    return opt_refuse(command, "--multiqc '%s': MultiQC reads files called NAME" MULTIQC_ENDING,
                      path);
}

/* NAME of NAME_mqc.json, followed by the method if there is one; NULL when memory is out. */
static char *sample_name(const char *path, const char *method)
{
    const char *name = last_part(path);
    const size_t length = strlen(name) - strlen(MULTIQC_ENDING);
    const size_t capacity = length + (method ? strlen(method) : 0) + sizeof " ()";
    char *out = malloc(capacity);
    if (out)
        snprintf(out, capacity, method ? "%.*s (%s)" : "%.*s", (int)length, name,
                 method ? method : "");
    return out;
}

static dmg_status write_section(const char *path, const dmg_multiqc *section, dmg_error *err)
{
    dmg_output *output;
    dmg_status st = dmg_output_open(&output, path, err);
    if (st != DMG_OK) return st;
    st = dmg_report_multiqc(dmg_output_stream(output), section, err);
    if (st == DMG_OK) return dmg_output_commit(output, err);
    dmg_output_discard(output);
    return st;
}

/* --- metrics --- */

/* What a reader looks for first. */
static bool is_shown(enum dmg_metric metric)
{
    static const enum dmg_metric shown[] = {DMG_METRIC_SE,  DMG_METRIC_SP,    DMG_METRIC_PPV,
                                            DMG_METRIC_MCC, DMG_METRIC_AUROC, DMG_METRIC_AUPR,
                                            DMG_METRIC_ECE};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        if (shown[i] == metric) return true;
    return false;
}

static void describe_metrics(dmg_multiqc_column columns[DMG_METRICS])
{
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++) {
        const bool is_count = dmg_metric_is_count(m);
        const bool is_mcc = m == DMG_METRIC_MCC || m == DMG_METRIC_MCC_BALANCED;
        columns[m] = (dmg_multiqc_column){.key = dmg_metric_name(m),
                                          .title = dmg_metric_name(m),
                                          .description = dmg_metric_title(m),
                                          .low = is_mcc ? -1 : 0,
                                          .high = is_count ? NAN : 1,
                                          .decimals = is_count ? 0 : 3,
                                          .hidden = !is_shown(m)};
    }
}

static dmg_status fill_rows(char **names, double *values, const char *path,
                            const dmg_report_method *methods, size_t count, dmg_error *err)
{
    for (size_t k = 0; k < count; k++) {
        names[k] = sample_name(path, k > 0 ? methods[k].name : NULL);
        if (!names[k]) return command_nomem(err);
        memcpy(values + k * DMG_METRICS, methods[k].values, DMG_METRICS * sizeof *values);
    }
    return DMG_OK;
}

dmg_status multiqc_metrics(const char *path, const char *command, const dmg_report_method *methods,
                           size_t count, dmg_error *err)
{
    if (!path) return DMG_OK;
    dmg_multiqc_column columns[DMG_METRICS];
    describe_metrics(columns);
    char **names = calloc(count + 1, sizeof *names);
    double *values = calloc(count * DMG_METRICS + 1, sizeof *values);
    dmg_status st = names && values ? DMG_OK : command_nomem(err);
    if (st == DMG_OK) st = fill_rows(names, values, path, methods, count, err);
    char id[64], title[64];
    snprintf(id, sizeof id, "deepmirgene_%s", command);
    snprintf(title, sizeof title, "deepmirgene %s", command);
    const dmg_multiqc section = {.id = id,
                                 .title = title,
                                 .description =
                                     "Metrics of pre-miRNA classifiers on labelled sequences.",
                                 .columns = columns,
                                 .column_count = DMG_METRICS,
                                 .names = (const char *const *)names,
                                 .values = values,
                                 .row_count = count};
    if (st == DMG_OK) st = write_section(path, &section, err);
    for (size_t k = 0; names && k < count; k++) free(names[k]);
    free(names);
    free(values);
    return st;
}

/* --- loci --- */

dmg_status multiqc_loci(const char *path, const dmg_loci_totals *totals, dmg_error *err)
{
    if (!path) return DMG_OK;
    static const dmg_multiqc_column columns[] = {
        {"sequences", "Sequences", "sequences or regions that were scanned", 0, NAN, 0, false},
        {"mb", "Mb", "bases A, C, G, T or U that were scanned, in millions", 0, NAN, 2, false},
        {"candidates", "Candidates", "hairpins at or above the threshold", 0, NAN, 0, false},
        {"loci", "Loci", "the best of the candidates that overlap", 0, NAN, 0, false},
        {"selected", "Selected", "loci in the output", 0, NAN, 0, false},
        {"families", "Families", "families of near-identical loci in the output", 0, NAN, 0, false},
        {"expected_true", "Expected true",
         "families in the output that are expected to be pre-miRNAs", 0, NAN, 1, false},
    };
    const double values[] = {(double)totals->sequences,  (double)totals->bases / 1e6,
                             (double)totals->candidates, (double)totals->loci,
                             (double)totals->selected,   (double)totals->families,
                             totals->expected_true};
    char *name = sample_name(path, NULL);
    if (!name) return command_nomem(err);
    const char *const names[] = {name};
    const dmg_multiqc section = {.id = "deepmirgene_scan",
                                 .title = "deepmirgene scan",
                                 .description = "Pre-miRNA loci that were found in genomes.",
                                 .columns = columns,
                                 .column_count = sizeof columns / sizeof *columns,
                                 .names = names,
                                 .values = values,
                                 .row_count = 1};
    const dmg_status st = write_section(path, &section, err);
    free(name);
    return st;
}
