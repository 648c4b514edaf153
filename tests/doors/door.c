/* SPDX-License-Identifier: MIT */
/* The C door: door predict|scan FILE prints what the program prints, by way of records in memory.
 */
#include <deepmirgene/deepmirgene.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_arm(const dmg_mature *mature, const dmg_mature_arm *arm)
{
    if (mature->found)
        printf("\t%zu-%zu\t%.3f", arm->start + 1, arm->end, arm->p_start_near);
    else
        printf("\tNA\tNA");
}

static dmg_status print_result(void *context, const dmg_result *r, dmg_error *err)
{
    (void)context;
    (void)err;
    const char *separator = "";
    printf("%s\t%zu\t", r->id, r->length);
    if (r->call == DMG_CALL_NONE)
        printf("NA\tNA\t");
    else
        printf("%.6g\t%s\t", r->p_mirna, dmg_call_name(r->call));
    if (isnan(r->mfe))
        printf("NA\t");
    else
        printf("%.2f\t", r->mfe);
    printf("%s\t", r->call == DMG_CALL_NONE ? "NA" : r->structure);
    for (size_t i = 0; dmg_flag_name(i); i++) {
        if (!(r->flags >> i & 1)) continue;
        printf("%s%s", separator, dmg_flag_name(i));
        separator = ",";
    }
    fputs(r->flags ? "" : "-", stdout);
    if (r->call != DMG_CALL_NONE && r->hairpin_end > 0)
        printf("\t%zu\t%zu", r->hairpin_start + 1, r->hairpin_end);
    else
        printf("\tNA\tNA");
    print_arm(r->mature, &r->mature->arm_5p);
    print_arm(r->mature, &r->mature->arm_3p);
    putchar('\n');
    return DMG_OK;
}

/* The record's id as a string of its own, which the program leaves to its end. */
static const char *copy_id(const dmg_record *record)
{
    char *id = calloc(record->id_length + 1, 1);
    return id ? memcpy(id, record->name, record->id_length) : NULL;
}

static dmg_status predict(const dmg_sequence *sequences, size_t count, dmg_error *err)
{
    dmg_classifier *classifier = NULL;
    dmg_classify_options options = dmg_classify_defaults();
    options.model = "human";
    options.mature = true;
    dmg_status st = dmg_classifier_create(&classifier, &options, err);
    puts("id\tlength\tp_mirna\tcall\tmfe\tstructure\tflags\thairpin_start\thairpin_end"
         "\tmature_5p\tp_5p\tmature_3p\tp_3p");
    if (st == DMG_OK)
        st = dmg_classify_batch(classifier, sequences, count, print_result, NULL, err);
    dmg_classifier_destroy(classifier);
    return st;
}

static dmg_status scan(const dmg_sequence *sequences, size_t count, dmg_error *err)
{
    dmg_loci *loci = NULL;
    dmg_scan_options what = dmg_scan_defaults();
    dmg_loci_options which = dmg_loci_defaults();
    dmg_scan_run_options options = dmg_scan_run_defaults();
    what.threshold = 0.5;
    which.mature = true;
    options.scan = &what;
    options.loci = &which;
    options.model = "human";
    dmg_status st = dmg_scan_sequences(&loci, sequences, count, &options, err);
    if (st == DMG_OK) st = dmg_loci_write(loci, DMG_LOCI_JSONL, stdout, err);
    dmg_loci_destroy(loci);
    return st;
}

int main(int argc, char **argv)
{
    static dmg_sequence sequences[100];
    dmg_reader *reader = NULL;
    dmg_batch *batch = NULL;
    dmg_error err;
    if (argc != 3) return 2;
    dmg_status st = dmg_reader_open(&reader, argv[2], &err);
    if (st == DMG_OK) st = dmg_batch_create(&batch, &err);
    if (st == DMG_OK) st = dmg_reader_next(reader, batch, 100, SIZE_MAX, &err);
    const size_t count = st == DMG_OK ? dmg_batch_count(batch) : 0;
    for (size_t i = 0; i < count; i++) {
        const dmg_record *r = &dmg_batch_records(batch)[i];
        sequences[i].id = copy_id(r);
        sequences[i].sequence = r->sequence;
        sequences[i].length = r->length;
        sequences[i].structure = r->structure;
    }
    if (st == DMG_OK) st = (strcmp(argv[1], "scan") == 0 ? scan : predict)(sequences, count, &err);
    if (st != DMG_OK) fprintf(stderr, "%s\n", err.message);
    for (size_t i = 0; i < count; i++) free((void *)(uintptr_t)sequences[i].id);
    dmg_batch_destroy(batch);
    dmg_reader_close(reader);
    return st == DMG_OK ? 0 : 1;
}
