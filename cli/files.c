/* SPDX-License-Identifier: MIT */
/* Which files a command reads and writes, and whether they get in each other's way. */
#include "files.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One file of the command line. */
typedef struct named_file {
    const char *option; /* that names it; NULL: an operand */
    char *path;         /* its own */
    opt_role role;
    bool exists;
    dev_t device; /* of the file where it exists, else of its folder */
    ino_t inode;
    char name[NAME_MAX + 1]; /* in that folder */
} named_file;

typedef struct file_list {
    named_file *files;
    size_t count;
} file_list;

/* --- one file --- */

static bool is_standard_stream(const char *path)
{
    return strcmp(path, "-") == 0;
}

static bool is_standard_output(const named_file *file)
{
    return file->role != OPT_READS && is_standard_stream(file->path);
}

/* Standard streams are the files that a shell has opened for them. */
static bool get_status(struct stat *about, const named_file *file)
{
    if (!is_standard_stream(file->path)) return stat(file->path, about) == 0;
    return fstat(file->role == OPT_READS ? STDIN_FILENO : STDOUT_FILENO, about) == 0;
}

/* Where a file would be that does not exist; false where nothing can be. */
static bool locate_new(named_file *file)
{
    char folder[PATH_MAX], name[PATH_MAX];
    struct stat about;
    if (snprintf(folder, sizeof folder, "%s", file->path) >= (int)sizeof folder) return false;
    memcpy(name, folder, sizeof name);
    if (stat(dirname(folder), &about) != 0) return false;
    file->device = about.st_dev;
    file->inode = about.st_ino;
    const char *last = basename(name);
    return snprintf(file->name, sizeof file->name, "%s", last) < (int)sizeof file->name;
}

/* False for what cannot get in the way: devices, pipes, files that are not there to be read. */
static bool locate(named_file *file)
{
    struct stat about;
    file->exists = get_status(&about, file);
    if (!file->exists) return file->role != OPT_READS && locate_new(file);
    file->device = about.st_dev;
    file->inode = about.st_ino;
    return S_ISREG(about.st_mode) || S_ISDIR(about.st_mode) || is_standard_output(file);
}

static bool is_same(const named_file *a, const named_file *b)
{
    return a->exists == b->exists && a->device == b->device && a->inode == b->inode &&
           (a->exists || strcmp(a->name, b->name) == 0);
}

/* Whether `file` lies in the folder or below it. */
static bool is_within(const named_file *folder, const named_file *file)
{
    char *outer = realpath(folder->path, NULL), *inner = realpath(file->path, NULL);
    const size_t length = outer ? strlen(outer) : 0;
    const bool within =
        outer && inner && strncmp(outer, inner, length) == 0 && inner[length] == '/';
    free(outer);
    free(inner);
    return within;
}

/* --- all of them --- */

/* Takes `path`, which may be NULL when memory is out. */
static bool add(file_list *list, const char *option, char *path, opt_role role)
{
    named_file *grown = path ? realloc(list->files, (list->count + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(path);
        return false;
    }
    list->files = grown;
    named_file *file = &grown[list->count];
    *file = (named_file){.option = option, .path = path, .role = role};
    if (locate(file))
        list->count++;
    else
        free(path);
    return true;
}

/* "PATH.ending"; "~.ending" takes the place of the ending that PATH has. */
static char *derive(const char *path, const char *ending, size_t length)
{
    size_t stem = strlen(path);
    if (*ending == '~') {
        const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
        if (dot && (!slash || dot > slash)) stem = (size_t)(dot - path);
        ending++;
        length--;
    }
    char *derived = malloc(stem + length + 1);
    if (derived)
        snprintf(derived, stem + length + 1, "%.*s%.*s", (int)stem, path, (int)length, ending);
    return derived;
}

/* A file and those beside it. */
static bool add_with_derived(file_list *list, const char *option, const char *path, opt_role role,
                             const char *derived)
{
    if (!add(list, option, strdup(path), role)) return false;
    while (derived && *derived && !is_standard_stream(path)) {
        const size_t length = strcspn(derived, "|");
        if (!add(list, option, derive(path, derived, length), role)) return false;
        derived += length + (derived[length] == '|');
    }
    return true;
}

static bool add_values(file_list *list, const opt_spec *spec, const void *values)
{
    const void *place = (const char *)values + spec->offset;
    if (spec->kind == OPT_TEXT) {
        const char *text = *(const char *const *)place;
        return !text || add_with_derived(list, spec->name, text, spec->role, spec->derived);
    }
    const opt_list *texts = place;
    bool added = true;
    for (size_t i = 0; added && i < texts->count; i++)
        added = add_with_derived(list, spec->name, texts->items[i], spec->role, spec->derived);
    return added;
}

static bool collect(file_list *list, const opt_command *command, const void *values,
                    const opt_list *operands)
{
    bool added = true;
    for (const opt_spec *spec = command->specs; added && spec->name; spec++)
        if (spec->role != OPT_NO_FILE) added = add_values(list, spec, values);
    for (size_t i = 0; added && i < operands->count; i++)
        added =
            add_with_derived(list, NULL, operands->items[i], OPT_READS, command->operands_derived);
    return added;
}

/* --- what is wrong --- */

static dmg_status refuse_input(const named_file *out, const named_file *in, dmg_error *err)
{
    return dmg_error_set(err, DMG_RANGE, "cannot write %.500s: it is one of the inputs%s%s%s",
                         is_standard_output(out) ? "standard output" : out->path,
                         in->option ? " (--" : "", in->option ? in->option : "",
                         in->option ? ")" : "");
}

/* `before` comes first in the table of options. */
static dmg_status refuse_twice(const named_file *out, const named_file *before, dmg_error *err)
{
    const char *name = is_standard_output(out) ? "standard output" : out->path;
    if (out->option == before->option)
        return dmg_error_set(err, DMG_RANGE, "cannot write %.500s: --%s would write it twice", name,
                             out->option);
    return dmg_error_set(err, DMG_RANGE, "cannot write %.500s: both --%s and --%s would", name,
                         before->option, out->option);
}

static dmg_status check_pair(const named_file *out, const named_file *other, dmg_error *err)
{
    const bool read = other->role == OPT_READS;
    if (out->role == OPT_WRITES_FOLDER && read && is_within(out, other))
        return dmg_error_set(err, DMG_RANGE,
                             "cannot write to the folder %.400s: an input lies in it, %.400s",
                             out->path, other->path);
    if (!is_same(out, other)) return DMG_OK;
    return (read ? refuse_input : refuse_twice)(out, other, err);
}

/* The i-th file, where it is an output, against all inputs and the outputs before it. */
static dmg_status check_output(const file_list *list, size_t i, dmg_error *err)
{
    const named_file *out = &list->files[i];
    dmg_status st = DMG_OK;
    if (out->role == OPT_READS) return DMG_OK;
    for (size_t k = 0; st == DMG_OK && k < list->count; k++)
        if (k < i || list->files[k].role == OPT_READS) st = check_pair(out, &list->files[k], err);
    return st;
}

dmg_status files_check(const opt_command *command, const void *values, const opt_list *operands,
                       dmg_error *err)
{
    file_list list = {0};
    dmg_status st = DMG_OK;
    if (!collect(&list, command, values, operands))
        st = dmg_error_set(err, DMG_NOMEM, "out of memory");
    for (size_t i = 0; st == DMG_OK && i < list.count; i++) st = check_output(&list, i, err);
    for (size_t i = 0; i < list.count; i++) free(list.files[i].path);
    free(list.files);
    return st;
}
