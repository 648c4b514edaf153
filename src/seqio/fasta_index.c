/* SPDX-License-Identifier: MIT */
/* Random access to FASTA files by the index of samtools faidx.
 *
 * A .fai has five columns for each sequence: NAME, LENGTH, OFFSET of its first letter, letters a
 * line, bytes a line. An index that does not fit would give wrong coordinates without a warning. So
 * it is used only if the file fits it wherever a sequence begins or ends: its header line comes
 * right before OFFSET, and nothing else lies between two sequences. In a file of bgzip, the .gzi
 * gives the block of a letter.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <htslib/bgzf.h>
#include <htslib/hts_log.h>

#include "base/alloc.h"
#include "base/error.h"
#include "deepmirgene/seqio.h"
#include "seqio/alphabet.h"
#include "seqio/diagnostic.h"
#include "seqio/lines.h"

/* Header lines that are read between two sequences; an index over longer ones is not used. */
enum { MOST_BETWEEN = 1 << 20 };

typedef struct fai_entry {
    char *name;
    uint64_t length, offset, line_letters, line_bytes;
} fai_entry;

/* Where a block of bgzip begins, packed and unpacked. */
typedef struct block {
    uint64_t packed, unpacked;
} block;

struct dmg_fasta_index {
    char *path;
    int plain;     /* descriptor; of the file as it is */
    BGZF *packed;  /* or NULL */
    block *blocks; /* [block_count] of it, ascending */
    size_t block_count;
    fai_entry *entries;
    size_t count, capacity;
    char *text; /* raw bytes of the file */
    size_t text_capacity;
};

/* --- the index file --- */

static char *append_ending(const char *path, const char *ending)
{
    const size_t capacity = strlen(path) + strlen(ending) + 1;
    char *name = dmg_alloc(capacity, 1);
    if (name) snprintf(name, capacity, "%s%s", path, ending);
    return name;
}

/* Where the last letter of a sequence lies in the file, plus 1; false beyond what a file can hold.
 */
static bool find_end(uint64_t *end, const fai_entry *e)
{
    const uint64_t last = e->length - 1;
    *end = e->offset;
    if (e->length == 0) return *end < (uint64_t)INT64_MAX;
    return !__builtin_mul_overflow(last / e->line_letters, e->line_bytes, end) &&
           !__builtin_add_overflow(*end, last % e->line_letters + 1, end) &&
           !__builtin_add_overflow(*end, e->offset, end) && *end < (uint64_t)INT64_MAX;
}

/* Columns that can be true of some file. */
static bool is_possible(const fai_entry *e)
{
    uint64_t end;
    const bool lines = e->line_letters > 0 && e->line_bytes > e->line_letters;
    return e->offset > 0 && (lines || e->length == 0) && find_end(&end, e);
}

static bool parse_number(uint64_t *value, const dmg_line *line, size_t *at)
{
    const size_t begin = *at;
    *value = 0;
    while (*at < line->length && isdigit((unsigned char)line->text[*at])) {
        const unsigned digit = (unsigned)(line->text[(*at)++] - '0');
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, digit, value))
            return false;
    }
    const bool ended = *at == line->length || line->text[*at] == '\t';
    if (*at < line->length) ++*at;
    return *at > begin && ended;
}

/* NAME \t LENGTH \t OFFSET \t LINEBASES \t LINEWIDTH; `name` is the length of the first. */
static bool parse_line(fai_entry *entry, size_t *name, const dmg_line *line)
{
    const char *tab = memchr(line->text, '\t', line->length);
    *name = tab ? (size_t)(tab - line->text) : 0;
    size_t at = *name + 1;
    return *name > 0 && line->indent == 0 && !memchr(line->text, '\0', line->length) &&
           parse_number(&entry->length, line, &at) && parse_number(&entry->offset, line, &at) &&
           parse_number(&entry->line_letters, line, &at) &&
           parse_number(&entry->line_bytes, line, &at) && at >= line->length;
}

static dmg_status wrong_line(const dmg_lines *lines, uint64_t number, dmg_error *err)
{
    return dmg_error_set(err, DMG_FORMAT, "line %llu of %s is invalid", (unsigned long long)number,
                         dmg_lines_label(lines));
}

static dmg_status add_entry(dmg_fasta_index *index, const dmg_lines *lines, const dmg_line *line,
                            dmg_error *err)
{
    fai_entry entry = {0};
    size_t name;
    if (!parse_line(&entry, &name, line)) return wrong_line(lines, line->number, err);
    if (!is_possible(&entry)) return wrong_line(lines, line->number, err);
    if (!dmg_grow(&index->entries, &index->capacity, index->count + 1, sizeof *index->entries) ||
        !(entry.name = dmg_copy_text(line->text, name)))
        return dmg_error_nomem(err, "a sequence index");
    index->entries[index->count++] = entry;
    return DMG_OK;
}

static dmg_status read_entries(dmg_fasta_index *index, const char *name, dmg_error *err)
{
    dmg_lines *lines = NULL;
    dmg_line line = {0};
    dmg_status st = dmg_lines_open(&lines, name, err);
    if (st != DMG_OK) return st;
    while ((st = dmg_lines_next(lines, &line, err)) == DMG_OK && line.text)
        if (line.length > 0 && (st = add_entry(index, lines, &line, err)) != DMG_OK) break;
    dmg_lines_close(lines);
    return st;
}

/* --- the file --- */

/* -1 where it cannot be read. */
static ssize_t read_plain(const dmg_fasta_index *index, uint64_t from, size_t size)
{
    size_t done = 0;
    while (done < size) {
        const ssize_t got =
            pread(index->plain, index->text + done, size - done, (off_t)(from + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* By the last block that begins at or before `from`. */
static ssize_t read_packed(const dmg_fasta_index *index, uint64_t from, size_t size)
{
    size_t low = 0, high = index->block_count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (index->blocks[middle].unpacked <= from)
            low = middle;
        else
            high = middle;
    }
    const uint64_t within = from - index->blocks[low].unpacked;
    if (within >= BGZF_MAX_BLOCK_SIZE) return 0; /* beyond the end, or a .gzi of another file */
    const uint64_t address = index->blocks[low].packed << 16 | within;
    if (bgzf_seek(index->packed, (int64_t)address, SEEK_SET) < 0) return -1;
    return bgzf_read(index->packed, index->text, size);
}

/* Bytes [from, from + size) of the unpacked file into index->text, fewer where it ends; *got < 0:
 * it cannot be read. */
static dmg_status read_raw(dmg_fasta_index *index, uint64_t from, size_t size, ssize_t *got,
                           dmg_error *err)
{
    if (!dmg_grow(&index->text, &index->text_capacity, size + 1, 1))
        return dmg_error_nomem(err, "a part of a sequence file");
    *got = (index->packed ? read_packed : read_plain)(index, from, size);
    return DMG_OK;
}

static bool is_header_of(const char *line, size_t length, const char *name)
{
    size_t from = 1;
    if (length == 0 || line[0] != '>') return false;
    while (from < length && dmg_lines_blank(line[from])) from++;
    const size_t rest = length - from, wanted = strlen(name);
    return rest >= wanted && memcmp(line + from, name, wanted) == 0 &&
           (rest == wanted || dmg_lines_blank(line[from + wanted]));
}

/* Between two sequences there is the header line of `name`; after the last one, where that is
 * NULL, nothing. Blank lines do not count. */
static bool is_between(const char *text, size_t length, const char *name)
{
    const char *const end = text + length;
    size_t headers = 0;
    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;
        if (!newline && name) return false;
        while (text < stop && dmg_lines_blank(*text)) text++;
        if (text < stop) {
            if (!name || !is_header_of(text, (size_t)(stop - text), name)) return false;
            headers++;
        }
        text = newline ? newline + 1 : end;
    }
    return headers == (name ? 1 : 0);
}

/* In front of it there is a byte order mark or nothing at the beginning of the file, else the last
 * letter of the sequence before, which ends a line. Returns how many bytes these are; SIZE_MAX
 * where that is wrong. */
static size_t skip_last_letter(const char *text, size_t length, const fai_entry *before)
{
    if (!before) return length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    if (before->length == 0) return 0;
    if (length == 0 || isspace((unsigned char)text[0])) return SIZE_MAX;
    return length == 1 || isspace((unsigned char)text[1]) ? 1 : SIZE_MAX;
}

/* The first line of a sequence is as long as the index says: letters, then a line end. */
static bool is_first_line(const fai_entry *e, const char *text, size_t length)
{
    const bool whole = e->length > e->line_letters;
    const uint64_t needed = whole ? e->line_bytes : e->length;
    if (length < needed) return false;
    for (size_t i = 0; i < needed; i++)
        if ((isspace((unsigned char)text[i]) != 0) != (i >= e->line_letters)) return false;
    return !whole || text[needed - 1] == '\n';
}

/* From where the sequence `before` ends (NULL: the beginning of the file) to where `next` begins
 * (NULL: its end). */
static dmg_status check_between(dmg_fasta_index *index, const fai_entry *before,
                                const fai_entry *next, bool *fits, dmg_error *err)
{
    ssize_t got = -1;
    uint64_t from = 0;
    if (before) (void)find_end(&from, before);
    if (before && before->length > 0) from--; /* the last letter is looked at */
    *fits = !next || (next->offset > from && next->offset - from <= MOST_BETWEEN);
    if (!*fits) return DMG_OK;
    const size_t size = next ? (size_t)(next->offset - from) : MOST_BETWEEN;
    const dmg_status st = read_raw(index, from, size, &got, err);
    if (st != DMG_OK) return st;
    *fits = got >= 0 && (next ? (size_t)got == size : (size_t)got < size);
    const size_t skipped = *fits ? skip_last_letter(index->text, (size_t)got, before) : SIZE_MAX;
    *fits = skipped != SIZE_MAX &&
            is_between(index->text + skipped, (size_t)got - skipped, next ? next->name : NULL);
    return DMG_OK;
}

static dmg_status check_first_line(dmg_fasta_index *index, const fai_entry *e, bool *fits,
                                   dmg_error *err)
{
    ssize_t got = -1;
    const uint64_t size = e->length > e->line_letters ? e->line_bytes : e->length;
    *fits = true;
    if (size > MOST_BETWEEN) return DMG_OK; /* a sequence on one line has its end checked */
    const dmg_status st = read_raw(index, e->offset, (size_t)size, &got, err);
    *fits = st == DMG_OK && got >= 0 && is_first_line(e, index->text, (size_t)got);
    return st;
}

static dmg_status check_entries(dmg_fasta_index *index, dmg_error *err)
{
    const fai_entry *before = NULL;
    for (size_t i = 0; i <= index->count; i++) {
        const fai_entry *e = i < index->count ? &index->entries[i] : NULL;
        bool fits;
        dmg_status st = check_between(index, before, e, &fits, err);
        if (st == DMG_OK && fits && e) st = check_first_line(index, e, &fits, err);
        if (st != DMG_OK) return st;
        if (!fits)
            return dmg_error_set(err, DMG_FORMAT, "it belongs to another file, or omits sequences");
        before = e;
    }
    return DMG_OK;
}

/* --- opening --- */

#ifdef __APPLE__
#define st_mtim st_mtimespec
#endif

static bool is_older(const struct stat *a, const struct stat *b)
{
    if (a->st_mtim.tv_sec != b->st_mtim.tv_sec) return a->st_mtim.tv_sec < b->st_mtim.tv_sec;
    return a->st_mtim.tv_nsec < b->st_mtim.tv_nsec;
}

static uint64_t little_endian(const unsigned char bytes[8])
{
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--) value = value << 8 | bytes[i];
    return value;
}

/* A .gzi of `size` bytes: a number of blocks, then two numbers for each but the first, all
 * little-endian. The number asks for memory, so it is compared with the size before. */
static bool read_blocks(dmg_fasta_index *index, FILE *gzi, uint64_t size)
{
    unsigned char head[8], pair[16];
    if (fread(head, 1, sizeof head, gzi) != sizeof head) return false;
    const uint64_t more = little_endian(head);
    if (more != (size - sizeof head) / sizeof pair) return false;
    index->blocks = dmg_alloc((size_t)more + 1, sizeof *index->blocks);
    if (!index->blocks) return false;
    index->blocks[0] = (block){0};
    for (index->block_count = 1; index->block_count <= more; index->block_count++) {
        if (fread(pair, 1, sizeof pair, gzi) != sizeof pair) return false;
        block *b = &index->blocks[index->block_count];
        *b = (block){.packed = little_endian(pair), .unpacked = little_endian(pair + 8)};
        if (b->packed <= b[-1].packed || b->unpacked < b[-1].unpacked ||
            b->packed > UINT64_MAX >> 17)
            return false;
    }
    return getc(gzi) == EOF && !ferror(gzi);
}

static dmg_status open_packed(dmg_fasta_index *index, const struct stat *file, dmg_error *err)
{
    struct stat about;
    hts_set_log_level(HTS_LOG_OFF); /* a library does not write to standard error */
    index->packed = bgzf_open(index->path, "r");
    if (!index->packed) return dmg_error_set(err, DMG_IO, "%s", strerror(errno));
    if (bgzf_compression(index->packed) != 2)
        return dmg_error_set(err, DMG_FORMAT, "gzip does not allow random access; use bgzip");
    char *name = append_ending(index->path, ".gzi");
    if (!name) return dmg_error_nomem(err, "a sequence index");
    FILE *gzi = fopen(name, "re");
    free(name);
    const bool usable = gzi && fstat(fileno(gzi), &about) == 0 && !is_older(&about, file) &&
                        read_blocks(index, gzi, (uint64_t)about.st_size);
    if (gzi) fclose(gzi);
    return usable ? DMG_OK : dmg_error_set(err, DMG_FORMAT, "it has no usable .gzi index");
}

static dmg_status open_file(dmg_fasta_index *index, const struct stat *file, dmg_error *err)
{
    unsigned char magic[2];
    index->plain = open(index->path, O_RDONLY | O_CLOEXEC);
    if (index->plain < 0) return dmg_error_set(err, DMG_IO, "%s", strerror(errno));
    if (pread(index->plain, magic, 2, 0) != 2 || magic[0] != 0x1f || magic[1] != 0x8b)
        return DMG_OK;
    return open_packed(index, file, err);
}

static dmg_status load(dmg_fasta_index *index, const char *name, const struct stat *fai,
                       dmg_error *err)
{
    struct stat file;
    if (stat(index->path, &file) != 0) return dmg_error_set(err, DMG_IO, "%s", strerror(errno));
    if (is_older(fai, &file)) return dmg_error_set(err, DMG_FORMAT, "it is older than the file");
    dmg_status st = read_entries(index, name, err);
    if (st == DMG_OK) st = open_file(index, &file, err);
    return st == DMG_OK ? check_entries(index, err) : st;
}

static dmg_status create(dmg_fasta_index **out, const char *path, const char *name,
                         const struct stat *fai, dmg_error *err)
{
    dmg_fasta_index *index = dmg_alloc_zero(1, sizeof *index);
    if (!index) return dmg_error_nomem(err, "a sequence index");
    index->plain = -1;
    index->path = dmg_copy_text(path, strlen(path));
    dmg_status st = index->path ? DMG_OK : dmg_error_nomem(err, "a sequence index");
    if (st == DMG_OK) st = load(index, name, fai, err);
    if (st == DMG_OK)
        *out = index;
    else
        dmg_fasta_index_close(index);
    return st;
}

/* DMG_OK with *out NULL: there is no index. */
static dmg_status open_checked(dmg_fasta_index **out, const char *path, dmg_error *err)
{
    struct stat fai;
    *out = NULL;
    char *name = append_ending(path, ".fai");
    if (!name) return dmg_error_nomem(err, "a sequence index");
    const dmg_status st = stat(name, &fai) == 0 ? create(out, path, name, &fai, err) : DMG_OK;
    free(name);
    return st;
}

dmg_status dmg_fasta_index_open(dmg_fasta_index **out, const char *path, dmg_error *err)
{
    const dmg_status st = open_checked(out, path, err);
    return st == DMG_NOMEM ? st : DMG_OK;
}

dmg_status dmg_fasta_index_check(const char *path, dmg_error *err)
{
    dmg_error why;
    dmg_fasta_index *index = NULL;
    const dmg_status st = open_checked(&index, path, &why);
    dmg_fasta_index_close(index);
    if (st == DMG_OK) return DMG_OK;
    return dmg_error_set(err, st, "the index %.400s.fai is not used: %.400s", path, why.message);
}

void dmg_fasta_index_close(dmg_fasta_index *index)
{
    if (!index) return;
    if (index->packed) (void)bgzf_close(index->packed);
    if (index->plain >= 0) close(index->plain);
    free(index->blocks);
    for (size_t i = 0; i < index->count; i++) free(index->entries[i].name);
    free(index->entries);
    free(index->text);
    free(index->path);
    free(index);
}

const char *dmg_fasta_index_name(const dmg_fasta_index *index, size_t i)
{
    return i < index->count ? index->entries[i].name : NULL;
}

/* --- letters --- */

static uint64_t place_of(const fai_entry *e, uint64_t letter)
{
    return e->offset + letter / e->line_letters * e->line_bytes + letter % e->line_letters;
}

/* Takes the line ends out of index->text; returns what is left. */
static size_t drop_line_ends(dmg_fasta_index *index, size_t length)
{
    size_t kept = 0;
    for (size_t i = 0; i < length; i++)
        if (!isspace((unsigned char)index->text[i])) index->text[kept++] = index->text[i];
    return kept;
}

dmg_status dmg_fasta_index_read(dmg_fasta_index *index, size_t i, uint64_t from, char *letters,
                                size_t capacity, size_t *count, dmg_error *err)
{
    const fai_entry *e = &index->entries[i];
    *count = 0;
    if (capacity == 0 || from >= e->length) return DMG_OK;
    const uint64_t left = e->length - from;
    const size_t wanted = left < capacity ? (size_t)left : capacity;
    const uint64_t begin = place_of(e, from), end = place_of(e, from + wanted - 1) + 1;
    ssize_t got = -1;
    const dmg_status st = read_raw(index, begin, (size_t)(end - begin), &got, err);
    if (st != DMG_OK) return st;
    if (got < 0 || drop_line_ends(index, (size_t)got) != wanted)
        return dmg_error_set(
            err, DMG_IO, "%s: cannot read %s with the index %s.fai; does it belong to this file?",
            index->path, e->name, index->path);
    bool ambiguous = false;
    size_t fault;
    *count = dmg_alphabet_convert(letters, index->text, wanted, &ambiguous, &fault);
    if (fault == wanted) return DMG_OK;
    return dmg_error_set(err, DMG_FORMAT,
                         "%s: record '%s': %s at position %llu is not a nucleotide letter",
                         index->path, e->name, dmg_show_byte(index->text[fault]).text,
                         (unsigned long long)(from + fault + 1));
}
