/* SPDX-License-Identifier: MIT */
/* The classifier: the same answers from memory, from files and by the parts it is made of, for any
 * number of threads; options, bad input and a stop. */
#include <math.h>

#include "scratch.h"
#include "toy_data.h"

#include "deepmirgene/deepmirgene.h"

enum { RECORDS = 300, LONGEST = 120 };

static char letters[RECORDS][LONGEST + 1], names[RECORDS][16];
static dmg_sequence sequences[RECORDS];

/* Hairpins and shuffled ones; some empty, some of lower case DNA. */
static void make_records(void)
{
    dmg_rng rng;
    dmg_rng_init(&rng, 5, 0);
    for (size_t i = 0; i < RECORDS; i++) {
        size_t length = toy_hairpin(letters[i], &rng);
        if (i % 2) toy_shuffle(letters[i], length, &rng);
        if (i % 50 == 7) length = 0;
        letters[i][length] = '\0';
        for (char *c = letters[i]; i % 9 == 4 && *c; c++)
            *c = *c == 'U' ? 't' : (char)(*c - 'A' + 'a');
        snprintf(names[i], sizeof names[i], "r%zu", i);
        sequences[i] =
            (dmg_sequence){.id = names[i], .sequence = letters[i], .length = strlen(letters[i])};
    }
}

static const char *write_records(const char *name, size_t from, size_t to)
{
    char *text = malloc(RECORDS * (LONGEST + 32));
    size_t used = 0;
    assert_non_null(text);
    for (size_t i = from; i < to; i++)
        used += (size_t)sprintf(text + used, ">%s words\n%s\n", names[i], letters[i]);
    const char *path = scratch_write(name, text, used);
    free(text);
    return path;
}

/* What a run gave: one line for each result. */
typedef struct taken {
    char *text;
    size_t used, count, stop_at;
} taken;

static dmg_status take(void *context, const dmg_result *r, dmg_error *err)
{
    taken *t = context;
    if (t->stop_at > 0 && t->count == t->stop_at) {
        err->status = DMG_STOPPED;
        strcpy(err->message, "enough");
        return DMG_STOPPED;
    }
    t->text = realloc(t->text, t->used + 4 * LONGEST);
    assert_non_null(t->text);
    t->used += (size_t)sprintf(t->text + t->used, "%s %zu %.9g %s %.2f %s %s %x\n", r->id,
                               r->length, r->p_mirna, dmg_call_name(r->call), r->mfe,
                               r->structure ? r->structure : "-", r->sequence, r->flags);
    t->count++;
    return DMG_OK;
}

static dmg_classifier *create(int threads)
{
    dmg_error err;
    dmg_classifier *classifier;
    dmg_classify_options options = dmg_classify_defaults();
    options.threads = threads;
    assert_ok(dmg_classifier_create(&classifier, &options, &err), &err);
    return classifier;
}

static taken run_batch(int threads)
{
    dmg_error err;
    taken t = {0};
    dmg_classifier *classifier = create(threads);
    assert_ok(dmg_classify_batch(classifier, sequences, RECORDS, take, &t, &err), &err);
    dmg_classifier_destroy(classifier);
    return t;
}

static void test_memory_files_and_threads(void **state)
{
    (void)state;
    dmg_error err;
    make_records();
    const taken expected = run_batch(1);
    assert_int_equal(expected.count, RECORDS);
    for (int threads = 2; threads <= 5; threads += 3) {
        taken t = run_batch(threads);
        assert_string_equal(t.text, expected.text);
        free(t.text);
        const char *paths[] = {write_records("a.fa", 0, 130), write_records("b.fa", 130, 131),
                               write_records("c.fa", 131, RECORDS)};
        dmg_classifier *classifier = create(threads);
        for (int again = 0; again < 2; again++) {
            t = (taken){0};
            assert_ok(dmg_classify_files(classifier, paths, 3, take, &t, &err), &err);
            assert_string_equal(t.text, expected.text);
            free(t.text);
        }
        dmg_classifier_destroy(classifier);
    }
    free(expected.text);
}

/* The result of one sequence against folding and predicting by hand. */
static void test_one_sequence(void **state)
{
    (void)state;
    dmg_error err;
    dmg_model *model;
    dmg_folder *folder;
    dmg_predictor *predictor;
    char structure[LONGEST + 1];
    dmg_classifier *classifier = create(1);
    make_records();
    assert_ok(dmg_model_load(&model, "general", &err), &err);
    assert_ok(dmg_folder_create(&folder, 1, DMG_CPU_AUTO, &err), &err);
    assert_ok(dmg_predictor_create(&predictor, model, 1, DMG_CPU_AUTO, &err), &err);
    for (size_t i = 0; i < 20; i++) {
        if (sequences[i].length == 0) continue;
        const dmg_result *result;
        dmg_fold_task fold = {letters[i], sequences[i].length, structure, 0};
        assert_ok(dmg_fold(folder, &fold, 1, &err), &err);
        dmg_predict_task predict = {letters[i], structure, fold.length, fold.energy, 0};
        assert_ok(dmg_predict(predictor, &predict, 1, &err), &err);
        assert_ok(dmg_classify(&result, classifier, letters[i], fold.length, &err), &err);
        assert_true(result->p_mirna == (double)predict.p_mirna);
        assert_int_equal(result->energy, fold.energy);
        assert_string_equal(result->structure, structure);
        assert_int_equal(result->call,
                         result->p_mirna >= 0.5 ? DMG_CALL_PRECURSOR : DMG_CALL_OTHER);
    }
    dmg_predictor_destroy(predictor);
    dmg_folder_destroy(folder);
    dmg_model_destroy(model);
    dmg_classifier_destroy(classifier);
}

/* Copies of the results of a few records. */
typedef struct kept {
    dmg_result results[8];
    size_t count;
} kept;

static dmg_status keep(void *context, const dmg_result *result, dmg_error *err)
{
    kept *k = context;
    (void)err;
    k->results[k->count++] = *result;
    return DMG_OK;
}

static void test_flags(void **state)
{
    (void)state;
    dmg_error err;
    kept k = {.count = 0};
    char *long_one = malloc(DMG_FOLD_MAX_LENGTH + 1);
    assert_non_null(long_one);
    memset(long_one, 'A', DMG_FOLD_MAX_LENGTH + 1);
    const dmg_sequence records[] = {
        {"given", "GGGGAAAACCCC", 12, "((((....))))"},
        {"unpaired", "GGGGAAAACCCC", 12, "............"},
        {"two", "GGGAAAACCCAGGGAAAACCC", 21, "(((....))).(((....)))"},
        {"vague", "ggGganaaccct", 12, NULL},
        {"impossible", "AAAAAAAAAAAA", 12, "((((....))))"},
        {NULL, NULL, 0, NULL},
        {"long", long_one, DMG_FOLD_MAX_LENGTH + 1, NULL},
    };
    const unsigned flags[] = {
        DMG_FLAG_TOO_SHORT | DMG_FLAG_STRUCTURE_GIVEN,
        DMG_FLAG_TOO_SHORT | DMG_FLAG_STRUCTURE_GIVEN | DMG_FLAG_NO_PAIR,
        DMG_FLAG_TOO_SHORT | DMG_FLAG_STRUCTURE_GIVEN | DMG_FLAG_MULTILOOP,
        DMG_FLAG_TOO_SHORT | DMG_FLAG_AMBIGUOUS,
        DMG_FLAG_TOO_SHORT | DMG_FLAG_STRUCTURE_GIVEN,
        DMG_FLAG_EMPTY,
        DMG_FLAG_LONG | DMG_FLAG_NO_PAIR | DMG_FLAG_NO_HAIRPIN,
    };
    dmg_classifier *classifier = create(1);
    assert_ok(dmg_classify_batch(classifier, records, 7, keep, &k, &err), &err);
    assert_int_equal(k.count, 7);
    for (size_t i = 0; i < 7; i++) assert_int_equal(k.results[i].flags, flags[i]);
    assert_true(isnan(k.results[4].mfe));
    assert_int_equal(k.results[4].energy, DMG_ENERGY_UNKNOWN);
    assert_int_not_equal(k.results[4].call, DMG_CALL_NONE);
    assert_true(isnan(k.results[5].p_mirna) && isnan(k.results[5].mfe));
    assert_int_equal(k.results[5].call, DMG_CALL_NONE);
    assert_null(k.results[5].structure);
    assert_string_equal(dmg_flag_name(11), "not_a_number");
    assert_null(dmg_flag_name(12));
    dmg_classifier_destroy(classifier);
    dmg_classify_options options = dmg_classify_defaults();
    options.fold_only = true;
    assert_ok(dmg_classifier_create(&classifier, &options, &err), &err);
    k.count = 0;
    assert_ok(dmg_classify_batch(classifier, &records[6], 1, keep, &k, &err), &err);
    assert_int_equal(k.results[0].flags, DMG_FLAG_TOO_LONG);
    assert_null(k.results[0].structure);
    dmg_classifier_destroy(classifier);
    free(long_one);
}

/* Bad records name themselves, after those before them; bad calls are refused. */
static void test_bad_input(void **state)
{
    (void)state;
    static const struct {
        dmg_sequence bad;
        const char *message;
    } cases[] = {
        {{"gap", "ACG-U", 5, NULL},
         "record 'gap': '-', which is not a nucleotide letter, at position 4"},
        {{NULL, "ACGUE", 5, NULL},
         "record number 2: 'E', which is not a nucleotide letter, at position 5"},
        {{"s", "ACGU", 4, "(..("}, "record 's': an unbalanced bracket at position 4"},
        {{"s", "ACGU", 4, "..x."},
         "record 's': a structure with another character than '.', '(' and ')' at position 3"},
    };
    const dmg_result *result;
    dmg_error err;
    dmg_classifier *classifier = create(2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const dmg_sequence records[] = {
            {"good", "GGGGAAAACCCC", 12, NULL}, cases[i].bad, {"next", "ACGU", 4, NULL}};
        kept k = {.count = 0};
        assert_int_equal(dmg_classify_batch(classifier, records, 3, keep, &k, &err), DMG_FORMAT);
        assert_string_equal(err.message, cases[i].message);
        assert_int_equal(k.count, 1);
        assert_int_equal(dmg_classify_batch(classifier, records, 3, keep, &k, NULL), DMG_FORMAT);
    }
    const dmg_sequence missing = {"m", NULL, 3, NULL};
    assert_int_equal(dmg_classify_batch(classifier, &missing, 1, keep, NULL, &err), DMG_RANGE);
    assert_int_equal(dmg_classify_batch(classifier, NULL, 1, keep, NULL, &err), DMG_RANGE);
    assert_int_equal(dmg_classify_batch(classifier, &missing, 1, NULL, NULL, &err), DMG_RANGE);
    assert_int_equal(dmg_classify(&result, classifier, "", 0, &err), DMG_RANGE);
    assert_int_equal(dmg_classify(&result, classifier, NULL, 5, &err), DMG_RANGE);
    assert_int_equal(dmg_classify(&result, classifier, "A", DMG_FOLD_MAX_LENGTH + 1, &err),
                     DMG_RANGE);
    assert_int_equal(dmg_classify(&result, classifier, "AC!", 3, &err), DMG_FORMAT);
    assert_ok(dmg_classify(&result, classifier, "A", 1, &err), &err);
    dmg_classifier_destroy(classifier);
}

/* The parts below the classifier check what they are given, too. */
static void test_parts_check_their_input(void **state)
{
    (void)state;
    dmg_error err;
    dmg_model *model;
    dmg_folder *folder = NULL;
    dmg_predictor *predictor = NULL;
    dmg_dataset *dataset = NULL;
    dmg_train_options training = dmg_train_options_defaults();
    assert_ok(dmg_model_load(&model, "human", &err), &err);
    assert_int_equal(dmg_folder_create(&folder, 0, DMG_CPU_AUTO, &err), DMG_RANGE);
    assert_int_equal(dmg_predictor_create(&predictor, model, 0, DMG_CPU_AUTO, &err), DMG_RANGE);
    assert_ok(dmg_predictor_create(&predictor, model, 1, DMG_CPU_AUTO, &err), &err);
    dmg_predict_task task = {.sequence = "", .structure = "", .length = 0};
    assert_int_equal(dmg_predict(predictor, &task, 1, &err), DMG_RANGE);
    task = (dmg_predict_task){.sequence = "ACGU", .structure = "((..", .length = 4};
    assert_int_equal(dmg_predict(predictor, &task, 1, &err), DMG_FORMAT);
    assert_ok(dmg_dataset_create(&dataset, &err), &err);
    training.threads = 0;
    dmg_model *trained = NULL;
    assert_int_equal(dmg_train(&trained, dataset, &training, &err), DMG_RANGE);
    training.threads = 1;
    training.epochs = 0;
    assert_int_equal(dmg_train(&trained, dataset, &training, &err), DMG_RANGE);
    assert_null(trained);
    dmg_dataset_destroy(dataset);
    dmg_predictor_destroy(predictor);
    dmg_model_destroy(model);
}

static void refuse(const dmg_classify_options *options, dmg_status status)
{
    dmg_error err;
    dmg_classifier *classifier = NULL;
    assert_int_equal(dmg_classifier_create(&classifier, options, &err), status);
    assert_null(classifier);
}

static void test_options(void **state)
{
    (void)state;
    dmg_error err;
    dmg_classifier *classifier;
    const dmg_result *result;
    dmg_classify_options options = dmg_classify_defaults();
    assert_int_equal(options.size, sizeof options);
    assert_string_equal(options.model, dmg_model_builtin(0));
    options.threads = 0;
    refuse(&options, DMG_RANGE);
    options = dmg_classify_defaults();
    options.threshold = 1.5;
    refuse(&options, DMG_RANGE);
    options = dmg_classify_defaults();
    options.prior = -1;
    refuse(&options, DMG_RANGE);
    options = dmg_classify_defaults();
    options.model = "no-such-model";
    refuse(&options, DMG_IO);
    options.size = 0;
    refuse(&options, DMG_RANGE);
    /* A caller of an earlier version has no progress member. */
    options = dmg_classify_defaults();
    options.size = offsetof(dmg_classify_options, progress);
    options.fold_only = true;
    assert_ok(dmg_classifier_create(&classifier, &options, &err), &err);
    assert_null(dmg_classifier_model(classifier));
    assert_ok(dmg_classify(&result, classifier, "GGGGAAAACCCC", 12, &err), &err);
    assert_string_equal(result->structure, "((((....))))");
    assert_true(isnan(result->p_mirna));
    dmg_classifier_destroy(classifier);
    dmg_classifier_destroy(NULL);
}

/* By name, by bytes and as a loaded model: the same. */
static void test_sources_of_a_model(void **state)
{
    (void)state;
    char path[4096];
    size_t size;
    dmg_error err;
    dmg_model *model;
    void *bytes = scratch_read(source_path(path, "models/general.safetensors"), &size);
    assert_ok(dmg_model_load(&model, path, &err), &err);
    double p[3];
    for (int way = 0; way < 3; way++) {
        dmg_classifier *classifier;
        const dmg_result *result;
        dmg_classify_options options = dmg_classify_defaults();
        options.model_bytes = way == 1 ? bytes : NULL;
        options.model_size = size;
        options.loaded = way == 2 ? model : NULL;
        assert_ok(dmg_classifier_create(&classifier, &options, &err), &err);
        assert_ok(dmg_classify(&result, classifier, "GGGGAAAACCCC", 12, &err), &err);
        p[way] = result->p_mirna;
        dmg_classifier_destroy(classifier);
    }
    assert_true(p[0] == p[1] && p[0] == p[2]);
    dmg_model_destroy(model);
    free(bytes);
}

static dmg_status stop_after_100(void *context, const dmg_classify_progress *progress,
                                 dmg_error *err)
{
    (void)context;
    if (progress->records < 100) return DMG_OK;
    strcpy(err->message, "enough");
    return err->status = DMG_STOPPED;
}

/* A stop by either hook ends the call; the classifier goes on to be of use. */
static void test_stop(void **state)
{
    (void)state;
    dmg_error err;
    dmg_classifier *classifier;
    dmg_classify_options options = dmg_classify_defaults();
    options.threads = 2;
    options.progress = stop_after_100;
    make_records();
    assert_ok(dmg_classifier_create(&classifier, &options, &err), &err);
    for (size_t stop_at = 0; stop_at < 40; stop_at += 37) {
        taken t = {.stop_at = stop_at};
        assert_int_equal(dmg_classify_batch(classifier, sequences, RECORDS, take, &t, &err),
                         DMG_STOPPED);
        assert_string_equal(err.message, "enough");
        if (stop_at > 0)
            assert_int_equal(t.count, stop_at);
        else
            assert_in_range(t.count, 100, RECORDS - 1);
        free(t.text);
    }
    dmg_classifier_destroy(classifier);
}

static dmg_status check_mature(void *context, const dmg_result *result, dmg_error *err)
{
    size_t *found = context;
    (void)err;
    assert_non_null(result->mature);
    if (!result->mature->found) return DMG_OK;
    ++*found;
    assert_true(result->mature->arm_5p.end <= result->mature->arm_3p.start);
    assert_true(result->mature->arm_3p.end <= result->length);
    return DMG_OK;
}

static void test_mature_sequences_are_found_where_asked_for(void **state)
{
    dmg_classify_options options = dmg_classify_defaults();
    dmg_classifier *classifier;
    dmg_error err;
    size_t found = 0;
    (void)state;
    options.mature = true;
    options.fold_only = true;
    assert_ok(dmg_classifier_create(&classifier, &options, &err), &err);
    assert_ok(dmg_classify_batch(classifier, sequences, RECORDS, check_mature, &found, &err), &err);
    assert_true(found > RECORDS / 2);
    dmg_classifier_destroy(classifier);
}

/* --- long records --- */

enum { LONG_SPAN = 400, LONG_PLACE = 25 };

/* A long record's candidates, scored one by one. */
typedef struct long_truth {
    dmg_predictor *predictor;
    double odds, best;
    size_t count, start, end;
    char structure[LONG_SPAN + 1];
} long_truth;

static dmg_status score_hairpin(void *context, const dmg_hairpin *hairpin, dmg_error *err)
{
    long_truth *truth = context;
    dmg_predict_task task = {.sequence = hairpin->sequence,
                             .structure = hairpin->structure,
                             .length = hairpin->end - hairpin->start,
                             .energy = hairpin->energy};
    assert_ok(dmg_predict(truth->predictor, &task, 1, err), err);
    const double p = (double)task.p_mirna;
    truth->odds += p / (1 - p);
    truth->count++;
    if (p <= truth->best) return DMG_OK;
    truth->best = p;
    truth->start = hairpin->start;
    truth->end = hairpin->end;
    strcpy(truth->structure, hairpin->structure);
    return DMG_OK;
}

static long_truth score_hairpins(const dmg_model *model, const char *sequence)
{
    dmg_hairpin_options options = dmg_hairpin_defaults();
    dmg_hairpin_finder *finder;
    dmg_error err;
    long_truth truth = {.best = -1};
    if (dmg_model_long_from(model) == SIZE_MAX)
        options.span = LONG_SPAN;
    else
        options.long_span = LONG_SPAN;
    assert_ok(dmg_predictor_create(&truth.predictor, model, 1, DMG_CPU_AUTO, &err), &err);
    dmg_predictor_use_long(truth.predictor, true);
    assert_ok(dmg_hairpin_finder_create(&finder, &options, DMG_CPU_AUTO, &err), &err);
    assert_ok(dmg_hairpins_find(finder, sequence, strlen(sequence), DMG_STRAND_PLUS, score_hairpin,
                                &truth, &err),
              &err);
    dmg_hairpin_finder_destroy(finder);
    dmg_predictor_destroy(truth.predictor);
    return truth;
}

static void random_bases(char *bases, size_t length, dmg_rng *rng)
{
    for (size_t i = 0; i < length; i++) bases[i] = "ACGU"[dmg_rng_below(rng, 4)];
    bases[length] = '\0';
}

static void assert_scored_by_hairpins(const char *model)
{
    static const char let7[] =
        "UGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAUACAAUCUACUGUCUUUCCUA";
    static char sequence[2000];
    const dmg_result *result;
    dmg_classifier *classifier;
    dmg_error err;
    dmg_rng rng;
    dmg_classify_options options = dmg_classify_defaults();
    options.model = model;
    dmg_rng_init(&rng, 8, 0);
    random_bases(sequence, 700, &rng);
    strcat(sequence, let7);
    random_bases(sequence + strlen(sequence), 600, &rng);
    assert_ok(dmg_classifier_create(&classifier, &options, &err), &err);
    assert_ok(dmg_classify(&result, classifier, sequence, strlen(sequence), &err), &err);
    const long_truth truth = score_hairpins(dmg_classifier_model(classifier), sequence);
    const size_t places = strlen(sequence) / LONG_PLACE;
    const double odds = truth.odds / (double)(truth.count > places ? truth.count : places);
    assert_true(fabs(result->p_mirna - odds / (1 + odds)) < 1e-5);
    assert_true(result->flags & DMG_FLAG_LONG);
    assert_int_equal(result->hairpin_start, truth.start);
    assert_int_equal(result->hairpin_end, truth.end);
    assert_true(truth.start <= 700 + 10 && truth.end >= 700 + sizeof let7 - 1 - 10);
    assert_int_equal(strlen(result->structure), result->length);
    assert_memory_equal(result->structure + truth.start, truth.structure, truth.end - truth.start);
    assert_int_equal(strspn(result->structure, "."), truth.start + strspn(truth.structure, "."));
    dmg_classifier_destroy(classifier);
}

/* Of models with a network for long hairpins, and without. */
static void test_long_records_are_scored_by_their_hairpins(void **state)
{
    (void)state;
    assert_scored_by_hairpins("general");
    assert_scored_by_hairpins("plant");
}

static void test_at_the_limit_a_record_is_one_hairpin(void **state)
{
    static char sequence[DMG_LONG_RECORD + 2];
    const dmg_result *result;
    dmg_classifier *classifier;
    dmg_error err;
    (void)state;
    memset(sequence, 'A', DMG_LONG_RECORD + 1);
    assert_ok(dmg_classifier_create(&classifier, NULL, &err), &err);
    assert_ok(dmg_classify(&result, classifier, sequence, DMG_LONG_RECORD, &err), &err);
    assert_int_equal(result->flags, DMG_FLAG_NO_PAIR);
    assert_int_equal(result->hairpin_end, DMG_LONG_RECORD);
    assert_ok(dmg_classify(&result, classifier, sequence, DMG_LONG_RECORD + 1, &err), &err);
    assert_int_equal(result->flags, DMG_FLAG_NO_PAIR | DMG_FLAG_LONG | DMG_FLAG_NO_HAIRPIN);
    assert_int_equal(result->hairpin_end, 0);
    assert_true(result->p_mirna == 0);
    dmg_classifier_destroy(classifier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_files_and_threads),
        cmocka_unit_test(test_one_sequence),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_bad_input),
        cmocka_unit_test(test_parts_check_their_input),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_sources_of_a_model),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_mature_sequences_are_found_where_asked_for),
        cmocka_unit_test(test_long_records_are_scored_by_their_hairpins),
        cmocka_unit_test(test_at_the_limit_a_record_is_one_hairpin),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
