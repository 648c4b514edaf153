/* SPDX-License-Identifier: MIT */
/* Output files: whole or not at all, and what is there before stays until then. */
#include "unit.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "deepmirgene/output.h"
#include "scratch.h"

static dmg_output *open_output(const char *path)
{
    dmg_output *output = NULL;
    dmg_error err;
    assert_ok(dmg_output_open(&output, path, &err), &err);
    return output;
}

static void commit(dmg_output *output)
{
    dmg_error err;
    assert_ok(dmg_output_commit(output, &err), &err);
}

static void assert_content(const char *path, const char *expected)
{
    char *text = scratch_read(path, NULL);
    assert_string_equal(text, expected);
    free(text);
}

/* Each test begins and ends with an empty folder: nothing is left behind. */
static int begin_empty(void **state)
{
    (void)state;
    return scratch_count() == 0 ? 0 : -1;
}

static void assert_only_and_remove(const char *path)
{
    assert_int_equal(scratch_count(), 1);
    assert_int_equal(unlink(path), 0);
}

/* --- ordinary files --- */

static void test_commit_gives_the_file(void **state)
{
    (void)state;
    const char *path = scratch_path("new");
    dmg_output *output = open_output(path);
    fputs("first\n", dmg_output_stream(output));
    assert_int_equal(access(path, F_OK), -1);
    fputs("second\n", dmg_output_stream(output));
    commit(output);
    assert_content(path, "first\nsecond\n");
    assert_only_and_remove(path);
}

static void test_empty_output_is_an_empty_file(void **state)
{
    (void)state;
    const char *path = scratch_path("empty");
    commit(open_output(path));
    assert_content(path, "");
    assert_only_and_remove(path);
}

static void test_discard_leaves_nothing(void **state)
{
    (void)state;
    dmg_output *output = open_output(scratch_path("never"));
    fputs("lost\n", dmg_output_stream(output));
    dmg_output_discard(output);
    assert_int_equal(scratch_count(), 0);
    dmg_output_discard(NULL);
}

static void test_old_file_stays_until_commit(void **state)
{
    (void)state;
    const char *path = scratch_text("kept", "old\n");
    dmg_output *output = open_output(path);
    fputs("new\n", dmg_output_stream(output));
    dmg_error err;
    assert_ok(dmg_output_check(output, &err), &err);
    assert_content(path, "old\n");
    dmg_output_discard(output);
    assert_content(path, "old\n");

    output = open_output(path);
    fputs("new\n", dmg_output_stream(output));
    commit(output);
    assert_content(path, "new\n");
    assert_only_and_remove(path);
}

/* Two writers of one name do not meet in one temporary file; the later commit wins. */
static void test_two_outputs_of_one_name(void **state)
{
    (void)state;
    const char *path = scratch_path("shared");
    dmg_output *first = open_output(path), *second = open_output(path);
    fputs("first\n", dmg_output_stream(first));
    fputs("second\n", dmg_output_stream(second));
    commit(second);
    assert_content(path, "second\n");
    commit(first);
    assert_content(path, "first\n");
    assert_only_and_remove(path);
}

static void test_permissions_obey_the_umask(void **state)
{
    (void)state;
    const mode_t masks[] = {022, 077, 002};
    const mode_t before = umask(0);
    for (size_t k = 0; k < sizeof masks / sizeof *masks; k++) {
        const char *path = scratch_path("mode");
        umask(masks[k]);
        commit(open_output(path));
        struct stat info;
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0666 & ~masks[k]);
        assert_only_and_remove(path);
    }
    umask(before);
}

static void test_link_is_followed(void **state)
{
    (void)state;
    const char *file = scratch_text("file", "old\n"), *link = scratch_path("link");
    assert_int_equal(symlink("file", link), 0);
    dmg_output *output = open_output(link);
    fputs("new\n", dmg_output_stream(output));
    commit(output);
    struct stat info;
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_content(file, "new\n");
    assert_int_equal(unlink(link), 0);
    assert_only_and_remove(file);
}

/* --- refusals --- */

static void assert_no_output(const char *path, const char *message)
{
    dmg_output *output = NULL;
    dmg_error err;
    assert_int_equal(dmg_output_open(&output, path, &err), DMG_IO);
    assert_null(output);
    assert_non_null(strstr(err.message, path));
    assert_non_null(strstr(err.message, message));
    assert_int_equal(dmg_output_open(&output, path, NULL), DMG_IO);
}

static void test_missing_folder_is_refused(void **state)
{
    (void)state;
    assert_no_output(scratch_path("missing/file"), "No such file or directory");
}

static void test_folder_is_refused(void **state)
{
    (void)state;
    assert_no_output(scratch_folder, "Is a directory");
    assert_int_equal(scratch_count(), 0);
}

static void test_empty_name_is_refused(void **state)
{
    (void)state;
    assert_no_output("", "without a name");
}

static void test_read_only_folder_is_refused(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        print_message("skipped: root may write everywhere\n");
        return;
    }
    const char *folder = scratch_path("locked"), *path = scratch_path("locked/file");
    assert_int_equal(mkdir(folder, 0500), 0);
    assert_no_output(path, "Permission denied");
    assert_int_equal(rmdir(folder), 0);
}

/* A folder that takes the final name meanwhile: the rename fails, and the temporary file goes. */
static void test_failed_rename_leaves_nothing(void **state)
{
    (void)state;
    const char *path = scratch_path("taken");
    dmg_output *output = open_output(path);
    fputs("lost\n", dmg_output_stream(output));
    assert_int_equal(mkdir(path, 0700), 0);
    dmg_error err;
    assert_int_equal(dmg_output_commit(output, &err), DMG_IO);
    assert_non_null(strstr(err.message, path));
    assert_int_equal(scratch_count(), 1);
    assert_int_equal(rmdir(path), 0);
}

/* --- devices and pipes --- */

static void test_device_is_written_through(void **state)
{
    (void)state;
    const char *path = scratch_device("null");
    if (!path) return;
    dmg_output *output = open_output(path);
    fputs("gone\n", dmg_output_stream(output));
    commit(output);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_true(S_ISCHR(info.st_mode));
    scratch_device_remove(path);
}

static void test_pipe_is_written_through(void **state)
{
    (void)state;
    const char *path = scratch_path("pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    const int reader = open(path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    dmg_output *output = open_output(path);
    fputs("through\n", dmg_output_stream(output));
    commit(output);
    char text[16] = "";
    assert_int_equal(read(reader, text, sizeof text - 1), 8);
    assert_string_equal(text, "through\n");
    close(reader);
    assert_only_and_remove(path);
}

static void write_to_full_device(const char *path, size_t bytes, bool check_first)
{
    char expected[DMG_ERROR_CAPACITY];
    snprintf(expected, sizeof expected, "cannot write %.900s: No space left on device", path);
    dmg_error err;
    dmg_output *output = open_output(path);
    for (size_t i = 0; i < bytes; i++) putc('x', dmg_output_stream(output));
    if (check_first) {
        assert_int_equal(dmg_output_check(output, &err), DMG_IO);
        assert_string_equal(err.message, expected);
    }
    assert_int_equal(dmg_output_commit(output, &err), DMG_IO);
    assert_string_equal(err.message, expected);
}

/* The refusal comes with the flush (little was written) or has happened long before (much was). */
static void test_full_device_is_an_error(void **state)
{
    (void)state;
    const char *path = scratch_device("full");
    if (!path) return;
    write_to_full_device(path, 1, false);
    write_to_full_device(path, 1, true);
    write_to_full_device(path, 100000, false);
    write_to_full_device(path, 100000, true);
    scratch_device_remove(path);
}

/* Standard output is one for the whole process: put aside, used, and put back. */
static void test_dash_is_standard_output(void **state)
{
    (void)state;
    const char *path = scratch_path("stdout");
    fflush(stdout);
    const int kept = dup(STDOUT_FILENO), file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(kept >= 0 && file >= 0);
    assert_int_equal(dup2(file, STDOUT_FILENO), STDOUT_FILENO);
    dmg_output *output = NULL;
    dmg_error err;
    dmg_status opened = dmg_output_open(&output, "-", &err), committed = DMG_OK;
    if (opened == DMG_OK) {
        fputs("printed\n", dmg_output_stream(output));
        committed = dmg_output_commit(output, &err);
    }
    if (opened == DMG_OK) opened = dmg_output_open(&output, "-", &err);
    if (opened == DMG_OK) {
        dmg_output_discard(output); /* standard output stays open */
        puts("afterwards");
    }
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(file);
    assert_int_equal(opened, DMG_OK);
    assert_int_equal(committed, DMG_OK);
    assert_content(path, "printed\nafterwards\n");
    assert_only_and_remove(path);
}

static void test_full_standard_output_is_an_error(void **state)
{
    (void)state;
    fflush(stdout);
    const int kept = dup(STDOUT_FILENO), full = open("/dev/full", O_WRONLY);
    assert_true(kept >= 0 && full >= 0);
    assert_int_equal(dup2(full, STDOUT_FILENO), STDOUT_FILENO);
    dmg_output *output = NULL;
    dmg_error err = {0};
    dmg_status st = dmg_output_open(&output, "-", &err);
    if (st == DMG_OK) {
        fputs("printed\n", dmg_output_stream(output));
        st = dmg_output_commit(output, &err);
    }
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(full);
    clearerr(stdout);
    fflush(stdout);
    assert_int_equal(st, DMG_IO);
    assert_string_equal(err.message, "cannot write standard output: No space left on device");
}

#define TEST(name) cmocka_unit_test_setup(name, begin_empty)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_commit_gives_the_file),
        TEST(test_empty_output_is_an_empty_file),
        TEST(test_discard_leaves_nothing),
        TEST(test_old_file_stays_until_commit),
        TEST(test_two_outputs_of_one_name),
        TEST(test_permissions_obey_the_umask),
        TEST(test_link_is_followed),
        TEST(test_missing_folder_is_refused),
        TEST(test_folder_is_refused),
        TEST(test_empty_name_is_refused),
        TEST(test_read_only_folder_is_refused),
        TEST(test_failed_rename_leaves_nothing),
        TEST(test_device_is_written_through),
        TEST(test_pipe_is_written_through),
        TEST(test_full_device_is_an_error),
        TEST(test_dash_is_standard_output),
        TEST(test_full_standard_output_is_an_error),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
