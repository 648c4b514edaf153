/* SPDX-License-Identifier: MIT */
/* Any bytes as a file of a training: positives, negatives, or sequences without labels for a
 * teacher; the first byte says which. Refused with a message that names the file, or a set whose
 * records have letters and the right label. */
#include "deepmirgene/train.h"
#include "fuzz_file.h"

static const char others[] = ">a\nGGGGAAAACCCC\n>b x\nGGGAAAACCC\n>c\nACGUN\n";

enum { POSITIVE, NEGATIVE, UNLABELLED, KINDS };

static dmg_status add(dmg_dataset *dataset, const char *path, int kind, dmg_error *err)
{
    if (kind == UNLABELLED) return dmg_dataset_add_unlabelled(dataset, path, err);
    return dmg_dataset_add(dataset, path, kind == POSITIVE, err);
}

static void check_records(const dmg_dataset *dataset, size_t from, int kind)
{
    for (size_t i = from; i < dmg_dataset_count(dataset); i++) {
        const dmg_dataset_record record = dmg_dataset_get(dataset, i);
        fuzz_require(record.length > 0 && strlen(record.sequence) == record.length, "letters");
        fuzz_require(record.unlabelled == (kind == UNLABELLED), "a label or none");
        if (kind != UNLABELLED) fuzz_require(record.positive == (kind == POSITIVE), "the label");
    }
}

/* A sequence with both labels is found, and dropped where that is asked for. */
static void check_conflicts(dmg_dataset *dataset)
{
    dmg_error err;
    size_t sequences = 0, records = 0, again = 0;
    fuzz_require(dmg_dataset_conflicts(dataset, true, &sequences, &records, &err) == DMG_OK,
                 err.message);
    fuzz_require(records >= 2 * sequences, "two records of a conflict");
    fuzz_require(dmg_dataset_conflicts(dataset, false, &again, &records, &err) == DMG_OK,
                 err.message);
    fuzz_require(again == 0, "no conflict left");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dmg_error err;
    dmg_dataset *dataset = NULL;
    if (size < 1) return 0;
    const int kind = data[0] % KINDS;
    fuzz_require(dmg_dataset_create(&dataset, &err) == DMG_OK, "a dataset");
    const char *first = fuzz_file("others.fa", others, sizeof others - 1);
    fuzz_require(add(dataset, first, kind == POSITIVE ? NEGATIVE : POSITIVE, &err) == DMG_OK,
                 err.message);
    const size_t before = dmg_dataset_count(dataset);
    const char *path = fuzz_file("given.fa", data + 1, size - 1);
    const dmg_status st = add(dataset, path, kind, &err);
    if (st == DMG_OK) {
        check_records(dataset, before, kind);
        check_conflicts(dataset);
    } else {
        fuzz_require(strstr(err.message, path) != NULL, err.message);
    }
    dmg_dataset_destroy(dataset);
    return 0;
}
