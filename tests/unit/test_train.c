/* SPDX-License-Identifier: MIT */
/* Training: the same bytes however it is run, interrupted or resumed; and that it learns.
 *
 * Run as `test_train --child FOLDER`, it trains on the data there and writes FOLDER/model: the
 * process that the tests of sudden death kill.
 */
#include "one_sample.h"
#include "unit.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "architectures.h"
#include "base/rng.h"
#include "child.h"
#include "deepmirgene/train.h"
#include "model/model.h"
#include "model/network_features.h"
#include "model/safetensors.h"
#include "model/sample.h"
#include "nn/adam.h"
#include "nn/loss.h"
#include "scratch.h"
#include "toy_data.h"
#include "train/checkpoint.h"

enum { DATA_SEED = 1, RECORDS = 2 * TOY_PER_CLASS, EPOCHS = 6 };

/* --- data and options --- */

static dmg_dataset *load_data(const char *folder)
{
    dmg_dataset *dataset = NULL;
    dmg_error err;
    char path[4096];
    assert_ok(dmg_dataset_create(&dataset, &err), &err);
    snprintf(path, sizeof path, "%s/positive.fa", folder);
    assert_ok(dmg_dataset_add(dataset, path, true, &err), &err);
    snprintf(path, sizeof path, "%s/negative.fa", folder);
    assert_ok(dmg_dataset_add(dataset, path, false, &err), &err);
    assert_ok(dmg_dataset_fold(dataset, 1, DMG_CPU_AUTO, &err), &err);
    return dataset;
}

static dmg_dataset *toy; /* for all tests */

static int set_up(void **state)
{
    if (scratch_setup(state) != 0) return -1;
    toy_write(DATA_SEED);
    toy = load_data(scratch_folder);
    print_message("seed of the data %d\n", DATA_SEED);
    return 0;
}

static int tear_down(void **state)
{
    dmg_dataset_destroy(toy);
    return scratch_teardown(state);
}

/* Every fifth record. */
static const bool *every_fifth(void)
{
    static bool held_out[RECORDS];
    for (int i = 0; i < RECORDS; i++) held_out[i] = i % 5 == 0;
    return held_out;
}

static dmg_train_options toy_options(void)
{
    dmg_train_options options;
    assert_int_equal(dmg_train_recipe(&options, "2016", NULL), DMG_OK);
    options.architecture = toy_architecture();
    options.name = "toy";
    options.epochs = EPOCHS;
    options.batch = 20;
    options.learning_rate = 0.02;
    options.seed = 7;
    options.cpu = DMG_CPU_SCALAR;
    options.held_out = every_fifth();
    return options;
}

/* Enough to learn the toy problem. */
static dmg_train_options thorough_options(void)
{
    dmg_train_options options = toy_options();
    options.epochs = 60;
    options.learning_rate = 0.03;
    options.batch = 8;
    for (int d = 0; d < 2; d++) options.architecture.dense[d].dropout = 0;
    return options;
}

static dmg_train_options contact_map_options(void)
{
    dmg_train_options options = toy_options();
    options.architecture = architecture_contact_map();
    return options;
}

enum { PRETRAIN = 3 };

static dmg_train_options pretrained_options(void)
{
    dmg_train_options options = toy_options();
    options.pretrain = PRETRAIN;
    return options;
}

static dmg_train_options normalised_options(void)
{
    dmg_train_options options = toy_options();
    options.architecture.dense[0].batch_norm = true;
    options.architecture.dense[1].dropout = 0;
    return options;
}

/* --- trainings and their outcome --- */

/* Keeps the history, and asks for a stop once `stop_after` epochs are done (0: never). */
typedef struct recorder {
    dmg_epoch history[64];
    size_t count, restored, calls, stop_after;
    volatile sig_atomic_t stop;
} recorder;

static dmg_status record_progress(void *context, const dmg_epoch *history, size_t count,
                                  size_t restored, dmg_error *err)
{
    (void)err;
    recorder *r = context;
    assert_in_range(count, 1, 64);
    memcpy(r->history, history, count * sizeof *history);
    r->count = count;
    r->restored = restored;
    r->calls++;
    if (count == r->stop_after) r->stop = 1;
    return DMG_OK;
}

static void listen(dmg_train_options *options, recorder *r)
{
    options->progress = record_progress;
    options->progress_context = r;
    options->stop = &r->stop;
}

static dmg_model *train(const dmg_dataset *dataset, const dmg_train_options *options)
{
    dmg_model *model = NULL;
    dmg_error err;
    assert_ok(dmg_train(&model, dataset, options, &err), &err);
    return model;
}

/* A model as its file has it. */
typedef struct outcome {
    char *bytes;
    size_t size;
} outcome;

static outcome save(dmg_model *model)
{
    outcome o;
    dmg_error err;
    const char *path = scratch_path("outcome");
    assert_ok(dmg_model_save(model, path, &err), &err);
    dmg_model_destroy(model);
    o.bytes = scratch_read(path, &o.size);
    return o;
}

/* Compares with the outcome of `options` as they are, and frees both. */
static void assert_same_and_free(outcome a, outcome b)
{
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.bytes, b.bytes, a.size);
    free(a.bytes);
    free(b.bytes);
}

static void assert_same_history(const recorder *a, const recorder *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->history, b->history, a->count * sizeof *a->history);
}

static void assert_refused(const dmg_dataset *dataset, const dmg_train_options *options,
                           dmg_status status, const char *message)
{
    dmg_model *model = NULL;
    dmg_error err = {0};
    const dmg_status st = dmg_train(&model, dataset, options, &err);
    if (st != status || !strstr(err.message, message))
        fail_msg("%d, '%s' instead of '%s'", st, err.message, message);
    assert_null(model);
}

/* --- what is learned --- */

static void test_recipes(void **state)
{
    (void)state;
    const dmg_train_options defaults = dmg_train_options_defaults();
    assert_string_equal(dmg_train_recipe_name(0), "2026");
    assert_string_equal(defaults.architecture.id, "deepmirgene-2026");
    assert_int_equal(defaults.loss, DMG_LOSS_CROSS_ENTROPY);
    assert_true(defaults.final_learning_rate > 0);
    assert_false(defaults.final_learning_rate >= defaults.learning_rate);
    dmg_error err;
    for (size_t i = 0; dmg_train_recipe_name(i); i++) {
        dmg_train_options options;
        assert_ok(dmg_train_recipe(&options, dmg_train_recipe_name(i), &err), &err);
        assert_true(options.epochs > 0 && options.batch > 0 && options.seed == 1);
    }
    dmg_train_options none;
    assert_int_equal(dmg_train_recipe(&none, "2036", &err), DMG_RANGE);
    assert_non_null(strstr(err.message, "2026, 2016 or fine-tune"));
}

static void test_recipe_2016_is_that_of_the_paper(void **state)
{
    (void)state;
    dmg_train_options options;
    assert_int_equal(dmg_train_recipe(&options, "2016", NULL), DMG_OK);
    assert_string_equal(options.architecture.id, "deepmirgene-2016");
    assert_int_equal(options.epochs, 500);
    assert_int_equal(options.batch, 128);
    assert_int_equal(options.loss, DMG_LOSS_SQUARED_ERROR);
    assert_true(options.learning_rate == 1e-3 && options.final_learning_rate == 0);
    assert_int_equal(options.seed, 1);
    assert_int_equal(options.threads, 1);
    assert_null(options.checkpoint);
    assert_null(options.held_out);
}

/* Scores of dataset records that are (not) marked; returns their number. */
static size_t predict_part(float *scores, bool *labels, const dmg_model *model,
                           const bool *held_out, bool wanted)
{
    dmg_predict_task tasks[RECORDS];
    dmg_predictor *predictor = NULL;
    dmg_error err;
    size_t count = 0;
    for (size_t i = 0; i < RECORDS; i++) {
        const dmg_dataset_record r = dmg_dataset_get(toy, i);
        if (held_out[i] != wanted) continue;
        labels[count] = r.positive;
        tasks[count++] = (dmg_predict_task){
            .sequence = r.sequence, .structure = r.structure, .length = r.length};
    }
    assert_ok(dmg_predictor_create(&predictor, model, 1, DMG_CPU_SCALAR, &err), &err);
    assert_ok(dmg_predict(predictor, tasks, count, &err), &err);
    dmg_predictor_destroy(predictor);
    for (size_t i = 0; i < count; i++) scores[i] = tasks[i].p_mirna;
    return count;
}

static void test_toy_problem_is_learned(void **state)
{
    (void)state;
    dmg_train_options options = thorough_options();
    recorder r = {0};
    listen(&options, &r);
    dmg_model *model = train(toy, &options);
    assert_int_equal(r.count, 60);
    assert_true(r.history[0].loss > 0.2 && r.history[0].loss < 0.3); /* knows nothing: 1/4 */
    float scores[RECORDS];
    bool labels[RECORDS];
    const size_t count = predict_part(scores, labels, model, every_fifth(), false);
    dmg_rank_metrics ranks;
    dmg_error err;
    assert_ok(dmg_metrics_ranks(&ranks, scores, labels, count, &err), &err);
    print_message("loss %.3f to %.3f, AUROC %.3f, on the held-out %.3f\n", r.history[0].loss,
                  r.history[59].loss, ranks.auroc, r.history[59].ranks.auroc);
    assert_true(r.history[59].loss < 0.5 * r.history[0].loss);
    assert_true(r.history[59].validation_loss < 0.5 * r.history[0].validation_loss);
    assert_true(ranks.auroc > 0.95);
    assert_true(r.history[59].ranks.auroc > 0.9);
    dmg_model_destroy(model);
}

/* Scalar and fast code differ by rounding only, in training and by the averages in prediction. */
static void test_normalised_problem_is_learned_at_every_level(void **state)
{
    (void)state;
    double last[2];
    for (int level = 0; level < 2; level++) {
        dmg_train_options options = normalised_options();
        recorder r = {0};
        listen(&options, &r);
        options.cpu = level == 0 ? DMG_CPU_SCALAR : DMG_CPU_AUTO;
        options.epochs = 40;
        options.batch = 16;
        options.architecture.dense[0].dropout = 0;
        dmg_model_destroy(train(toy, &options));
        assert_true(fabs(r.history[0].loss - 0.25) < 0.05);
        assert_true(r.history[39].loss < 0.5 * r.history[0].loss);
        assert_true(r.history[39].validation_loss < 0.6 * r.history[0].validation_loss);
        last[level] = r.history[2].validation_loss;
        print_message("loss %.3f, validation loss %.3f\n", r.history[39].loss,
                      r.history[39].validation_loss);
    }
    assert_true(fabs(last[0] - last[1]) < 1e-4);
}

static void test_history_scores_the_held_out_records(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    recorder r = {0};
    listen(&options, &r);
    dmg_model *model = train(toy, &options);
    float scores[RECORDS];
    bool labels[RECORDS];
    const size_t count = predict_part(scores, labels, model, every_fifth(), true);
    assert_int_equal(count, RECORDS / 5);
    const dmg_confusion confusion = dmg_metrics_confusion(scores, labels, count, 0.5);
    dmg_rank_metrics ranks;
    dmg_error err;
    assert_ok(dmg_metrics_ranks(&ranks, scores, labels, count, &err), &err);
    const dmg_epoch *last = &r.history[EPOCHS - 1];
    assert_memory_equal(&last->confusion, &confusion, sizeof confusion);
    assert_memory_equal(&last->ranks, &ranks, sizeof ranks);
    for (size_t e = 0; e < EPOCHS; e++) assert_true(r.history[e].epoch == (double)e + 1);
    dmg_model_destroy(model);
}

static void test_history_without_held_out_records(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    recorder r = {0};
    listen(&options, &r);
    options.held_out = NULL;
    dmg_model_destroy(train(toy, &options));
    const dmg_epoch *last = &r.history[EPOCHS - 1];
    const dmg_confusion none = {0};
    assert_true(last->epoch == EPOCHS && last->loss > 0);
    assert_memory_equal(&last->confusion, &none, sizeof none);
    assert_true(isnan(last->validation_loss) && isnan(last->ranks.auroc) &&
                isnan(last->ranks.aupr));
}

/* The protocol once more, in plain loops: orders and dropout masks have random streams of their
 * own, named here so that a release which draws them differently is noticed. */
typedef struct reference {
    network net;
    loss_kind loss;
    one_sample runner;
    sample_buffer buffers[RECORDS];
    network_sample samples[RECORDS];
    float *params, *first, *second, *gradient;
} reference;

static void reference_init(reference *f, const dmg_train_options *options)
{
    dmg_error err;
    network_init(&f->net, &options->architecture);
    f->loss = options->loss == DMG_LOSS_CROSS_ENTROPY ? LOSS_CROSS_ENTROPY : LOSS_SQUARED_ERROR;
    const size_t P = f->net.parameters;
    f->params = calloc(P, sizeof(float));
    f->first = calloc(P, sizeof(float));
    f->second = calloc(P, sizeof(float));
    f->gradient = calloc(P, sizeof(float));
    assert_true(f->params && f->first && f->second && f->gradient);
    network_initial(f->params, &f->net, options->seed);
    f->runner = one_open(&f->net);
    for (size_t i = 0; i < RECORDS; i++) {
        const dmg_dataset_record r = dmg_dataset_get(toy, i);
        assert_ok(sample_encode(&f->samples[i], &f->buffers[i], &options->architecture, r.sequence,
                                r.structure, r.length, r.energy, &err),
                  &err);
    }
}

static void reference_clear(reference *f)
{
    for (size_t i = 0; i < RECORDS; i++) sample_clear(&f->buffers[i]);
    one_close(&f->runner);
    free(f->params);
    free(f->first);
    free(f->second);
    free(f->gradient);
}

/* Adds the gradient of record i in a batch of `size`; returns its loss. */
static double reference_sample(reference *f, size_t i, size_t epoch, size_t size, double weight,
                               uint64_t seed)
{
    dmg_rng dropout;
    dmg_rng_init(&dropout, seed, ((uint64_t)2 << 56) + epoch * RECORDS + i);
    const float target[2] = {dmg_dataset_get(toy, i).positive, !dmg_dataset_get(toy, i).positive};
    float output[2], da[2];
    one_forward(output, &f->runner, f->params, &f->samples[i], &dropout);
    loss_backward(da, f->loss, network_output(&f->net), output, target, 2,
                  (float)weight / (float)size);
    one_backward(f->gradient, &f->runner, da);
    return weight * loss_value(f->loss, network_output(&f->net), output, target, 2);
}

static double reference_weight(size_t record, const dmg_train_options *options)
{
    double all = 0, same = 0;
    for (size_t i = 0; i < RECORDS; i++) {
        if (options->held_out[i]) continue;
        all++;
        same += dmg_dataset_get(toy, i).positive == dmg_dataset_get(toy, record).positive;
    }
    return options->balanced ? all / same / 2 : 1;
}

static void reference_decay(reference *f, double share)
{
    for (size_t t = 0; share > 0 && t < f->net.tensor_count; t++)
        for (size_t r = 0; f->net.tensors[t].rank == 2 && r < f->net.tensors[t].shape[0]; r++)
            for (size_t c = 0; c < f->net.tensors[t].shape[1]; c++)
                f->params[f->net.tensors[t].offset + r * f->net.tensors[t].shape[1] + c] *=
                    (float)(1 - share);
}

/* A batch is learned from the longest record to the shortest. */
static void sort_batch(size_t *records, size_t count)
{
    network_waiting waiting[RECORDS];
    for (size_t k = 0; k < count; k++)
        waiting[k] = (network_waiting){dmg_dataset_get(toy, records[k]).length, records[k]};
    network_waiting_sort(waiting, count);
    for (size_t k = 0; k < count; k++) records[k] = waiting[k].index;
}

/* Returns the epoch's loss. */
static double reference_epoch(reference *f, size_t epoch, const dmg_train_options *options)
{
    size_t order[RECORDS], count = 0;
    for (size_t i = 0; i < RECORDS; i++)
        if (!options->held_out[i]) order[count++] = i;
    dmg_rng rng;
    dmg_rng_init(&rng, options->seed, ((uint64_t)1 << 56) + epoch);
    dmg_rng_shuffle(&rng, order, count);
    adam_options adam = adam_options_defaults();
    adam.learning_rate = options->learning_rate;
    if (options->final_learning_rate > 0) {
        const double turn = acos(-1) * (double)epoch / (options->epochs - 1);
        adam.learning_rate = 0.5 * (options->learning_rate * (1 + cos(turn)) +
                                    options->final_learning_rate * (1 - cos(turn)));
    }
    const size_t batch = (size_t)options->batch, batches = (count + batch - 1) / batch;
    double loss = 0;
    for (size_t b = 0; b < batches; b++) {
        const size_t begin = b * batch, size = begin + batch < count ? batch : count - begin;
        memset(f->gradient, 0, f->net.parameters * sizeof(float));
        sort_batch(order + begin, size);
        for (size_t k = 0; k < size; k++)
            loss += reference_sample(f, order[begin + k], epoch, size,
                                     reference_weight(order[begin + k], options), options->seed);
        reference_decay(f, adam.learning_rate * options->weight_decay);
        adam_update(f->params, f->first, f->second, f->gradient, f->net.parameters,
                    epoch * batches + b + 1, &adam);
    }
    return loss / (double)count;
}

enum { TOY_PARAMETERS = 8 + (2 + 3 + 1) * 12 + 6 + (2 + 4 + 1) * 16 + (7 + 1) * 3 + (3 + 1) * 2 };

/* Batches small enough to be summed in one go give the same bits; larger ones differ by rounding,
 * which grows with the steps. 64 records in batches of 5 leave a last batch of 4. */
static void assert_follows_reference(dmg_train_options options, dmg_cpu cpu, int batch, int epochs,
                                     double tolerance)
{
    recorder r = {0};
    listen(&options, &r);
    options.cpu = cpu;
    options.cpu = cpu;
    options.batch = batch;
    options.epochs = epochs;
    dmg_model *model = train(toy, &options);
    reference f = {0};
    reference_init(&f, &options);
    double average[TOY_PARAMETERS] = {0};
    assert_true(f.net.parameters <= TOY_PARAMETERS);
    for (size_t e = 0; e < (size_t)epochs; e++)
        if (!(fabs(reference_epoch(&f, e, &options) - r.history[e].loss) <= tolerance + 1e-12))
            fail_msg("batch %d: the loss of epoch %zu differs", batch, e + 1);
        else if (e + (size_t)options.average_weights >= (size_t)epochs)
            for (size_t k = 0; k < f.net.parameters; k++)
                average[k] += (double)f.params[k] / options.average_weights;
    for (size_t k = 0; k < f.net.parameters; k++)
        if (!(fabs((options.average_weights ? average[k] : (double)f.params[k]) -
                   (double)model_params(model, 0)[k]) <= tolerance))
            fail_msg("batch %d: parameter %zu is %g instead of %g", batch, k,
                     (double)model_params(model, 0)[k], (double)f.params[k]);
    reference_clear(&f);
    dmg_model_destroy(model);
}

static void test_training_follows_the_protocol(void **state)
{
    (void)state;
    const dmg_train_options toy_training = toy_options();
    assert_follows_reference(toy_training, DMG_CPU_SCALAR, 1, 2, 0);
    assert_follows_reference(toy_training, DMG_CPU_SCALAR, 5, 3, 0);
    assert_follows_reference(toy_training, DMG_CPU_SCALAR, 20, 2, 1e-4);
    assert_follows_reference(toy_training, DMG_CPU_SCALAR, 64, 3, 1e-4);
    assert_follows_reference(toy_training, DMG_CPU_AUTO, 1, 2, 1e-4);
    assert_follows_reference(toy_training, DMG_CPU_AUTO, 20, 2, 1e-4);
    assert_follows_reference(toy_training, DMG_CPU_AUTO, 64, 3, 1e-4);
}

static void test_training_follows_its_options(void **state)
{
    (void)state;
    dmg_train_options entropy = toy_options(), falling = toy_options();
    entropy.loss = DMG_LOSS_CROSS_ENTROPY;
    assert_follows_reference(entropy, DMG_CPU_SCALAR, 5, 3, 1e-6);
    assert_follows_reference(entropy, DMG_CPU_AUTO, 20, 2, 1e-4);
    /* Classes of one size would all have the weight 1. */
    bool skewed[RECORDS];
    memcpy(skewed, entropy.held_out, sizeof skewed);
    for (size_t i = 0, more = 10; i < RECORDS && more > 0; i++)
        if (!skewed[i] && dmg_dataset_get(toy, i).positive) {
            skewed[i] = true;
            more--;
        }
    entropy.held_out = skewed;
    entropy.balanced = true;
    assert_follows_reference(entropy, DMG_CPU_SCALAR, 5, 3, 1e-6);
    entropy.weight_decay = 0.5;
    assert_follows_reference(entropy, DMG_CPU_SCALAR, 5, 3, 1e-6);
    entropy.average_weights = 2;
    assert_follows_reference(entropy, DMG_CPU_SCALAR, 5, 3, 1e-6);
    falling.final_learning_rate = falling.learning_rate / 100;
    assert_follows_reference(falling, DMG_CPU_SCALAR, 5, 4, 1e-6);
    falling.architecture.dense[falling.architecture.dense_count - 1].activation =
        DMG_ACTIVATION_SOFTMAX;
    falling.loss = DMG_LOSS_CROSS_ENTROPY;
    assert_follows_reference(falling, DMG_CPU_SCALAR, 5, 4, 1e-6);
}

/* Mean and deviation of a feature are those of the records that are learned from, before and after
 * the training. */
static void test_features_are_standardised_by_the_training_records(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    recorder r = {0};
    listen(&options, &r);
    dmg_architecture *a = &options.architecture;
    a->features[a->feature_count++] = DMG_FEATURE_LENGTH;
    a->feature_bins = 2;
    dmg_dense_spec *output = &a->dense[a->dense_count - 1];
    output->inputs[output->input_count++] = DMG_INPUT_FEATURES;
    dmg_model *model = train(toy, &options);
    double sum = 0, squares = 0, count = 0, least = INFINITY, most = 0;
    for (size_t i = 0; i < RECORDS; i++) {
        const double length = (double)dmg_dataset_get(toy, i).length;
        if (options.held_out[i]) continue;
        least = fmin(least, length);
        most = fmax(most, length);
        sum += length;
        squares += length * length;
        count++;
    }
    const network *net = model_network(model);
    const float *params = model_params(model, 0);
    const double mean = sum / count, deviation = sqrt(squares / count - mean * mean);
    assert_true(fabs((double)params[net->feature_mean] - mean) < 1e-5);
    assert_true(fabs((double)params[net->feature_deviation] - deviation) < 1e-4);
    const float *edges = params + net->feature_edges;
    assert_true((double)edges[0] == least && (double)edges[2] == most);
    double below = 0;
    for (size_t i = 0; i < RECORDS; i++)
        below += !options.held_out[i] && (double)dmg_dataset_get(toy, i).length < (double)edges[1];
    assert_true(below <= count / 2);
    assert_int_equal(dmg_model_parameters(model), net->parameters - 5);

    /* Half way through the second bin: through the first one, and half through the second. */
    float value[3];
    const network_sample sample = {.features = {(edges[1] + edges[2]) / 2}};
    network_features_forward(value, net, params, &sample);
    assert_true(edges[1] < edges[2] && value[1] == 1 && fabs((double)value[2] - 0.5) < 1e-6);
    dmg_model_destroy(model);
}

/* --- what makes a difference --- */

static float *trained_params(dmg_train_options options, const dmg_dataset *dataset)
{
    dmg_model *model = train(dataset, &options);
    const size_t bytes = dmg_model_parameters(model) * sizeof(float);
    float *params = malloc(bytes);
    assert_non_null(params);
    memcpy(params, model_params(model, 0), bytes);
    dmg_model_destroy(model);
    return params;
}

static bool same_params(dmg_train_options a, dmg_train_options b, const dmg_dataset *other)
{
    float *x = trained_params(a, toy), *y = trained_params(b, other ? other : toy);
    const bool same = memcmp(x, y, TOY_PARAMETERS * sizeof *x) == 0;
    free(x);
    free(y);
    return same;
}

static void test_seed_and_options_make_another_model(void **state)
{
    (void)state;
    const dmg_train_options a = toy_options();
    dmg_train_options b = a;
    assert_true(same_params(a, b, NULL));
    b.seed = 8;
    assert_false(same_params(a, b, NULL));
    b = a;
    b.batch = 21;
    assert_false(same_params(a, b, NULL));
    b = a;
    b.architecture.dense[0].dropout = 0;
    assert_false(same_params(a, b, NULL));
    b = a;
    b.held_out = NULL;
    assert_false(same_params(a, b, NULL));
}

static void test_batch_larger_than_the_data_is_all_data(void **state)
{
    (void)state;
    dmg_train_options a = toy_options(), b = a;
    a.batch = RECORDS - RECORDS / 5;
    b.batch = 1000000000;
    assert_true(same_params(a, b, NULL));
}

/* Other data with the same places: record 0, which is held out, is another sequence. */
static void test_held_out_records_are_not_learned(void **state)
{
    (void)state;
    char *text = scratch_read(scratch_path("positive.fa"), NULL);
    char *letters = strchr(text, '\n') + 1;
    for (char *c = letters; *c != '\n'; c++) *c = *c == 'A' ? 'C' : 'A';
    scratch_text("other.fa", text);
    free(text);
    dmg_dataset *other = NULL;
    dmg_error err;
    assert_ok(dmg_dataset_create(&other, &err), &err);
    assert_ok(dmg_dataset_add(other, scratch_path("other.fa"), true, &err), &err);
    assert_ok(dmg_dataset_add(other, scratch_path("negative.fa"), false, &err), &err);
    assert_ok(dmg_dataset_fold(other, 1, DMG_CPU_AUTO, &err), &err);
    dmg_train_options options = toy_options();
    assert_true(same_params(options, options, other));
    assert_true(same_params(pretrained_options(), pretrained_options(), other));
    assert_false(same_params(options, pretrained_options(), NULL));
    options.held_out = NULL;
    assert_false(same_params(options, options, other));
    dmg_dataset_destroy(other);
}

/* --- threads --- */

static void assert_threads_do_not_show(dmg_train_options options, dmg_cpu cpu)
{
    recorder one = {0};
    options.cpu = cpu;
    listen(&options, &one);
    outcome expected = save(train(toy, &options));
    for (int threads = 2; threads <= 3; threads++) {
        recorder r = {0};
        listen(&options, &r);
        options.threads = threads;
        outcome got = save(train(toy, &options));
        assert_same_history(&r, &one);
        assert_int_equal(got.size, expected.size);
        assert_memory_equal(got.bytes, expected.bytes, got.size);
        free(got.bytes);
    }
    free(expected.bytes);
}

static void test_threads_do_not_show(void **state)
{
    (void)state;
    assert_threads_do_not_show(toy_options(), DMG_CPU_SCALAR);
    assert_threads_do_not_show(toy_options(), DMG_CPU_AUTO);
    assert_threads_do_not_show(contact_map_options(), DMG_CPU_AUTO);
    assert_threads_do_not_show(pretrained_options(), DMG_CPU_SCALAR);
    assert_threads_do_not_show(pretrained_options(), DMG_CPU_AUTO);
    assert_threads_do_not_show(normalised_options(), DMG_CPU_SCALAR);
    assert_threads_do_not_show(normalised_options(), DMG_CPU_AUTO);
}

/* Trained parameters, the same bytes at both levels. */
static void assert_same_training(dmg_train_options options)
{
    options.cpu = DMG_CPU_AVX2;
    dmg_model *narrow = train(toy, &options);
    options.cpu = DMG_CPU_AVX512;
    dmg_model *wide = train(toy, &options);
    assert_memory_equal(model_params(wide, 0), model_params(narrow, 0),
                        model_network(wide)->parameters * sizeof(float));
    dmg_model_destroy(narrow);
    dmg_model_destroy(wide);
}

static void test_avx512_trains_the_bytes_of_avx2(void **state)
{
    (void)state;
    dmg_cpu wide = DMG_CPU_AVX512;
    if (dmg_cpu_resolve(&wide, NULL) != DMG_OK) {
        print_message("skipped: this processor has no avx512\n");
        return;
    }
    assert_same_training(toy_options());
    assert_same_training(pretrained_options());
    assert_same_training(normalised_options());
    assert_same_training(contact_map_options());
}

/* --- stop and resume --- */

static const char *fresh_checkpoint(void)
{
    const char *path = scratch_path("checkpoint");
    (void)unlink(path);
    return path;
}

/* Trains until `stop_after` epochs are done. */
static void train_and_stop(dmg_train_options options, size_t stop_after)
{
    recorder r = {.stop_after = stop_after};
    listen(&options, &r);
    assert_refused(toy, &options, DMG_STOPPED, "stopped on request");
    assert_int_equal(r.count, stop_after);
}

static void assert_stop_does_not_show(dmg_train_options options)
{
    recorder whole = {0};
    listen(&options, &whole);
    outcome expected = save(train(toy, &options));
    options.resume = true;
    for (size_t k = 1; k < EPOCHS; k++) {
        recorder r = {0};
        char checkpoint[4096];
        snprintf(checkpoint, sizeof checkpoint, "%s", fresh_checkpoint());
        options.checkpoint = checkpoint;
        train_and_stop(options, k);
        listen(&options, &r);
        outcome got = save(train(toy, &options));
        assert_int_equal(r.restored, k);
        assert_int_equal(r.calls, 1 + EPOCHS - k); /* the first tells what was restored */
        assert_same_history(&r, &whole);
        assert_int_equal(got.size, expected.size);
        assert_memory_equal(got.bytes, expected.bytes, got.size);
        free(got.bytes);
    }
    free(expected.bytes);
}

/* Levels with the same bytes count as one: a training goes on at the other level, to the model that
 * either has by itself. */
static void test_resumed_at_a_level_of_the_same_bytes(void **state)
{
    (void)state;
    dmg_cpu wide = DMG_CPU_AVX512;
    if (dmg_cpu_resolve(&wide, NULL) != DMG_OK) {
        print_message("skipped: this processor has no avx512\n");
        return;
    }
    dmg_train_options options = toy_options();
    options.cpu = DMG_CPU_AVX2;
    outcome expected = save(train(toy, &options));
    options.resume = true;
    options.checkpoint = fresh_checkpoint();
    train_and_stop(options, 1);
    options.cpu = DMG_CPU_AVX512;
    outcome got = save(train(toy, &options));
    assert_int_equal(got.size, expected.size);
    assert_memory_equal(got.bytes, expected.bytes, got.size);
    options.cpu = DMG_CPU_SCALAR;
    assert_refused(toy, &options, DMG_FORMAT, "'cpu' differs");
    free(got.bytes);
    free(expected.bytes);
}

static void test_stopped_and_resumed_is_the_same(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    assert_stop_does_not_show(options);
    options.held_out = NULL;
    options.threads = 2;
    options.architecture.dense[0].dropout = 0;
    options.batch = 7;
    options.cpu = DMG_CPU_AUTO;
    assert_stop_does_not_show(options);
    options = normalised_options();
    options.threads = 2;
    assert_stop_does_not_show(options);
}

/* Keeps the losses of pre-training, and asks for a stop after as many epochs as stop_after says. */
typedef struct pretrain_recorder {
    double losses[64];
    size_t count, stop_after;
    volatile sig_atomic_t stop;
} pretrain_recorder;

static void record_pretraining(void *context, size_t epoch, double loss)
{
    pretrain_recorder *r = context;
    assert_in_range(epoch, 1, 64);
    r->losses[epoch - 1] = loss;
    r->count = epoch;
    if (epoch == r->stop_after) r->stop = 1;
}

static void listen_pretraining(dmg_train_options *options, pretrain_recorder *r)
{
    options->pretrain_progress = record_pretraining;
    options->progress_context = r;
    options->stop = &r->stop;
}

static void test_stopped_in_pretraining_and_resumed_is_the_same(void **state)
{
    (void)state;
    dmg_train_options options = pretrained_options();
    outcome expected = save(train(toy, &options));
    options.resume = true;
    for (size_t k = 1; k <= PRETRAIN; k++) {
        pretrain_recorder r = {.stop_after = k}, rest = {0};
        char checkpoint[4096];
        snprintf(checkpoint, sizeof checkpoint, "%s", fresh_checkpoint());
        options.checkpoint = checkpoint;
        listen_pretraining(&options, &r);
        assert_refused(toy, &options, DMG_STOPPED, "stopped on request");
        assert_int_equal(r.count, k);
        listen_pretraining(&options, &rest);
        outcome got = save(train(toy, &options));
        assert_int_equal(rest.count, k < PRETRAIN ? PRETRAIN : 0); /* nothing is done twice */
        assert_int_equal(got.size, expected.size);
        assert_memory_equal(got.bytes, expected.bytes, got.size);
        free(got.bytes);
        dmg_train_options other = options;
        other.pretrain = PRETRAIN + 1;
        assert_refused(toy, &other, DMG_FORMAT, "'pretrain' differs");
    }
    free(expected.bytes);
}

static void test_stopped_after_pretraining_is_the_same(void **state)
{
    (void)state;
    assert_stop_does_not_show(pretrained_options());
}

static void test_pretraining_learns_to_tell_the_tokens(void **state)
{
    (void)state;
    for (int level = 0; level < 2; level++) {
        pretrain_recorder r = {0};
        dmg_train_options options = pretrained_options();
        listen_pretraining(&options, &r);
        options.cpu = level == 0 ? DMG_CPU_SCALAR : DMG_CPU_AUTO;
        options.pretrain = 30;
        dmg_model_destroy(train(toy, &options));
        print_message("%.3f nats a symbol, then %.3f\n", r.losses[0], r.losses[29]);
        assert_true(fabs(r.losses[0] - (log(4) + log(3)) / 2) < 0.2); /* knows nothing */
        assert_true(r.losses[29] < 0.9 * r.losses[0]);
    }
}

/* The labels of all training records turned round: what pre-training does stays the same. */
static void test_pretraining_does_not_see_labels(void **state)
{
    (void)state;
    dmg_dataset *turned = NULL;
    dmg_error err;
    assert_ok(dmg_dataset_create(&turned, &err), &err);
    assert_ok(dmg_dataset_add(turned, scratch_path("positive.fa"), false, &err), &err);
    assert_ok(dmg_dataset_add(turned, scratch_path("negative.fa"), true, &err), &err);
    assert_ok(dmg_dataset_fold(turned, 1, DMG_CPU_AUTO, &err), &err);
    pretrain_recorder a = {0}, b = {0};
    dmg_train_options options = pretrained_options();
    listen_pretraining(&options, &a);
    dmg_model_destroy(train(toy, &options));
    listen_pretraining(&options, &b);
    dmg_model_destroy(train(turned, &options));
    assert_memory_equal(a.losses, b.losses, sizeof a.losses);
    assert_true(a.losses[0] > 0);
    dmg_dataset_destroy(turned);
}

static void test_stopped_after_every_epoch_is_the_same(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    outcome expected = save(train(toy, &options));
    options.checkpoint = fresh_checkpoint();
    options.resume = true;
    for (size_t k = 1; k < EPOCHS; k++) train_and_stop(options, k);
    assert_same_and_free(save(train(toy, &options)), expected);
}

static void test_stop_before_the_first_epoch_leaves_no_checkpoint(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    recorder r = {.stop = 1};
    listen(&options, &r);
    options.checkpoint = fresh_checkpoint();
    assert_refused(toy, &options, DMG_STOPPED, "stopped on request");
    assert_int_equal(r.calls, 0);
    assert_int_equal(access(options.checkpoint, F_OK), -1);
}

static dmg_status refuse_progress(void *context, const dmg_epoch *history, size_t count,
                                  size_t restored, dmg_error *err)
{
    (void)history;
    (void)restored;
    ++*(size_t *)context;
    if (count < 2) return DMG_OK;
    err->status = DMG_IO;
    snprintf(err->message, sizeof err->message, "the history cannot be written");
    return DMG_IO;
}

static void test_progress_may_end_the_training(void **state)
{
    (void)state;
    size_t calls = 0;
    dmg_train_options options = toy_options();
    options.progress = refuse_progress;
    options.progress_context = &calls;
    assert_refused(toy, &options, DMG_IO, "the history cannot be written");
    assert_int_equal(calls, 2);
}

static void test_more_epochs_continue_a_complete_training(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    outcome expected = save(train(toy, &options));
    options.checkpoint = fresh_checkpoint();
    options.epochs = 2;
    dmg_model_destroy(train(toy, &options));
    options.resume = true;
    options.epochs = EPOCHS;
    recorder r = {0};
    listen(&options, &r);
    assert_same_and_free(save(train(toy, &options)), expected);
    assert_int_equal(r.restored, 2);
    /* Once more, with nothing left to do. */
    dmg_model_destroy(train(toy, &options));
    assert_int_equal(r.restored, EPOCHS);
    options.epochs = EPOCHS - 1;
    assert_refused(toy, &options, DMG_FORMAT,
                   "the checkpoint has 6 epochs, but only 5 are requested");
}

static void test_resume_without_checkpoint_begins_anew(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    outcome expected = save(train(toy, &options));
    options.checkpoint = fresh_checkpoint();
    options.resume = true;
    assert_same_and_free(save(train(toy, &options)), expected);
}

/* --- sudden death --- */

/* What the child does. */
static int train_as_child(const char *folder)
{
    dmg_train_options options = toy_options();
    char path[4096];
    snprintf(path, sizeof path, "%s/child.checkpoint", folder);
    options.checkpoint = path;
    options.resume = true;
    options.epochs = 20;
    options.threads = 2;
    dmg_dataset *dataset = load_data(folder);
    dmg_model *model = train(dataset, &options);
    snprintf(path, sizeof path, "%s/child.model", folder);
    dmg_error err;
    const dmg_status st = dmg_model_save(model, path, &err);
    if (st != DMG_OK) fprintf(stderr, "%s\n", err.message);
    dmg_model_destroy(model);
    dmg_dataset_destroy(dataset);
    return st == DMG_OK ? 0 : 1;
}

static outcome take_child_outcome(void)
{
    outcome o;
    o.bytes = scratch_read(scratch_path("child.model"), &o.size);
    assert_int_equal(unlink(scratch_path("child.model")), 0);
    assert_int_equal(unlink(scratch_path("child.checkpoint")), 0);
    return o;
}

static void test_killed_and_resumed_is_the_same(void **state)
{
    (void)state;
    const uint64_t seed = 3;
    dmg_rng rng;
    dmg_rng_init(&rng, seed, 0);
    const double begin = now();
    assert_true(run_child("test_train", -1));
    const double whole = now() - begin;
    outcome expected = take_child_outcome();
    int killed = 0, resumed = 0;
    for (int round = 0; round < 8; round++) {
        if (access(scratch_path("child.checkpoint"), F_OK) == 0) resumed++;
        if (run_child("test_train", dmg_rng_uniform(&rng) * whole)) {
            outcome got = take_child_outcome();
            assert_int_equal(got.size, expected.size);
            assert_memory_equal(got.bytes, expected.bytes, got.size);
            free(got.bytes);
        } else {
            killed++;
        }
    }
    print_message("seed %" PRIu64 ": killed %d times, resumed %d times\n", seed, killed, resumed);
    assert_true(killed > 0);
    assert_true(run_child("test_train", -1));
    assert_same_and_free(take_child_outcome(), expected);
}

/* --- checkpoints that do not fit --- */

/* A training stopped after two epochs, to be resumed; `path` [4096]. */
static dmg_train_options stopped_training(char *path)
{
    dmg_train_options options = toy_options();
    snprintf(path, 4096, "%s", fresh_checkpoint());
    options.checkpoint = path;
    train_and_stop(options, 2);
    options.resume = true;
    return options;
}

static void test_existing_checkpoint_is_not_overwritten(void **state)
{
    (void)state;
    char path[4096];
    dmg_train_options options = stopped_training(path);
    size_t size, size_after;
    char *before = scratch_read(path, &size);
    options.resume = false;
    assert_refused(toy, &options, DMG_IO, "checkpoint of an earlier training");
    char *after = scratch_read(path, &size_after);
    assert_int_equal(size, size_after);
    assert_memory_equal(before, after, size);
    free(before);
    free(after);
}

static void test_checkpoint_of_other_options_is_refused(void **state)
{
    (void)state;
    char path[4096];
    const dmg_train_options fitting = stopped_training(path);
    dmg_train_options options = fitting;
    options.seed++;
    assert_refused(toy, &options, DMG_FORMAT, "'seed' differs");
    options = fitting;
    options.batch++;
    assert_refused(toy, &options, DMG_FORMAT, "'batch' differs");
    options = fitting;
    options.learning_rate *= 1.0000001;
    assert_refused(toy, &options, DMG_FORMAT, "'learning_rate' differs");
    options = fitting;
    options.architecture.dense[0].dropout = 0.21;
    assert_refused(toy, &options, DMG_FORMAT, "'architecture' differs");
    options = fitting;
    options.held_out = NULL;
    assert_refused(toy, &options, DMG_FORMAT, "'held_out' differs");
    options = fitting;
    bool held_out[RECORDS]; /* as many, but others */
    for (int i = 0; i < RECORDS; i++) held_out[i] = i % 5 == 1;
    options.held_out = held_out;
    assert_refused(toy, &options, DMG_FORMAT, "'held_out' differs");
    options = fitting;
    options.cpu = DMG_CPU_AVX2;
    if (dmg_cpu_resolve(&options.cpu, NULL) == DMG_OK)
        assert_refused(toy, &options, DMG_FORMAT, "'cpu' differs");
    options = fitting;
    options.threads = 3;
    options.name = "another name";
    dmg_model_destroy(train(toy, &options));
}

/* The data with one letter, or one structure, changed; under the same file names. */
static void assert_other_data_refused(const dmg_train_options *options, const char *positive)
{
    char *kept = scratch_read(scratch_path("positive.fa"), NULL);
    scratch_text("positive.fa", positive);
    dmg_dataset *other = load_data(scratch_folder);
    scratch_text("positive.fa", kept);
    free(kept);
    assert_refused(other, options, DMG_FORMAT, "'data' differs");
    dmg_dataset_destroy(other);
}

static void test_checkpoint_of_other_data_is_refused(void **state)
{
    (void)state;
    char path[4096];
    const dmg_train_options options = stopped_training(path);
    char *text = scratch_read(scratch_path("positive.fa"), NULL);
    char *end = strchr(strchr(text, '\n') + 1, '\n'); /* of the first sequence */
    end[-1] = end[-1] == 'A' ? 'C' : 'A';
    assert_other_data_refused(&options, text);
    free(text);

    text = scratch_read(scratch_path("positive.fa"), NULL);
    end = strchr(strchr(text, '\n') + 1, '\n') + 1;
    const size_t length = (size_t)(end - 1 - (strchr(text, '\n') + 1));
    char *folded = malloc(strlen(text) + length + 2), *next = folded;
    assert_non_null(folded);
    memcpy(next, text, (size_t)(end - text));
    next += end - text;
    memset(next, '.', length);
    next[length] = '\n';
    strcpy(next + length + 1, end);
    assert_other_data_refused(&options, folded);
    free(folded);
    free(text);
}

static void count_notice(void *context, const char *message)
{
    assert_non_null(strstr(message, "checkpoint: this checkpoint is cut off"));
    ++*(int *)context;
}

/* Trains with these bytes as the checkpoint, which are cut off, and compares the outcome. */
static void assert_begins_anew(dmg_train_options options, const char *bytes, size_t size,
                               outcome expected)
{
    int notices = 0;
    options.notice = count_notice;
    options.notice_context = &notices;
    options.checkpoint = scratch_write("checkpoint", bytes, size);
    outcome got = save(train(toy, &options));
    assert_int_equal(notices, 1);
    assert_int_equal(got.size, expected.size);
    assert_memory_equal(got.bytes, expected.bytes, got.size);
    free(got.bytes);
}

/* What a power cut leaves on some file systems: nothing, a beginning, or zeros. */
static void test_checkpoint_that_is_cut_off_counts_as_none(void **state)
{
    (void)state;
    char path[4096];
    dmg_train_options options = stopped_training(path);
    options.epochs = 2;
    size_t size;
    char *bytes = scratch_read(path, &size);
    options.checkpoint = NULL;
    outcome expected = save(train(toy, &options));
    for (size_t length = 0; length < size; length += 1 + length)
        assert_begins_anew(options, bytes, length, expected);
    assert_begins_anew(options, bytes, size - 1, expected);
    memset(bytes + (size - 1) / 4096 * 4096, 0, (size - 1) % 4096 + 1);
    assert_begins_anew(options, bytes, size, expected);
    memset(bytes, 0, size);
    assert_begins_anew(options, bytes, size, expected);
    free(bytes);
    free(expected.bytes);
}

/* A bit of every third byte of the file. */
static void test_damaged_checkpoint_is_refused(void **state)
{
    (void)state;
    char path[4096];
    dmg_train_options options = stopped_training(path);
    options.epochs = 2;
    size_t size;
    char *bytes = scratch_read(path, &size);
    for (size_t i = 0; i < size; i += 3) {
        bytes[i] = (char)(bytes[i] ^ 1 << i % 8);
        scratch_write("checkpoint", bytes, size);
        dmg_model *model = NULL;
        dmg_error err = {0};
        const dmg_status st = dmg_train(&model, toy, &options, &err);
        if ((st != DMG_FORMAT && st != DMG_UNSUPPORTED) || !strstr(err.message, "checkpoint: "))
            fail_msg("byte %zu: %d, '%s'", i, st, err.message);
        bytes[i] = (char)(bytes[i] ^ 1 << i % 8);
    }
    free(bytes);
}

static void test_model_is_no_checkpoint(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    outcome o = save(train(toy, &options));
    options.resume = true;
    options.checkpoint = scratch_write("checkpoint", o.bytes, o.size);
    assert_refused(toy, &options, DMG_FORMAT, "checkpoint: not a deepmirgene checkpoint");
    free(o.bytes);
    options.checkpoint = scratch_folder;
    assert_refused(toy, &options, DMG_FORMAT, "it is a directory");
}

static void test_checkpoint_holds_finite_values(void **state)
{
    (void)state;
    float values[3][4] = {{1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4}};
    dmg_epoch history[2] = {{.epoch = 1, .loss = 0.5, .validation_loss = NAN}, {.epoch = 2}};
    training_state saved = {.parameters = 4,
                            .params = values[0],
                            .first = values[1],
                            .second = values[2],
                            .epochs = 2,
                            .history = history,
                            .history_capacity = 2};
    dmg_error err;
    const char *path = fresh_checkpoint();
    for (int block = -1; block < 3; block++) {
        float read[3][4];
        dmg_epoch rows[2];
        training_state loaded = {.parameters = 4,
                                 .params = read[0],
                                 .first = read[1],
                                 .second = read[2],
                                 .history = rows,
                                 .history_capacity = 2};
        if (block >= 0) values[block][3] = INFINITY;
        assert_ok(checkpoint_save(&saved, "{}", path, &err), &err);
        bool cut_off;
        const dmg_status st = checkpoint_load(&loaded, &cut_off, "{}", path, &err);
        if (block < 0) {
            assert_int_equal(st, DMG_OK);
            assert_memory_equal(read, values, sizeof read);
            assert_memory_equal(rows, history, sizeof rows);
            assert_int_equal(loaded.epochs, 2);
        } else {
            assert_int_equal(st, DMG_FORMAT);
            assert_non_null(strstr(err.message, "contains a value that is not finite"));
            values[block][3] = 4;
        }
    }
}

/* Releases up to 0.1 kept metrics of an epoch's calls, from which the counts follow. */
static void test_checkpoint_of_an_old_release_is_read(void **state)
{
    (void)state;
    float values[3][4] = {{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 8, 7, 6}};
    const dmg_confusion calls = {.tp = 3, .fn = 4, .fp = 2, .tn = 9};
    const dmg_call_metrics m = dmg_metrics_calls(calls);
    const double rows[12] = {1,     0.5, 0.25,  m.se,    m.sp, m.acc,
                             m.ppv, m.f, m.mcc, m.gmean, 0.75, NAN};
    static const char *const names[] = {"parameters", "first_moment", "second_moment"};
    safetensors_tensor tensors[4] = {
        {.name = "history", .element = 8, .rank = 2, .shape = {1, 12}, .values = rows}};
    for (int b = 0; b < 3; b++)
        tensors[b + 1] = (safetensors_tensor){
            .name = names[b], .element = 4, .rank = 1, .shape = {4}, .values = values[b]};
    json_t *metadata = json_pack("{s:s, s:s, s:s}", "format", "deepmirgene-checkpoint",
                                 "format_version", "1", "training", "{}");
    uint8_t *bytes = NULL;
    size_t size = 0;
    dmg_error err;
    assert_ok(safetensors_write(&bytes, &size, metadata, tensors, 4, &err), &err);
    float read[3][4];
    dmg_epoch history[1];
    training_state loaded = {.parameters = 4,
                             .params = read[0],
                             .first = read[1],
                             .second = read[2],
                             .history = history,
                             .history_capacity = 1,
                             .held_out_positives = 7,
                             .held_out_negatives = 11};
    const char *path = scratch_write("checkpoint", bytes, size);
    bool cut_off;
    assert_ok(checkpoint_load(&loaded, &cut_off, "{}", path, &err), &err);
    assert_false(cut_off);
    assert_int_equal(loaded.epochs, 1);
    assert_memory_equal(read, values, sizeof read);
    assert_memory_equal(&history[0].confusion, &calls, sizeof calls);
    assert_true(history[0].loss == 0.5 && history[0].validation_loss == 0.25);
    assert_true(history[0].ranks.auroc == 0.75 && isnan(history[0].ranks.aupr));
    json_decref(metadata);
    free(bytes);
}

/* What checkpoints of earlier releases must agree with. */
static void test_description_of_held_out_records_stays(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    options.epochs = 1;
    dmg_model *model = train(toy, &options);
    assert_non_null(
        strstr(dmg_model_metadata(model, "training"), "\"held_out\":\"16:1409b40a5c8f82f5\""));
    dmg_model_destroy(model);
}

static void test_checkpoint_that_cannot_be_written_ends_the_training(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    options.checkpoint = scratch_path("missing/checkpoint");
    assert_refused(toy, &options, DMG_IO, "No such file or directory");
}

/* --- a teacher --- */

/* The toy data with labels turned round, and once more without labels. */
static dmg_dataset *load_turned_data(bool unlabelled)
{
    dmg_dataset *dataset = NULL;
    dmg_error err;
    assert_ok(dmg_dataset_create(&dataset, &err), &err);
    assert_ok(dmg_dataset_add(dataset, scratch_path("positive.fa"), false, &err), &err);
    assert_ok(dmg_dataset_add(dataset, scratch_path("negative.fa"), true, &err), &err);
    if (unlabelled)
        assert_ok(dmg_dataset_add_unlabelled(dataset, scratch_path("positive.fa"), &err), &err);
    assert_ok(dmg_dataset_fold(dataset, 1, DMG_CPU_AUTO, &err), &err);
    return dataset;
}

static void test_a_teacher_is_learned_and_labels_are_not(void **state)
{
    (void)state;
    dmg_train_options options = thorough_options();
    dmg_model *teacher = train(toy, &options);
    options.teacher = teacher;
    options.held_out = NULL;
    options.seed++;
    for (int unlabelled = 0; unlabelled < 2; unlabelled++) {
        dmg_dataset *turned = load_turned_data(unlabelled);
        dmg_model *student = train(turned, &options);
        float scores[RECORDS], taught[RECORDS];
        bool labels[RECORDS];
        const bool all[RECORDS] = {false};
        dmg_rank_metrics ranks;
        dmg_error err;
        predict_part(taught, labels, teacher, all, false);
        predict_part(scores, labels, student, all, false);
        assert_ok(dmg_metrics_ranks(&ranks, scores, labels, RECORDS, &err), &err);
        assert_true(ranks.auroc > 0.9); /* by the labels that the teacher had */
        double difference = 0;
        for (int i = 0; i < RECORDS; i++)
            difference += fabs((double)scores[i] - (double)taught[i]) / RECORDS;
        print_message("AUROC %.3f, mean difference from the teacher %.3f\n", ranks.auroc,
                      difference);
        assert_true(difference < 0.1);
        assert_non_null(strstr(dmg_model_metadata(student, "training"), "\"teacher\""));
        assert_int_equal(strstr(dmg_model_metadata(student, "training"), "\"unlabelled\"") != NULL,
                         unlabelled);
        dmg_model_destroy(student);
        dmg_dataset_destroy(turned);
    }
    dmg_model_destroy(teacher);
}

static void test_what_needs_labels_is_refused_without(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    dmg_dataset *turned = load_turned_data(true);
    bool held_out[RECORDS + TOY_PER_CLASS] = {false};
    options.held_out = held_out;
    assert_refused(turned, &options, DMG_RANGE,
                   "record 'p0' has no label; training on it requires a teacher");
    dmg_model *teacher = train(toy, &options);
    options.teacher = teacher;
    held_out[RECORDS + 1] = true;
    assert_refused(turned, &options, DMG_RANGE, "record 'p1' has no label to validate on");
    held_out[RECORDS + 1] = false;
    options.balanced = true;
    assert_refused(turned, &options, DMG_UNSUPPORTED, "class weights need labels");
    dmg_model_destroy(teacher);
    dmg_dataset_destroy(turned);
}

static void test_a_resumed_pupil_needs_its_teacher(void **state)
{
    (void)state;
    char path[4096];
    dmg_train_options options = stopped_training(path);
    options.checkpoint = NULL;
    options.stop = NULL;
    dmg_model *teacher = train(toy, &options);
    options = stopped_training(path);
    options.teacher = teacher;
    assert_refused(toy, &options, DMG_FORMAT, "'teacher' differs");
    dmg_model_destroy(teacher);
}

/* --- fine-tuning --- */

/* Steps of next to nothing leave the model as it was; it says what it began from. */
static void test_fine_tuning_begins_from_the_model(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    dmg_model *first = train(toy, &options);
    options.from = first;
    options.seed = 99;
    options.learning_rate = 1e-12;
    dmg_model *second = train(toy, &options);
    for (size_t k = 0; k < dmg_model_parameters(first); k++)
        assert_true(fabs((double)model_params(first, 0)[k] - (double)model_params(second, 0)[k]) <
                    1e-6);
    assert_non_null(strstr(dmg_model_metadata(second, "training"), "\"from\":{\"name\":\"toy\""));
    dmg_model_destroy(second);
    options.pretrain = 1;
    assert_refused(toy, &options, DMG_UNSUPPORTED, "pre-training would undo");
    options.pretrain = 0;
    options.architecture = architecture_contact_map();
    assert_refused(toy, &options, DMG_UNSUPPORTED, "another architecture than");
    dmg_model_destroy(first);
}

/* --- nothing to learn --- */

static void test_one_sided_data_are_refused(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    bool held_out[RECORDS];
    options.held_out = held_out;
    for (size_t i = 0; i < RECORDS; i++) held_out[i] = dmg_dataset_get(toy, i).positive;
    assert_refused(toy, &options, DMG_RANGE, "40 records include 0 positives");
    for (size_t i = 0; i < RECORDS; i++) held_out[i] = !held_out[i];
    assert_refused(toy, &options, DMG_RANGE, "40 records include 40 positives");
    for (size_t i = 0; i < RECORDS; i++) held_out[i] = true;
    assert_refused(toy, &options, DMG_RANGE, "0 records include 0 positives");
    dmg_dataset *empty = NULL;
    dmg_error err;
    assert_ok(dmg_dataset_create(&empty, &err), &err);
    options.held_out = NULL;
    assert_refused(empty, &options, DMG_RANGE, "0 records include 0 positives");
    dmg_dataset_destroy(empty);
}

static void test_one_record_of_each_kind_is_enough(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    bool held_out[RECORDS];
    for (size_t i = 0; i < RECORDS; i++) held_out[i] = i % TOY_PER_CLASS != 0;
    options.held_out = held_out;
    dmg_model_destroy(train(toy, &options));
}

static void test_records_that_are_not_folded_are_refused(void **state)
{
    (void)state;
    dmg_dataset *unfolded = NULL;
    dmg_error err;
    assert_ok(dmg_dataset_create(&unfolded, &err), &err);
    assert_ok(dmg_dataset_add(unfolded, scratch_path("positive.fa"), true, &err), &err);
    dmg_train_options options = toy_options();
    options.held_out = NULL;
    assert_refused(unfolded, &options, DMG_RANGE, "record 'p0' is not folded");
    dmg_dataset_destroy(unfolded);
}

static void test_name_that_no_file_can_hold_is_refused(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    options.name = "\xe4";
    assert_refused(toy, &options, DMG_RANGE, "not valid UTF-8");
}

/* A first step of 1e38 leaves finite parameters and the second step nothing that is; one of 1e39
 * none at all, after a loss that was still finite. */
static void test_parameters_beyond_all_bounds_are_refused(void **state)
{
    (void)state;
    dmg_train_options options = toy_options();
    options.batch = RECORDS;
    options.learning_rate = 1e38;
    assert_refused(toy, &options, DMG_RANGE,
                   "not finite, or too large; try a smaller learning rate");
    options.learning_rate = 1e39;
    options.held_out = NULL;
    options.epochs = 1;
    options.checkpoint = fresh_checkpoint();
    assert_refused(toy, &options, DMG_RANGE, "epoch 1 are not finite");
    assert_int_equal(access(options.checkpoint, F_OK), -1);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--child") == 0) return train_as_child(argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recipes),
        cmocka_unit_test(test_recipe_2016_is_that_of_the_paper),
        cmocka_unit_test(test_fine_tuning_begins_from_the_model),
        cmocka_unit_test(test_toy_problem_is_learned),
        cmocka_unit_test(test_normalised_problem_is_learned_at_every_level),
        cmocka_unit_test(test_history_scores_the_held_out_records),
        cmocka_unit_test(test_history_without_held_out_records),
        cmocka_unit_test(test_training_follows_the_protocol),
        cmocka_unit_test(test_training_follows_its_options),
        cmocka_unit_test(test_features_are_standardised_by_the_training_records),
        cmocka_unit_test(test_seed_and_options_make_another_model),
        cmocka_unit_test(test_batch_larger_than_the_data_is_all_data),
        cmocka_unit_test(test_held_out_records_are_not_learned),
        cmocka_unit_test(test_threads_do_not_show),
        cmocka_unit_test(test_avx512_trains_the_bytes_of_avx2),
        cmocka_unit_test(test_stopped_and_resumed_is_the_same),
        cmocka_unit_test(test_resumed_at_a_level_of_the_same_bytes),
        cmocka_unit_test(test_stopped_in_pretraining_and_resumed_is_the_same),
        cmocka_unit_test(test_stopped_after_pretraining_is_the_same),
        cmocka_unit_test(test_pretraining_learns_to_tell_the_tokens),
        cmocka_unit_test(test_pretraining_does_not_see_labels),
        cmocka_unit_test(test_stopped_after_every_epoch_is_the_same),
        cmocka_unit_test(test_stop_before_the_first_epoch_leaves_no_checkpoint),
        cmocka_unit_test(test_progress_may_end_the_training),
        cmocka_unit_test(test_more_epochs_continue_a_complete_training),
        cmocka_unit_test(test_resume_without_checkpoint_begins_anew),
        cmocka_unit_test(test_killed_and_resumed_is_the_same),
        cmocka_unit_test(test_existing_checkpoint_is_not_overwritten),
        cmocka_unit_test(test_checkpoint_of_other_options_is_refused),
        cmocka_unit_test(test_checkpoint_of_other_data_is_refused),
        cmocka_unit_test(test_checkpoint_that_is_cut_off_counts_as_none),
        cmocka_unit_test(test_damaged_checkpoint_is_refused),
        cmocka_unit_test(test_model_is_no_checkpoint),
        cmocka_unit_test(test_checkpoint_holds_finite_values),
        cmocka_unit_test(test_checkpoint_of_an_old_release_is_read),
        cmocka_unit_test(test_description_of_held_out_records_stays),
        cmocka_unit_test(test_checkpoint_that_cannot_be_written_ends_the_training),
        cmocka_unit_test(test_a_teacher_is_learned_and_labels_are_not),
        cmocka_unit_test(test_what_needs_labels_is_refused_without),
        cmocka_unit_test(test_a_resumed_pupil_needs_its_teacher),
        cmocka_unit_test(test_one_sided_data_are_refused),
        cmocka_unit_test(test_one_record_of_each_kind_is_enough),
        cmocka_unit_test(test_records_that_are_not_folded_are_refused),
        cmocka_unit_test(test_name_that_no_file_can_hold_is_refused),
        cmocka_unit_test(test_parameters_beyond_all_bounds_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
