/* SPDX-License-Identifier: MIT */
/* Calibration of a model on labelled sequences that it was not trained on. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/json_build.h"
#include "deepmirgene/calibration.h"
#include "deepmirgene/train.h"
#include "model/provenance.h"
#include "train/dataset.h"

/* Refuses whole files of the training: on those, a model is surer than elsewhere. */
static dmg_status check_unseen(const dmg_model *model, const dmg_dataset *dataset, dmg_error *err)
{
    provenance p;
    dmg_status st = provenance_read(&p, model, err);
    if (st != DMG_OK) return st;
    const dataset_file *file;
    for (size_t i = 0; st == DMG_OK && (file = dataset_file_at(dataset, i)); i++)
        if (!file->unlabelled && provenance_has_file(&p, file->positive, file->md5))
            st = dmg_error_set(err, DMG_RANGE,
                               "%s: the model was trained on these records; calibrate it on others",
                               file->name);
    provenance_clear(&p);
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
    char *about = data ? dmg_json_dump(data, JSON_COMPACT) : NULL;
    dmg_calibration calibration;
    dmg_status st =
        about ? check_unseen(model, dataset, err) : dmg_error_nomem(err, "a calibration");
    if (st == DMG_OK) st = fit(&calibration, model, dataset, threads, cpu, err);
    if (st == DMG_OK && !isnan(prior)) calibration = dmg_calibration_restate(calibration, prior);
    if (st == DMG_OK) st = dmg_model_calibrate(out, model, &calibration, about, err);
    free(about);
    json_decref(data);
    return st;
}
