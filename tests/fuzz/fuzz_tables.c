/* SPDX-License-Identifier: MIT */
/* Any bytes as a table of splits or groups, or a list of ids; the first byte says which. */
#include "deepmirgene/partition.h"
#include "deepmirgene/train.h"
#include "fuzz_file.h"

static const char positive[] =
    ">a\nGGGGAAAACCCC\n>b x\nGGGAAAACCC\n>c\nGGGGGAAAACCCCC\n>both\nACGU\n";
static const char negative[] = ">d\nACGUACGUACGU\n>e\nAAAAAAA\n>f\nCCCCCC\n>both\nACGA\n";

static dmg_dataset *load_dataset(void)
{
    dmg_error err;
    dmg_dataset *dataset = NULL;
    fuzz_require(dmg_dataset_create(&dataset, &err) == DMG_OK, "a dataset");
    const char *p = fuzz_file("p.fa", positive, sizeof positive - 1);
    fuzz_require(dmg_dataset_add(dataset, p, true, &err) == DMG_OK, err.message);
    const char *n = fuzz_file("n.fa", negative, sizeof negative - 1);
    fuzz_require(dmg_dataset_add(dataset, n, false, &err) == DMG_OK, err.message);
    return dataset;
}

static void check_partition(const dmg_partition *partition, const dmg_dataset *dataset)
{
    const size_t count = dmg_partition_count(partition);
    fuzz_require(count > 0, "splits");
    for (size_t i = 0; i < dmg_dataset_count(dataset); i++)
        fuzz_require(dmg_partition_fold(partition, i) < count, "a split of each record");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static dmg_dataset *dataset;
    dmg_error err;
    dmg_partition *partition = NULL;
    bool held_out[16];
    if (!dataset) dataset = load_dataset();
    if (size < 1) return 0;
    const char *path = fuzz_file("t.tsv", data + 1, size - 1);
    dmg_status st;
    if (data[0] % 3 == 0)
        st = dmg_partition_load(&partition, dataset, path, &err);
    else if (data[0] % 3 == 1)
        st = dmg_partition_draw_grouped(&partition, dataset, path, 2, 1, 1, &err);
    else
        st = dmg_dataset_draw_listed(held_out, dataset, path, &err);
    if (st != DMG_OK) fuzz_require(st == DMG_FORMAT || st == DMG_RANGE, err.message);
    if (partition) check_partition(partition, dataset);
    dmg_partition_destroy(partition);
    return 0;
}
