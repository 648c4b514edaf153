/* SPDX-License-Identifier: MIT */
/* Tables of files that are compiled in. */
#include "base/builtin.h"

#include <stdio.h>
#include <string.h>

const char *builtin_name(const builtin_file *table, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (!table[k].name) return NULL;
    return table[i].name;
}

const builtin_file *builtin_find(const builtin_file *table, const char *name)
{
    for (const builtin_file *file = table; file->name; file++)
        if (strcmp(file->name, name) == 0) return file;
    return NULL;
}

void builtin_list(char *text, size_t capacity, const builtin_file *table)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; table[i].name && used < capacity; i++)
        used +=
            (size_t)snprintf(text + used, capacity - used, "%s%s", i ? ", " : "", table[i].name);
}
