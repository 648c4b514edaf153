/* SPDX-License-Identifier: MIT */
/* Output files: whole or not at all, and what is there before stays until then. */
#include "unit.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>

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

static void test_permissions_of_the_old_file_are_kept(void **state)
{
    (void)state;
    const mode_t modes[] = {0600, 0640, 0644, 0755, 0200};
    for (size_t k = 0; k < sizeof modes / sizeof *modes; k++) {
        const char *path = scratch_text("mode", "old\n");
        assert_int_equal(chmod(path, modes[k]), 0);
        commit(open_output(path));
        struct stat info;
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 07777, modes[k]);
        assert_only_and_remove(path);
    }
}

/* A name of the most bytes that the file system takes leaves no room for a suffix. */
static void test_the_longest_names(void **state)
{
    (void)state;
    for (size_t length = 225; length <= 255; length++) {
        char name[256] = "", wide[256] = "";
        memset(name, 'n', length);
        for (size_t i = 0; i + 2 <= length; i += 2) memcpy(wide + i, "\xc3\xa9", 2);
        const char *const names[] = {name, wide};
        for (size_t k = 0; k < 2; k++) {
            const char *path = scratch_path(names[k]);
            dmg_output *output = open_output(path);
            fputs("whole\n", dmg_output_stream(output));
            assert_int_equal(scratch_count(), 1);
            commit(output);
            assert_content(path, "whole\n");
            assert_only_and_remove(path);
        }
    }
}

/* --- the unfinished file --- */

/* The unfinished file of that path; the only one, and none of a longer name. */
static void find_partial(char name[256], const char *path)
{
    const char *final = strrchr(path, '/') + 1;
    const size_t length = strlen(final);
    DIR *listing = opendir(scratch_folder);
    assert_non_null(listing);
    *name = '\0';
    for (const struct dirent *entry; (entry = readdir(listing));)
        if (strncmp(entry->d_name, final, length) == 0 && entry->d_name[length] == '.')
            snprintf(name, 256, "%s", entry->d_name);
    closedir(listing);
    assert_true(*name);
}

/* Makes what a writer of that name leaves when it is killed, and says what it is called. */
static void leave_partial(const char *path, char name[256])
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dmg_output *output = NULL;
        if (dmg_output_open(&output, path, NULL) != DMG_OK) _exit(1);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    find_partial(name, path);
}

static void test_what_the_dead_left_is_removed(void **state)
{
    (void)state;
    char name[256];
    const char *path = scratch_path("result.tsv");
    leave_partial(path, name);
    leave_partial(scratch_path("result.tsv.gz"), name);
    assert_int_equal(scratch_count(), 2);
    dmg_output *other = open_output(scratch_path("other"));
    assert_int_equal(scratch_count(), 3);
    dmg_output_discard(other);
    commit(open_output(path)); /* takes the first along, and not that of another name */
    assert_int_equal(scratch_count(), 2);
    assert_int_equal(access(scratch_path(name), F_OK), 0);
    dmg_output_discard(open_output(scratch_path("result.tsv.gz")));
    assert_only_and_remove(path);
}

static void test_what_the_living_write_stays(void **state)
{
    (void)state;
    const char *path = scratch_path("busy");
    dmg_output *first = open_output(path), *second = open_output(path);
    assert_int_equal(scratch_count(), 2);
    fputs("first\n", dmg_output_stream(first));
    dmg_output_discard(second);
    commit(first);
    assert_content(path, "first\n");
    assert_only_and_remove(path);
}

/* Whose it is, the name of the host and its lock say: the first is not ours, nor is a file that
 * only looks like one. */
static void test_what_others_left_stays(void **state)
{
    (void)state;
    char name[256];
    const char *path = scratch_path("result");
    leave_partial(path, name);
    const char *found = scratch_path(name);
    char *host = name + strlen("result.");
    *host = *host == '0' ? '1' : '0';
    const char *foreign = scratch_path(name);
    assert_int_equal(rename(found, foreign), 0);
    const char *similar = scratch_text("result.notes.part", "mine\n");
    commit(open_output(path));
    assert_int_equal(scratch_count(), 3);
    assert_content(similar, "mine\n");
    assert_int_equal(unlink(foreign), 0);
    assert_int_equal(unlink(similar), 0);
    assert_only_and_remove(path);
}

static void test_names_cannot_be_guessed(void **state)
{
    (void)state;
    char first[256], second[256];
    const char *path = scratch_path("guess");
    leave_partial(path, first);
    assert_int_equal(unlink(scratch_path(first)), 0);
    leave_partial(path, second);
    assert_int_equal(unlink(scratch_path(second)), 0);
    assert_string_not_equal(first, second);
    assert_memory_equal(first, second, strlen("guess.01234567-"));
}

/* As a signal handler does. */
static void test_unlink_all(void **state)
{
    (void)state;
    dmg_output *outputs[3];
    const char *kept = scratch_text("c", "old\n");
    outputs[0] = open_output(scratch_path("a"));
    outputs[1] = open_output(scratch_path("b"));
    outputs[2] = open_output(kept);
    assert_int_equal(scratch_count(), 4);
    dmg_output_unlink_all();
    assert_content(kept, "old\n");
    for (int i = 0; i < 3; i++) dmg_output_discard(outputs[i]);
    assert_only_and_remove(kept);
}

static void test_rename(void **state)
{
    (void)state;
    const char *from = scratch_text("from", "whole\n"), *to = scratch_path("to");
    dmg_error err;
    assert_ok(dmg_output_rename(from, to, &err), &err);
    assert_content(to, "whole\n");
    assert_int_equal(dmg_output_rename(from, to, &err), DMG_IO);
    assert_non_null(strstr(err.message, "No such file"));
    assert_only_and_remove(to);
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

/* As cp does: a link to nowhere could lead anywhere. */
static void test_links_to_nowhere_are_refused(void **state)
{
    (void)state;
    const char *link = scratch_path("link");
    assert_int_equal(symlink("nowhere", link), 0);
    assert_no_output(link, "it is a link to a file that does not exist");
    assert_int_equal(unlink(link), 0);
    assert_int_equal(symlink("link", link), 0);
    assert_no_output(link, "Too many levels of symbolic links");
    assert_only_and_remove(link);
}

static void test_write_protected_file_is_refused(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        print_message("skipped: root may write everything\n");
        return;
    }
    const char *path = scratch_text("protected", "old\n");
    assert_int_equal(chmod(path, 0444), 0);
    assert_no_output(path, "Permission denied");
    assert_content(path, "old\n");
    assert_only_and_remove(path);
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
        TEST(test_permissions_of_the_old_file_are_kept),
        TEST(test_the_longest_names),
        TEST(test_what_the_dead_left_is_removed),
        TEST(test_what_the_living_write_stays),
        TEST(test_what_others_left_stays),
        TEST(test_names_cannot_be_guessed),
        TEST(test_unlink_all),
        TEST(test_rename),
        TEST(test_links_to_nowhere_are_refused),
        TEST(test_write_protected_file_is_refused),
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
