/* SPDX-License-Identifier: MIT */
/* Any bytes as RNAfold's output, that of -p and --MEA too: each record with a structure is the same
 * when it is printed and read again, gets a probability, and can be explained and drawn. */
#include "deepmirgene/explain.h"
#include "deepmirgene/model.h"
#include "deepmirgene/seqio.h"
#include "fuzz_file.h"

enum { LONGEST = 300, EXPLAINED = 60, RECORDS = 8, SHOWN = 31 };

static dmg_model *model;
static dmg_predictor *predictor;
static dmg_explainer *explainer;
static FILE *sink;

static void prepare(void)
{
    dmg_error err;
    dmg_explain_options options = dmg_explain_options_defaults();
    options.mutations = 4;
    fuzz_require(dmg_model_load(&model, "human", &err) == DMG_OK, err.message);
    fuzz_require(dmg_predictor_create(&predictor, model, 1, DMG_CPU_AUTO, &err) == DMG_OK,
                 err.message);
    fuzz_require(dmg_explainer_create(&explainer, model, &options, &err) == DMG_OK, err.message);
    sink = fopen("/dev/null", "w");
    fuzz_require(sink != NULL, "a sink");
}

static void check_prediction(const dmg_record *record)
{
    dmg_error err;
    dmg_predict_task task = {
        .sequence = record->sequence, .structure = record->structure, .length = record->length};
    fuzz_require(dmg_predict(predictor, &task, 1, &err) == DMG_OK, err.message);
    fuzz_require(task.p_mirna >= 0 && task.p_mirna <= 1, "a probability");
}

static void check_explanation(const dmg_record *record)
{
    dmg_error err;
    const dmg_explanation *x = NULL;
    fuzz_require(dmg_explain(&x, explainer, record->sequence, record->structure, record->length, 0,
                             &err) == DMG_OK,
                 err.message);
    fuzz_require(dmg_explain_svg(sink, x, "a record", SHOWN, &err) == DMG_OK, err.message);
    fuzz_require(dmg_explain_html(sink, x, SHOWN, &err) == DMG_OK, err.message);
    fuzz_require(dmg_explain_json(sink, x, record->name, record->id_length, SHOWN, &err) == DMG_OK,
                 err.message);
    dmg_explain_tsv(sink, x, record->name, record->id_length, SHOWN);
}

/* Up to RECORDS records, to be released by the caller. */
static const dmg_record *read_file(const char *path, dmg_reader **reader, dmg_batch **batch,
                                   dmg_status *st, dmg_error *err)
{
    *reader = NULL;
    *batch = NULL;
    fuzz_require(dmg_reader_open(reader, path, err) == DMG_OK, err->message);
    fuzz_require(dmg_batch_create(batch, err) == DMG_OK, err->message);
    *st = dmg_reader_next(*reader, *batch, RECORDS, 8 * LONGEST, err);
    return dmg_batch_records(*batch);
}

/* As RNAfold prints it. */
static void check_round_trip(const dmg_record *record)
{
    dmg_error err;
    dmg_reader *reader;
    dmg_batch *batch;
    dmg_status st;
    const size_t room = 2 * record->length + 32;
    char *text = malloc(room);
    fuzz_require(text != NULL, "memory");
    const int length =
        snprintf(text, room, ">x\n%s\n%s (-1.00)\n", record->sequence, record->structure);
    const dmg_record *again =
        read_file(fuzz_file("again", text, (size_t)length), &reader, &batch, &st, &err);
    fuzz_require(st == DMG_OK, err.message);
    fuzz_require(dmg_batch_count(batch) == 1 && again->structure &&
                     strcmp(again->sequence, record->sequence) == 0 &&
                     strcmp(again->structure, record->structure) == 0,
                 "the same record");
    dmg_reader_close(reader);
    dmg_batch_destroy(batch);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dmg_error err;
    dmg_reader *reader;
    dmg_batch *batch;
    dmg_status st;
    if (!model) prepare();
    const dmg_record *records =
        read_file(fuzz_file("s.fa", data, size), &reader, &batch, &st, &err);
    fuzz_require(st == DMG_OK || st == DMG_FORMAT, err.message);
    for (size_t i = 0; i < dmg_batch_count(batch); i++) {
        if (!records[i].structure || records[i].length == 0 || records[i].length > LONGEST)
            continue;
        check_round_trip(&records[i]);
        check_prediction(&records[i]);
        if (records[i].length <= EXPLAINED) check_explanation(&records[i]);
    }
    dmg_reader_close(reader);
    dmg_batch_destroy(batch);
    return 0;
}
