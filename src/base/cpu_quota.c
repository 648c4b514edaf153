/* SPDX-License-Identifier: MIT */
/* Control groups: version 2 has cpu.max ("QUOTA PERIOD" or "max PERIOD") in the folder of a group,
 * version 1 has cpu.cfs_quota_us (-1: none) and cpu.cfs_period_us below a folder of the controller.
 */
#include "base/cpu_quota.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { PATH_CAPACITY = 4096 };

/* The first line of FOLDER/NAME; false where there is none. */
static bool read_line(char *line, int capacity, const char *folder, const char *name)
{
    char path[PATH_CAPACITY];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) return false;
    FILE *file = fopen(path, "re");
    if (!file) return false;
    const bool read = fgets(line, capacity, file) != NULL;
    fclose(file);
    return read;
}

/* Of one group, as cpu_quota. */
static int quota_of(const char *folder)
{
    char line[128];
    long long quota = 0, period = 0;
    if (read_line(line, sizeof line, folder, "cpu.max")) {
        if (sscanf(line, "%20lld %20lld", &quota, &period) != 2) return 0; /* "max" */
    } else if (!read_line(line, sizeof line, folder, "cpu.cfs_quota_us") ||
               sscanf(line, "%20lld", &quota) != 1 ||
               !read_line(line, sizeof line, folder, "cpu.cfs_period_us") ||
               sscanf(line, "%20lld", &period) != 1) {
        return 0;
    }
    if (quota <= 0 || period <= 0) return 0;
    const long long processors = quota / period + (quota % period > 0);
    return processors < 1 << 20 ? (int)processors : 0;
}

/* Of the group `path` below `top`, and all between. */
static int smallest_quota(const char *top, const char *path)
{
    char folder[PATH_CAPACITY];
    int smallest = 0;
    if (snprintf(folder, sizeof folder, "%s%s", top, path) >= (int)sizeof folder) return 0;
    for (;;) {
        const int quota = quota_of(folder);
        if (quota > 0 && (smallest == 0 || quota < smallest)) smallest = quota;
        char *slash = strrchr(folder, '/');
        if (!slash || slash < folder + strlen(top)) return smallest;
        *slash = '\0';
    }
}

/* Whether "cpu" is one of the controllers "cpu,cpuacct". */
static bool has_cpu(const char *controllers)
{
    for (const char *c = controllers; c; c = strchr(c, ',') ? strchr(c, ',') + 1 : NULL)
        if (strncmp(c, "cpu", 3) == 0 && (c[3] == ',' || c[3] == '\0')) return true;
    return false;
}

/* A line "ID:CONTROLLERS:PATH"; version 2 has no controllers there. */
static int quota_of_line(char *line, const char *root)
{
    char top[PATH_CAPACITY];
    line[strcspn(line, "\n")] = '\0';
    char *controllers = strchr(line, ':'),
         *path = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!path) return 0;
    *path++ = '\0';
    controllers++;
    if (*controllers && !has_cpu(controllers)) return 0;
    snprintf(top, sizeof top, "%s%s%s", root, *controllers ? "/" : "", *controllers ? "cpu" : "");
    return smallest_quota(top, strcmp(path, "/") == 0 ? "" : path);
}

int cpu_quota(const char *groups, const char *root)
{
    char line[PATH_CAPACITY];
    int smallest = 0;
    FILE *file = fopen(groups, "re");
    if (!file) return 0;
    while (fgets(line, sizeof line, file)) {
        const int quota = quota_of_line(line, root);
        if (quota > 0 && (smallest == 0 || quota < smallest)) smallest = quota;
    }
    fclose(file);
    return smallest;
}
