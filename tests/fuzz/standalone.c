/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over files, and over the files of folders, named on the command line: the
 * corpus as a test of the ordinary suite, and a way to look at a single finding in a debugger.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

#define INPUT_MAX ((size_t)1 << 24) /* more than a fuzzer makes */

static int run_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = malloc(INPUT_MAX);
    if (!file || !data) {
        perror(path);
        if (file) fclose(file);
        free(data);
        return -1;
    }
    const size_t size = fread(data, 1, INPUT_MAX, file);
    const int failed = ferror(file);
    fclose(file);
    /* A copy of exactly its size, so that AddressSanitizer sees a step past its end. */
    uint8_t *exact = realloc(data, size > 0 ? size : 1);
    if (!exact || failed) {
        fprintf(stderr, "%s: cannot be read\n", path);
        free(exact ? exact : data);
        return -1;
    }
    printf("%s\n", path);
    fflush(stdout); /* known even if the target aborts */
    const int result = LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return result;
}

/* The number of inputs run, or -1. */
static int run_path(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        perror(path);
        return -1;
    }
    if (!S_ISDIR(about.st_mode)) return run_file(path) == 0 ? 1 : -1;
    struct dirent **entries;
    const int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0) perror(path);
    int run = count < 0 ? -1 : 0;
    for (int i = 0; i < count; i++) {
        char inner[4096];
        snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && run >= 0) run = run_file(inner) == 0 ? run + 1 : -1;
        free(entries[i]);
    }
    if (count >= 0) free(entries);
    return run;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        const int run = run_path(argv[i]);
        if (run < 0) return 1;
        total += run;
    }
    printf("%d inputs\n", total);
    /* A corpus that was not found would otherwise pass for ever. */
    return total > 0 ? 0 : 1;
}
