/* SPDX-License-Identifier: MIT */
/* Some records folded and scored together, by one thread. */
#include "classify/slot.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "classify/result.h"

dmg_status slot_init(classify_slot *slot, dmg_error *err)
{
    return dmg_batch_create(&slot->batch, err);
}

static void free_arrays(classify_slot *slot)
{
    free(slot->results);
    free(slot->fold_tasks);
    free(slot->predict_tasks);
    free(slot->matures);
    free(slot->pairings);
    free(slot->features);
}

void slot_clear(classify_slot *slot)
{
    dmg_batch_destroy(slot->batch);
    free_arrays(slot);
    free(slot->text);
    free(slot->pairing_text);
}

/* Room for `count` records and for `text` bytes of ids and structures. */
static dmg_status reserve(classify_slot *slot, size_t count, size_t text, dmg_error *err)
{
    if (count > slot->capacity) {
        free_arrays(slot);
        slot->results = dmg_alloc(count, sizeof *slot->results);
        slot->fold_tasks = dmg_alloc(count, sizeof *slot->fold_tasks);
        slot->predict_tasks = dmg_alloc(count, sizeof *slot->predict_tasks);
        slot->matures = dmg_alloc(count, sizeof *slot->matures);
        slot->pairings = dmg_alloc(count, sizeof *slot->pairings);
        slot->features = dmg_alloc(count * dmg_feature_count(), sizeof *slot->features);
        slot->capacity = 0;
        if (!slot->results || !slot->fold_tasks || !slot->predict_tasks || !slot->matures ||
            !slot->pairings || !slot->features)
            return dmg_error_nomem(err, "records");
        slot->capacity = count;
    }
    if (text > slot->text_capacity) {
        free(slot->text);
        slot->text = dmg_alloc(text, 1);
        slot->text_capacity = slot->text ? text : 0;
        if (!slot->text) return dmg_error_nomem(err, "records");
    }
    return DMG_OK;
}

/* The results as they are before folding; `scored`: scores are wanted. */
static dmg_status begin(classify_slot *slot, bool scored, dmg_error *err)
{
    const size_t count = dmg_batch_count(slot->batch);
    const dmg_record *records = dmg_batch_records(slot->batch);
    const size_t most = scored ? DMG_CLASSIFY_MAX_LENGTH : DMG_FOLD_MAX_LENGTH;
    size_t text = 0;
    for (size_t i = 0; i < count; i++) {
        text += records[i].id_length + 1;
        if (records[i].length <= most) text += records[i].length + 1;
    }
    const dmg_status st = reserve(slot, count, text, err);
    if (st != DMG_OK) return st;
    char *place = slot->text;
    for (size_t i = 0; i < count; i++) {
        result_begin(&slot->results[i], &records[i], slot->path);
        if (scored && records[i].length > DMG_LONG_RECORD && records[i].length <= most)
            result_set_long(&slot->results[i]);
        slot->results[i].id = place;
        memcpy(place, records[i].name, records[i].id_length);
        place[records[i].id_length] = '\0';
        place += records[i].id_length + 1;
    }
    slot->structures = place;
    return DMG_OK;
}

/* Room for the structure of the next record. */
static char *next_structure(classify_slot *slot, const dmg_result *result)
{
    char *const place = slot->structures;
    slot->structures += result->length + 1;
    return place;
}

static dmg_status fold(classify_slot *slot, dmg_folder *folder, dmg_error *err)
{
    const size_t count = dmg_batch_count(slot->batch);
    size_t tasks = 0;
    for (size_t i = 0; i < count; i++) {
        const dmg_result *result = &slot->results[i];
        if (!result_needs_fold(result)) continue;
        slot->fold_tasks[tasks++] = (dmg_fold_task){.sequence = result->sequence,
                                                    .length = result->length,
                                                    .structure = next_structure(slot, result)};
    }
    const dmg_status st = dmg_fold(folder, slot->fold_tasks, tasks, err);
    if (st != DMG_OK && st != DMG_NOMEM) return st;
    for (size_t i = 0, task = 0; i < count; i++) {
        dmg_result *result = &slot->results[i];
        if (!result_needs_fold(result)) continue;
        dmg_fold_task *own = &slot->fold_tasks[task++];
        /* Memory that was out for all of them may do for each. */
        if (st == DMG_NOMEM && dmg_fold(folder, own, 1, NULL) != DMG_OK) {
            result->flags |= DMG_FLAG_NO_MEMORY;
            continue;
        }
        result->structure = own->structure;
        result_set_energy(result, own->energy);
    }
    return DMG_OK;
}

/* Whether the record has an ensemble to be found, and a structure to be compared with it. */
static bool has_ensemble(const dmg_result *result)
{
    return result_is_folded(result) && result->energy != DMG_ENERGY_UNKNOWN &&
           result->length <= DMG_FOLD_MAX_LENGTH;
}

enum { PAIRING_TEXTS = 4 };

static dmg_status reserve_pairings(classify_slot *slot, dmg_error *err)
{
    size_t text = 0;
    for (size_t i = 0; i < dmg_batch_count(slot->batch); i++)
        if (has_ensemble(&slot->results[i])) text += PAIRING_TEXTS * (slot->results[i].length + 1);
    if (dmg_grow(&slot->pairing_text, &slot->pairing_capacity, text, 1)) return DMG_OK;
    return dmg_error_nomem(err, "the ensembles of records");
}

/* A task with its structure, in room[PAIRING_TEXTS * (length + 1)]. */
static dmg_pairing_task pairing_task(const dmg_result *result, char *room)
{
    const size_t size = result->length + 1;
    memcpy(room, result->structure, size);
    return (dmg_pairing_task){.sequence = result->sequence,
                              .length = result->length,
                              .given = true,
                              .structure = room,
                              .pairing = room + size,
                              .centroid = room + 2 * size,
                              .accurate = room + 3 * size};
}

static dmg_status find_pairings(classify_slot *slot, const classify_worker *worker, dmg_error *err)
{
    if (!worker->pairing) return DMG_OK;
    dmg_status st = reserve_pairings(slot, err);
    char *place = slot->pairing_text;
    for (size_t i = 0; st == DMG_OK && i < dmg_batch_count(slot->batch); i++) {
        dmg_result *const result = &slot->results[i];
        if (!has_ensemble(result)) continue;
        slot->pairings[i] = pairing_task(result, place);
        place += PAIRING_TEXTS * (result->length + 1);
        st = dmg_pairing_fold(worker->folder, &slot->pairings[i], 1, err);
        if (st == DMG_OK) result->pairing = &slot->pairings[i];
        if (st != DMG_NOMEM) continue;
        result->flags |= DMG_FLAG_NO_MEMORY;
        st = DMG_OK;
    }
    return st;
}

static dmg_status find_features(classify_slot *slot, const classify_worker *worker, dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (size_t i = 0; worker->describer && st == DMG_OK && i < dmg_batch_count(slot->batch); i++) {
        dmg_result *const result = &slot->results[i];
        if (!has_ensemble(result)) continue;
        const dmg_feature_task task = {.sequence = result->sequence,
                                       .structure = result->structure,
                                       .length = result->length,
                                       .values = slot->features + i * dmg_feature_count()};
        st = dmg_describe(worker->describer, &task, err);
        if (st == DMG_OK) result->features = task.values;
        if (st != DMG_NOMEM) continue;
        result->flags |= DMG_FLAG_NO_MEMORY;
        st = DMG_OK;
    }
    return st;
}

/* Whether the record is scored as one hairpin. */
static bool is_one_hairpin(const dmg_result *result)
{
    return result_is_folded(result) && !(result->flags & DMG_FLAG_LONG);
}

static dmg_status score(classify_slot *slot, const classify_worker *worker, dmg_error *err)
{
    const size_t count = dmg_batch_count(slot->batch);
    size_t tasks = 0;
    if (!worker->predictor) return DMG_OK;
    for (size_t i = 0; i < count; i++) {
        const dmg_result *result = &slot->results[i];
        if (!is_one_hairpin(result)) continue;
        slot->predict_tasks[tasks++] = (dmg_predict_task){.sequence = result->sequence,
                                                          .structure = result->structure,
                                                          .length = result->length,
                                                          .energy = result->energy};
    }
    const dmg_status st = dmg_predict(worker->predictor, slot->predict_tasks, tasks, err);
    for (size_t i = 0, task = 0; st == DMG_OK && i < count; i++)
        if (is_one_hairpin(&slot->results[i]))
            result_set_score(&slot->results[i], slot->predict_tasks[task++].p_mirna,
                             worker->threshold);
    return st;
}

static dmg_status score_long(classify_slot *slot, classify_worker *worker, dmg_error *err)
{
    dmg_status st = DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < dmg_batch_count(slot->batch); i++) {
        dmg_result *const result = &slot->results[i];
        if (!(result->flags & DMG_FLAG_LONG)) continue;
        st = long_record_score(result, next_structure(slot, result), &worker->long_scorer,
                               worker->predictor, worker->threshold, worker->cpu, err);
    }
    return st;
}

/* In the part of the record that was scored. */
static dmg_status find_mature(dmg_mature *mature, dmg_mature_finder *finder,
                              const dmg_result *result, dmg_error *err)
{
    const size_t start = result->hairpin_start;
    const dmg_status st =
        dmg_mature_find(mature, finder, result->sequence + start, result->structure + start,
                        result->hairpin_end - start, err);
    if (st != DMG_OK || !mature->found) return st;
    mature->arm_5p.start += start;
    mature->arm_5p.end += start;
    mature->arm_3p.start += start;
    mature->arm_3p.end += start;
    return DMG_OK;
}

static dmg_status find_matures(classify_slot *slot, const classify_worker *worker, dmg_error *err)
{
    dmg_status st = DMG_OK;
    if (!worker->mature) return DMG_OK;
    for (size_t i = 0; st == DMG_OK && i < dmg_batch_count(slot->batch); i++) {
        dmg_result *const result = &slot->results[i];
        slot->matures[i] = (dmg_mature){0};
        result->mature = &slot->matures[i];
        if (result_is_folded(result))
            st = find_mature(&slot->matures[i], worker->mature, result, err);
    }
    return st;
}

dmg_status slot_work(classify_slot *slot, classify_worker *worker, dmg_error *err)
{
    dmg_status st = begin(slot, worker->predictor != NULL, err);
    if (st == DMG_OK) st = fold(slot, worker->folder, err);
    if (st == DMG_OK) st = find_pairings(slot, worker, err);
    if (st == DMG_OK) st = find_features(slot, worker, err);
    if (st == DMG_OK) st = score(slot, worker, err);
    if (st == DMG_OK) st = score_long(slot, worker, err);
    if (st == DMG_OK) st = find_matures(slot, worker, err);
    for (size_t i = 0; st == DMG_OK && i < dmg_batch_count(slot->batch); i++)
        result_set_flags(&slot->results[i]);
    return st;
}
