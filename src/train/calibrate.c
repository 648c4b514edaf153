/* SPDX-License-Identifier: MIT */
/* Calibration of a model on labelled sequences that it was not trained on. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "deepmirgene/calibration.h"
#include "deepmirgene/train.h"
#include "train/dataset.h"

static const char *const sides[] = {"positive", "negative"};

/* Whether a training, as models describe it, or that of a member or teacher had a file with this
 * digest on the side. */
static bool learned_from(const json_t *training, const char *side, const char *md5)
{
    size_t i;
    const json_t *file, *member;
    json_array_foreach(json_object_get(json_object_get(training, "data"), side), i, file)
    {
        const char *other = json_string_value(json_object_get(file, "md5"));
        if (md5 && other && strcmp(md5, other) == 0) return true;
    }
    json_array_foreach(json_object_get(training, "members"), i, member)
    {
        if (learned_from(json_object_get(member, "training"), side, md5)) return true;
    }
    const json_t *teacher = json_object_get(training, "teacher");
    return teacher && learned_from(json_object_get(teacher, "training"), side, md5);
}

/* Refuses whole files of the training: on those, a model is surer than elsewhere. */
static dmg_status check_unseen(const dmg_model *model, const json_t *data, dmg_error *err)
{
    const char *text = dmg_model_metadata(model, "training");
    json_t *training = text ? json_loads(text, 0, NULL) : NULL;
    dmg_status st = DMG_OK;
    for (int side = 0; st == DMG_OK && side < 2; side++) {
        size_t i;
        const json_t *file;
        json_array_foreach(json_object_get(data, sides[side]), i, file)
        {
            const char *md5 = json_string_value(json_object_get(file, "md5"));
            if (!learned_from(training, sides[side], md5)) continue;
            const char *name = json_string_value(json_object_get(file, "file"));
            st = dmg_error_set(err, DMG_RANGE,
                               "%s: the model was trained on these records; it has to be "
                               "calibrated on others",
                               name ? name : "a file");
            break;
        }
    }
    json_decref(training);
    return st;
}

/* The calibration of `model` to the dataset. */
static dmg_status fit(dmg_calibration *out, const dmg_model *model, const dmg_dataset *dataset,
                      int threads, dmg_cpu cpu, dmg_error *err)
{
    const size_t count = dmg_dataset_count(dataset);
    dmg_model *plain = NULL;
    float *p = dmg_alloc(count, sizeof *p);
    bool *labels = dmg_alloc(count, sizeof *labels);
    dmg_status st = p && labels ? DMG_OK : dmg_error_nomem(err, "a calibration");
    if (st == DMG_OK) st = dmg_model_calibrate(&plain, model, NULL, NULL, err);
    if (st == DMG_OK) st = dmg_dataset_predict(p, dataset, NULL, plain, threads, cpu, err);
    for (size_t i = 0; st == DMG_OK && i < count; i++)
        labels[i] = dmg_dataset_get(dataset, i).positive;
    if (st == DMG_OK) st = dmg_calibration_fit(out, p, labels, count, err);
    dmg_model_destroy(plain);
    free(p);
    free(labels);
    return st;
}

dmg_status dmg_calibrate(dmg_model **out, const dmg_model *model, const dmg_dataset *dataset,
                         double prior, int threads, dmg_cpu cpu, dmg_error *err)
{
    if (!isnan(prior) && !(prior > 0 && prior < 1))
        return dmg_error_set(err, DMG_RANGE, "prior %g is not between 0 and 1", prior);
    json_t *data = dataset_describe(dataset);
    char *about = data ? json_dumps(data, JSON_COMPACT) : NULL;
    dmg_calibration calibration;
    dmg_status st = about ? check_unseen(model, data, err) : dmg_error_nomem(err, "a calibration");
    if (st == DMG_OK) st = fit(&calibration, model, dataset, threads, cpu, err);
    if (st == DMG_OK && !isnan(prior)) calibration = dmg_calibration_restate(calibration, prior);
    if (st == DMG_OK) st = dmg_model_calibrate(out, model, &calibration, about, err);
    free(about);
    json_decref(data);
    return st;
}
