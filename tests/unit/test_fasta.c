/* SPDX-License-Identifier: MIT */
/* FASTA in pieces: the same letters and faults as whole records, whatever the pieces; and the same
 * letters by an index.
 */
#include "scratch.h"

#include <fcntl.h>

#include <htslib/bgzf.h>
#include <htslib/faidx.h>

#include "base/rng.h"
#include "deepmirgene/seqio.h"

/* --- readings as text --- */

/* "ID=LETTERS;" for each record, then "!" and the message if there was a fault. */
typedef struct reading {
    char text[1 << 20];
    size_t length;
    dmg_error err;
} reading;

/* Its megabyte is not cleared. */
static void begin(reading *r)
{
    r->length = 0;
    r->text[0] = '\0';
}

static void add(reading *r, const char *text, size_t length)
{
    assert_true(r->length + length < sizeof r->text);
    memcpy(r->text + r->length, text, length);
    r->length += length;
    r->text[r->length] = '\0';
}

static void finish(reading *r, dmg_status st)
{
    if (st == DMG_OK) return;
    add(r, "!", 1);
    add(r, r->err.message, strlen(r->err.message));
}

/* A fault leaves only the records before it, as dmg_reader does. */
static void read_all(reading *r, dmg_fasta *fasta, size_t capacity)
{
    static char letters[1 << 17];
    const char *id = NULL;
    dmg_status st;
    size_t whole = 0;
    while ((st = dmg_fasta_next(fasta, &id, &r->err)) == DMG_OK && id) {
        add(r, id, strlen(id));
        add(r, "=", 1);
        size_t count = capacity;
        while (st == DMG_OK && count == capacity) {
            st = dmg_fasta_read(fasta, letters, capacity, &count, &r->err);
            if (st == DMG_OK) add(r, letters, count);
        }
        if (st != DMG_OK) break;
        add(r, ";", 1);
        whole = r->length;
    }
    if (st != DMG_OK) r->length = whole;
    finish(r, st);
    dmg_fasta_close(fasta);
}

static void read_in_pieces(reading *r, const char *path, size_t capacity)
{
    dmg_fasta *fasta = NULL;
    begin(r);
    assert_ok(dmg_fasta_open(&fasta, path, &r->err), &r->err);
    read_all(r, fasta, capacity);
}

static void read_records(reading *r, const char *path)
{
    dmg_reader *reader = NULL;
    dmg_batch *batch = NULL;
    begin(r);
    assert_ok(dmg_reader_open(&reader, path, &r->err), &r->err);
    assert_ok(dmg_batch_create(&batch, &r->err), &r->err);
    dmg_status st;
    do {
        st = dmg_reader_next(reader, batch, 1, 1, &r->err);
        for (size_t i = 0; i < dmg_batch_count(batch); i++) {
            const dmg_record *record = &dmg_batch_records(batch)[i];
            add(r, record->name, record->id_length);
            add(r, "=", 1);
            add(r, record->sequence, record->length);
            add(r, ";", 1);
        }
    } while (st == DMG_OK && dmg_batch_count(batch) > 0);
    finish(r, st);
    dmg_batch_destroy(batch);
    dmg_reader_close(reader);
}

static reading pieces, records;

static void assert_same_readings(const char *path)
{
    static const size_t capacities[] = {1, 2, 7, 1000, 100000};
    read_records(&records, path);
    for (size_t i = 0; i < sizeof capacities / sizeof *capacities; i++) {
        read_in_pieces(&pieces, path, capacities[i]);
        assert_string_equal(pieces.text, records.text);
    }
}

/* --- whole files --- */

static void test_dialects(void **state)
{
    (void)state;
    static const char *const files[] = {
        ">a\nACGT\n",
        ">a\nACGT",
        "\n\n  >a words\r\nAC GT\r\n\r\n\tacgu \r\n>b\n>c\n\nN\n",
        "\xef\xbb\xbf>a\nACGU\n",
        ">a\nAC\n   >b\nGT\n",
        ">a\n",
        ">a",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_same_readings(scratch_text("dialect.fa", files[i]));
}

static void test_faults(void **state)
{
    (void)state;
    static const char *const files[] = {
        "",
        " \n\n",
        ">a\nACGT\n>b\n  AC.GT\n",
        ">a\nACGT\n>b\nAC\nGTE\n",
        ">a\nACGT\n>b\nAC\n\x01GT\n",
        ">a\rACGT\n",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (i != 2) assert_same_readings(scratch_text("fault.fa", files[i]));
    read_in_pieces(&pieces, scratch_text("dot.fa", files[2]), 10);
    assert_non_null(
        strstr(pieces.text, "dot.fa:4: record 'b': '.' at column 5 is not a nucleotide"));
    read_in_pieces(&pieces, scratch_text("noname.fa", ">a\nACGT\n> \nA\n"), 10);
    assert_non_null(strstr(pieces.text, "noname.fa:3: a sequence without a name"));
    read_in_pieces(&pieces, scratch_text("text.fa", "hello\n"), 10);
    assert_non_null(strstr(pieces.text, "text.fa:1: expected '>' (FASTA) at the start, found 'h'"));
}

/* Lines of all lengths, longer than a block of the file among them, packed in all ways. */
static void test_random_files(void **state)
{
    (void)state;
    static char text[1 << 19];
    for (uint64_t turn = 0; turn < 12; turn++) {
        dmg_rng rng;
        dmg_rng_init(&rng, 5, turn);
        size_t length = 0;
        for (int record = 0; record < 4; record++) {
            length += (size_t)sprintf(text + length, ">r%d%s\n", record, turn % 2 ? " x" : "");
            for (uint64_t line = dmg_rng_below(&rng, 5); line > 0; line--) {
                const uint64_t longest = turn % 3 == 0 ? 20000 : 80;
                for (uint64_t n = dmg_rng_below(&rng, longest); n > 0; n--)
                    text[length++] = "ACGTacgtNnUR"[dmg_rng_below(&rng, 12)];
                length += (size_t)sprintf(text + length, turn % 4 == 0 ? "\r\n" : "\n");
            }
        }
        const char *path = scratch_path("random.fa.gz");
        BGZF *file = bgzf_open(path, turn % 3 == 0 ? "wu" : turn % 3 == 1 ? "w" : "wg");
        assert_non_null(file);
        assert_int_equal(bgzf_write(file, text, length), length);
        assert_int_equal(bgzf_close(file), 0);
        assert_same_readings(path);
    }
}

/* --- by an index --- */

static void test_index(void **state)
{
    (void)state;
    const char *path = scratch_text("indexed.fa", ">one x\nACGTAC\nGTacgt\nN\n>three\nUU\n");
    dmg_fasta_index *index = (dmg_fasta_index *)1;
    dmg_error err;
    assert_ok(dmg_fasta_index_open(&index, path, &err), &err);
    assert_null(index);
    assert_int_equal(fai_build(path), 0);
    assert_ok(dmg_fasta_index_open(&index, path, &err), &err);
    assert_non_null(index);
    assert_string_equal(dmg_fasta_index_name(index, 0), "one");
    assert_string_equal(dmg_fasta_index_name(index, 1), "three");
    assert_null(dmg_fasta_index_name(index, 2));
    const char *whole = "ACGUACGUacguN";
    for (size_t from = 0; from < 16; from++)
        for (size_t capacity = 0; capacity < 16; capacity++) {
            char letters[16];
            size_t count;
            assert_ok(dmg_fasta_index_read(index, 0, from, letters, capacity, &count, &err), &err);
            const size_t left = from < 13 ? 13 - from : 0;
            assert_int_equal(count, left < capacity ? left : capacity);
            assert_memory_equal(letters, whole + (from < 13 ? from : 13), count);
        }
    dmg_fasta_index_close(index);
}

/* What an index gives of the file in pieces of `capacity` letters, empty sequences left out; false
 * where it is not used. */
static bool read_by_index(reading *r, const char *path, size_t capacity)
{
    static char letters[1 << 16];
    dmg_fasta_index *index = NULL;
    begin(r);
    assert_ok(dmg_fasta_index_open(&index, path, &r->err), &r->err);
    const bool used = index != NULL;
    assert_int_equal(dmg_fasta_index_check(path, &r->err) == DMG_OK || !used, true);
    for (size_t i = 0; used && dmg_fasta_index_name(index, i); i++) {
        const char *name = dmg_fasta_index_name(index, i);
        size_t count = 1;
        add(r, name, strlen(name));
        add(r, "=", 1);
        for (uint64_t from = 0; count > 0; from += count) {
            const dmg_status st =
                dmg_fasta_index_read(index, i, from, letters, capacity, &count, &r->err);
            assert_ok(st, &r->err);
            add(r, letters, count);
        }
        add(r, ";", 1);
    }
    dmg_fasta_index_close(index);
    return used;
}

/* Sequences of lines of equal length, as an index wants them. */
static const char *random_lines(dmg_rng *rng, const char *line_end)
{
    static char text[1 << 16];
    const uint64_t number = 1 + dmg_rng_below(rng, 6);
    size_t used = 0;
    for (uint64_t k = 0; k < number; k++) {
        const size_t width = 1 + dmg_rng_below(rng, 20), length = dmg_rng_below(rng, 90);
        used += (size_t)snprintf(text + used, 64, ">s%u%s%s", (unsigned)k,
                                 dmg_rng_below(rng, 2) ? " words" : "", line_end);
        for (size_t i = 0; i < length; i++) {
            text[used++] = "ACGTacgtN"[dmg_rng_below(rng, 9)];
            if ((i + 1) % width == 0 || i + 1 == length)
                used += (size_t)snprintf(text + used, 4, "%s", line_end);
        }
    }
    text[used] = '\0';
    return text;
}

/* Changes a byte, or takes a line out. */
static void spoil(char *text, dmg_rng *rng)
{
    const size_t at = dmg_rng_below(rng, strlen(text));
    if (dmg_rng_below(rng, 4) > 0) {
        text[at] = "0123456789\t\nsx"[dmg_rng_below(rng, 14)];
        return;
    }
    char *end = strchr(text + at, '\n');
    if (end) memmove(text + at, end + 1, strlen(end + 1) + 1);
}

/* An index that is used gives what reading through gives: whatever the lines, and whatever has
 * happened to the index. */
static void test_index_is_right_or_not_used(void **state)
{
    (void)state;
    static reading whole, indexed;
    dmg_rng rng;
    dmg_rng_init(&rng, 20, 1);
    size_t used = 0, refused = 0;
    for (int turn = 0; turn < 60; turn++) {
        const char *path = scratch_text("r.fa", random_lines(&rng, turn % 3 ? "\n" : "\r\n"));
        const char *name = scratch_path("r.fa.fai");
        (void)unlink(name);
        if (fai_build(path) != 0) continue;
        read_in_pieces(&whole, path, 1000);
        const bool used_now = read_by_index(&indexed, path, 7);
        assert_int_equal(used_now, !strstr(whole.text, "=;")); /* samtools leaves them out */
        if (!used_now) continue;
        assert_string_equal(indexed.text, whole.text);
        char *fai = scratch_read(name, NULL);
        for (int damage = 0; damage < 20; damage++) {
            char *copy = strdup(fai);
            assert_non_null(copy);
            spoil(copy, &rng);
            scratch_text("r.fa.fai", copy);
            if (read_by_index(&indexed, path, 7)) {
                assert_string_equal(indexed.text, whole.text);
                used++;
            } else {
                refused++;
            }
            free(copy);
        }
        free(fai);
    }
    assert_true(used > 10 && refused > 300);
}

/* An index of `text` that is used for `other`. */
static bool is_used(const char *text, const char *other)
{
    static reading r;
    const char *path = scratch_text("u.fa", text), *name = scratch_path("u.fa.fai");
    assert_int_equal(fai_build(path), 0);
    scratch_text("u.fa", other);
    const struct timespec later[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    assert_int_equal(utimensat(AT_FDCWD, name, later, 0), 0);
    return read_by_index(&r, path, 7);
}

static void test_index_of_another_file(void **state)
{
    (void)state;
    const char *file = ">a\nACGT\nAC\n>b\nGGG\n";
    assert_true(is_used(file, file));
    assert_true(is_used(file, ">a\nTTTT\nTT\n>b\nCCC\n")); /* letters are read again */
    assert_true(is_used(file, ">a\nACGT\nAC\n>b\nGGG\n\n \n"));
    assert_false(is_used(file, ">a\nACGT\nAC\n>b\nGGG\n>empty\n"));
    assert_false(is_used(file, ">a\nACGT\nAC\n>b\nGGGG\n"));
    assert_false(is_used(file, ">a\nACGT\nAC\n>b\nGG\n"));
    assert_false(is_used(file, ">a\nACGT\nA\n>bb\nGGG\n"));
    assert_false(is_used(file, ">a\nACGT\nAC\n>c\nGGG\n"));
    assert_false(is_used(file, ">aa\nACG\nAC\n>b\nGGG\n"));
    assert_false(is_used(file, ">a\nACG\nTAC\n>b\nGGG\n"));
    assert_false(is_used(file, ">a\nACGT\nAC\n>b\nGGG\n>c\nA\n"));
    assert_false(is_used(file, ""));
    /* samtools leaves out the second of two sequences of one name. */
    assert_false(is_used(">a\nAC\n>a\nGG\n", ">a\nAC\n>a\nGG\n"));
}

/* To the nanosecond. */
static void test_index_older_than_the_file(void **state)
{
    (void)state;
    static reading r;
    const char *path = scratch_text("o.fa", ">a\nACGT\n"), *name = scratch_path("o.fa.fai");
    assert_int_equal(fai_build(path), 0);
    const struct timespec file[2] = {{1000, 5000}, {1000, 5000}};
    assert_int_equal(utimensat(AT_FDCWD, path, file, 0), 0);
    for (long nanoseconds = 4999; nanoseconds <= 5001; nanoseconds++) {
        const struct timespec fai[2] = {{1000, nanoseconds}, {1000, nanoseconds}};
        assert_int_equal(utimensat(AT_FDCWD, name, fai, 0), 0);
        assert_int_equal(read_by_index(&r, path, 7), nanoseconds >= 5000);
    }
    dmg_error err;
    const struct timespec old[2] = {{900, 0}, {900, 0}};
    assert_int_equal(utimensat(AT_FDCWD, name, old, 0), 0);
    assert_int_equal(dmg_fasta_index_check(path, &err), DMG_FORMAT);
    assert_non_null(strstr(err.message, "o.fa.fai is not used: it is older than the file"));
}

/* bgzip: the .gzi says where blocks are; a wrong one is not used, or changes nothing. */
static void test_index_of_bgzip(void **state)
{
    (void)state;
    static reading whole, indexed;
    static char text[200000];
    dmg_rng rng;
    size_t used = (size_t)snprintf(text, sizeof text, ">one\n");
    dmg_rng_init(&rng, 21, 1);
    for (int line = 0; line < 2000; line++) {
        for (int i = 0; i < 60; i++) text[used++] = "ACGT"[dmg_rng_below(&rng, 4)];
        text[used++] = '\n';
    }
    used += (size_t)snprintf(text + used, 64, ">two\nACGT\n");
    const char *path = scratch_path("z.fa.gz"), *name = scratch_path("z.fa.gz.gzi");
    BGZF *file = bgzf_open(path, "w");
    assert_non_null(file);
    assert_int_equal(bgzf_index_build_init(file), 0);
    assert_int_equal(bgzf_write(file, text, used), (ssize_t)used);
    assert_int_equal(bgzf_index_dump(file, path, ".gzi"), 0);
    assert_int_equal(bgzf_close(file), 0);
    assert_int_equal(fai_build(path), 0);
    read_in_pieces(&whole, path, 1000);
    assert_true(read_by_index(&indexed, path, 61));
    assert_string_equal(indexed.text, whole.text);
    size_t size;
    unsigned char *gzi = scratch_read(name, &size);
    assert_true(size >= 24);
    for (size_t byte = 0; byte < size; byte++) {
        gzi[byte] ^= 0x10;
        scratch_write("z.fa.gz.gzi", gzi, size);
        gzi[byte] ^= 0x10;
        if (read_by_index(&indexed, path, 997)) assert_string_equal(indexed.text, whole.text);
    }
    free(gzi);
    assert_int_equal(unlink(name), 0);
    assert_false(read_by_index(&indexed, path, 997));
}

static void test_memory(void **state)
{
    (void)state;
    static reading r;
    static const struct {
        dmg_sequence last;
        const char *end;
    } cases[] = {
        {{"three", "acg ut", 6, NULL}, "three=acguu;"},
        {{"three", "ac-ut", 5, NULL},
         "!record 'three': '-' at position 3 is not a nucleotide letter"},
        {{NULL, "ac", 2, NULL}, "!record number 3: a sequence without a name"},
        {{"three", NULL, 2, NULL}, "!record 'three': no sequence given"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const dmg_sequence sequences[] = {
            {"one", "ACGTN", 5, NULL}, {"two", NULL, 0, NULL}, cases[i].last};
        char expected[256];
        snprintf(expected, sizeof expected, "one=ACGUN;two=;%s", cases[i].end);
        for (size_t capacity = 1; capacity < 8; capacity++) {
            dmg_fasta *fasta = NULL;
            r = (reading){.length = 0};
            assert_ok(dmg_fasta_open_memory(&fasta, sequences, 3, &r.err), &r.err);
            read_all(&r, fasta, capacity);
            assert_string_equal(r.text, expected);
        }
    }
    dmg_fasta *fasta = NULL;
    r = (reading){.length = 0};
    assert_ok(dmg_fasta_open_memory(&fasta, NULL, 0, &r.err), &r.err);
    read_all(&r, fasta, 4);
    assert_string_equal(r.text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_dialects),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_random_files),
        cmocka_unit_test(test_index),
        cmocka_unit_test(test_index_is_right_or_not_used),
        cmocka_unit_test(test_index_of_another_file),
        cmocka_unit_test(test_index_older_than_the_file),
        cmocka_unit_test(test_index_of_bgzip),
    };
    return cmocka_run_group_tests_name("fasta", tests, scratch_setup, scratch_teardown);
}
