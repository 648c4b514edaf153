/* SPDX-License-Identifier: MIT */
/* A scan by the processes of an MPI run.
 *
 * A rank first says how many items it can take; rank 0 sends that many, and one more for each block
 * that comes back, so that a rank has its next item before it is done with the present one. Every
 * message begins with a number: how many, or the item's place in the order.
 *
 * A waiting rank sleeps in between: a library that waits for a message keeps a processor busy, and
 * there may be more ranks than processors. In a rank several threads use MPI, one at a time.
 */
#include <mpi.h>

#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ranks.h"

enum { TAG_READY, TAG_ITEM, TAG_BLOCK, TAG_END };

/* A message: its number, and the bytes after it. */
typedef struct message {
    char *bytes; /* [capacity], the number first */
    size_t size, capacity;
} message;

static void idle_wait(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
}

static bool message_reserve(message *m, size_t size)
{
    if (size <= m->capacity) return true;
    char *grown = realloc(m->bytes, size);
    if (!grown) return false;
    m->bytes = grown;
    m->capacity = size;
    return true;
}

static bool message_fill(message *m, uint64_t number, const void *bytes, size_t size)
{
    if (size > INT_MAX - sizeof number || !message_reserve(m, sizeof number + size)) return false;
    memcpy(m->bytes, &number, sizeof number);
    if (size > 0) memcpy(m->bytes + sizeof number, bytes, size);
    m->size = sizeof number + size;
    return true;
}

static uint64_t message_number(const message *m)
{
    uint64_t number = 0;
    if (m->size >= sizeof number) memcpy(&number, m->bytes, sizeof number);
    return number;
}

/* A message that is there, if there is one. */
static bool receive(message *m, int from, MPI_Status *status, bool *failed)
{
    int there = 0, size = 0;
    MPI_Iprobe(from, MPI_ANY_TAG, MPI_COMM_WORLD, &there, status);
    if (!there) return false;
    MPI_Get_count(status, MPI_BYTE, &size);
    *failed = !message_reserve(m, (size_t)size + 1);
    if (*failed) return false;
    MPI_Recv(m->bytes, size, MPI_BYTE, status->MPI_SOURCE, status->MPI_TAG, MPI_COMM_WORLD,
             MPI_STATUS_IGNORE);
    m->size = (size_t)size;
    return true;
}

/* --- joining and leaving --- */

dmg_status ranks_begin(int *rank, int *count, dmg_error *err)
{
    int provided = 0;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided) != MPI_SUCCESS ||
        provided < MPI_THREAD_SERIALIZED) {
        return dmg_error_set(err, DMG_UNSUPPORTED, "this MPI library does not support threads");
    }
    MPI_Comm_rank(MPI_COMM_WORLD, rank);
    MPI_Comm_size(MPI_COMM_WORLD, count);
    return DMG_OK;
}

void ranks_end(bool failed)
{
    int joined = 0, there = 0;
    MPI_Initialized(&joined);
    if (!joined) return;
    fflush(NULL);
    if (failed) MPI_Abort(MPI_COMM_WORLD, EXIT_FAILED);
    MPI_Request all;
    for (MPI_Ibarrier(MPI_COMM_WORLD, &all); !there; idle_wait())
        MPI_Test(&all, &there, MPI_STATUS_IGNORE);
    MPI_Finalize();
}

/* --- rank 0 --- */

/* An item in flight: sent to a rank, or its block is back and waits for those before it. */
typedef struct flight {
    message item, block;
    MPI_Request sending;
    bool back;
} flight;

typedef struct leader {
    scan_run *run;
    int ranks;
    uint64_t *wanted;  /* [ranks] items that each can take */
    uint64_t window;   /* most items in flight */
    flight *in_flight; /* [window], the n-th at n % window */
    uint64_t sent, appended;
    bool ended; /* no item is left */
    dmg_scan_item *item;
    message incoming;
} leader;

/* Waits until every rank has said how many items it can take. */
static dmg_status await_ranks(leader *l, dmg_error *err)
{
    uint64_t sum = 0;
    for (int heard = 1; heard < l->ranks;) {
        MPI_Status status;
        bool failed = false;
        if (receive(&l->incoming, MPI_ANY_SOURCE, &status, &failed)) {
            l->wanted[status.MPI_SOURCE] = message_number(&l->incoming);
            sum += l->wanted[status.MPI_SOURCE];
            heard++;
        } else if (failed) {
            return command_nomem(err);
        } else {
            idle_wait();
        }
    }
    /* As much may wait for its turn as is being worked on. */
    l->window = 2 * sum;
    l->in_flight = calloc(l->window, sizeof *l->in_flight);
    return l->in_flight ? DMG_OK : command_nomem(err);
}

static dmg_status take_block(leader *l, bool *some, dmg_error *err)
{
    MPI_Status status;
    bool failed = false;
    *some = receive(&l->incoming, MPI_ANY_SOURCE, &status, &failed);
    if (failed) return command_nomem(err);
    if (!*some) return DMG_OK;
    flight *f = &l->in_flight[message_number(&l->incoming) % l->window];
    const message held = f->block;
    f->block = l->incoming;
    l->incoming = held;
    f->back = true;
    l->wanted[status.MPI_SOURCE]++;
    MPI_Wait(&f->sending, MPI_STATUS_IGNORE);
    return DMG_OK;
}

static dmg_status append_blocks(leader *l, dmg_error *err)
{
    dmg_status st = DMG_OK;
    while (st == DMG_OK && l->appended < l->sent) {
        flight *f = &l->in_flight[l->appended % l->window];
        if (!f->back) break;
        st = scan_run_append(l->run, f->block.bytes + sizeof(uint64_t),
                             f->block.size - sizeof(uint64_t), err);
        f->back = false;
        l->appended++;
    }
    return st;
}

/* The rank that can take most items; 0: none can take any. */
static int most_idle(const leader *l)
{
    int best = 0;
    for (int rank = 1; rank < l->ranks; rank++)
        if (l->wanted[rank] > (best ? l->wanted[best] : 0)) best = rank;
    return best;
}

static dmg_status hand_out(leader *l, bool *some, dmg_error *err)
{
    const int rank = most_idle(l);
    *some = false;
    if (l->ended || rank == 0 || l->sent - l->appended == l->window) return DMG_OK;
    const void *bytes = NULL;
    size_t size = 0;
    dmg_status st = scan_run_next(l->run, l->item, some, err);
    l->ended = !*some;
    if (st == DMG_OK && *some) st = dmg_scan_item_pack(l->item, &bytes, &size, err);
    if (st != DMG_OK || !*some) return st;
    flight *f = &l->in_flight[l->sent % l->window];
    if (!message_fill(&f->item, l->sent, bytes, size)) return command_nomem(err);
    MPI_Isend(f->item.bytes, (int)f->item.size, MPI_BYTE, rank, TAG_ITEM, MPI_COMM_WORLD,
              &f->sending);
    l->wanted[rank]--;
    l->sent++;
    return DMG_OK;
}

static dmg_status lead(leader *l, dmg_error *err)
{
    dmg_status st = await_ranks(l, err);
    while (st == DMG_OK && !(l->ended && l->appended == l->sent)) {
        bool came = false, went = false;
        st = scan_run_check_stop(l->run, err);
        if (st == DMG_OK) st = take_block(l, &came, err);
        if (st == DMG_OK) st = append_blocks(l, err);
        if (st == DMG_OK) st = hand_out(l, &went, err);
        if (st == DMG_OK && !came && !went) idle_wait();
    }
    for (int rank = 1; st == DMG_OK && rank < l->ranks; rank++)
        MPI_Send(NULL, 0, MPI_BYTE, rank, TAG_END, MPI_COMM_WORLD);
    return st;
}

static void leader_clear(leader *l)
{
    for (uint64_t n = 0; l->in_flight && n < l->window; n++) {
        free(l->in_flight[n].item.bytes);
        free(l->in_flight[n].block.bytes);
    }
    free(l->in_flight);
    free(l->wanted);
    free(l->incoming.bytes);
    dmg_scan_item_destroy(l->item);
}

dmg_status ranks_lead(scan_run *run, dmg_error *err)
{
    leader l = {.run = run};
    MPI_Comm_size(MPI_COMM_WORLD, &l.ranks);
    l.wanted = calloc((size_t)l.ranks, sizeof *l.wanted);
    dmg_status st = l.wanted ? dmg_scan_item_create(&l.item, err) : command_nomem(err);
    if (st == DMG_OK) st = lead(&l, err);
    leader_clear(&l);
    return st;
}

/* --- the other ranks --- */

typedef struct follower {
    scan_run *run;
    pthread_mutex_t lock; /* of MPI */
    atomic_bool failed;   /* scanning an item has */
    message incoming, outgoing;
    uint64_t *numbers; /* [window] of the items received, the n-th at n % window */
    uint64_t window, received, answered;
} follower;

static dmg_status receive_item(void *context, dmg_scan_item *item, bool *some, dmg_error *err)
{
    follower *f = context;
    MPI_Status status;
    bool there = false, failed = false;
    for (;;) {
        pthread_mutex_lock(&f->lock);
        there = receive(&f->incoming, 0, &status, &failed);
        pthread_mutex_unlock(&f->lock);
        if (there || failed || atomic_load(&f->failed)) break;
        idle_wait();
    }
    if (failed) return command_nomem(err);
    *some = there && status.MPI_TAG == TAG_ITEM;
    if (!*some) return DMG_OK;
    f->numbers[f->received++ % f->window] = message_number(&f->incoming);
    return dmg_scan_item_unpack(item, f->incoming.bytes + sizeof(uint64_t),
                                f->incoming.size - sizeof(uint64_t), err);
}

static void note_failure(void *context)
{
    follower *f = context;
    atomic_store(&f->failed, true);
}

static dmg_status send_to_leader(follower *f, int tag, uint64_t number, const char *bytes,
                                 size_t size, dmg_error *err)
{
    if (!message_fill(&f->outgoing, number, bytes, size)) return command_nomem(err);
    pthread_mutex_lock(&f->lock);
    MPI_Send(f->outgoing.bytes, (int)f->outgoing.size, MPI_BYTE, 0, tag, MPI_COMM_WORLD);
    pthread_mutex_unlock(&f->lock);
    return DMG_OK;
}

static dmg_status send_block(void *context, dmg_scan_item *item, dmg_error *err)
{
    follower *f = context;
    size_t size;
    const char *block = dmg_scan_item_block(item, &size);
    return send_to_leader(f, TAG_BLOCK, f->numbers[f->answered++ % f->window], block, size, err);
}

dmg_status ranks_follow(scan_run *run, dmg_error *err)
{
    static const dmg_scan_steps steps = {
        .next = receive_item, .take = send_block, .failed = note_failure};
    follower f = {.run = run,
                  .lock = PTHREAD_MUTEX_INITIALIZER,
                  .window = DMG_SCAN_IN_FLIGHT((uint64_t)run->threads)};
    f.numbers = calloc(f.window, sizeof *f.numbers);
    dmg_status st = f.numbers ? DMG_OK : command_nomem(err);
    /* One item more than threads lies ready. */
    if (st == DMG_OK) st = send_to_leader(&f, TAG_READY, (uint64_t)run->threads + 1, NULL, 0, err);
    if (st == DMG_OK) st = dmg_scan_items(run->scanners, run->threads, &steps, &f, err);
    free(f.numbers);
    free(f.incoming.bytes);
    free(f.outgoing.bytes);
    return st;
}
