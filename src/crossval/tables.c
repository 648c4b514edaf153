/* SPDX-License-Identifier: MIT */
/* history.tsv and predictions.tsv. */
#include <math.h>

#include "crossval/results.h"

/* Metrics that an epoch's history does not keep. */
static bool is_kept(enum dmg_metric metric)
{
    return metric < DMG_METRIC_RECALL_P50;
}

static void print_value(FILE *out, double value)
{
    if (isnan(value))
        fputs("\tNaN", out);
    else
        fprintf(out, "\t%.6g", value);
}

static void print_epoch(FILE *out, const dmg_crossval_run *run, size_t e)
{
    const dmg_crossval_epoch *epoch = &run->history[e];
    fprintf(out, "%d\t%s\t%zu", run->repeat, run->fold, e + 1);
    print_value(out, epoch->loss);
    print_value(out, epoch->validation_loss);
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++)
        if (is_kept(m)) print_value(out, epoch->values[m]);
    putc('\n', out);
}

dmg_status results_write_history(FILE *out, const results *r, dmg_error *err)
{
    (void)err;
    results_print_origin(out, r);
    fputs("repeat\tfold\tepoch\tloss\tvalidation_loss", out);
    for (enum dmg_metric m = 0; m < DMG_METRICS; m++)
        if (is_kept(m)) fprintf(out, "\t%s", dmg_metric_name(m));
    putc('\n', out);
    for (size_t i = 0; i < r->cv->count; i++)
        for (size_t e = 0; e < r->cv->runs[i].view.epochs; e++)
            print_epoch(out, &r->cv->runs[i].view, e);
    return DMG_OK;
}

dmg_status results_write_predictions(FILE *out, const results *r, dmg_error *err)
{
    (void)err;
    results_print_origin(out, r);
    fputs("repeat\tfold\tid\tlabel\tscore\n", out);
    for (size_t i = 0; i < r->cv->count; i++) {
        const dmg_crossval_run *run = &r->cv->runs[i].view;
        for (size_t k = 0; k < run->count; k++)
            /* Nine digits tell every float from its neighbours. */
            fprintf(out, "%d\t%s\t%s\t%d\t%.9g\n", run->repeat, run->fold,
                    dmg_dataset_get(r->cv->dataset, run->records[k]).id, run->labels[k],
                    (double)run->scores[k]);
    }
    return DMG_OK;
}
