/* SPDX-License-Identifier: MIT */
/* Explanations as TSV and JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/json_build.h"
#include "base/nucleotide.h"
#include "deepmirgene/encode.h"
#include "deepmirgene/explain.h"

enum { BASES = BASE_CODES - 1 };

static bool is_shown(unsigned shown, int state)
{
    return (shown >> state & 1) != 0;
}

/* Which nucleotide step t of a layer is about. */
static size_t position_of(const dmg_explanation *x, const dmg_layer_states *layer, size_t t)
{
    return dmg_encode_position(layer->stream, t, x->length);
}

/* --- TSV --- */

typedef struct tsv {
    FILE *out;
    const char *id;
    int id_length;
} tsv;

static void write_row(const tsv *to, const char *what, const char *stream, const char *place,
                      double value)
{
    fprintf(to->out, "%.*s\t%s\t%s\t%s\t%.6g\n", to->id_length, to->id, what, stream, place, value);
}

static void write_layer(const tsv *to, const dmg_explanation *x, const dmg_layer_states *layer,
                        unsigned shown)
{
    for (int state = 0; state < DMG_STATES; state++) {
        if (!is_shown(shown, state)) continue;
        for (size_t u = 0; u < layer->units; u++)
            for (size_t t = 0; t < layer->steps; t++) {
                const size_t i = position_of(x, layer, t);
                char place[96];
                snprintf(place, sizeof place, "%zu%s\t%zu\t%zu\t%c", layer->layer + 1,
                         layer->reversed ? "r" : "", u + 1, i + 1, x->sequence[i]);
                write_row(to, dmg_state_name((dmg_state)state),
                          dmg_encode_stream_name(layer->stream), place,
                          (double)layer->values[state][t * layer->units + u]);
            }
    }
}

/* A number of each nucleotide. */
static void write_positions(const tsv *to, const dmg_explanation *x, const char *what,
                            const char *stream, const double *values)
{
    char place[64];
    for (size_t i = 0; i < x->length; i++) {
        snprintf(place, sizeof place, "-\t-\t%zu\t%c", i + 1, x->sequence[i]);
        write_row(to, what, stream, place, values[i]);
    }
}

static void write_attribution(const tsv *to, const dmg_explanation *x, const dmg_attribution *a)
{
    if (a->values)
        write_positions(to, x, "attribution", a->name, a->values);
    else
        write_row(to, "attribution", a->name, "-\t-\t-\t-", a->total);
}

void dmg_explain_tsv(FILE *out, const dmg_explanation *x, const char *id, size_t id_length,
                     unsigned shown)
{
    static const char none[] = "-\t-\t-\t-";
    const tsv to = {out, id, (int)id_length};
    write_row(&to, "p_mirna", "-", none, x->p_mirna);
    write_row(&to, "score", "-", none, x->score);
    write_row(&to, "baseline_score", "-", none, x->baseline_score);
    write_row(&to, "residual", "-", none, x->residual);
    for (size_t k = 0; k < x->layer_count; k++) write_layer(&to, x, &x->layers[k], shown);
    for (size_t k = 0; k < x->attribution_count; k++)
        write_attribution(&to, x, &x->attributions[k]);
    write_positions(&to, x, "pair_probability", "-", x->pair_probability);
    for (size_t m = 0; x->mutations && m < BASES * x->length; m++) {
        char place[64];
        if (isnan(x->mutations[m])) continue;
        snprintf(place, sizeof place, "-\t%c\t%zu\t%c", dmg_base_letter(BASE_A + (int)(m % BASES)),
                 m / BASES + 1, x->sequence[m / BASES]);
        write_row(&to, "mutation", "-", place, (double)x->mutations[m] - x->refolded_p);
    }
}

/* --- JSON --- */

/* jansson's functions accept NULL for a value that could not be had, and fail; each value here is
 * either whole or NULL. */
static json_t *whole(json_t *json, bool ok)
{
    if (ok) return json;
    json_decref(json);
    return NULL;
}

/* With as many digits as the table has. */
static json_t *json_value(double value)
{
    char text[32];
    if (isnan(value)) return json_null();
    snprintf(text, sizeof text, "%.6g", value);
    return json_real(strtod(text, NULL));
}

static json_t *json_positions(const dmg_explanation *x, const dmg_layer_states *layer)
{
    json_t *positions = json_array();
    bool ok = positions;
    for (size_t t = 0; ok && t < layer->steps; t++) {
        const json_int_t position = (json_int_t)position_of(x, layer, t) + 1;
        ok = json_array_append_new(positions, json_integer(position)) == 0;
    }
    return whole(positions, ok);
}

/* [units][steps] */
static json_t *json_state(const dmg_layer_states *layer, int state)
{
    json_t *units = json_array();
    bool ok = units;
    for (size_t u = 0; ok && u < layer->units; u++) {
        json_t *row = json_array();
        for (size_t t = 0; ok && t < layer->steps; t++) {
            const double value = (double)layer->values[state][t * layer->units + u];
            ok = json_array_append_new(row, json_value(value)) == 0;
        }
        ok = json_array_append_new(units, row) == 0 && ok;
    }
    return whole(units, ok);
}

static json_t *json_layer(const dmg_explanation *x, const dmg_layer_states *layer, unsigned shown)
{
    json_t *object =
        json_pack("{s:s, s:I, s:b, s:o}", "stream", dmg_encode_stream_name(layer->stream), "layer",
                  (json_int_t)layer->layer + 1, "reversed", layer->reversed, "positions",
                  json_positions(x, layer));
    bool ok = object;
    for (int state = 0; ok && state < DMG_STATES; state++)
        if (is_shown(shown, state))
            ok = json_object_set_new(object, dmg_state_name((dmg_state)state),
                                     json_state(layer, state)) == 0;
    return whole(object, ok);
}

static json_t *json_numbers(const double *numbers, size_t count)
{
    json_t *values = json_array();
    bool ok = values;
    for (size_t i = 0; ok && i < count; i++)
        ok = json_array_append_new(values, json_value(numbers[i])) == 0;
    return whole(values, ok);
}

static json_t *json_attribution(const dmg_explanation *x, const dmg_attribution *a)
{
    json_t *object = json_pack("{s:s, s:o}", "stream", a->name, "total", json_value(a->total));
    if (!object || !a->values) return object;
    json_t *values = json_numbers(a->values, x->length);
    return whole(object, json_object_set_new(object, "values", values) == 0);
}

static json_t *json_mutations(const dmg_explanation *x)
{
    if (!x->mutations) return json_null();
    json_t *object = json_object();
    bool ok = object;
    for (size_t b = 0; ok && b < BASES; b++) {
        json_t *row = json_array();
        for (size_t i = 0; ok && i < x->length; i++) {
            const double change = (double)x->mutations[i * BASES + b] - x->refolded_p;
            ok = json_array_append_new(row, json_value(change)) == 0;
        }
        ok = json_object_set_new(object, (char[]){dmg_base_letter(BASE_A + (int)b), '\0'}, row) ==
                 0 &&
             ok;
    }
    return whole(object, ok);
}

static json_t *json_layers(const dmg_explanation *x, unsigned shown)
{
    json_t *layers = json_array();
    bool ok = layers;
    for (size_t k = 0; ok && k < x->layer_count; k++)
        ok = json_array_append_new(layers, json_layer(x, &x->layers[k], shown)) == 0;
    return whole(layers, ok);
}

static json_t *json_attributions(const dmg_explanation *x)
{
    json_t *attributions = json_array();
    bool ok = attributions;
    for (size_t k = 0; ok && k < x->attribution_count; k++)
        ok = json_array_append_new(attributions, json_attribution(x, &x->attributions[k])) == 0;
    return whole(attributions, ok);
}

dmg_status dmg_explain_json(FILE *out, const dmg_explanation *x, const char *id, size_t id_length,
                            unsigned shown, dmg_error *err)
{
    json_t *object =
        json_pack("{s:o, s:s#, s:s#, s:I, s:I, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o}", "id",
                  dmg_json_name(id, id_length), "sequence", x->sequence, x->length, "structure",
                  x->structure, x->length, "split", (json_int_t)x->split, "loops",
                  (json_int_t)x->loops, "p_mirna", json_value(x->p_mirna), "score",
                  json_value(x->score), "baseline_score", json_value(x->baseline_score), "residual",
                  json_value(x->residual), "steps", (json_int_t)x->steps, "layers",
                  json_layers(x, shown), "attributions", json_attributions(x), "pair_probability",
                  json_numbers(x->pair_probability, x->length), "mutations", json_mutations(x));
    if (!object) return dmg_error_nomem(err, "an explanation");
    const int failed = json_dumpf(object, out, JSON_COMPACT | JSON_REAL_PRECISION(12));
    json_decref(object);
    if (failed && !ferror(out)) return dmg_error_nomem(err, "an explanation");
    putc('\n', out);
    return DMG_OK;
}
