/* SPDX-License-Identifier: MIT */
/* Lines of plain, gzip and bgzip files through htslib's BGZF.
 *
 * The file is opened with open(2), so that errno says exactly what went wrong and a name with a
 * colon is not taken for a URL. Blocks are read whole (bgzf_read_block) and cut into lines here
 * instead of by bgzf_getline: that function gives an int, too small for a long line, and when
 * reading fails in the middle of a line it gives the first part as if that were a line.
 */
#include "seqio/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <htslib/bgzf.h>
#include <htslib/hfile.h>
#include <htslib/hts_log.h>

#include "base/alloc.h"
#include "base/error.h"
#include "seqio/file_kind.h"

#define LABEL_MAX      300 /* bytes of a path that messages show; the rest is for their words */
#define LINE_MAX_HELD  ((size_t)64 << 20) /* of a header, a read; longer lines come in parts */
#define CARRY_KEPT_MAX ((size_t)1 << 20)  /* a larger buffer goes back after its long line */

struct dmg_lines {
    int fd;     /* -1 once `bgzf` owns it */
    BGZF *bgzf; /* made when the first line is asked for */
    char *label;
    char *block;            /* [BGZF_MAX_BLOCK_SIZE], unpacked */
    const char *next, *end; /* what is left of it */
    char *carry;            /* a line that runs over the end of a block is put together here */
    size_t carry_length, carry_capacity;
    dmg_line line;
    bool pushed_back; /* `line` is to be given once more */
    bool inside;      /* a part of the present line was given, and its end was not */
    size_t column;    /* bytes of the present line that were skipped or given as parts */
    long long size;   /* of the file, packed as it is; 0: not known */
    long long packed; /* bytes of the file before `block`, packed as they are */
    bool ended;       /* the file has no further block */
};

bool dmg_lines_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r' && byte != '\n');
}

const char *dmg_lines_label(const dmg_lines *lines)
{
    return lines->label;
}

/* The tail of a path says more than its head: it ends in the file's name. */
static char *make_label(const char *path)
{
    if (strcmp(path, "-") == 0) return dmg_copy_text("standard input", 14);
    const size_t length = strlen(path);
    if (length <= LABEL_MAX) return dmg_copy_text(path, length);
    char *label = dmg_copy_text(path + length - LABEL_MAX, LABEL_MAX);
    if (label) memcpy(label, "...", 3);
    return label;
}

/* A descriptor of our own also for standard input: closing the reader leaves the caller's alone. */
static dmg_status open_descriptor(dmg_lines *lines, const char *path, dmg_error *err)
{
    lines->fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                       : open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (lines->fd < 0 || fstat(lines->fd, &about) != 0)
        return dmg_error_set(err, DMG_IO, "%s: cannot open: %s", lines->label, strerror(errno));
    if (S_ISDIR(about.st_mode))
        return dmg_error_set(err, DMG_IO, "%s: is a directory, not a file", lines->label);
    lines->size = S_ISREG(about.st_mode) ? (long long)about.st_size : 0;
    return DMG_OK;
}

dmg_status dmg_lines_open(dmg_lines **out, const char *path, dmg_error *err)
{
    dmg_lines *lines = dmg_alloc_zero(1, sizeof *lines);
    if (!lines) return dmg_error_nomem(err, "a file reader");
    lines->fd = -1;
    lines->label = make_label(path);
    lines->block = dmg_alloc(BGZF_MAX_BLOCK_SIZE, 1);
    dmg_status st = DMG_OK;
    if (!lines->label || !lines->block) st = dmg_error_nomem(err, "a file reader");
    if (st == DMG_OK) st = open_descriptor(lines, path, err);
    if (st != DMG_OK)
        dmg_lines_close(lines);
    else
        *out = lines;
    return st;
}

void dmg_lines_close(dmg_lines *lines)
{
    if (!lines) return;
    if (lines->bgzf) {
        /* With a read error on record bgzf_close would fail, and keep its memory. */
        hclearerr(lines->bgzf->fp);
        (void)bgzf_close(lines->bgzf);
    }
    if (lines->fd >= 0) (void)close(lines->fd);
    free(lines->label);
    free(lines->block);
    free(lines->carry);
    free(lines);
}

static dmg_status read_failed(const dmg_lines *lines, int cause, dmg_error *err)
{
    return dmg_error_set(err, DMG_IO, "%s: reading failed: %s", lines->label,
                         cause ? strerror(cause) : "unknown cause");
}

/* Hands the descriptor to htslib, which looks at the first bytes to tell how the file is packed.
 * The two steps of bgzf_dopen are done apart because on failure it does not say whether it has
 * closed the descriptor. */
static dmg_status start(dmg_lines *lines, dmg_error *err)
{
    hts_set_log_level(HTS_LOG_OFF); /* a library does not write to standard error */
    hFILE *file = hdopen(lines->fd, "r");
    if (!file) return read_failed(lines, errno, err);
    lines->fd = -1;
    lines->bgzf = bgzf_hopen(file, "r");
    if (lines->bgzf) return DMG_OK;
    const int cause = errno;
    hclose_abruptly(file);
    return read_failed(lines, cause, err);
}

static dmg_status damaged(const dmg_lines *lines, dmg_error *err)
{
    const int cause = herrno(lines->bgzf->fp);
    if (cause || bgzf_compression(lines->bgzf) == 0) return read_failed(lines, cause, err);
    return dmg_error_set(err, DMG_FORMAT, "%s: compressed data are %s (near line %llu)",
                         lines->label,
                         lines->bgzf->errcode & BGZF_ERR_IO ? "truncated" : "damaged or truncated",
                         (unsigned long long)lines->line.number + 1);
}

static bool is_gzip_magic(const dmg_lines *lines)
{
    return lines->end - lines->next >= 2 && memcmp(lines->next, "\x1f\x8b", 2) == 0;
}

/* Reads the next block; at the end of the file sets `ended`. */
static dmg_status fill(dmg_lines *lines, dmg_error *err)
{
    const bool first = !lines->bgzf;
    if (first) {
        const dmg_status st = start(lines, err);
        if (st != DMG_OK) return st;
    }
    BGZF *bgzf = lines->bgzf;
    lines->packed = htell(bgzf->fp);
    /* A failed look for a further gzip member can pass for the end of the file, but htslib
     * remembers the failure. */
    if (bgzf_read_block(bgzf) != 0 || herrno(bgzf->fp)) return damaged(lines, err);
    if (bgzf->block_length == 0) {
        lines->ended = true;
        if (bgzf_compression(bgzf) == 2 && bgzf->no_eof_block)
            return dmg_error_set(
                err, DMG_FORMAT,
                "%s: the end marker of bgzip is missing; the file is probably truncated",
                lines->label);
        return DMG_OK;
    }
    const ssize_t length = bgzf_read(bgzf, lines->block, (size_t)bgzf->block_length);
    if (length < 0) return damaged(lines, err);
    lines->next = lines->block;
    lines->end = lines->block + length;
    /* htslib takes less than a gzip header and trailer for plain text. */
    if (first && bgzf_compression(bgzf) == 0 && is_gzip_magic(lines))
        return dmg_error_set(err, DMG_FORMAT, "%s: compressed data are truncated", lines->label);
    const char *kind = first ? dmg_file_kind_binary(lines->next, (size_t)length) : NULL;
    if (kind) return dmg_error_set(err, DMG_FORMAT, "%s: %s", lines->label, kind);
    if (first && length >= 3 && memcmp(lines->next, "\xef\xbb\xbf", 3) == 0) lines->next += 3;
    return DMG_OK;
}

static dmg_status carry_on(dmg_lines *lines, size_t length, dmg_error *err)
{
    const size_t needed = lines->carry_length + length; /* of a limited line and a block */
    if (needed > LINE_MAX_HELD)
        return dmg_error_set(err, DMG_FORMAT, "%s:%llu: a line of more than %d MiB", lines->label,
                             (unsigned long long)lines->line.number + 1,
                             (int)(LINE_MAX_HELD >> 20));
    if (!dmg_grow(&lines->carry, &lines->carry_capacity, needed, 1))
        return dmg_error_nomem(err, "a line of a sequence file");
    memcpy(lines->carry + lines->carry_length, lines->next, length);
    lines->carry_length = needed;
    return DMG_OK;
}

/* The line as in the file: inside the block where it can, else in `carry`. */
static dmg_status find_line(dmg_lines *lines, const char **text, size_t *length, dmg_error *err)
{
    bool whole = false;
    while (!whole) {
        if (lines->next == lines->end && !lines->ended) {
            const dmg_status st = fill(lines, err);
            if (st != DMG_OK) return st;
            continue; /* the block may hold nothing but a byte order mark */
        }
        if (lines->ended) {
            *text = lines->carry_length > 0 ? lines->carry : NULL;
            *length = lines->carry_length;
            return DMG_OK;
        }
        const size_t left = (size_t)(lines->end - lines->next);
        const char *newline = memchr(lines->next, '\n', left);
        const size_t piece = newline ? (size_t)(newline - lines->next) : left;
        whole = newline != NULL;
        *text = lines->next;
        *length = piece;
        if (!whole || lines->carry_length > 0) {
            const dmg_status st = carry_on(lines, piece, err);
            if (st != DMG_OK) return st;
            *text = lines->carry;
            *length = lines->carry_length;
        }
        lines->next += whole ? piece + 1 : piece;
    }
    return DMG_OK;
}

dmg_status dmg_lines_next(dmg_lines *lines, dmg_line *line, dmg_error *err)
{
    if (!lines->pushed_back) {
        const char *text = NULL;
        size_t length = 0;
        if (lines->carry_capacity > CARRY_KEPT_MAX) {
            free(lines->carry);
            lines->carry = NULL;
            lines->carry_capacity = 0;
        }
        lines->carry_length = 0;
        const dmg_status st = find_line(lines, &text, &length, err);
        if (st != DMG_OK) return st;
        size_t indent = 0;
        while (length > 0 && dmg_lines_blank(text[length - 1])) length--;
        while (indent < length && dmg_lines_blank(text[indent])) indent++;
        lines->line.text = text ? text + indent : NULL;
        lines->line.length = length - indent;
        lines->line.indent = lines->column + indent;
        if (text) lines->line.number++;
        lines->column = 0;
    }
    lines->pushed_back = false;
    *line = lines->line;
    return DMG_OK;
}

void dmg_lines_unread(dmg_lines *lines)
{
    lines->pushed_back = true;
}

/* --- lines in parts --- */

/* Makes sure of a byte to look at, unless the file has ended. */
static dmg_status have_byte(dmg_lines *lines, dmg_error *err)
{
    dmg_status st = DMG_OK;
    while (st == DMG_OK && lines->next == lines->end && !lines->ended) st = fill(lines, err);
    return st;
}

dmg_status dmg_lines_skip(dmg_lines *lines, int *byte, dmg_error *err)
{
    dmg_status st;
    while ((st = have_byte(lines, err)) == DMG_OK && !lines->ended &&
           (*lines->next == '\n' || dmg_lines_blank(*lines->next))) {
        lines->column++;
        if (*lines->next++ != '\n') continue;
        lines->line.number++;
        lines->column = 0;
    }
    if (st == DMG_OK) *byte = lines->ended ? -1 : (unsigned char)*lines->next;
    return st;
}

dmg_status dmg_lines_part(dmg_lines *lines, dmg_line *part, bool *last, dmg_error *err)
{
    const dmg_status st = have_byte(lines, err);
    if (st != DMG_OK) return st;
    *part = (dmg_line){.indent = lines->column, .number = lines->line.number};
    *last = true;
    if (!lines->ended) {
        const size_t left = (size_t)(lines->end - lines->next);
        const char *newline = memchr(lines->next, '\n', left);
        const size_t length = newline ? (size_t)(newline - lines->next) : left;
        if (!lines->inside) lines->line.number++;
        part->text = lines->next;
        part->length = length;
        part->number = lines->line.number;
        while (newline && part->length > 0 && dmg_lines_blank(part->text[part->length - 1]))
            part->length--;
        *last = newline != NULL;
        lines->next += newline ? length + 1 : length;
        lines->column += length;
    }
    lines->inside = !*last;
    if (*last) lines->column = 0;
    return DMG_OK;
}

void dmg_lines_peek(const dmg_lines *lines, dmg_line *line)
{
    const size_t left = (size_t)(lines->end - lines->next);
    const char *newline = left > 0 ? memchr(lines->next, '\n', left) : NULL;
    *line = (dmg_line){.text = lines->next,
                       .length = newline ? (size_t)(newline - lines->next) : left,
                       .indent = lines->column,
                       .number = lines->line.number + !lines->inside};
}

double dmg_lines_progress(const dmg_lines *lines)
{
    if (lines->size <= 0) return -1;
    if (!lines->bgzf) return 0;
    double read = (double)lines->packed;
    if (lines->end > lines->block)
        read += (double)(htell(lines->bgzf->fp) - lines->packed) *
                (double)(lines->next - lines->block) / (double)(lines->end - lines->block);
    return read < (double)lines->size ? read / (double)lines->size : 1;
}
