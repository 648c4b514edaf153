/* SPDX-License-Identifier: MIT */
/* Formats by the ends of file names. */
#include "file_format.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "deepmirgene/seqio.h"

static const struct {
    const char *ending, *format;
} endings[] = {
    {".bed", "bed"},  {".fa", "fasta"},  {".fasta", "fasta"}, {".gff", "gff3"}, {".gff3", "gff3"},
    {".htm", "html"}, {".html", "html"}, {".json", "json"},   {".md", "md"},    {".jsonl", "jsonl"},
    {".svg", "svg"},  {".tsv", "tsv"},   {".txt", "text"},
};

const char *format_of_name(const char *path)
{
    size_t length = strlen(path);
    if (dmg_is_bgzip_name(path)) length = (size_t)(strrchr(path, '.') - path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t size = strlen(endings[i].ending);
        if (length > size && memcmp(path + length - size, endings[i].ending, size) == 0)
            return endings[i].format;
    }
    return NULL;
}
