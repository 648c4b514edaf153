/* SPDX-License-Identifier: MIT */
/* Any bytes as a sequence file: the reader ends, what it gives keeps its promises, and the size of
 * the batches changes nothing.
 *
 * Invariants are checked with abort() so that they hold in builds without assertions too.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deepmirgene/seqio.h"
#include "fuzz.h"

/* What a reading came to. The hash is FNV-1a over all records, each part with its NUL. */
typedef struct outcome {
    uint64_t records, hash;
    dmg_status status;
    dmg_error error;
} outcome;

static void require(bool holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "seqio: %s\n", what);
    abort();
}

static uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static void check_structure(const dmg_record *record)
{
    require(strspn(record->structure, ".()") == record->length, "structure characters");
    require(record->structure[record->length] == '\0', "structure length");
    size_t open = 0;
    for (size_t i = 0; i < record->length; i++) {
        if (record->structure[i] == ')') require(open-- > 0, "a ')' without partner");
        if (record->structure[i] == '(') open++;
    }
    require(open == 0, "a '(' without partner");
}

static void check_record(const dmg_record *record)
{
    require(record->id_length <= strlen(record->name), "id longer than the name");
    require(strcspn(record->name, " \t\r\n\v\f") == record->id_length, "end of the id");
    require(strspn(record->sequence, "ACGURYSWKMBDHVNXIacguryswkmbdhvnxi") == record->length,
            "letters");
    require(record->sequence[record->length] == '\0', "sequence length");
    require(record->ambiguous == (strspn(record->sequence, "ACGUacgu") < record->length),
            "ambiguous");
    require(record->line > 0, "line number");
    if (record->structure) check_structure(record);
}

static outcome read_all(const char *path, size_t max_records, size_t max_letters)
{
    outcome got = {.hash = UINT64_C(0xcbf29ce484222325)};
    dmg_reader *reader = NULL;
    dmg_batch *batch = NULL;
    require(dmg_batch_create(&batch, &got.error) == DMG_OK, "no batch");
    require(dmg_reader_open(&reader, path, &got.error) == DMG_OK, "no reader");
    for (size_t count = 1; got.status == DMG_OK && count > 0;) {
        got.status = dmg_reader_next(reader, batch, max_records, max_letters, &got.error);
        count = dmg_batch_count(batch);
        require(count <= max_records, "too many records in a batch");
        for (size_t i = 0; i < count; i++) {
            const dmg_record *record = &dmg_batch_records(batch)[i];
            check_record(record);
            got.hash = hash_bytes(got.hash, record->name, strlen(record->name) + 1);
            got.hash = hash_bytes(got.hash, record->sequence, record->length + 1);
            if (record->structure)
                got.hash = hash_bytes(got.hash, record->structure, record->length + 1);
        }
        got.records += count;
    }
    dmg_reader_close(reader);
    dmg_batch_destroy(batch);
    return got;
}

static char path[] = "/tmp/fuzz-seqio-XXXXXX";

static void remove_file(void)
{
    (void)unlink(path);
}

/* Writes the input to the one scratch file of this process. */
static void write_input(const uint8_t *data, size_t size)
{
    static int fd = -1;
    if (fd < 0) {
        fd = mkstemp(path);
        require(fd >= 0 && atexit(remove_file) == 0, "no scratch file");
    }
    require(ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size,
            "the scratch file cannot be written");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    write_input(data, size);
    const outcome whole = read_all(path, SIZE_MAX, SIZE_MAX), single = read_all(path, 1, 0);
    require(whole.status == DMG_OK || whole.status == DMG_FORMAT, "an unexpected status");
    require(whole.status == single.status && whole.records == single.records &&
                whole.hash == single.hash,
            "the size of the batches changes the records");
    if (whole.status == DMG_OK) return 0;
    require(strcmp(whole.error.message, single.error.message) == 0,
            "the size of the batches changes the complaint");
    require(strncmp(whole.error.message, path, strlen(path)) == 0, "a complaint without the file");
    return 0;
}
