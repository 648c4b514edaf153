/* SPDX-License-Identifier: MIT */
/* Quality of a trained model, and warnings. */
#include "quality.h"
#include "note.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FEW_POSITIVES = 50 };

/* --- warnings --- */

void quality_warn_of_few(const char *command, const dmg_dataset *dataset, const bool *held_out,
                         bool fine_tuned)
{
    size_t positives = 0;
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++)
        positives += dmg_dataset_get(dataset, i).positive && !(held_out && held_out[i]);
    if (positives == 0 || positives >= FEW_POSITIVES || fine_tuned) return;
    warn(command,
         "%zu training pre-miRNA%s %s few, and the result depends on the seed; --from general "
         "starts from a trained network",
         positives, command_plural(positives), positives == 1 ? "is" : "are");
}

void quality_warn_of_calls(const char *command, const char *name, dmg_confusion c,
                           const char *remedy)
{
    const double all = c.tp + c.fn + c.fp + c.tn;
    if (c.tp + c.fn == 0 || c.tn + c.fp == 0) return; /* one class alone may well be called so */
    if (c.tp + c.fp > 0 && c.tn + c.fn > 0) return;
    warn(command, "%s calls %s of %.0f records a pre-miRNA and does not separate the classes%s",
         name, c.tp + c.fp > 0 ? "all" : "none", all, remedy);
}

/* --- the report --- */

/* How a model does on the chosen records [count]. */
typedef struct quality {
    dmg_confusion confusion;
    double average_precision;
} quality;

static dmg_status measure(quality *out, const quality_report *r, const dmg_model *model,
                          const bool *chosen, const bool *labels, size_t count, dmg_error *err)
{
    dmg_rank_metrics ranks;
    float *scores = malloc(count * sizeof *scores + 1);
    dmg_status st = scores ? DMG_OK : command_nomem(err);
    if (st == DMG_OK)
        st = dmg_dataset_predict(scores, r->dataset, chosen, model, r->threads, r->cpu, err);
    if (st == DMG_OK) st = dmg_metrics_ranks(&ranks, scores, labels, count, err);
    if (st == DMG_OK)
        *out = (quality){.confusion =
                             dmg_metrics_confusion(scores, labels, count, DMG_DEFAULT_THRESHOLD),
                         .average_precision = ranks.aupr};
    free(scores);
    return st;
}

/* Marks the records to report on, and lists their labels; returns how many there are. */
static size_t choose(bool *chosen, bool *labels, const quality_report *r)
{
    size_t count = 0;
    for (size_t i = 0; i < dmg_dataset_count(r->dataset); i++) {
        const dmg_dataset_record record = dmg_dataset_get(r->dataset, i);
        chosen[i] = !record.unlabelled && (!r->held_out || r->held_out[i]);
        if (chosen[i]) labels[count++] = record.positive;
    }
    return count;
}

/* What is defined, and the end of the line. */
static void print_quality(const quality *q)
{
    const dmg_call_metrics calls = dmg_metrics_calls(q->confusion);
    const struct {
        const char *name;
        double value;
    } values[] = {{"sensitivity", calls.se},
                  {"specificity", calls.sp},
                  {"average precision", q->average_precision}};
    const char *separator = ": ";
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        if (isnan(values[k].value)) continue;
        note_more("%s%s %.3f", separator, values[k].name, values[k].value);
        separator = ", ";
    }
    note_more("\n");
}

static void print_comparison(const quality_report *r, const quality *own, const quality *before)
{
    note(r->command, "%s on the same", r->before_name);
    print_quality(before);
    if (own->average_precision > before->average_precision ||
        (own->average_precision == 1 && before->average_precision == 1))
        return;
    warn(r->command,
         "%s is not better than %s on held-out records; use %s as it is, or give more records",
         r->name, r->before_name, r->before_name);
}

static dmg_status report_chosen(const quality_report *r, const bool *chosen, const bool *labels,
                                size_t count, dmg_error *err)
{
    quality own, before;
    dmg_status st = measure(&own, r, r->model, chosen, labels, count, err);
    if (st == DMG_OK && r->before) st = measure(&before, r, r->before, chosen, labels, count, err);
    if (st != DMG_OK) return st;
    note(r->command, "on %zu %s records", count, r->held_out ? "held-out" : "training");
    print_quality(&own);
    quality_warn_of_calls(r->command, r->name, own.confusion,
                          "; more epochs, --recipe 2026 or --class-weight balanced may help");
    if (r->before) print_comparison(r, &own, &before);
    return DMG_OK;
}

dmg_status quality_report_print(const quality_report *r, dmg_error *err)
{
    const size_t records = dmg_dataset_count(r->dataset);
    bool *chosen = malloc(records * sizeof *chosen + 1);
    bool *labels = malloc(records * sizeof *labels + 1);
    dmg_status st = chosen && labels ? DMG_OK : command_nomem(err);
    const size_t count = st == DMG_OK ? choose(chosen, labels, r) : 0;
    if (count > 0) st = report_chosen(r, chosen, labels, count, err);
    free(labels);
    free(chosen);
    return st;
}
