/* SPDX-License-Identifier: MIT */
/* Platt scaling.
 *
 * The fit is Newton's method with backtracking, on the formulas of Lin, Lin & Weng 2007 (Machine
 * Learning 68:267), which neither overflow nor cancel. The likelihood is concave, so where it
 * begins does not matter; it begins, as Platt does, with a = 0.
 */
#include "model/calibration.h"

#include <float.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/json_build.h"

enum { DIGITS = 9, MOST_STEPS = 100 };

static double logistic(double x)
{
    if (x >= 0) return 1 / (1 + exp(-x));
    const double e = exp(x);
    return e / (1 + e);
}

static double logit(double p)
{
    return log(p) - log1p(-p);
}

/* That of a network's p, which is a float: 0 and 1 become the nearest normal numbers. */
static double limited_logit(double p)
{
    return logit(fmin(fmax(p, (double)FLT_MIN), 1 - (double)FLT_EPSILON / 2));
}

double dmg_calibration_apply(const dmg_calibration *calibration, double p)
{
    return logistic(calibration->a * limited_logit(p) + calibration->b);
}

dmg_calibration dmg_calibration_restate(dmg_calibration calibration, double prior)
{
    calibration.b += logit(prior) - logit(calibration.prior);
    calibration.prior = prior;
    return calibration;
}

/* --- the fit --- */

typedef struct platt_data {
    size_t count;
    double *logits;  /* [count] */
    double *targets; /* [count] */
} platt_data;

/* What is made small, minus the logarithm of the likelihood. */
static double platt_loss(const platt_data *data, double a, double b)
{
    double loss = 0;
    for (size_t i = 0; i < data->count; i++) {
        const double f = a * data->logits[i] + b, t = data->targets[i];
        loss += f >= 0 ? (1 - t) * f + log1p(exp(-f)) : -t * f + log1p(exp(f));
    }
    return loss;
}

/* Newton's step from (a, b), and the gradient there. */
typedef struct platt_step {
    double a, b;
    double gradient_a, gradient_b;
} platt_step;

static platt_step newton_step(const platt_data *data, double a, double b)
{
    /* The ridge keeps the matrix regular where all logits are the same. */
    const double ridge = 1e-12;
    double aa = ridge, ab = 0, bb = ridge;
    platt_step step = {0};
    for (size_t i = 0; i < data->count; i++) {
        const double l = data->logits[i], p = logistic(a * l + b);
        const double weight = p * (1 - p), error = p - data->targets[i];
        aa += l * l * weight;
        ab += l * weight;
        bb += weight;
        step.gradient_a += l * error;
        step.gradient_b += error;
    }
    const double determinant = aa * bb - ab * ab;
    step.a = -(bb * step.gradient_a - ab * step.gradient_b) / determinant;
    step.b = -(aa * step.gradient_b - ab * step.gradient_a) / determinant;
    return step;
}

/* Goes the step or, halving it, the first part of it that makes the loss clearly smaller; false
 * where none does, because rounding is all that is left. */
static bool descend(double *a, double *b, double *loss, const platt_data *data, platt_step step)
{
    const double slope = step.gradient_a * step.a + step.gradient_b * step.b;
    for (double part = 1; part > 1e-10; part /= 2) {
        const double next = platt_loss(data, *a + part * step.a, *b + part * step.b);
        if (!(next < *loss + 1e-4 * part * slope)) continue;
        *a += part * step.a;
        *b += part * step.b;
        *loss = next;
        return true;
    }
    return false;
}

static void platt_fit(double *a, double *b, const platt_data *data)
{
    const double enough = 1e-12 * (double)data->count;
    double sum = 0;
    for (size_t i = 0; i < data->count; i++) sum += data->targets[i];
    *a = 0;
    *b = logit(sum / (double)data->count);
    double loss = platt_loss(data, *a, *b);
    for (int s = 0; s < MOST_STEPS; s++) {
        const platt_step step = newton_step(data, *a, *b);
        if (fabs(step.gradient_a) + fabs(step.gradient_b) <= enough) break;
        if (!descend(a, b, &loss, data, step)) break;
    }
}

static dmg_status check_fit(size_t positives, const float *p, size_t count, dmg_error *err)
{
    if (positives == 0 || positives == count)
        return dmg_error_set(
            err, DMG_RANGE,
            "calibration needs precursors and other sequences; %zu records include %zu precursors",
            count, positives);
    for (size_t i = 0; i < count; i++)
        if (!(p[i] >= 0 && p[i] <= 1))
            return dmg_error_set(err, DMG_RANGE, "probability %zu, %g, is not 0 to 1", i,
                                 (double)p[i]);
    return DMG_OK;
}

dmg_status dmg_calibration_fit(dmg_calibration *out, const float *p, const bool *labels,
                               size_t count, dmg_error *err)
{
    size_t positives = 0;
    for (size_t i = 0; i < count; i++) positives += labels[i];
    dmg_status st = check_fit(positives, p, count, err);
    if (st != DMG_OK) return st;
    const double members[2] = {(double)(count - positives), (double)positives};
    platt_data data = {
        .count = count,
        .logits = dmg_alloc(count, sizeof *data.logits),
        .targets = dmg_alloc(count, sizeof *data.targets),
    };
    if (!data.logits || !data.targets) st = dmg_error_nomem(err, "a calibration");
    for (size_t i = 0; st == DMG_OK && i < count; i++) {
        data.logits[i] = limited_logit((double)p[i]);
        data.targets[i] = (labels[i] ? members[1] + 1 : 1) / (members[labels[i]] + 2);
    }
    if (st == DMG_OK) {
        dmg_calibration fitted = {.prior = members[1] / (double)count, .records = count};
        platt_fit(&fitted.a, &fitted.b, &data);
        if (fitted.a > 0)
            *out = fitted;
        else
            st = dmg_error_set(err, DMG_RANGE,
                               "the model does not score precursors higher than other sequences (a "
                               "= %g), so it cannot be calibrated",
                               fitted.a);
    }
    free(data.logits);
    free(data.targets);
    return st;
}

/* --- text --- */

dmg_status calibration_print(char **out, const dmg_calibration *calibration, const char *data,
                             dmg_error *err)
{
    bool no_memory = false;
    json_t *about = data ? dmg_json_parse(data, strlen(data), 0, &no_memory, NULL) : NULL;
    if (no_memory) return dmg_error_nomem(err, "a calibration");
    if (data && !about)
        return dmg_error_set(err, DMG_FORMAT, "calibration metadata is not valid JSON");
    json_t *object =
        json_pack("{s:f, s:f, s:f, s:I}", "a", calibration->a, "b", calibration->b, "prior",
                  calibration->prior, "records", (json_int_t)calibration->records);
    const bool complete = object && (!about || json_object_set(object, "data", about) == 0);
    *out = complete ? dmg_json_dump(object, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS)) : NULL;
    json_decref(object);
    json_decref(about);
    return *out ? DMG_OK : dmg_error_nomem(err, "a calibration");
}

dmg_status calibration_parse(dmg_calibration *out, const char *text, const char *source,
                             dmg_error *err)
{
    dmg_calibration c = {0};
    json_int_t records = 0;
    json_error_t fault;
    bool no_memory;
    json_t *object = dmg_json_parse(text, strlen(text), JSON_REJECT_DUPLICATES, &no_memory, &fault);
    const bool whole =
        object && json_unpack_ex(object, &fault, 0, "{s:F, s:F, s:F, s:I}", "a", &c.a, "b", &c.b,
                                 "prior", &c.prior, "records", &records) == 0;
    no_memory |= object && !whole && errno == ENOMEM;
    json_decref(object);
    if (no_memory) return dmg_error_nomem(err, source);
    if (!whole)
        return dmg_error_set(err, DMG_FORMAT, "%s: its calibration: %s", source, fault.text);
    if (!(c.a > 0))
        return dmg_error_set(err, DMG_FORMAT, "%s: its calibration: a is %g, not above 0", source,
                             c.a);
    if (!(c.prior > 0 && c.prior < 1))
        return dmg_error_set(err, DMG_FORMAT,
                             "%s: its calibration: the prior is %g, not between 0 and 1", source,
                             c.prior);
    if (records < 2)
        return dmg_error_set(err, DMG_FORMAT, "%s: its calibration: fewer than 2 records", source);
    c.records = (size_t)records;
    *out = c;
    return DMG_OK;
}
