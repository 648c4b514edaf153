/* SPDX-License-Identifier: MIT */
/* Explanations: the states of the network for a sequence, and the contributions to its score.
 *
 * Three views, after section 4.4 of the paper:
 *
 * - states: the value of each LSTM unit at each position (figure 7 shows the cell states);
 * - attribution: the contribution of each position to the score, by integrated gradients
 *   (Sundararajan, Taly & Yan 2017);
 * - mutations: p_mirna of each single mutant. Each mutant is folded, because a mutation also
 *   changes the structure.
 *
 * The score is the log odds of the network's p_mirna, log(p / (1 - p)), which does not saturate
 * like p; a calibration (calibration.h) maps it to a score + b. The baseline is an unknown sequence
 * of the same length: unpaired bases N, the mean of the plain rows of each embedding table; the
 * empty contact map; and each feature at its mean. The path from the baseline to the sequence is
 * straight in the inputs of the layers: embedded tokens, pixels, and the values of a feature, bins
 * included. An attribution is the mean gradient on the path times the difference from the baseline.
 * A contact map and each feature have one number.
 *
 * Attributions add up to the score minus that of the baseline, exactly except for rounding. The
 * path is cut into intervals. The part of the score's change that the gradient at the middle of an
 * interval does not explain is distributed over the inputs in proportion to their contributions.
 * Intervals are halved until this part is at most the tolerance (1% of the difference), or an
 * interval is 1/16384 of the path: the score of a recurrent network may jump on a shorter one.
 * `residual` is the sum of the distributed parts.
 */
#ifndef DMG_EXPLAIN_H
#define DMG_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "deepmirgene/cpu.h"
#include "deepmirgene/model.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define DMG_EXPLAIN_MAX_LENGTH 2000 /* nucleotides; a longer drawing cannot be read */

/* The values of an LSTM at each step. */
typedef enum dmg_state {
    DMG_STATE_CELL,
    DMG_STATE_HIDDEN,
    DMG_STATE_INPUT, /* gates */
    DMG_STATE_FORGET,
    DMG_STATE_OUTPUT,
    DMG_STATES
} dmg_state;

/* "cell", "hidden", "input", "forget", "output" */
DMG_API const char *dmg_state_name(dmg_state state);

/* One LSTM over one sequence. */
typedef struct dmg_layer_states {
    dmg_stream_kind stream;
    size_t layer;                    /* of stacked ones, from 0 */
    bool reversed;                   /* it reads the stream from its last step to its first */
    size_t units;                    /* H */
    size_t steps;                    /* T, those of the stream in its order; may be 0 */
    const float *values[DMG_STATES]; /* [T][H] each */
} dmg_layer_states;

/* The contribution of one stream, or one feature, to the score. */
typedef struct dmg_attribution {
    const char *name; /* of the stream or feature */
    const double
        *values; /* [length] by nucleotide, 0 where the stream reads none; NULL: as a whole */
    double total;
} dmg_attribution;

typedef struct dmg_explanation {
    const char *sequence, *structure; /* [length], the caller's */
    size_t length;
    size_t split; /* between the arms, dmg_encode_split */
    int loops;
    double p_mirna;
    double score, baseline_score; /* log odds */
    size_t steps;                 /* points of the path that were evaluated */
    size_t layer_count;
    const dmg_layer_states *layers; /* [layer_count] in the order of the architecture */
    double residual;                /* the sum of the distributed parts, in absolute values */
    size_t attribution_count;
    const dmg_attribution *attributions; /* [attribution_count] */
    const double *attribution;           /* [length]: the sum of all with values */
    double refolded_p;      /* p_mirna with the structure of least energy; with mutations */
    const float *mutations; /* [length][4]: p_mirna with A, C, G, U there, NaN for the own one; or
                             * NULL: not asked for */
    const double *pair_probability; /* [length]: how probable this structure is at each nucleotide,
                                     * in the ensemble of all structures (pairing.h): the
                                     * probability of its pair, or of having none where the
                                     * structure has none */
} dmg_explanation;

typedef struct dmg_explain_options {
    size_t mutations; /* longest sequence to map the mutations of: 3 n foldings; 0: none */
    double tolerance; /* of the attributions' sum, as a share of the difference of the scores, or of
                       * 1 where that is less: > 0 */
    int threads;      /* to fold mutants with, >= 1 */
    dmg_cpu cpu;
} dmg_explain_options;

/* Mutations up to 400 nucleotides, tolerance 0.01, one thread. */
DMG_API dmg_explain_options dmg_explain_options_defaults(void);

/* Working memory for one explanation at a time; the model must outlive it. */
typedef struct dmg_explainer dmg_explainer;

/* A model of several members is DMG_UNSUPPORTED; dmg_model_member makes one of one. */
DMG_API dmg_status dmg_explainer_create(dmg_explainer **out, const dmg_model *model,
                                        const dmg_explain_options *options, dmg_error *err);
DMG_API void dmg_explainer_destroy(dmg_explainer *explainer);

/* *out belongs to the explainer and lasts until its next call; sequence and structure [length] are
 * the caller's and have to last as long. `energy` is that of dmg_predict_task. DMG_RANGE beyond
 * DMG_EXPLAIN_MAX_LENGTH, and of an empty sequence. */
DMG_API dmg_status dmg_explain(const dmg_explanation **out, dmg_explainer *explainer,
                               const char *sequence, const char *structure, size_t length,
                               int energy, dmg_error *err);

/* --- output for people and programs --- */

/* `shown`: bit 1 << DMG_STATE_... for each state. */

/* The inside of a section of HTML (html_report.h). */
DMG_API dmg_status dmg_explain_html(FILE *out, const dmg_explanation *explanation, unsigned shown,
                                    dmg_error *err);

/* One SVG file of all drawings; `title` may hold anything. */
DMG_API dmg_status dmg_explain_svg(FILE *out, const dmg_explanation *explanation, const char *title,
                                   unsigned shown, dmg_error *err);

/* Rows id, what, stream, layer, unit, position, letter, value, with '-' where a column does not
 * apply; positions from 1. `what` is p_mirna, score, baseline_score, residual; a state;
 * attribution; pair_probability; or mutation, whose unit is the other base and whose value is
 * p_mirna with it minus p_mirna without.
 */
DMG_API void dmg_explain_tsv(FILE *out, const dmg_explanation *explanation, const char *id,
                             size_t id_length, unsigned shown);

/* The same as an object of JSON on one line. */
DMG_API dmg_status dmg_explain_json(FILE *out, const dmg_explanation *explanation, const char *id,
                                    size_t id_length, unsigned shown, dmg_error *err);

/* --- units over many sequences --- */

/* A unit hardly changes below this share of its layer's mean variance. */
#define DMG_UNIT_STILL 0.05

/* One unit of one LSTM. Correlations are Pearson's, of its cell state with properties of each
 * nucleotide, over all steps of all sequences; NaN if either is constant. */
typedef struct dmg_unit_summary {
    dmg_stream_kind stream;
    size_t layer; /* of stacked ones, from 0 */
    bool reversed;
    size_t unit;     /* from 0 */
    double variance; /* of its cell state */
    double auroc;    /* of the hidden state it ends on, for telling pre-miRNAs from the others: far
                      * from 0.5, either way, is good; NaN without both classes */
    double gc;       /* G or C, against A or U */
    double stem;     /* paired */
    double loop;     /* in a hairpin loop */
    double bulge;    /* unpaired inside a pair, but in no hairpin loop */
    bool still;      /* it hardly changes (section 4.4 of the paper) */
} dmg_unit_summary;

typedef struct dmg_unit_study dmg_unit_study;

/* The model must outlive the study; one of several members is DMG_UNSUPPORTED. */
DMG_API dmg_status dmg_unit_study_create(dmg_unit_study **out, const dmg_model *model,
                                         dmg_error *err);
DMG_API void dmg_unit_study_destroy(dmg_unit_study *study);

/* Adds one labelled sequence, given as for dmg_explain. */
DMG_API dmg_status dmg_unit_study_add(dmg_unit_study *study, const char *sequence,
                                      const char *structure, size_t length, int energy,
                                      bool positive, dmg_error *err);

/* All units, layer by layer; to be freed by the caller. At least one sequence. */
DMG_API dmg_status dmg_unit_study_finish(dmg_unit_summary **out, size_t *count,
                                         const dmg_unit_study *study, dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
