/* SPDX-License-Identifier: MIT */
/* Reading sequence records: dialects of FASTA and FASTQ, structures, packing, batches, complaints.
 *
 * A reading is shown as text, one line for each record: line of the header, name, length of the id,
 * sequence, structure ("-": none) and "~" when ambiguous. So expectations are strings, and readings
 * compare as strings.
 */
#include "no_waiting.h"
#include "unit.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/wait.h>
#include <unistd.h>

#include <htslib/bgzf.h>

#include "base/pair_table.h"
#include "base/rng.h"
#include "deepmirgene/seqio.h"
#include "seqio/dotbracket.h"
#include "seqio/record_batch.h"

#define NO_LIMIT SIZE_MAX

/* --- files --- */

static char folder[2048];

static int make_folder(void **state)
{
    (void)state;
    const char *parent = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/seqio-XXXXXX", parent ? parent : "/tmp");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    DIR *listing = opendir(folder);
    if (!listing) return -1;
    for (const struct dirent *entry; (entry = readdir(listing));) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.') (void)unlink(path);
    }
    closedir(listing);
    return rmdir(folder);
}

/* Path of `name` in the test's folder; good until the next call. What is written there is a new
 * file each time: some file systems wait for the disk when one that was emptied is closed. */
static const char *in_folder(const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

typedef enum packing { PLAIN, GZIP, BGZIP } packing;

static const char *const packing_names[] = {"plain.seq", "gzip.seq", "bgzip.seq"};

static const char *write_file(packing how, const char *bytes, size_t length)
{
    const char *path = in_folder(packing_names[how]);
    static const char *const modes[] = {"wu", "wg", "w"};
    (void)unlink(path);
    BGZF *file = bgzf_open(path, modes[how]);
    assert_non_null(file);
    assert_int_equal(bgzf_write(file, bytes, length), length);
    assert_int_equal(bgzf_close(file), 0);
    return path;
}

/* A file's bytes; the caller's to free. */
static char *load_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = malloc(1 << 22);
    assert_non_null(bytes);
    *length = fread(bytes, 1, 1 << 22, file);
    assert_int_equal(fclose(file), 0);
    return bytes;
}

/* --- readings --- */

typedef struct reading {
    char *text; /* all records as described above */
    size_t records, batches, largest_batch;
    dmg_status status;
    dmg_error error;
} reading;

static void check_record(const dmg_record *record)
{
    assert_non_null(record->name);
    assert_true(record->id_length <= strlen(record->name));
    assert_int_equal(strlen(record->sequence), record->length);
    if (record->structure) assert_int_equal(strlen(record->structure), record->length);
    size_t position;
    if (record->structure)
        assert_true(dmg_structure_valid(record->structure, record->length, &position));
    assert_int_equal(record->ambiguous,
                     strspn(record->sequence, "ACGUacgu") != strlen(record->sequence));
    assert_true(record->line > 0);
}

static void show_record(FILE *out, const dmg_record *record)
{
    fprintf(out, "%" PRIu64 "|%s|%zu|%s|%s%s\n", record->line, record->name, record->id_length,
            record->sequence, record->structure ? record->structure : "-",
            record->ambiguous ? "~" : "");
}

static reading read_path(const char *path, size_t max_records, size_t max_letters)
{
    reading got = {0};
    size_t size;
    FILE *out = open_memstream(&got.text, &size);
    dmg_reader *reader = NULL;
    dmg_batch *batch = NULL;
    assert_non_null(out);
    assert_ok(dmg_batch_create(&batch, &got.error), &got.error);
    got.status = dmg_reader_open(&reader, path, &got.error);
    for (size_t count = 1; got.status == DMG_OK && count > 0;) {
        got.status = dmg_reader_next(reader, batch, max_records, max_letters, &got.error);
        count = dmg_batch_count(batch);
        for (size_t i = 0; i < count; i++) {
            check_record(&dmg_batch_records(batch)[i]);
            show_record(out, &dmg_batch_records(batch)[i]);
        }
        got.records += count;
        got.batches += count > 0;
        if (count > got.largest_batch) got.largest_batch = count;
    }
    if (got.status != DMG_OK) assert_int_equal(got.error.status, got.status);
    dmg_reader_close(reader);
    dmg_batch_destroy(batch);
    fclose(out);
    return got;
}

static void expect_bytes(const char *bytes, size_t length, const char *records)
{
    for (packing how = PLAIN; how <= BGZIP; how++) {
        reading got = read_path(write_file(how, bytes, length), NO_LIMIT, NO_LIMIT);
        assert_string_equal(got.status == DMG_OK ? "" : got.error.message, "");
        assert_string_equal(got.text, records);
        free(got.text);
    }
}

static void expect(const char *text, const char *records)
{
    expect_bytes(text, strlen(text), records);
}

/* The error is `complaint` after the name of the file; `records` are those read before it. */
static void expect_fault_bytes(const char *bytes, size_t length, const char *records,
                               const char *complaint)
{
    for (packing how = PLAIN; how <= BGZIP; how++) {
        const char *path = write_file(how, bytes, length);
        reading got = read_path(path, NO_LIMIT, NO_LIMIT);
        assert_int_equal(got.status, DMG_FORMAT);
        assert_int_equal(strncmp(got.error.message, path, strlen(path)), 0);
        assert_string_equal(got.error.message + strlen(path), complaint);
        assert_string_equal(got.text, records);
        free(got.text);
    }
}

static void expect_fault(const char *text, const char *records, const char *complaint)
{
    expect_fault_bytes(text, strlen(text), records, complaint);
}

/* --- FASTA --- */

static void test_fasta(void **state)
{
    (void)state;
    expect(">a\nACGU\n", "1|a|1|ACGU|-\n");
    expect(">a first one\nACGU\n>b\nGG\nCC\n", "1|a first one|1|ACGU|-\n3|b|1|GGCC|-\n");
    expect(">a\nacgtACGTuU\n", "1|a|1|acguACGUuU|-\n");
    expect(">a\nACGU", "1|a|1|ACGU|-\n");
    expect(">a\r\nAC\r\nGU\r\n>b\r\nA\r\n", "1|a|1|ACGU|-\n4|b|1|A|-\n");
    expect("\n \t\n>a\n\nAC\n\n\nGU\n\n>b\nA\n\n", "3|a|1|ACGU|-\n10|b|1|A|-\n");
    expect(">a  \t\nACGU \t \n  AC GU\tA\n", "1|a|1|ACGUACGUA|-\n");
    expect(" >a\nAC\n  >b\nG\n", "1|a|1|AC|-\n3|b|1|G|-\n");
    expect("\xef\xbb\xbf>a\nA\n", "1|a|1|A|-\n");
    expect(">  a b\nA\n>\tc\nG\n", "1|a b|1|A|-\n3|c|1|G|-\n");
    expect(">a>b@+;(.\nA\n", "1|a>b@+;(.|8|A|-\n");
    expect(">a\x01pipe\xc3\xa9\ttab\nA\n", "1|a\x01pipe\xc3\xa9\ttab|8|A|-\n");
}

static void test_empty_records(void **state)
{
    (void)state;
    expect(">\n", "1||0||-\n");
    expect(">", "1||0||-\n");
    expect(">a", "1|a|1||-\n");
    expect(">\nA\n>\n\n>  \nC\n", "1||0|A|-\n3||0||-\n5||0|C|-\n");
    expect(">a\n>b\n>c\nA\n>d\n", "1|a|1||-\n2|b|1||-\n3|c|1|A|-\n5|d|1||-\n");
}

/* Every byte in the middle of a sequence: letter, ambiguous letter, ignored, or refused. */
static void test_alphabet(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        const char text[] = {'>', 'x', '\n', 'a', 'c', (char)byte, 'G', '\n', '\0'};
        const char *path = write_file(PLAIN, text, 8);
        reading got = read_path(path, NO_LIMIT, NO_LIMIT);
        char expected[64] = "";
        if (byte == 'T' || byte == 't')
            snprintf(expected, sizeof expected, "1|x|1|ac%cG|-\n", byte + 1);
        else if (byte && strchr("ACGUacgu", byte))
            snprintf(expected, sizeof expected, "1|x|1|ac%cG|-\n", byte);
        else if (byte && strchr("RYSWKMBDHVNXIryswkmbdhvnxi", byte))
            snprintf(expected, sizeof expected, "1|x|1|ac%cG|-~\n", byte);
        else if (byte && strchr(" \t\r\v\f\n", byte))
            snprintf(expected, sizeof expected, "1|x|1|acG|-\n");
        assert_string_equal(got.text, expected);
        assert_int_equal(got.status, expected[0] ? DMG_OK : DMG_FORMAT);
        if (got.status == DMG_FORMAT)
            assert_non_null(strstr(got.error.message, ":2: record 'x': "));
        if (got.status == DMG_FORMAT) assert_non_null(strstr(got.error.message, " at column 3 "));
        free(got.text);
    }
}

static void test_fasta_faults(void **state)
{
    (void)state;
    expect_fault(">a\nAC\n>b c\nACGU\nACGUACGUACGUA-CGU\n>d\nA\n", "1|a|1|AC|-\n",
                 ":5: record 'b': '-' at column 14 is not a nucleotide letter"
                 "; remove the gaps of an alignment");
    expect_fault(">a\n  AC*\n", "",
                 ":2: record 'a': '*' at column 5 is not a nucleotide letter"
                 "; remove the end mark of some formats");
    expect_fault(">a\nACGUR\nMKLV\n", "",
                 ":3: record 'a': 'L' at column 3 is not a nucleotide letter (is this a protein "
                 "file?)");
    expect_fault(">a\nAC\xc3\xa9\n", "",
                 ":2: record 'a': 0xC3 at column 3 is not a nucleotide letter");
    expect_fault(">a\nA\n;note\n", "",
                 ":3: record 'a': ';' at column 1 is not a nucleotide letter");
    expect_fault(">a\nA\n@b\n", "", ":3: record 'a': '@' at column 1 is not a nucleotide letter");
    expect_fault(">a\nA\n>\n1\n", "1|a|1|A|-\n",
                 ":4: record number 2 (without a name): '1' at column 1 is not a nucleotide letter"
                 "; remove the line numbers of GenBank format");
    expect_fault(">a\rACGU\r>b\rA\r", "",
                 ":1: a carriage return inside a header line; lines must end in LF or CRLF");
    expect_fault_bytes(">a\nA\n>b\0c\nACGU\n", 14, "1|a|1|A|-\n",
                       ":3: a NUL byte in a header line; is this a text file?");
    expect_fault_bytes(">a\nA\0\n", 6, "",
                       ":2: record 'a': 0x00 at column 2 is not a nucleotide letter");
}

static void test_neither_fasta_nor_fastq(void **state)
{
    (void)state;
    const char *expected = "expected '>' (FASTA) or '@' (FASTQ) at the start, found";
    char complaint[256];
    snprintf(complaint, sizeof complaint,
             ":3: %s 'A'; its first line is a sequence: each needs a line '>name' before it",
             expected);
    expect_fault("\n\nACGU\n", "", complaint);
    snprintf(complaint, sizeof complaint, ":1: %s ';'", expected);
    expect_fault(";a\n>b\nA\n", "", complaint);
    snprintf(complaint, sizeof complaint, ":1: %s 'B'; it looks like a binary file", expected);
    expect_fault("B\x01\n", "", complaint);
    snprintf(complaint, sizeof complaint, ":1: %s 'L'; it is a GenBank file; convert it to FASTA",
             expected);
    expect_fault("LOCUS       X 80 bp\n", "", complaint);
    snprintf(complaint, sizeof complaint,
             ":1: %s '@'; it is a SAM file; make FASTA of it first (samtools fasta)", expected);
    expect_fault("@HD\tVN:1.6\n", "", complaint);
    snprintf(complaint, sizeof complaint,
             ":1: %s '<'; it is a page of HTML, perhaps an error message of a download", expected);
    expect_fault("<!DOCTYPE html>\n", "", complaint);
}

static void test_a_file_without_records(void **state)
{
    (void)state;
    expect("", "");
    expect("\n \r\n\n", "");
    expect("\xef\xbb\xbf", "");
}

/* Files that are not text are named by their kind. */
static void test_packed_files_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        const char *words;
    } kinds[] = {
        {"\x28\xb5\x2f\xfd$Y", 6, ": it is packed by zstd; unpack it first (zstd -d)"},
        {"\xfd"
         "7zXZ\0\0",
         7, ": it is packed by xz; unpack it first (xz -d)"},
        {"BZh91AY&SY", 10, ": it is packed by bzip2; unpack it first (bzip2 -d)"},
        {"PK\3\4....", 8, ": it is a ZIP archive; unpack it first (unzip)"},
        {"\xff\xfe>\0a\0\n\0", 8,
         ": it is UTF-16 text; convert it first (iconv -f UTF-16 -t UTF-8)"},
        {"\xfe\xff\0>\0a\0\n", 8,
         ": it is UTF-16 text; convert it first (iconv -f UTF-16 -t UTF-8)"},
        {"%PDF-1.4\n", 9, ": it is a PDF document; save the sequences as FASTA"},
        {"BAM\1....", 8, ": it is a BAM file; make FASTA of it first (samtools fasta)"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        expect_fault_bytes(kinds[i].bytes, kinds[i].size, "", kinds[i].words);
}

/* --- malformed records that are tolerated --- */

/* "ID/LENGTH/FAULT;" for each record. */
static void read_tolerantly(char *out, size_t capacity, const char *text)
{
    const char *path = write_file(PLAIN, text, strlen(text));
    dmg_reader *reader = NULL;
    dmg_batch *batch = NULL;
    dmg_error err;
    size_t used = 0;
    assert_ok(dmg_reader_open(&reader, path, &err), &err);
    assert_ok(dmg_batch_create(&batch, &err), &err);
    dmg_reader_tolerate_malformed(reader);
    do {
        assert_ok(dmg_reader_next(reader, batch, 2, 1000, &err), &err);
        for (size_t i = 0; i < dmg_batch_count(batch); i++) {
            const dmg_record *r = &dmg_batch_records(batch)[i];
            const char *fault = r->fault ? r->fault + strlen(path) : "";
            assert_int_equal(strlen(r->sequence), r->length);
            if (r->fault) assert_true(r->length == 0 && !r->structure && !r->ambiguous);
            used += (size_t)snprintf(out + used, capacity - used, "%s/%zu/%s;", r->name, r->length,
                                     fault);
        }
    } while (dmg_batch_count(batch) > 0);
    dmg_batch_destroy(batch);
    dmg_reader_close(reader);
}

static void test_malformed_records_are_tolerated(void **state)
{
    (void)state;
    static char out[8192];
    read_tolerantly(out, sizeof out,
                    ">a\nACGU\n>b\nAC*GU-\nAC\n>c\nGGAACC\n((..)\n>d\nGG\n((()\n>e\nGGG\n");
    assert_string_equal(out, "a/4/;"
                             "b/0/:4: record 'b': '*' at column 3 is not a nucleotide letter; "
                             "remove the end mark of some "
                             "formats;"
                             "c/0/:8: record 'c': the structure has 5 characters, the sequence 6;"
                             "d/0/:11: record 'd': the structure has 4 characters, the sequence 2;"
                             "e/3/;");
    read_tolerantly(out, sizeof out, "@a\nAC*U\n+\n@@@@\n@b\nACGU\n+\nIIII\n@c\n1\n+\n@\n");
    assert_string_equal(out, "a/0/:2: record 'a': '*' at column 3 is not a nucleotide letter; "
                             "remove the end mark of some "
                             "formats;"
                             "b/4/;"
                             "c/0/:10: record 'c': '1' at column 1 is not a nucleotide letter; "
                             "remove the line numbers of "
                             "GenBank format;");
}

/* What RNAfold prints with -p and --MEA, and energies with a unit. */
static void test_rnafold_with_more_lines(void **state)
{
    (void)state;
    const char *expected = "1|a|1|GAAC|(..)\n";
    expect(">a\nGAAC\n(..) (-1.20)\n{,,| [ -1.30]\n(..) { -1.20 d=0.30}\n"
           " frequency of mfe structure in ensemble 0.9; ensemble diversity 0.50\n",
           expected);
    expect(">a\nGAAC\n(..) (-1.20)\n(..) [ -1.30]\n(..) {-1.20 d=0.30}\n(..) {-1.20 MEA=3.90}\n",
           expected);
    expect(">a\nGAAC\n(..) -1.20 kcal/mol\n", expected);
    expect(">a\nGAAC\n(..) (-1.20 kcal/mol)\n", expected);
    expect_fault(
        ">a\n(..) (-1.20)    1\nGAAC\n", "",
        ":2: record 'a': a structure before its sequence; RNALfold's output cannot be read: "
        "give the sequences that it was made from");
    expect_fault(">a\nGAAC\n(..) (-1.20)\n(..) (-1.20)\n", "",
                 ":4: record 'a': text after the energy that ends the structure");
    expect_fault(">a\nGAAC\n{..}\n", "",
                 ":3: record 'a': '{' at column 1 is not a nucleotide letter (a protein file? A "
                 "modified base is written as its plain letter, or N)");
}

static void test_long_words(void **state)
{
    (void)state;
    const size_t header = 3000000;
    char *text = malloc(header + 100), *expected = malloc(header + 100);
    assert_non_null(text);
    assert_non_null(expected);
    /* A long header is read whole ... */
    text[0] = '>';
    memset(text + 1, 'n', header);
    strcpy(text + 1 + header, "\nACGU\n>b\nG\n");
    const int used = snprintf(expected, header + 100, "1|%.*s|%zu|ACGU|-\n3|b|1|G|-\n", (int)header,
                              text + 1, header);
    assert_true(used > 0);
    expect(text, expected);
    /* ... and quoted in part. */
    strcpy(text + 1 + header, "\nACGU1\n");
    expect_fault(
        text, "",
        ":2: record 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...': '1' "
        "at column 5 is not a nucleotide letter"
        "; remove the line numbers of GenBank format");
    /* A letter of two bytes is not cut in its middle. */
    strcpy(text, ">");
    for (int i = 0; i < 40; i++) strcat(text, i ? "\xc3\xa9" : "n");
    strcat(text, "\n1\n");
    const char *path = write_file(PLAIN, text, strlen(text));
    reading got = read_path(path, NO_LIMIT, NO_LIMIT);
    assert_non_null(strstr(got.error.message, "\xc3\xa9...': '1' at column 1"));
    free(got.text);
    free(text);
    free(expected);
}

/* --- structures --- */

static void test_structures(void **state)
{
    (void)state;
    expect(">a\nGGGAAACCC\n(((...))) ( -1.20)\n", "1|a|1|GGGAAACCC|(((...)))\n");
    expect(">a\nGGGAAACCC\n(((...)))\n>b\nA\n", "1|a|1|GGGAAACCC|(((...)))\n4|b|1|A|-\n");
    expect(">a\nGGGAAACCC\n(((...))) (-12.30)\n>b\nA\n. (  0.00)\n",
           "1|a|1|GGGAAACCC|(((...)))\n4|b|1|A|.\n");
    expect(">a\r\nGGGAA\r\nACCC\r\n(((.\r\n\r\n..))\r\n) (1)\r\n", "1|a|1|GGGAAACCC|(((...)))\n");
    expect(">a\nGAC\n(.)\n(-3.40)\n", "1|a|1|GAC|(.)\n");
    expect(">a\nGAC\n(.)\t( +.5 )\n", "1|a|1|GAC|(.)\n");
    expect(">a\nGAC\n(.)", "1|a|1|GAC|(.)\n");
    /* Without letters there is no structure, with an energy or not. */
    expect(">a\n\n (  0.00)\n>b\nA\n", "1|a|1||-\n4|b|1|A|-\n");
}

static void test_structure_faults(void **state)
{
    (void)state;
    expect_fault(">z\nA\n>a\nACGU\n(.)\n", "1|z|1|A|-\n",
                 ":5: record 'a': the structure has 3 characters, the sequence 4");
    expect_fault(">a\nACGU\n...\n..\n>b\nA\n", "",
                 ":3: record 'a': the structure has 5 characters, the sequence 4");
    expect_fault(">a\n((..))\n", "",
                 ":2: record 'a': the structure has 6 characters, the sequence 0");
    expect_fault(">a\nACGU\n(-1.0)\n", "",
                 ":3: record 'a': the structure has 0 characters, the sequence 4");
    expect_fault(">a\nACGUACGU\n(.))\n(..)\n", "",
                 ":3: record 'a': unbalanced ')' at position 4 of the structure");
    expect_fault(">a\nACGUACGU\n(.)((.).\n", "",
                 ":3: record 'a': unbalanced '(' at position 4 of the structure");
    expect_fault(">a\nACGU\n(,.)\n", "",
                 ":3: record 'a': ',' at column 2 of a structure, which is made of '.', '(' and "
                 "')'");
    expect_fault(">a\nACGU\n(..) (-1.2\n", "",
                 ":3: record 'a': column 6: only an energy such as (-12.30) may follow a "
                 "structure");
    expect_fault(">a\nACGU\n(..) ( - )\n", "",
                 ":3: record 'a': column 6: only an energy such as (-12.30) may follow a "
                 "structure");
    expect_fault(">a\nACGU\n(..) (-1.0)\n....\n", "",
                 ":4: record 'a': text after the energy that ends the structure");
    expect_fault(">a\nACGU\n(..)\nACGU\n", "",
                 ":4: record 'a': 'A' at column 1 after a structure; expected '>' or more of it");
    expect_fault(">a\nAC.U\n", "",
                 ":2: record 'a': '.' at column 3 is not a nucleotide letter"
                 "; remove the gaps of an alignment");
}

static void test_energies(void **state)
{
    (void)state;
    static const char *const energies[] = {"(-12.30)", "( -5.40)", "(  0.00)", "(3)",
                                           "(+.5)",    "(7.)",     "(\t1 )",   "(-0)"};
    static const char *const others[] = {"()",      "(-)",    "(.)", "( )",    "(1.2.3)", "(1 2)",
                                         "(1e5)",   "((1))",  "(1",  "1)",     "(--1)",   "(1.0)x",
                                         "(-1.0) ", "(1.0))", "1.0", "[-1.0]", "{-1.0}"};
    size_t structure, fault;
    for (size_t i = 0; i < sizeof energies / sizeof *energies; i++) {
        char line[64];
        const int length = snprintf(line, sizeof line, "((.)) %s", energies[i]);
        assert_int_equal(dmg_dotbracket_scan(line, (size_t)length, &structure, &fault),
                         DMG_DOTBRACKET_CLOSED);
        assert_int_equal(structure, 5);
        assert_int_equal(dmg_dotbracket_scan(energies[i], strlen(energies[i]), &structure, &fault),
                         DMG_DOTBRACKET_CLOSED);
        assert_int_equal(structure, 0);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char line[64];
        const int length = snprintf(line, sizeof line, "((.)) %s", others[i]);
        assert_int_equal(dmg_dotbracket_scan(line, (size_t)length, &structure, &fault),
                         DMG_DOTBRACKET_WRONG_TAIL);
        assert_int_equal(fault, 6);
    }
}

/* --- FASTQ --- */

static void test_fastq(void **state)
{
    (void)state;
    expect("@a\nACGT\n+\nIIII\n", "1|a|1|ACGU|-\n");
    expect("@a b\nACGN\n+a b\nIIII\n@c\nA\n+\n@", "1|a b|1|ACGN|-~\n5|c|1|A|-\n");
    expect("@a\nACGT\n+\n@III\n@b\nACG\n+\n+II\n@c\nAC\n+\n>~\n",
           "1|a|1|ACGU|-\n5|b|1|ACG|-\n9|c|1|AC|-\n");
    expect("@a\r\nAC\r\nGT\r\n\r\n+\r\n@\r\n+II\r\n\r\n@b\r\nA\r\n+\r\nI",
           "1|a|1|ACGU|-\n9|b|1|A|-\n");
    expect("@a\n+\n@b\n\n+\n\n@\nA\n+\n!\n", "1|a|1||-\n3|b|1||-\n7||0|A|-\n");
    expect("\xef\xbb\xbf\n@a\nA\n+\nI\n\n\n", "2|a|1|A|-\n");
}

static void test_fastq_faults(void **state)
{
    (void)state;
    const char *first = "1|a|1|AC|-\n";
    expect_fault("@a\nAC\n+\nII\n@b\nACG\n", first,
                 ":6: record 'b': the file ends before its '+' line and qualities");
    expect_fault("@a\nAC\n+\nII\n@b\n", first,
                 ":5: record 'b': the file ends before its '+' line and qualities");
    expect_fault("@a\nAC\n+\nII\n@b\nACG\n+\n", first,
                 ":7: record 'b': 0 quality characters for 3 letters");
    expect_fault("@a\nAC\n+\nII\n@b\nACG\n+\nI\nI", first,
                 ":9: record 'b': 2 quality characters for 3 letters");
    expect_fault("@a\nAC\n+\nII\n@b\nACG\n+\nIIII\n", first,
                 ":8: record 'b': 4 quality characters for 3 letters");
    expect_fault("@a\nAC\n+\nII\n@b\nACG\n@c\nA\n+\nI\n", first,
                 ":7: record 'b': no '+' line and qualities before the next record");
    expect_fault("@a\nAC\n+\nII\n@b\nACG\n+\nI\x7fI\n", first,
                 ":8: record 'b': 0x7F at column 2 is not a quality character");
    expect_fault("@a\nAC\n+\nII\n@b\nACG\n+\nI I\n", first,
                 ":8: record 'b': 0x20 at column 2 is not a quality character");
    expect_fault(
        "@a\nAC\n+\nII\nII\n", first,
        ":5: expected '@' at the start of a record, found 'I' (more qualities than letters "
        "before?)");
    expect_fault(
        "@a\nAC\n+\nII\n>b\nAC\n", first,
        ":5: expected '@' at the start of a record, found '>' (more qualities than letters "
        "before?)");
    expect_fault("@a\nGAC\n(.)\n+\nIII\n", "",
                 ":3: record 'a': '(' at column 1 is not a nucleotide letter"
                 "; structures are read by predict, fold and explain");
    expect_fault("@a\nAC\n+\nII\n@b\rACG\n+\nIII\n", first,
                 ":5: a carriage return inside a header line; lines must end in LF or CRLF");
}

/* --- files and packing --- */

static void test_open(void **state)
{
    (void)state;
    reading got = read_path(in_folder("absent"), NO_LIMIT, NO_LIMIT);
    assert_int_equal(got.status, DMG_IO);
    assert_non_null(strstr(got.error.message, "/absent: cannot open: No such file"));
    free(got.text);
    got = read_path(folder, NO_LIMIT, NO_LIMIT);
    assert_int_equal(got.status, DMG_IO);
    assert_non_null(strstr(got.error.message, ": is a directory, not a file"));
    free(got.text);
    /* A name that looks like a URL is a file; one that is very long leaves room for the reason. */
    got = read_path("http://localhost/x.fa", NO_LIMIT, NO_LIMIT);
    assert_string_equal(got.error.message,
                        "http://localhost/x.fa: cannot open: No such file or directory");
    free(got.text);
    char path[3000];
    memset(path, 'p', sizeof path);
    for (size_t i = 100; i < sizeof path; i += 100) path[i] = '/';
    path[sizeof path - 1] = '\0';
    got = read_path(path, NO_LIMIT, NO_LIMIT);
    assert_non_null(strstr(got.error.message, "ppp: cannot open: No such file"));
    free(got.text);
    dmg_reader *reader = NULL;
    assert_int_equal(dmg_reader_open(&reader, in_folder("absent"), NULL), DMG_IO);
    assert_null(reader);
    dmg_reader_close(NULL);
    dmg_batch_destroy(NULL);
}

/* A file that opens but cannot be read; Linux has one at hand. */
static void test_read_error(void **state)
{
    (void)state;
    const int fd = open("/proc/self/mem", O_RDONLY);
    if (fd < 0) skip();
    close(fd);
    reading got = read_path("/proc/self/mem", NO_LIMIT, NO_LIMIT);
    assert_int_equal(got.status, DMG_IO);
    assert_string_equal(got.error.message, "/proc/self/mem: reading failed: Input/output error");
    free(got.text);
}

/* `count` records of 60 letters that do not pack well, as text; the caller's to free. */
static char *make_text(size_t count, size_t *length)
{
    dmg_rng rng;
    dmg_rng_init(&rng, 11, 0);
    char *text = malloc(count * 100 + 1);
    assert_non_null(text);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        used += (size_t)sprintf(text + used, ">r%zu\n", i);
        for (int k = 0; k < 60; k++) text[used++] = "ACGU"[dmg_rng_below(&rng, 4)];
        text[used++] = '\n';
    }
    *length = used;
    return text;
}

static reading read_bytes(const char *name, const char *bytes, size_t length)
{
    const char *path = in_folder(name);
    (void)unlink(path);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return read_path(path, 100, NO_LIMIT);
}

/* However a packed file is shortened, that is an error, and what came before it is a beginning. */
static void test_cut_short(void **state)
{
    (void)state;
    size_t text_length, length;
    char *text = make_text(2500, &text_length); /* three blocks */
    reading whole = read_path(write_file(PLAIN, text, text_length), NO_LIMIT, NO_LIMIT);
    for (packing how = GZIP; how <= BGZIP; how++) {
        char *bytes = load_file(write_file(how, text, text_length), &length);
        for (size_t cut = 1; cut < length; cut += cut < 100 || length - cut < 600 ? 1 : 499) {
            reading got = read_bytes("short.seq", bytes, cut);
            assert_int_equal(got.status, DMG_FORMAT);
            assert_non_null(strstr(got.error.message, "/short.seq:"));
            /* A single byte is not yet known to be gzip. */
            assert_non_null(strstr(got.error.message, cut > 1 ? "truncated" : "expected"));
            assert_true(got.records < 2500);
            assert_int_equal(strncmp(got.text, whole.text, strlen(got.text)), 0);
            free(got.text);
        }
        /* Where several blocks are whole, their records are there. */
        reading got = read_bytes("short.seq", bytes, length - 40);
        assert_true(got.records > 1500);
        free(got.text);
        free(bytes);
    }
    free(whole.text);
    free(text);
}

static void test_damaged(void **state)
{
    (void)state;
    size_t text_length, length;
    char *text = make_text(3000, &text_length);
    for (packing how = GZIP; how <= BGZIP; how++) {
        char *bytes = load_file(write_file(how, text, text_length), &length);
        for (size_t at = 20; at < length - 40; at += 997) {
            bytes[at] = (char)(bytes[at] ^ 0x10);
            reading got = read_bytes("damaged.seq", bytes, length);
            assert_int_equal(got.status, DMG_FORMAT);
            /* bgzip has a checksum for each block; what gzip unpacks is known to be wrong only at
             * the end, and may be no sequence before that. */
            assert_non_null(strstr(got.error.message, how == BGZIP
                                                          ? "/damaged.seq: compressed data are "
                                                          : "/damaged.seq:"));
            free(got.text);
            bytes[at] = (char)(bytes[at] ^ 0x10);
        }
        free(bytes);
    }
    free(text);
}

/* Packed files that are put together by cat, in any mixture. */
static void test_members(void **state)
{
    (void)state;
    const char *expected = "1|a|1|ACGU|-\n4|b|1|G|-\n";
    for (int mixture = 0; mixture < 4; mixture++) {
        size_t first_length, second_length;
        char *first = load_file(write_file(mixture & 1 ? GZIP : BGZIP, ">a\nAC", 5), &first_length);
        char *second =
            load_file(write_file(mixture & 2 ? GZIP : BGZIP, "\nGU\n>b\nG\n", 9), &second_length);
        char *both = malloc(first_length + second_length);
        assert_non_null(both);
        memcpy(both, first, first_length);
        memcpy(both + first_length, second, second_length);
        reading got = read_bytes("members.seq", both, first_length + second_length);
        assert_string_equal(got.status == DMG_OK ? "" : got.error.message, "");
        assert_string_equal(got.text, expected);
        free(got.text);
        free(first);
        free(second);
        free(both);
    }
}

/* Standard input is a pipe that another process fills slowly and in odd pieces. */
static void test_pipe(void **state)
{
    (void)state;
    size_t text_length;
    char *text = make_text(4000, &text_length);
    for (packing how = PLAIN; how <= BGZIP; how++) {
        const char *path = write_file(how, text, text_length);
        reading expected = read_path(path, NO_LIMIT, NO_LIMIT);
        size_t length;
        char *bytes = load_file(path, &length);
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            close(ends[0]);
            for (size_t sent = 0, piece = 1; sent < length; piece = piece * 7 % 5003) {
                const size_t wanted = piece < length - sent ? piece : length - sent;
                if (write(ends[1], bytes + sent, wanted) != (ssize_t)wanted) _exit(1);
                sent += wanted;
            }
            _exit(0);
        }
        const int kept = dup(STDIN_FILENO);
        close(ends[1]);
        assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
        close(ends[0]);
        reading got = read_path("-", 17, NO_LIMIT);
        assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0); /* still open */
        if (kept >= 0) assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
        if (kept >= 0) close(kept);
        int child_status;
        assert_int_equal(waitpid(child, &child_status, 0), child);
        assert_int_equal(child_status, 0);
        assert_int_equal(got.status, DMG_OK);
        assert_int_equal(got.records, 4000);
        assert_string_equal(got.text, expected.text);
        free(got.text);
        free(expected.text);
        free(bytes);
    }
    free(text);
}

/* Reads standard input while it is a pipe that holds `bytes` and, not being closed at its other
 * end, fails instead of waiting when more is asked for. */
static reading read_failing_pipe(const char *bytes, size_t length)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(write(ends[1], bytes, length), length);
    const int kept = dup(STDIN_FILENO);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    reading got = read_path("-", NO_LIMIT, NO_LIMIT);
    close(ends[1]);
    if (kept >= 0) assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    if (kept >= 0) close(kept);
    return got;
}

static void expect_read_error(reading got)
{
    assert_int_equal(got.status, DMG_IO);
    assert_string_equal(got.error.message,
                        "standard input: reading failed: Resource temporarily unavailable");
    free(got.text);
}

/* Reading that fails later on is an error too, and no end of the file. */
static void test_late_read_error(void **state)
{
    (void)state;
    size_t text_length, length;
    char *text = make_text(500, &text_length);
    for (packing how = PLAIN; how <= BGZIP; how++) {
        char *bytes = load_file(write_file(how, text, text_length), &length);
        expect_read_error(read_failing_pipe(bytes, length));
        free(bytes);
    }
    free(text);
}

/* Opening must not wait for the first bytes of a pipe; messages name standard input in words. */
static void test_standard_input(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    const int kept = dup(STDIN_FILENO);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    dmg_error err;
    dmg_reader *reader = NULL;
    dmg_batch *batch = NULL;
    assert_ok(dmg_batch_create(&batch, &err), &err);
    assert_ok(dmg_reader_open(&reader, "-", &err), &err);
    assert_int_equal(write(ends[1], ">a\nA\n>b\n5\n", 10), 10);
    close(ends[1]);
    assert_int_equal(dmg_reader_next(reader, batch, 10, 10, &err), DMG_FORMAT);
    assert_string_equal(err.message,
                        "standard input:4: record 'b': '5' at column 1 is not a nucleotide letter"
                        "; remove the line numbers of GenBank format");
    assert_int_equal(dmg_batch_count(batch), 1);
    assert_string_equal(dmg_batch_records(batch)[0].sequence, "A");
    /* After an error the reader says so and no more. */
    assert_int_equal(dmg_reader_next(reader, batch, 10, 10, &err), DMG_FORMAT);
    assert_int_equal(dmg_batch_count(batch), 0);
    assert_string_equal(err.message, "standard input: cannot be read further after an error");
    dmg_reader_close(reader);
    dmg_batch_destroy(batch);
    if (kept >= 0) assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    if (kept >= 0) close(kept);
}

/* --- batches --- */

static void expect_batches(const char *path, size_t max_records, size_t max_letters, size_t batches,
                           size_t largest)
{
    reading got = read_path(path, max_records, max_letters);
    assert_int_equal(got.status, DMG_OK);
    assert_int_equal(got.records, 7);
    assert_int_equal(got.batches, batches);
    assert_int_equal(got.largest_batch, largest);
    free(got.text);
}

static void test_batch_limits(void **state)
{
    (void)state;
    const char *text = ">a\nAAA\n>b\nCCC\n>c\n>d\nGGG\n>e\nU\n>f\n>g\nACG\n";
    const char *path = write_file(PLAIN, text, strlen(text));
    expect_batches(path, NO_LIMIT, NO_LIMIT, 1, 7);
    expect_batches(path, 7, 13, 1, 7);
    expect_batches(path, 1, NO_LIMIT, 7, 1);
    expect_batches(path, 0, NO_LIMIT, 7, 1);
    expect_batches(path, 3, NO_LIMIT, 3, 3);
    expect_batches(path, NO_LIMIT, 0, 7, 1);
    expect_batches(path, NO_LIMIT, 1, 5, 2);  /* a | b | c d | e | f g */
    expect_batches(path, NO_LIMIT, 4, 3, 3);  /* a b | c d e | f g */
    expect_batches(path, NO_LIMIT, 6, 2, 5);  /* a b | c d e f g */
    expect_batches(path, NO_LIMIT, 12, 1, 7); /* reached only by the last one */
    expect_batches(path, 2, 4, 4, 2);         /* a b | c d | e f | g */
}

/* The end stays the end, and a batch can serve several readers. */
static void test_batch_reuse(void **state)
{
    (void)state;
    dmg_error err;
    dmg_batch *batch = NULL;
    assert_ok(dmg_batch_create(&batch, &err), &err);
    assert_int_equal(dmg_batch_count(batch), 0);
    for (int round = 0; round < 3; round++) {
        dmg_reader *reader = NULL;
        assert_ok(dmg_reader_open(&reader, write_file(PLAIN, ">a b\nAC\n>b\n", 11), &err), &err);
        assert_ok(dmg_reader_next(reader, batch, 10, 10, &err), &err);
        assert_int_equal(dmg_batch_count(batch), 2);
        assert_string_equal(dmg_batch_records(batch)[0].name, "a b");
        for (int again = 0; again < 3; again++) {
            assert_ok(dmg_reader_next(reader, batch, 10, 10, &err), &err);
            assert_int_equal(dmg_batch_count(batch), 0);
        }
        dmg_reader_close(reader);
    }
    dmg_batch_destroy(batch);
}

/* One large record among small ones: it is read whole, and its memory goes back. */
static void test_large_record(void **state)
{
    (void)state;
    const size_t large = 5000000;
    dmg_error err;
    dmg_reader *reader = NULL;
    dmg_batch *batch = NULL;
    char *text = malloc(large + 100);
    assert_non_null(text);
    for (int width = 0; width < 2; width++) {
        size_t used = (size_t)sprintf(text, ">a\nAC\n>large\n");
        for (size_t i = 0; i < large; i++)
            text[used++] = width && i % 61 == 60 ? '\n' : "ACGU"[i & 3];
        used += (size_t)sprintf(text + used, "\n>b\nG\n>c\nU\n>d\nA\n");
        assert_ok(dmg_batch_create(&batch, &err), &err);
        assert_ok(dmg_reader_open(&reader, write_file(GZIP, text, used), &err), &err);
        size_t capacity[6] = {0};
        for (int i = 0; i < 5; i++) {
            assert_ok(dmg_reader_next(reader, batch, 1, NO_LIMIT, &err), &err);
            assert_int_equal(dmg_batch_count(batch), 1);
            const dmg_record *record = dmg_batch_records(batch);
            if (i == 1) assert_int_equal(record->length, width ? large - large / 61 : large);
            if (i == 1) assert_int_equal(strspn(record->sequence, "ACGU"), record->length);
            if (i > 1) assert_int_equal(record->length, 1);
            capacity[i] = batch->text_capacity;
        }
        assert_true(capacity[0] < 1000 && capacity[1] >= 4900000 && capacity[4] < 1000);
        dmg_reader_close(reader);
        dmg_batch_destroy(batch);
    }
    free(text);
}

/* --- random files --- */

/* How a random file is written. */
typedef struct dialect {
    bool fastq, crlf, blank_lines, outer_blanks, inner_blanks, last_newline, mark, thymine;
    size_t width; /* letters in a line; 0: all */
} dialect;

typedef struct writer {
    FILE *out, *expected;
    dmg_rng rng;
    dialect form;
    uint64_t line; /* being written */
} writer;

static size_t below(writer *w, size_t bound)
{
    return (size_t)dmg_rng_below(&w->rng, bound);
}

static void end_line(writer *w)
{
    if (w->form.outer_blanks && below(w, 3) == 0) fputs(below(w, 2) ? " " : "\t \t", w->out);
    do {
        fputs(w->form.crlf ? "\r\n" : "\n", w->out);
        w->line++;
    } while (w->form.blank_lines && below(w, 4) == 0);
}

static void write_wrapped(writer *w, const char *text, size_t length, bool blanks)
{
    for (size_t i = 0; i < length; i++) {
        if (w->form.width > 0 && i > 0 && i % w->form.width == 0) end_line(w);
        fputc(text[i], w->out);
        /* Behind the last letter a blank would be one at the end of the line, as end_line's. */
        if (blanks && w->form.inner_blanks && i + 1 < length && below(w, 10) == 0)
            fputc(' ', w->out);
    }
    end_line(w);
}

/* A random balanced structure: brackets are closed at the latest when the rest is needed for it. */
static void make_structure(writer *w, char *structure, size_t length)
{
    size_t open = 0;
    for (size_t i = 0; i < length; i++) {
        const size_t left = length - i;
        const size_t choice = below(w, 3);
        structure[i] = '.';
        if (open == left || (choice == 1 && open > 0)) {
            structure[i] = ')';
            open--;
        } else if (choice == 2 && open + 2 <= left) {
            structure[i] = '(';
            open++;
        }
    }
    structure[length] = '\0';
}

static void write_record(writer *w, size_t number)
{
    char sequence[301], as_written[301], structure[301], quality[301], name[64];
    const size_t kind = below(w, 10);
    const size_t length = kind == 0 ? 0 : kind == 1 ? 1 : below(w, 300);
    const bool plain = below(w, 3) > 0;
    for (size_t i = 0; i < length; i++) {
        const char *letters = plain ? "ACGUacgu" : "ACGUacguRYSWKMBDHVNXIryswkmbdhvnxi";
        sequence[i] = letters[below(w, strlen(letters))];
        as_written[i] = sequence[i];
        if (w->form.thymine && sequence[i] == 'U') as_written[i] = 'T';
        if (w->form.thymine && sequence[i] == 'u') as_written[i] = 't';
        quality[i] = (char)('!' + below(w, '~' - '!' + 1));
    }
    sequence[length] = '\0';
    const bool has_structure = !w->form.fastq && length > 0 && below(w, 2);
    if (has_structure) make_structure(w, structure, length);
    int id_length = 0;
    static const char *const descriptions[] = {"", " MI0000060 stem-loop", "\tx  y", " >@+.("};
    if (below(w, 10) > 0) id_length = snprintf(name, sizeof name, "r%zu", number);
    /* Without an id there is no description: its first word would be the id. */
    snprintf(name + id_length, sizeof name - (size_t)id_length, "%s",
             descriptions[id_length ? below(w, 4) : 0]);
    const dmg_record record = {.line = w->line,
                               .name = name,
                               .id_length = (size_t)id_length,
                               .sequence = sequence,
                               .structure = has_structure ? structure : NULL,
                               .ambiguous = strspn(sequence, "ACGUacgu") != length};
    show_record(w->expected, &record);
    fprintf(w->out, "%c%s%s", w->form.fastq ? '@' : '>', below(w, 8) ? "" : " ", name);
    end_line(w);
    if (length > 0 || below(w, 2)) write_wrapped(w, as_written, length, true);
    if (has_structure) {
        write_wrapped(w, structure, length, false);
        if (below(w, 2)) fprintf(w->out, " (%6.2f)", -0.01 * (double)below(w, 10000)), end_line(w);
    }
    if (w->form.fastq) {
        fprintf(w->out, "+%s", below(w, 2) ? name : "");
        end_line(w);
        write_wrapped(w, quality, length, false);
    }
}

/* Writes a random file and what a reading of it must give; both texts are the caller's. */
static void make_random_file(uint64_t number, char **bytes, size_t *length, char **expected)
{
    size_t expected_length;
    writer w = {.out = open_memstream(bytes, length),
                .expected = open_memstream(expected, &expected_length),
                .line = 1};
    assert_non_null(w.out);
    assert_non_null(w.expected);
    dmg_rng_init(&w.rng, 2024, number);
    w.form = (dialect){.fastq = below(&w, 2),
                       .crlf = below(&w, 2),
                       .blank_lines = below(&w, 2),
                       .outer_blanks = below(&w, 2),
                       .inner_blanks = below(&w, 3) == 0,
                       .last_newline = below(&w, 2),
                       .mark = below(&w, 5) == 0,
                       .thymine = below(&w, 2),
                       .width = below(&w, 2) ? 1 + below(&w, 80) : 0};
    if (w.form.mark) fputs("\xef\xbb\xbf", w.out);
    if (w.form.blank_lines) end_line(&w);
    const size_t records = 1 + below(&w, 40);
    for (size_t i = 0; i < records; i++) write_record(&w, i);
    fclose(w.out);
    fclose(w.expected);
    if (!w.form.last_newline) *length -= w.form.crlf ? 2 : 1;
}

static void test_random_files(void **state)
{
    (void)state;
    for (uint64_t number = 0; number < 600; number++) {
        char *bytes, *expected;
        size_t length;
        make_random_file(number, &bytes, &length, &expected);
        dmg_rng rng;
        dmg_rng_init(&rng, 2025, number);
        const packing how = (packing)dmg_rng_below(&rng, 3);
        const size_t max_records = dmg_rng_below(&rng, 2) ? 1 + dmg_rng_below(&rng, 9) : NO_LIMIT;
        const size_t max_letters = dmg_rng_below(&rng, 2) ? dmg_rng_below(&rng, 900) : NO_LIMIT;
        reading got = read_path(write_file(how, bytes, length), max_records, max_letters);
        if (got.status != DMG_OK || strcmp(got.text, expected) != 0)
            print_message("file %" PRIu64 " (%s)\n", number, packing_names[how]);
        assert_string_equal(got.status == DMG_OK ? "" : got.error.message, "");
        assert_string_equal(got.text, expected);
        free(got.text);
        free(bytes);
        free(expected);
    }
}

/* Changes, removes, doubles or inserts a few bytes; returns the new length (grows by 3 at most). */
static size_t mutate(char *bytes, size_t length, dmg_rng *rng)
{
    static const char marks[] = ">@+.() \n\r\t;-0\0ANn";
    for (uint64_t changes = 1 + dmg_rng_below(rng, 3); changes > 0 && length > 0; changes--) {
        const size_t at = dmg_rng_below(rng, length);
        const uint64_t kind = dmg_rng_below(rng, 4);
        if (kind == 0) bytes[at] = (char)dmg_rng_next(rng);
        if (kind == 1) bytes[at] = marks[dmg_rng_below(rng, sizeof marks - 1)];
        if (kind == 2) memmove(bytes + at, bytes + at + 1, --length - at);
        if (kind == 3) {
            memmove(bytes + at + 1, bytes + at, length - at);
            length++;
        }
    }
    return length;
}

/* "PATH:LINE: " or "PATH: ", as faults of plain text and of its packing are reported. */
static bool names_place(const char *message, const char *path)
{
    const size_t length = strlen(path);
    if (strncmp(message, path, length) != 0 || message[length] != ':') return false;
    return isdigit((unsigned char)message[length + 1]) || strstr(message, "compressed data") ||
           strstr(message, "end marker");
}

enum { ORIGINALS = 40, MOST_BYTES = 65536 };

/* Of all dialects; a quarter of them are packed. */
static char *make_original(uint64_t number, size_t *length)
{
    char *bytes, *expected;
    make_random_file(number, &bytes, length, &expected);
    free(expected);
    const packing how = number % 8 == 0 ? GZIP : number % 8 == 1 ? BGZIP : PLAIN;
    if (how != PLAIN) {
        char *packed = load_file(write_file(how, bytes, *length), length);
        free(bytes);
        bytes = packed;
    }
    if (*length > MOST_BYTES) *length = MOST_BYTES;
    return bytes;
}

static void test_mutations(void **state)
{
    (void)state;
    char *originals[ORIGINALS];
    size_t lengths[ORIGINALS], good = 0, faulty = 0;
    for (uint64_t k = 0; k < ORIGINALS; k++) originals[k] = make_original(k, &lengths[k]);
    for (uint64_t number = 0; number < 4000; number++) {
        char mutated[MOST_BYTES + 8];
        size_t length = lengths[number % ORIGINALS];
        memcpy(mutated, originals[number % ORIGINALS], length);
        dmg_rng rng;
        dmg_rng_init(&rng, 77, number);
        length = mutate(mutated, length, &rng);
        reading got = read_bytes("mutated.seq", mutated, length);
        if (got.status == DMG_OK) good++;
        if (got.status != DMG_OK) faulty++;
        if (got.status != DMG_OK) assert_int_equal(got.status, DMG_FORMAT);
        if (got.status != DMG_OK && !names_place(got.error.message, in_folder("mutated.seq")))
            fail_msg("mutation %" PRIu64 ": %s", number, got.error.message);
        free(got.text);
    }
    for (uint64_t k = 0; k < ORIGINALS; k++) free(originals[k]);
    /* A mutation test that only ever sees one outcome tests little. */
    print_message("%zu read, %zu refused\n", good, faulty);
    assert_true(good > 300 && faulty > 2000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fasta),
        cmocka_unit_test(test_empty_records),
        cmocka_unit_test(test_alphabet),
        cmocka_unit_test(test_fasta_faults),
        cmocka_unit_test(test_neither_fasta_nor_fastq),
        cmocka_unit_test(test_a_file_without_records),
        cmocka_unit_test(test_packed_files_are_named),
        cmocka_unit_test(test_malformed_records_are_tolerated),
        cmocka_unit_test(test_rnafold_with_more_lines),
        cmocka_unit_test(test_long_words),
        cmocka_unit_test(test_structures),
        cmocka_unit_test(test_structure_faults),
        cmocka_unit_test(test_energies),
        cmocka_unit_test(test_fastq),
        cmocka_unit_test(test_fastq_faults),
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_read_error),
        cmocka_unit_test(test_cut_short),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_pipe),
        cmocka_unit_test(test_late_read_error),
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_batch_limits),
        cmocka_unit_test(test_batch_reuse),
        cmocka_unit_test(test_large_record),
        cmocka_unit_test(test_random_files),
        cmocka_unit_test(test_mutations),
    };
    return cmocka_run_group_tests_name("seqio", tests, make_folder, remove_folder);
}
