/* SPDX-License-Identifier: MIT */
/* A trained network, or several of one architecture: their file, and predictions with them.
 *
 * A model file is a safetensors file (github.com/huggingface/safetensors): 8 bytes little-endian
 * header length, a JSON header, then the float32 tensors, little-endian and row-major. The header's
 * "__metadata__" maps strings to strings:
 *
 *     format          "deepmirgene-model"
 *     format_version  "1"; a later version is refused
 *     name            the model's name
 *     description     a line that helps to choose among models; may be absent
 *     architecture    JSON text, see architecture.h
 *     alphabet        "ACGU(.)": which letters the embedding rows stand for
 *     training        JSON text: data, seed and options it was trained with
 *     members         "2" .. "16": networks of this architecture in the file, whose tensors have
 *                     names that begin with "member.0.", "member.1.", ...; absent where there is
 *                     one, whose tensors have their plain names
 *     calibration     JSON text, where the model is calibrated (calibration.h): "a", "b", "prior",
 *                     "records", and "data", what they were fitted to
 *     long_from       "141": the shortest candidate of a scan, in nucleotides, that a network of
 * its own scores, alone; its tensors have names that begin with "long."; absent where there is none
 *     long_calibration, long_training
 *                     of that network: the former where there is a calibration, the latter may be
 *                     absent
 *     scan_background JSON text: loci of scan without precursors (doc/scan.md); may be absent
 *     scan_long_span  the long_span (scan.h) of that scan; may be absent
 *     checksum        64 bits, hexadecimal: the sum of the FNV-1a of the bytes after the header and
 *                     of that of each other entry here (key, NUL, text, NUL)
 */
#ifndef DMG_MODEL_H
#define DMG_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "deepmirgene/architecture.h"
#include "deepmirgene/cpu.h"
#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { DMG_MAX_MEMBERS = 16 };

/* Unchanging once made, so threads may share it. */
typedef struct dmg_model dmg_model;

/* A built-in model by its name, else the file of that path. Everything about a file is checked
 * before it is used: header, offsets, shapes against the architecture, checksum, finite values. */
DMG_API dmg_status dmg_model_load(dmg_model **out, const char *name_or_path, dmg_error *err);

/* The same from a file's bytes in memory; `source` names them in messages. */
DMG_API dmg_status dmg_model_load_memory(dmg_model **out, const void *bytes, size_t size,
                                         const char *source, dmg_error *err);

/* What is made of models, by the two functions below, by dmg_model_calibrate, or in training, has
 * none of their networks for long sequences. */

/* The networks of `count` models, 2 .. DMG_MAX_MEMBERS, as one model with the name `name`. Each is
 * loaded as by dmg_model_load, has one member, and differs from the others in its weights; else
 * DMG_UNSUPPORTED or DMG_RANGE. All are of the same architecture, else DMG_UNSUPPORTED. Their
 * calibrations are left out, as the mean needs one of its own. "training" becomes {"members":
 * [{"name", "checksum", "training"}, ...]}, the descriptions of the models. */
DMG_API dmg_status dmg_model_join(dmg_model **out, const char *name,
                                  const char *const *names_or_paths, size_t count, dmg_error *err);

/* A member, from 0, as a model of its own, with its recorded name and training, and without
 * calibration. DMG_RANGE if there is no such member. */
DMG_API dmg_status dmg_model_member(dmg_model **out, const dmg_model *model, size_t member,
                                    dmg_error *err);

/* Writes the file whole or not at all. */
DMG_API dmg_status dmg_model_save(const dmg_model *model, const char *path, dmg_error *err);

DMG_API void dmg_model_destroy(dmg_model *model);

DMG_API const dmg_architecture *dmg_model_architecture(const dmg_model *model);

/* Metadata by key; the model's own string, or NULL where the file has no such key. */
DMG_API const char *dmg_model_metadata(const dmg_model *model, const char *key);

/* Networks in the model, 1 .. DMG_MAX_MEMBERS. */
DMG_API size_t dmg_model_members(const dmg_model *model);

#define DMG_MAX_LONG_FROM 100000

/* The length, in nucleotides, from which on the model has a network of its own for candidates of a
 * scan (dmg_predictor_use_long); SIZE_MAX where it has none. */
DMG_API size_t dmg_model_long_from(const dmg_model *model);

/* Number of trainable values, of all networks together. */
DMG_API size_t dmg_model_parameters(const dmg_model *model);

/* The built-in model that everything uses where none is named. */
#define DMG_DEFAULT_MODEL "general"

/* The p_mirna from which on a record is called, and the threshold of the metrics of a training. */
#define DMG_DEFAULT_THRESHOLD 0.5

/* The i-th built-in model's name, the default one first; NULL past the last. */
DMG_API const char *dmg_model_builtin(size_t i);

/* One folded sequence to score; everything it points to belongs to the caller. */
typedef struct dmg_predict_task {
    const char *sequence;  /* in: [length] */
    const char *structure; /* in: [length], balanced dot-bracket */
    size_t length;         /* in: >= 1 */
    int energy;    /* in: of the structure, dcal/mol (fold.h), or DMG_ENERGY_UNKNOWN; used by
                    * networks that read features of it */
    float p_mirna; /* out: 0 .. 1 */
} dmg_predict_task;

/* Working memory for a model and a fixed number of threads, reused from call to call. Not to be
 * shared by threads of the caller; the model must outlive it. */
typedef struct dmg_predictor dmg_predictor;

/* `threads` >= 1; DMG_UNSUPPORTED if the processor lacks `cpu`. */
DMG_API dmg_status dmg_predictor_create(dmg_predictor **out, const dmg_model *model, int threads,
                                        dmg_cpu cpu, dmg_error *err);
DMG_API void dmg_predictor_destroy(dmg_predictor *predictor);

/* From now on p_mirna is for a share of `prior` precursors, 0 < prior < 1 (calibration.h);
 * DMG_UNSUPPORTED if the model is not calibrated, because the prior of its probabilities is then
 * unknown. */
DMG_API dmg_status dmg_predictor_set_prior(dmg_predictor *predictor, double prior, dmg_error *err);

/* Whether sequences of dmg_model_long_from nucleotides or more are scored by the network for long
 * ones; at first they are not. It knows candidates of a scan with a `long_span` (hairpins.h), and
 * is calibrated for a share of precursors of its own among these. Without effect where there is
 * none.
 */
DMG_API void dmg_predictor_use_long(dmg_predictor *predictor, bool use);

/* Scores tasks[0 .. count): p_mirna is the mean over the members, summed in double in their order,
 * or the output of the network for long
 * sequences, calibrated where the model is (calibration.h). A sequence's score depends only on
 * itself and the model. An empty sequence is DMG_RANGE, a structure with brackets that do not match
 * DMG_FORMAT. */
DMG_API dmg_status dmg_predict(dmg_predictor *predictor, dmg_predict_task *tasks, size_t count,
                               dmg_error *err);

#ifdef __cplusplus
}
#endif

#endif
