/* SPDX-License-Identifier: MIT */
/* Kinds of files by their first bytes. */
#include "seqio/file_kind.h"

#include <stdbool.h>
#include <string.h>

#include "seqio/alphabet.h"

typedef struct file_kind {
    const char *mark;
    size_t length;
    const char *words;
} file_kind;

/* Of a mark written as a string; it may hold NUL bytes. */
#define KIND(mark, words)                                                                          \
    {                                                                                              \
        mark, sizeof(mark) - 1, words                                                              \
    }

static const file_kind binary_kinds[] = {
    KIND("\x28\xb5\x2f\xfd", "it is packed by zstd; unpack it first (zstd -d)"),
    KIND("\xfd"
         "7zXZ\0",
         "it is packed by xz; unpack it first (xz -d)"),
    KIND("PK\3\4", "it is a ZIP archive; unpack it first (unzip)"),
    KIND("7z\xbc\xaf", "it is a 7z archive; unpack it first"),
    KIND("\x04\x22\x4d\x18", "it is packed by lz4; unpack it first (lz4 -d)"),
    KIND("\x1f\x9d", "it is packed by compress; unpack it first (gzip -d)"),
    KIND("\xff\xfe", "it is UTF-16 text; convert it first (iconv -f UTF-16 -t UTF-8)"),
    KIND("\xfe\xff", "it is UTF-16 text; convert it first (iconv -f UTF-16 -t UTF-8)"),
    KIND("%PDF-", "it is a PDF document; save the sequences as FASTA"),
    KIND("{\\rtf", "it is a document of a word processor; save it as plain text"),
    KIND("\xd0\xcf\x11\xe0", "it is a document of Microsoft Office; save it as plain text"),
    KIND("BAM\1", "it is a BAM file; make FASTA of it first (samtools fasta)"),
    KIND("CRAM\2", "it is a CRAM file; make FASTA of it first (samtools fasta)"),
    KIND("CRAM\3", "it is a CRAM file; make FASTA of it first (samtools fasta)"),
    KIND("NCBI.sra", "it is an SRA archive; make FASTA of it first (fasterq-dump)"),
    KIND("\x1a\x41\x27\x43", "it is a 2bit file; make FASTA of it first (twoBitToFa)"),
    KIND("\x43\x27\x41\x1a", "it is a 2bit file; make FASTA of it first (twoBitToFa)"),
};

static const file_kind text_kinds[] = {
    KIND("LOCUS ", "it is a GenBank file; convert it to FASTA"),
    KIND("ID   ", "it is an EMBL file; convert it to FASTA"),
    KIND("# STOCKHOLM", "it is a Stockholm alignment; convert it to FASTA without gaps"),
    KIND("CLUSTAL", "it is a Clustal alignment; convert it to FASTA without gaps"),
    KIND("MUSCLE", "it is an alignment; convert it to FASTA without gaps"),
    KIND("#NEXUS", "it is a Nexus file; convert it to FASTA without gaps"),
    KIND("<!DOCTYPE", "it is a page of HTML, perhaps an error message of a download"),
    KIND("<html", "it is a page of HTML, perhaps an error message of a download"),
    KIND("<?xml", "it is an XML file; convert it to FASTA"),
    KIND("##gff", "it is a GFF file, which contains features, not sequences"),
    KIND("##fileformat=VCF", "it is a VCF file, which contains variants, not sequences"),
    KIND("@HD\t", "it is a SAM file; make FASTA of it first (samtools fasta)"),
    KIND("@SQ\t", "it is a SAM file; make FASTA of it first (samtools fasta)"),
    KIND("HEADER  ", "it is a PDB file; convert it to FASTA"),
    KIND("ORIGIN", "it is a part of a GenBank file; convert it to FASTA"),
};

#define COUNT(kinds) (sizeof(kinds) / sizeof *(kinds))

static const char *find(const file_kind *kinds, size_t count, const char *bytes, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (size >= kinds[i].length && memcmp(bytes, kinds[i].mark, kinds[i].length) == 0)
            return kinds[i].words;
    return NULL;
}

const char *dmg_file_kind_binary(const char *bytes, size_t size)
{
    enum { TAR_MARK = 257 };
    if (size >= 10 && memcmp(bytes, "BZh", 3) == 0 && memcmp(bytes + 4, "1AY&SY", 6) == 0)
        return "it is packed by bzip2; unpack it first (bzip2 -d)";
    if (size >= TAR_MARK + 5 && memcmp(bytes + TAR_MARK, "ustar", 5) == 0)
        return "it is a tar archive; unpack it first (tar -x)";
    return find(binary_kinds, COUNT(binary_kinds), bytes, size);
}

/* A line of nothing but letters that may be nucleotides. */
static bool is_sequence(const char *line, size_t size)
{
    char converted[64];
    bool ambiguous = false;
    size_t fault;
    const size_t looked = size < sizeof converted ? size : sizeof converted;
    return looked > 0 &&
           dmg_alphabet_convert(converted, line, looked, &ambiguous, &fault) == looked;
}

const char *dmg_file_kind_text(const char *line, size_t size)
{
    const char *words = find(text_kinds, COUNT(text_kinds), line, size);
    if (words || !is_sequence(line, size)) return words;
    return "its first line is a sequence: each needs a line '>name' before it";
}
