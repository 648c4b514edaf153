/* SPDX-License-Identifier: MIT */
/* One change to a JSON value, for tests of what readers refuse. */
#ifndef DMG_TESTS_JSON_CHANGE_H
#define DMG_TESTS_JSON_CHANGE_H

#include <jansson.h>

#include "unit.h"

/* Sets what `path` names ("streams/0/units": keys and indices; a last "+" appends to an array) to
 * the value of JSON text `text`, or removes it if `text` is NULL. */
static inline void json_change(json_t *root, const char *path, const char *text)
{
    json_t *value = NULL;
    if (text) {
        value = json_loads(text, JSON_DECODE_ANY, NULL);
        if (!value) fail_msg("the test's own JSON is at fault: %s", text);
    }
    char part[256];
    for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        root = json_is_array(root) ? json_array_get(root, (size_t)atol(part))
                                   : json_object_get(root, part);
        if (!root) fail_msg("nothing to change at '%s'", part);
    }
    int failed;
    if (json_is_array(root) && strcmp(path, "+") == 0)
        failed = json_array_append_new(root, value);
    else if (json_is_array(root) && value)
        failed = json_array_set_new(root, (size_t)atol(path), value);
    else if (json_is_array(root))
        failed = json_array_remove(root, (size_t)atol(path));
    else
        failed = value ? json_object_set_new(root, path, value) : json_object_del(root, path);
    assert_int_equal(failed, 0);
}

#endif
