/* SPDX-License-Identifier: MIT */
/* JSON that is NULL as a whole once memory has run out for any part of it. jansson's own functions
 * leave the part out instead, and what is written then is whole JSON with other content. */
#ifndef DMG_BASE_JSON_BUILD_H
#define DMG_BASE_JSON_BUILD_H

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The object with a member more, whose value it takes; NULL, with nothing left to free, if that or
 * either of them fails. */
static inline json_t *dmg_json_add(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) == 0) return object;
    json_decref(object);
    return NULL;
}

/* Likewise an array with an element more. */
static inline json_t *dmg_json_append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) == 0) return array;
    json_decref(array);
    return NULL;
}

/* Parses JSON text; *no_memory tells why there is none. (jansson's own report calls many a failed
 * allocation a syntax error; and its lexer goes on without the bytes that it found no room for, so
 * the text is parsed twice.) */
static inline json_t *dmg_json_parse(const char *text, size_t size, size_t flags, bool *no_memory,
                                     json_error_t *fault)
{
    errno = 0;
    json_t *json = json_loadb(text, size, flags, fault);
    json_t *again = json ? json_loadb(text, size, flags, NULL) : NULL;
    *no_memory = json ? !json_equal(json, again) : errno == ENOMEM;
    json_decref(again);
    if (!*no_memory) return json;
    json_decref(json);
    return NULL;
}

/* The text of a value, the caller's to free. (json_dumps goes on when its buffer cannot grow, and
 * leaves out what had no room; so it is asked twice.) */
static inline char *dmg_json_dump(const json_t *json, size_t flags)
{
    char *text = json ? json_dumps(json, flags) : NULL;
    char *again = text ? json_dumps(json, flags) : NULL;
    const bool same = text && again && strcmp(text, again) == 0;
    free(again);
    if (same) return text;
    free(text);
    return NULL;
}

/* A text, or `instead` of one that is not UTF-8, which is all that JSON knows. */
static inline json_t *dmg_json_text(const char *text, const char *instead)
{
    errno = 0;
    json_t *json = json_string(text);
    return json || errno == ENOMEM ? json : json_string(instead);
}

/* A name, whose bytes may have any encoding: where they are not UTF-8, those beyond ASCII become
 * '?'. */
static inline json_t *dmg_json_name(const char *name, size_t length)
{
    errno = 0;
    json_t *json = json_stringn(name, length);
    if (json || errno == ENOMEM) return json;
    char *ascii = malloc(length + 1);
    for (size_t i = 0; ascii && i < length; i++)
        ascii[i] = (unsigned char)name[i] < 0x80 ? name[i] : '?';
    json = ascii ? json_stringn(ascii, length) : NULL;
    free(ascii);
    return json;
}

/* A deep copy, the whole or NULL. */
static inline json_t *dmg_json_copy(const json_t *json)
{
    json_t *copy = json_deep_copy(json);
    if (copy && json_equal(copy, json)) return copy;
    json_decref(copy);
    return NULL;
}

#endif
