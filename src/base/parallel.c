/* SPDX-License-Identifier: MIT */
/* Loops whose turns are shared out among threads, by POSIX threads.
 *
 * A loop is announced by a number that the workers watch; the turns are given out by a counter, and
 * the loop is over when every worker has found the counter at its end. Both sides wait for a moment
 * by looking, because the next loop of a training comes soon, and then sleep.
 */
#if defined(__linux__)
#define _GNU_SOURCE /* sched_getaffinity */
#endif

#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cpu_quota.h"
#include "base/error.h"
#include "deepmirgene/version.h"

/* How often a thread looks before it sleeps: some 20 microseconds. */
enum { LOOKS = 1500 };

struct dmg_team {
    int others;               /* threads besides the caller */
    pthread_t *handles;       /* [others] */
    int started;              /* of them, for their numbers */
    atomic_uint loops;        /* announced so far */
    atomic_int working;       /* of the others, on the present loop */
    bool ended;               /* no loop will follow */
    pthread_mutex_t lock;     /* of sleeping, and of the two below */
    pthread_cond_t announced; /* `loops` has changed */
    pthread_cond_t finished;  /* `working` is 0 */

    /* The present loop. */
    size_t count;
    dmg_parallel_body *body;
    void *context;
    atomic_size_t next;   /* turn to give out */
    atomic_size_t failed; /* the smallest turn that failed, or count */
    dmg_status status;    /* its status; both under the lock */
    dmg_error *err;
};

static int allowed_processors(void)
{
#if defined(__linux__)
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
#endif
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (int)online : 1;
}

int dmg_processors(void)
{
    const int allowed = allowed_processors();
    const int quota = cpu_quota("/proc/self/cgroup", "/sys/fs/cgroup");
    return quota > 0 && quota < allowed ? quota : allowed;
}

static void pause_briefly(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/* --- the turns --- */

static void note_failure(dmg_team *team, size_t i, dmg_status status, const dmg_error *own)
{
    pthread_mutex_lock(&team->lock);
    if (i < atomic_load(&team->failed)) {
        atomic_store(&team->failed, i);
        team->status = status;
        if (team->err) *team->err = *own;
    }
    pthread_mutex_unlock(&team->lock);
}

/* Turns are given out in order, so none before a failed one is left out. */
static void take_turns(dmg_team *team, int worker)
{
    for (;;) {
        const size_t i = atomic_fetch_add(&team->next, 1);
        if (i >= team->count || i > atomic_load(&team->failed)) return;
        dmg_error own = {0};
        const dmg_status st = team->body(team->context, worker, i, &own);
        if (st != DMG_OK) note_failure(team, i, st, &own);
    }
}

dmg_status dmg_threads_check(int threads, dmg_error *err)
{
    if (threads >= 1) return DMG_OK;
    return dmg_error_set(err, DMG_RANGE, "%d threads: expected at least 1", threads);
}

/* --- workers --- */

/* Returns once a loop after the `seen`-th is announced. */
static void await_loop(dmg_team *team, unsigned seen)
{
    for (int look = 0; look < LOOKS; look++) {
        if (atomic_load(&team->loops) != seen) return;
        pause_briefly();
    }
    pthread_mutex_lock(&team->lock);
    while (atomic_load(&team->loops) == seen) pthread_cond_wait(&team->announced, &team->lock);
    pthread_mutex_unlock(&team->lock);
}

static void *work(void *argument)
{
    dmg_team *team = argument;
    pthread_mutex_lock(&team->lock);
    const int worker = ++team->started;
    pthread_mutex_unlock(&team->lock);
    for (unsigned seen = 0;; seen++) {
        await_loop(team, seen);
        if (team->ended) return NULL;
        take_turns(team, worker);
        if (atomic_fetch_sub(&team->working, 1) > 1) continue;
        pthread_mutex_lock(&team->lock);
        pthread_cond_signal(&team->finished);
        pthread_mutex_unlock(&team->lock);
    }
}

static void announce(dmg_team *team)
{
    pthread_mutex_lock(&team->lock);
    atomic_fetch_add(&team->loops, 1);
    pthread_cond_broadcast(&team->announced);
    pthread_mutex_unlock(&team->lock);
}

static void await_others(dmg_team *team)
{
    for (int look = 0; look < LOOKS; look++) {
        if (atomic_load(&team->working) == 0) return;
        pause_briefly();
    }
    pthread_mutex_lock(&team->lock);
    while (atomic_load(&team->working) > 0) pthread_cond_wait(&team->finished, &team->lock);
    pthread_mutex_unlock(&team->lock);
}

/* --- teams --- */

/* Fills in a team with as many of the other threads as can be had. */
static void team_init(dmg_team *team, pthread_t *handles, int others)
{
    *team = (dmg_team){.handles = handles};
    pthread_mutex_init(&team->lock, NULL);
    pthread_cond_init(&team->announced, NULL);
    pthread_cond_init(&team->finished, NULL);
    while (team->others < others && pthread_create(&handles[team->others], NULL, work, team) == 0)
        team->others++;
}

static void team_end(dmg_team *team)
{
    team->ended = true;
    announce(team);
    for (int k = 0; k < team->others; k++) pthread_join(team->handles[k], NULL);
    pthread_cond_destroy(&team->finished);
    pthread_cond_destroy(&team->announced);
    pthread_mutex_destroy(&team->lock);
}

dmg_status dmg_team_create(dmg_team **out, int threads, dmg_error *err)
{
    const int others = threads > 1 ? threads - 1 : 0;
    dmg_team *team = dmg_alloc(1, sizeof *team);
    pthread_t *handles = dmg_alloc((size_t)others, sizeof *handles);
    if (!team || !handles) {
        free(team);
        free(handles);
        return dmg_error_nomem(err, "threads");
    }
    team_init(team, handles, others);
    *out = team;
    return DMG_OK;
}

void dmg_team_destroy(dmg_team *team)
{
    if (!team) return;
    team_end(team);
    free(team->handles);
    free(team);
}

dmg_status dmg_team_for(dmg_team *team, size_t count, dmg_parallel_body *body, void *context,
                        dmg_error *err)
{
    team->count = count;
    team->body = body;
    team->context = context;
    team->err = err;
    team->status = DMG_OK;
    atomic_store(&team->next, 0);
    atomic_store(&team->failed, count);
    const bool shared = team->others > 0 && count > 1;
    if (shared) {
        atomic_store(&team->working, team->others);
        announce(team);
    }
    take_turns(team, 0);
    if (shared) await_others(team);
    return team->status;
}

dmg_status dmg_parallel_for(size_t count, int threads, dmg_parallel_body *body, void *context,
                            dmg_error *err)
{
    const size_t most = count < (size_t)threads ? count : (size_t)threads;
    const int others = most > 1 ? (int)most - 1 : 0;
    pthread_t *handles = dmg_alloc((size_t)others, sizeof *handles);
    dmg_team team;
    team_init(&team, handles, handles ? others : 0);
    const dmg_status st = dmg_team_for(&team, count, body, context, err);
    team_end(&team);
    free(handles);
    return st;
}
