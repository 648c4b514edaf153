/* SPDX-License-Identifier: MIT */
/* Loops shared out among threads: every turn once, by workers that are not in two turns at a time,
 * and the failure of the first turn that fails. */
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#include "base/cpu_quota.h"
#include "base/error.h"
#include "base/parallel.h"
#include "deepmirgene/version.h"
#include "scratch.h"

enum { MOST_THREADS = 9, MOST_TURNS = 300, LOOPS = 3000 };

typedef struct loop {
    int threads;
    atomic_int turns[MOST_TURNS];
    atomic_bool busy[MOST_THREADS];
    size_t fail_from,
        fail_step; /* turns fail_from, fail_from + fail_step, ... fail; step 0: none */
} loop;

static dmg_status turn(void *context, int worker, size_t i, dmg_error *err)
{
    loop *l = context;
    /* Not asserted here: cmocka's assertions are for the first thread. */
    if (worker < 0 || worker >= l->threads || atomic_exchange(&l->busy[worker], true)) abort();
    atomic_fetch_add(&l->turns[i], 1);
    atomic_store(&l->busy[worker], false);
    const bool fails =
        l->fail_step > 0 && i >= l->fail_from && (i - l->fail_from) % l->fail_step == 0;
    /* The first failure is reported while other turns are under way, and theirs after it. */
    const struct timespec wait = {.tv_nsec = i > l->fail_from ? 400000 : 200000};
    if (fails) nanosleep(&wait, NULL);
    return fails ? dmg_error_set(err, DMG_RANGE, "turn %zu", i) : DMG_OK;
}

static void check_turns(const loop *l, size_t count)
{
    for (size_t i = 0; i < MOST_TURNS; i++)
        assert_int_equal(atomic_load(&l->turns[i]), i < count ? 1 : 0);
}

static void every_turn_is_taken_once(void **state)
{
    (void)state;
    for (int threads = 1; threads <= MOST_THREADS; threads++)
        for (size_t count = 0; count <= MOST_TURNS; count += count < 12 ? 1 : 96) {
            loop l = {.threads = threads};
            dmg_error err;
            assert_ok(dmg_parallel_for(count, threads, turn, &l, &err), &err);
            check_turns(&l, count);
        }
}

/* So many short loops that workers are met awake and asleep. */
static void a_team_stays_for_many_loops(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 4; threads++) {
        dmg_team *team = NULL;
        dmg_error err;
        assert_ok(dmg_team_create(&team, threads, &err), &err);
        for (size_t k = 0; k < LOOPS; k++) {
            const size_t count = k % 7;
            loop l = {.threads = threads};
            assert_ok(dmg_team_for(team, count, turn, &l, &err), &err);
            check_turns(&l, count);
        }
        dmg_team_destroy(team);
    }
    dmg_team_destroy(NULL);
}

static void the_first_failure_counts(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 4; threads++)
        for (size_t first = 0; first < 40; first += 3) {
            loop l = {.threads = threads, .fail_from = first, .fail_step = 2};
            dmg_error err = {0};
            char expected[32];
            snprintf(expected, sizeof expected, "turn %zu", first);
            assert_int_equal(dmg_parallel_for(MOST_TURNS, threads, turn, &l, &err), DMG_RANGE);
            assert_string_equal(err.message, expected);
            for (size_t i = 0; i < first; i++) assert_int_equal(atomic_load(&l.turns[i]), 1);
        }
}

/* A loop after one that failed begins again, also without anywhere to put the error. */
static void a_team_survives_failures(void **state)
{
    (void)state;
    dmg_team *team = NULL;
    dmg_error err;
    assert_ok(dmg_team_create(&team, 3, &err), &err);
    for (size_t k = 0; k < 200; k++) {
        loop l = {.threads = 3, .fail_from = k % 5, .fail_step = k % 2};
        const dmg_status expected = k % 2 ? DMG_RANGE : DMG_OK;
        assert_int_equal(dmg_team_for(team, 20, turn, &l, NULL), expected);
    }
    dmg_team_destroy(team);
}

static void there_is_a_processor(void **state)
{
    (void)state;
    assert_true(dmg_processors() >= 1);
}

/* --- quotas of containers --- */

static void make_folder(const char *name)
{
    assert_int_equal(mkdir(scratch_path(name), 0700), 0);
}

static int quota(const char *groups)
{
    return cpu_quota(scratch_text("groups", groups), scratch_folder);
}

static void test_quotas(void **state)
{
    (void)state;
    assert_int_equal(quota("0::/\n"), 0);
    assert_int_equal(cpu_quota(scratch_path("nowhere"), scratch_folder), 0);
    /* Version 2: the smallest of a group and those above it. */
    make_folder("a");
    make_folder("a/b");
    scratch_text("cpu.max", "max 100000\n");
    assert_int_equal(quota("0::/\n"), 0);
    scratch_text("cpu.max", "800000 100000\n");
    assert_int_equal(quota("0::/\n"), 8);
    scratch_text("a/b/cpu.max", "250000 100000\n");
    assert_int_equal(quota("0::/a/b\n"), 3);
    assert_int_equal(quota("0::/a\n"), 8);
    scratch_text("a/cpu.max", "50000 100000\n");
    assert_int_equal(quota("0::/a/b\n"), 1);
    assert_int_equal(quota("0::/not/here\n"), 8);
    /* Version 1: below the folder of its controller. */
    make_folder("cpu");
    make_folder("cpu/docker");
    scratch_text("cpu/docker/cpu.cfs_quota_us", "150000\n");
    scratch_text("cpu/docker/cpu.cfs_period_us", "50000\n");
    assert_int_equal(quota("5:memory:/x\n4:cpu,cpuacct:/docker\n"), 3);
    assert_int_equal(quota("4:cpuset:/docker\n"), 0);
    scratch_text("cpu/docker/cpu.cfs_quota_us", "-1\n");
    assert_int_equal(quota("4:cpuacct,cpu:/docker\n"), 0);
    /* A text that is not a quota is ignored. */
    scratch_text("cpu.max", "0 100000\n");
    assert_int_equal(quota("0::/\n"), 0);
    scratch_text("cpu.max", "99999999999999999999999 1\n");
    assert_int_equal(quota("0::/\n:\n\n"), 0);
    static const char *const made[] = {"a/b/cpu.max",
                                       "a/b",
                                       "a/cpu.max",
                                       "a",
                                       "cpu/docker/cpu.cfs_quota_us",
                                       "cpu/docker/cpu.cfs_period_us",
                                       "cpu/docker",
                                       "cpu"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        assert_int_equal(remove(scratch_path(made[i])), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_turn_is_taken_once), cmocka_unit_test(a_team_stays_for_many_loops),
        cmocka_unit_test(the_first_failure_counts), cmocka_unit_test(a_team_survives_failures),
        cmocka_unit_test(there_is_a_processor),     cmocka_unit_test(test_quotas),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
