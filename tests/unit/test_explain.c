/* SPDX-License-Identifier: MIT */
/* Explanations against the forward pass, against the definition of integrated gradients, and
 * against predictions. */
#include <math.h>

#include "architectures.h"
#include "deepmirgene/explain.h"
#include "deepmirgene/fold.h"
#include "deepmirgene/pairing.h"
#include "model/model.h"
#include "model/sample.h"
#include "one_sample.h"
#include "unit.h"

static const char let7[] =
    "UGGGAUGAGGUAGUAGGUUGUAUAGUUUUAGGGUCACACCCACCACUGGGAGAUAACUAUACAAUCUACUGUCUUUCCUA";
static const char let7_structure[] =
    "(((((.(((((((((((((((((((((.....(((...((((....)))).)))))))))))))))))))))))))))))";
enum { LENGTH = sizeof let7 - 1, ENERGY = -3420 };

/* A network of random weights, larger than those that training begins with, so that it bends. */
static dmg_model *random_model(const dmg_architecture *architecture)
{
    network *net = malloc(sizeof *net);
    network_init(net, architecture);
    float *params = malloc(net->parameters * sizeof *params);
    network_initial(params, net, 7);
    for (size_t i = 0; i < net->tensor_count; i++) {
        const network_tensor *t = &net->tensors[i];
        const size_t count = t->shape[0] * (t->rank == 2 ? t->shape[1] : 1);
        if (strstr(t->name, "embedding"))
            for (size_t k = 0; k < count; k++) params[t->offset + k] *= 15;
        if (strcmp(t->name, "features.edges") == 0) /* the middle two bins have no width */
            for (size_t k = 0; k < count; k++) params[t->offset + k] = (float)((k % 5 + 1) / 4 - 1);
    }
    dmg_model *model;
    dmg_error err;
    assert_ok(model_create(&model, architecture, params, 1, "random", "{}", &err), &err);
    free(params);
    free(net);
    return model;
}

/* All that networks may have: paired bases, a contact map, features in bins, pools, normalisation,
 * softmax. */
static dmg_architecture architecture_rich(void)
{
    dmg_architecture a = {.id = "rich"};
    add_stream(&a, DMG_STREAM_BACKWARD_PAIRED, 3, UNITS(4, 3), true);
    add_stream(&a, DMG_STREAM_BACKWARD, 3, UNITS(5), false);
    add_contact_map(&a, 16, UNITS(3));
    for (int s = 0; s < 2; s++) a.streams[s].pooling = DMG_POOL_LAST | DMG_POOL_ATTENTION;
    a.features[a.feature_count++] = DMG_FEATURE_MFE_PER_LENGTH;
    a.features[a.feature_count++] = DMG_FEATURE_GC;
    a.feature_bins = 4;
    add_dense(&a, "all", INPUTS(0, 1, 2, DMG_INPUT_FEATURES), 4, 0.1);
    a.dense[0].activation = DMG_ACTIVATION_TANH;
    a.dense[0].batch_norm = true;
    add_dense(&a, "output", INPUTS(3), 2, 0);
    a.dense[1].activation = DMG_ACTIVATION_SOFTMAX;
    return a;
}

static dmg_architecture with_last(dmg_architecture a)
{
    for (int s = 0; s < a.stream_count; s++)
        if (!a.streams[s].pooling) a.streams[s].pooling = DMG_POOL_LAST;
    return a;
}

static dmg_explainer *explainer_of(const dmg_model *model, size_t mutations)
{
    dmg_explainer *explainer;
    dmg_error err;
    dmg_explain_options options = dmg_explain_options_defaults();
    options.mutations = mutations;
    assert_ok(dmg_explainer_create(&explainer, model, &options, &err), &err);
    return explainer;
}

static const dmg_explanation *explain(dmg_explainer *explainer)
{
    const dmg_explanation *x;
    dmg_error err;
    assert_ok(dmg_explain(&x, explainer, let7, let7_structure, LENGTH, ENERGY, &err), &err);
    return x;
}

/* --- states --- */

static void check_states(const dmg_explanation *x, const dmg_model *model)
{
    dmg_error err;
    const network *net = model_network(model);
    sample_buffer buffer = {0};
    network_sample sample;
    real output[DMG_OUTPUTS];
    assert_ok(sample_encode(&sample, &buffer, &net->architecture, let7, let7_structure, LENGTH,
                            ENERGY, &err),
              &err);
    one_sample runner = one_open(net);
    one_forward(output, &runner, model_params(model, 0), &sample, NULL);
    assert_float_equal(x->p_mirna, output[0], 1e-5);
    size_t k = 0;
    for (int s = 0; s < net->architecture.stream_count; s++)
        for (size_t l = 0; l < network_lstm_layers(&net->streams[s]); l++)
            for (size_t d = 0; d < net->streams[s].directions; d++) {
                const lstm_trace trace = network_run_trace(runner.run, s, l, d);
                const dmg_layer_states *layer = &x->layers[k++];
                const size_t H = layer->units, T = layer->steps;
                assert_int_equal(layer->stream, net->streams[s].kind);
                assert_int_equal(T, sample.steps[s]);
                assert_memory_equal(layer->values[DMG_STATE_CELL], trace.cell + H, T * H * 4);
                for (size_t t = 0; t < T; t++) {
                    const float *gates = trace.gates + t * LSTM_GATES * H;
                    assert_memory_equal(layer->values[DMG_STATE_HIDDEN] + t * H,
                                        trace.hidden + (t + 1) * trace.width, H * 4);
                    assert_memory_equal(layer->values[DMG_STATE_INPUT] + t * H,
                                        gates + LSTM_INPUT * H, H * 4);
                    assert_memory_equal(layer->values[DMG_STATE_FORGET] + t * H,
                                        gates + LSTM_FORGET * H, H * 4);
                    assert_memory_equal(layer->values[DMG_STATE_OUTPUT] + t * H,
                                        gates + LSTM_OUTPUT * H, H * 4);
                }
            }
    assert_int_equal(k, x->layer_count);
    one_close(&runner);
    sample_clear(&buffer);
}

/* --- attributions --- */

static void assert_complete(const dmg_explanation *x)
{
    const double difference = x->score - x->baseline_score;
    double sum = 0;
    for (size_t k = 0; k < x->attribution_count; k++) sum += x->attributions[k].total;
    assert_true(fabs(sum - difference) < 1e-9 * (1 + (double)x->steps));
}

/* They add up to the difference of the scores, position by position. */
static void check_attributions(const dmg_explanation *x)
{
    const double difference = x->score - x->baseline_score;
    double sum = 0, placed = 0, together = 0;
    assert_true(fabs(x->score - log(x->p_mirna / (1 - x->p_mirna))) < 1e-3);
    for (size_t k = 0; k < x->attribution_count; k++) {
        const dmg_attribution *a = &x->attributions[k];
        double of_positions = 0;
        sum += a->total;
        for (size_t i = 0; a->values && i < x->length; i++) of_positions += a->values[i];
        if (a->values) assert_float_equal(of_positions, a->total, 1e-9);
        placed += of_positions;
    }
    for (size_t i = 0; i < x->length; i++) together += x->attribution[i];
    assert_true(fabs(together - placed) < 1e-9);
    assert_complete(x);
    assert_true(x->residual <= 0.011 * fmax(1, fabs(difference)));
    assert_true(fabs(sum) > 1e-6);
}

static void check_architecture(dmg_architecture architecture)
{
    dmg_model *model = random_model(&architecture);
    dmg_explainer *explainer = explainer_of(model, 0);
    const dmg_explanation *x = explain(explainer);
    assert_null(x->mutations);
    check_states(x, model);
    check_attributions(x);
    dmg_explainer_destroy(explainer);
    dmg_model_destroy(model);
}

static void states_and_attributions_are_those_of_the_network(void **state)
{
    (void)state;
    check_architecture(with_last(architecture_2016()));
    check_architecture(with_last(architecture_variant()));
    check_architecture(architecture_rich());
}

/* The 5' arm's stream reads nothing after the split, and the 3' arm's nothing before. */
static void attributions_stand_where_streams_read(void **state)
{
    (void)state;
    dmg_model *model;
    dmg_error err;
    assert_ok(dmg_model_load(&model, "human", &err), &err);
    dmg_explainer *explainer = explainer_of(model, 0);
    const dmg_explanation *x = explain(explainer);
    assert_int_equal(x->split, 44);
    for (size_t i = 0; i < x->length; i++) {
        if (i >= x->split) assert_float_equal(x->attributions[1].values[i], 0, 0);
        if (i < x->split) assert_float_equal(x->attributions[2].values[i], 0, 0);
    }
    check_states(x, model);
    dmg_explainer_destroy(explainer);
    dmg_model_destroy(model);
}

/* One base among letters that stand for the mean of all: nothing else has an attribution. */
static void letters_that_stand_for_the_mean_add_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {"general", "animal", "plant", "human", "cross-species"};
    char sequence[LENGTH + 1], structure[LENGTH + 1];
    memset(sequence, 'N', LENGTH);
    memset(structure, '.', LENGTH);
    sequence[20] = 'G';
    for (size_t m = 0; m < sizeof names / sizeof *names; m++) {
        dmg_model *model;
        const dmg_explanation *x;
        dmg_error err;
        assert_ok(dmg_model_load(&model, names[m], &err), &err);
        dmg_explainer *explainer = explainer_of(model, 0);
        assert_ok(dmg_explain(&x, explainer, sequence, structure, LENGTH, 0, &err), &err);
        assert_complete(x);
        assert_string_equal(x->attributions[0].name, "sequence");
        for (size_t i = 0; i < LENGTH; i++)
            assert_int_equal(x->attributions[0].values[i] != 0, i == 20);
        dmg_explainer_destroy(explainer);
        dmg_model_destroy(model);
    }
}

/* --- completeness of the models that are built in --- */

#ifdef __SANITIZE_ADDRESS__
enum { RECORDS = 32 }; /* each takes ten times as long */
#else
enum { RECORDS = 200 };
#endif
enum { MOST_LENGTH = 400 };

/* A record of a FASTA file of one line a sequence, some of its letters replaced by N: every third
 * record has a few. False at the end of the file. */
static bool next_record(FILE *file, char sequence[MOST_LENGTH + 2], int number)
{
    do
        if (!fgets(sequence, MOST_LENGTH + 2, file)) return false;
    while (sequence[0] == '>');
    sequence[strcspn(sequence, "\n")] = '\0';
    const size_t length = strlen(sequence);
    for (size_t i = (size_t)number; number % 3 == 0 && i < length; i += 17 + i % 5)
        sequence[i] = 'N';
    return length > 0;
}

/* Explains up to `count` records of the file and returns how many. */
static int check_file(dmg_explainer *explainer, const char *path, int count)
{
    char sequence[MOST_LENGTH + 2], structure[MOST_LENGTH + 2];
    const dmg_explanation *x;
    dmg_error err;
    dmg_folder *folder;
    FILE *file = fopen(path, "r");
    int done = 0;
    assert_non_null(file);
    assert_ok(dmg_folder_create(&folder, 1, DMG_CPU_AUTO, &err), &err);
    for (; done < count && next_record(file, sequence, done); done++) {
        const size_t length = strlen(sequence);
        dmg_fold_task fold = {.sequence = sequence, .length = length, .structure = structure};
        assert_ok(dmg_fold(folder, &fold, 1, &err), &err);
        assert_ok(dmg_explain(&x, explainer, sequence, structure, length, fold.energy, &err), &err);
        assert_complete(x);
    }
    dmg_folder_destroy(folder);
    fclose(file);
    return done;
}

/* With coarse steps, which are quick: the sum does not depend on them. */
static void attributions_of_built_in_models_are_complete(void **state)
{
    (void)state;
    static const char *const names[] = {"general", "animal", "plant", "human", "cross-species"};
    static const char *const sets[] = {"data/mirboost/human_pos.fa", "data/mirboost/human_neg.fa",
                                       "data/mirboost/cross_species_pos.fa",
                                       "data/mirboost/cross_species_neg.fa"};
    for (size_t m = 0; m < sizeof names / sizeof *names; m++) {
        char path[4096];
        dmg_model *model;
        dmg_error err;
        dmg_explainer *explainer;
        dmg_explain_options options = dmg_explain_options_defaults();
        options.mutations = 0;
        options.tolerance = 0.2;
        assert_ok(dmg_model_load(&model, names[m], &err), &err);
        assert_ok(dmg_explainer_create(&explainer, model, &options, &err), &err);
        assert_true(check_file(explainer, source_path(path, "examples/hairpins.fa"), RECORDS) > 5);
        const int count = m == 0 ? RECORDS / 4 : RECORDS / 16;
        for (int k = 0; k < 4 && shared_path(path, sets[k]); k++)
            assert_int_equal(check_file(explainer, path, count), count);
        dmg_explainer_destroy(explainer);
        dmg_model_destroy(model);
    }
}

/* The default model follows its score by gradients: next to nothing is shared out. */
static void the_default_model_is_followed(void **state)
{
    (void)state;
    char sequence[LENGTH + 1];
    dmg_model *model;
    const dmg_explanation *x;
    dmg_error err;
    memcpy(sequence, let7, sizeof sequence);
    assert_ok(dmg_model_load(&model, "general", &err), &err);
    dmg_explainer *explainer = explainer_of(model, 0);
    for (size_t n = 0; n < 4; n++) {
        assert_ok(dmg_explain(&x, explainer, sequence, let7_structure, LENGTH, ENERGY, &err), &err);
        assert_true(x->residual <= 0.01 * fmax(1, fabs(x->score - x->baseline_score)));
        assert_true(x->steps < 1000);
        sequence[7 + 20 * n] = 'N';
    }
    dmg_explainer_destroy(explainer);
    dmg_model_destroy(model);
}

/* --- the ensemble --- */

enum { SHORT = 12 };

/* Probability of each pair of bases, [i][j] and [j][i]. */
static void pair_all(double pairs[SHORT][SHORT], const char *sequence)
{
    double triangle[SHORT * (SHORT - 1) / 2];
    char text[3][SHORT + 1];
    dmg_error err;
    dmg_folder *folder;
    dmg_pairing_task task = {.sequence = sequence,
                             .length = SHORT,
                             .structure = text[0],
                             .pairing = text[1],
                             .centroid = text[2],
                             .probabilities = triangle};
    assert_ok(dmg_folder_create(&folder, 1, DMG_CPU_AUTO, &err), &err);
    assert_ok(dmg_pairing_fold(folder, &task, 1, &err), &err);
    dmg_folder_destroy(folder);
    for (size_t i = 0, k = 0; i < SHORT; i++) {
        pairs[i][i] = 0;
        for (size_t j = i + 1; j < SHORT; j++) pairs[i][j] = pairs[j][i] = triangle[k++];
    }
}

static void probabilities_are_of_the_structure_that_is_drawn(void **state)
{
    (void)state;
    static const char sequence[] = "GGGGAAAACCCC";
    static const char *const structures[] = {"((((....))))", ".(((....))).", "............"};
    double pairs[SHORT][SHORT];
    dmg_model *model;
    dmg_error err;
    const dmg_explanation *x;
    pair_all(pairs, sequence);
    assert_ok(dmg_model_load(&model, "human", &err), &err);
    dmg_explainer *explainer = explainer_of(model, 0);
    for (size_t k = 0; k < 3; k++) {
        assert_ok(dmg_explain(&x, explainer, sequence, structures[k], SHORT, -540, &err), &err);
        for (size_t i = 0; i < SHORT; i++) {
            double expected = 1;
            for (size_t j = 0; j < SHORT; j++) expected -= pairs[i][j];
            if (structures[k][i] != '.') expected = pairs[i][SHORT - 1 - i];
            assert_float_equal(x->pair_probability[i], expected, 1e-12);
        }
    }
    assert_true(pairs[0][SHORT - 1] > 0.5);
    /* What cannot pair never does. */
    assert_ok(dmg_explain(&x, explainer, "GAAAAAAAAAAA", "(..........)", SHORT, 0, &err), &err);
    assert_float_equal(x->pair_probability[0], 0, 0);
    assert_float_equal(x->pair_probability[5], 1, 0);
    dmg_explainer_destroy(explainer);
    dmg_model_destroy(model);
}

/* --- mutations --- */

static float predict_folded(const dmg_model *model, const char *sequence)
{
    char structure[LENGTH + 1];
    dmg_error err;
    dmg_folder *folder;
    dmg_predictor *predictor;
    dmg_fold_task fold = {.sequence = sequence, .length = LENGTH, .structure = structure};
    assert_ok(dmg_folder_create(&folder, 1, DMG_CPU_AUTO, &err), &err);
    assert_ok(dmg_fold(folder, &fold, 1, &err), &err);
    dmg_predict_task task = {
        .sequence = sequence, .structure = structure, .length = LENGTH, .energy = fold.energy};
    assert_ok(dmg_predictor_create(&predictor, model, 1, DMG_CPU_AUTO, &err), &err);
    assert_ok(dmg_predict(predictor, &task, 1, &err), &err);
    dmg_predictor_destroy(predictor);
    dmg_folder_destroy(folder);
    return task.p_mirna;
}

static void mutations_are_predictions_of_the_mutants(void **state)
{
    (void)state;
    static const char bases[] = "ACGU";
    dmg_model *model;
    dmg_error err;
    assert_ok(dmg_model_load(&model, "human", &err), &err);
    dmg_explainer *explainer = explainer_of(model, LENGTH);
    const dmg_explanation *x = explain(explainer);
    assert_float_equal(x->refolded_p, predict_folded(model, let7), 0);
    for (size_t i = 0; i < LENGTH; i++)
        for (size_t b = 0; b < 4; b++) {
            const float p = x->mutations[4 * i + b];
            char mutant[LENGTH + 1];
            memcpy(mutant, let7, sizeof mutant);
            mutant[i] = bases[b];
            if (let7[i] == bases[b])
                assert_true(isnan(p));
            else if (i % 7 == b)
                assert_float_equal(p, predict_folded(model, mutant), 0);
        }
    dmg_explainer_destroy(explainer);
    dmg_model_destroy(model);
}

static void sequences_that_cannot_be_drawn_are_refused(void **state)
{
    (void)state;
    dmg_architecture a = with_last(architecture_2016());
    dmg_model *model = random_model(&a);
    dmg_explainer *explainer = explainer_of(model, 0);
    const dmg_explanation *x = NULL;
    char *text = malloc(DMG_EXPLAIN_MAX_LENGTH + 1);
    memset(text, '.', DMG_EXPLAIN_MAX_LENGTH + 1);
    assert_int_equal(dmg_explain(&x, explainer, text, text, 0, 0, NULL), DMG_RANGE);
    assert_int_equal(dmg_explain(&x, explainer, text, text, DMG_EXPLAIN_MAX_LENGTH + 1, 0, NULL),
                     DMG_RANGE);
    assert_null(x);
    assert_int_equal(dmg_explain(&x, explainer, "N", ".", 1, 0, NULL), DMG_OK);
    assert_int_equal(dmg_explain(&x, explainer, "G", ".", 1, 0, NULL), DMG_OK);
    free(text);
    dmg_explainer_destroy(explainer);
    dmg_model_destroy(model);
}

/* --- units --- */

/* The first cell of a network that holds 1 at G and C is not to be had by hand; but classes that
 * differ in one letter are told apart by every unit that sees it, and correlations are within 1. */
static void units_tell_classes_apart(void **state)
{
    (void)state;
    dmg_architecture a = with_last(architecture_2016());
    dmg_model *model = random_model(&a);
    dmg_unit_study *study;
    dmg_unit_summary *units;
    dmg_error err;
    size_t count;
    assert_ok(dmg_unit_study_create(&study, model, &err), &err);
    for (int k = 0; k < 6; k++)
        assert_ok(dmg_unit_study_add(study, k % 2 ? "GGGGAAAACCCC" : "AAAAAAAAAAAA",
                                     k % 2 ? "((((....))))" : "............", 12, 0, k % 2, &err),
                  &err);
    assert_ok(dmg_unit_study_finish(&units, &count, study, &err), &err);
    assert_int_equal(count, 30);
    for (size_t u = 0; u < count; u++) {
        assert_true(units[u].auroc == 0 || units[u].auroc == 1);
        assert_true(fabs(units[u].gc) <= 1 && fabs(units[u].stem) <= 1);
        assert_true(units[u].variance > 0);
        assert_int_equal(units[u].unit, u % 10);
    }
    free(units);
    dmg_unit_study_destroy(study);
    dmg_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_and_attributions_are_those_of_the_network),
        cmocka_unit_test(attributions_stand_where_streams_read),
        cmocka_unit_test(letters_that_stand_for_the_mean_add_nothing),
        cmocka_unit_test(attributions_of_built_in_models_are_complete),
        cmocka_unit_test(the_default_model_is_followed),
        cmocka_unit_test(probabilities_are_of_the_structure_that_is_drawn),
        cmocka_unit_test(mutations_are_predictions_of_the_mutants),
        cmocka_unit_test(sequences_that_cannot_be_drawn_are_refused),
        cmocka_unit_test(units_tell_classes_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
