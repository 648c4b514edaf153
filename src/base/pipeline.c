/* SPDX-License-Identifier: MIT */
/* Read, work, write. */
#include "base/pipeline.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

/* The batch with number n is in slot n % slot_count. */
typedef enum slot_state { SLOT_FREE, SLOT_BUSY, SLOT_DONE } slot_state;

typedef struct pipeline {
    const dmg_pipeline_steps *steps;
    void *context;
    void *const *slots;
    size_t slot_count;
    slot_state *states;

    pthread_mutex_t lock; /* of all below, and of states */
    pthread_cond_t changed;
    int workers;                    /* that have begun */
    uint64_t next_read, next_write; /* numbers of batches */
    bool reading, writing;          /* some thread is at it */
    bool ended;                     /* nothing more is to be read */
    uint64_t failed;                /* batches from this number on are not written */
    dmg_status status;
    dmg_error error;
} pipeline;

/* Of several failures the one of the earliest batch counts. */
static void note_failure(pipeline *p, uint64_t number, dmg_status status, const dmg_error *err)
{
    p->ended = true;
    if (number >= p->failed) return;
    p->failed = number;
    p->status = status;
    p->error = *err;
}

static bool can_write(const pipeline *p)
{
    return !p->writing && p->states[p->next_write % p->slot_count] == SLOT_DONE;
}

static bool can_read(const pipeline *p)
{
    return !p->ended && !p->reading && p->states[p->next_read % p->slot_count] == SLOT_FREE;
}

/* The lock is held at the beginning and the end of each of these, and given up for the step. */

static void write_batch(pipeline *p)
{
    const uint64_t number = p->next_write;
    if (number < p->failed) {
        dmg_error err;
        p->writing = true;
        pthread_mutex_unlock(&p->lock);
        const dmg_status st = p->steps->write(p->context, p->slots[number % p->slot_count], &err);
        pthread_mutex_lock(&p->lock);
        p->writing = false;
        if (st != DMG_OK) note_failure(p, number, st, &err);
    }
    p->states[number % p->slot_count] = SLOT_FREE;
    p->next_write++;
    pthread_cond_broadcast(&p->changed);
}

/* True when there is a batch to work on. */
static bool read_batch(pipeline *p)
{
    const uint64_t number = p->next_read;
    dmg_error err;
    bool some = false;
    p->reading = true;
    pthread_mutex_unlock(&p->lock);
    const dmg_status st = p->steps->read(p->context, p->slots[number % p->slot_count], &some, &err);
    pthread_mutex_lock(&p->lock);
    p->reading = false;
    if (st != DMG_OK) note_failure(p, some ? number + 1 : number, st, &err);
    if (!some) p->ended = true;
    if (some) {
        p->states[number % p->slot_count] = SLOT_BUSY;
        p->next_read++;
    }
    pthread_cond_broadcast(&p->changed);
    return some;
}

static void work_batch(pipeline *p, int worker, uint64_t number)
{
    dmg_error err;
    pthread_mutex_unlock(&p->lock);
    const dmg_status st =
        p->steps->work(p->context, worker, p->slots[number % p->slot_count], &err);
    pthread_mutex_lock(&p->lock);
    if (st != DMG_OK) note_failure(p, number, st, &err);
    p->states[number % p->slot_count] = SLOT_DONE;
    pthread_cond_broadcast(&p->changed);
}

static bool is_finished(const pipeline *p)
{
    return p->ended && !p->reading && p->next_write == p->next_read;
}

static void *run_worker(void *argument)
{
    pipeline *p = argument;
    pthread_mutex_lock(&p->lock);
    const int worker = p->workers++;
    while (!is_finished(p)) {
        const uint64_t number = p->next_read;
        if (can_write(p)) {
            write_batch(p);
        } else if (can_read(p)) {
            if (read_batch(p)) work_batch(p, worker, number);
        } else {
            pthread_cond_wait(&p->changed, &p->lock);
        }
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

dmg_status dmg_pipeline_run(const dmg_pipeline_steps *steps, void *context, void *const *slots,
                            size_t slot_count, int threads, dmg_error *err)
{
    pipeline p = {.steps = steps,
                  .context = context,
                  .slots = slots,
                  .slot_count = slot_count,
                  .failed = UINT64_MAX,
                  .lock = PTHREAD_MUTEX_INITIALIZER,
                  .changed = PTHREAD_COND_INITIALIZER};
    pthread_t *helpers = dmg_alloc((size_t)threads, sizeof *helpers);
    p.states = dmg_alloc_zero(slot_count, sizeof *p.states);
    if (!helpers || !p.states) {
        free(helpers);
        free(p.states);
        return dmg_error_nomem(err, "threads");
    }
    /* The calling thread works, too; with fewer helpers than wished for it goes on all the same. */
    int started = 0;
    while (started < threads - 1 && pthread_create(&helpers[started], NULL, run_worker, &p) == 0)
        started++;
    run_worker(&p);
    for (int i = 0; i < started; i++) pthread_join(helpers[i], NULL);
    free(helpers);
    free(p.states);
    if (p.status != DMG_OK && err) *err = p.error;
    return p.status;
}
