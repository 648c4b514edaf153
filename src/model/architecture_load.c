/* SPDX-License-Identifier: MIT */
/* Architectures by the name of a file or of a built-in one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/builtin.h"
#include "base/error.h"
#include "deepmirgene/architecture.h"
#include "model/architecture.h"

enum { MOST_BYTES = 1 << 20 }; /* of a file */

/* The whole of a file, the caller's to free. */
static dmg_status read_text(char **out, size_t *size, FILE *file, const char *path, dmg_error *err)
{
    size_t capacity = 0, got;
    *out = NULL;
    *size = 0;
    errno = 0;
    do {
        if (!dmg_grow(out, &capacity, *size + BUFSIZ, 1))
            return dmg_error_nomem(err, "an architecture");
        got = fread(*out + *size, 1, BUFSIZ, file);
        *size += got;
    } while (got > 0 && *size <= MOST_BYTES);
    if (ferror(file))
        return dmg_error_set(err, DMG_IO, "cannot read %s: %s", path, strerror(errno));
    if (*size <= MOST_BYTES) return DMG_OK;
    return dmg_error_set(err, DMG_FORMAT, "%s: larger than %d bytes, which no architecture is",
                         path, MOST_BYTES);
}

static dmg_status load_file(dmg_architecture *out, FILE *file, const char *path, dmg_error *err)
{
    static const char mark[] = "\xef\xbb\xbf"; /* byte order, as editors leave it */
    char *text;
    size_t size;
    dmg_error inner;
    dmg_status st = read_text(&text, &size, file, path, err);
    if (st == DMG_OK) {
        const size_t skipped = size >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
        st = architecture_parse(out, text + skipped, size - skipped, &inner);
        if (st != DMG_OK) dmg_error_set(err, st, "%s: %s", path, inner.message);
    }
    free(text);
    return st;
}

dmg_status dmg_architecture_load(dmg_architecture *out, const char *name_or_path, dmg_error *err)
{
    const builtin_file *builtin = builtin_find(builtin_architectures, name_or_path);
    if (builtin) return architecture_parse(out, (const char *)builtin->bytes, builtin->size, err);
    FILE *file = fopen(name_or_path, "re");
    if (!file) {
        char known[1024];
        builtin_list(known, sizeof known, builtin_architectures);
        return dmg_error_set(
            err, DMG_IO,
            "no architecture '%.80s': neither a readable file nor a built-in name (%s)",
            name_or_path, known);
    }
    const dmg_status st = load_file(out, file, name_or_path, err);
    fclose(file);
    return st;
}

const char *dmg_architecture_builtin(size_t i)
{
    return builtin_name(builtin_architectures, i);
}
