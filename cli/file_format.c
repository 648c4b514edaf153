/* SPDX-License-Identifier: MIT */
/* Formats by the ends of file names. */
#include "file_format.h"

#include <stddef.h>
#include <string.h>

#include "deepmirgene/seqio.h"

static const file_format formats[] = {
    {".bed", "bed", NULL},     {".csv", "csv", NULL},   {".fa", "fasta", "rnafold"},
    {".gff", "gff3", NULL},    {".gff3", "gff3", NULL}, {".fasta", "fasta", "rnafold"},
    {".htm", "html", NULL},    {".html", "html", NULL}, {".json", "json", "jsonl"},
    {".jsonl", "jsonl", NULL}, {".md", "md", NULL},     {".svg", "svg", NULL},
    {".tsv", "tsv", NULL},
};

const file_format *format_of_name(const char *path)
{
    size_t length = strlen(path);
    if (dmg_is_bgzip_name(path)) length = (size_t)(strrchr(path, '.') - path);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        const size_t size = strlen(formats[i].ending);
        if (length > size && memcmp(path + length - size, formats[i].ending, size) == 0)
            return &formats[i];
    }
    return NULL;
}
