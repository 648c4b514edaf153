/* SPDX-License-Identifier: MIT */
/* Architectures as JSON: what is read, what is refused and with which words, and the way back. */
#include "unit.h"

#include <jansson.h>

#include "architectures.h"
#include "deepmirgene/architecture.h"
#include "json_change.h"
#include "scratch.h"

/* Equal field by field; padding may differ. */
static void assert_same(const dmg_architecture *a, const dmg_architecture *b)
{
    assert_string_equal(a->id, b->id);
    assert_int_equal(a->stream_count, b->stream_count);
    for (int s = 0; s < a->stream_count; s++) {
        const dmg_stream_spec *x = &a->streams[s], *y = &b->streams[s];
        assert_int_equal(x->kind, y->kind);
        assert_int_equal(x->embedding, y->embedding);
        assert_int_equal(x->layers, y->layers);
        assert_memory_equal(x->units, y->units, (size_t)x->layers * sizeof *x->units);
        assert_int_equal(x->bidirectional, y->bidirectional);
        assert_int_equal(x->grid, y->grid);
    }
    assert_int_equal(a->dense_count, b->dense_count);
    for (int d = 0; d < a->dense_count; d++) {
        const dmg_dense_spec *x = &a->dense[d], *y = &b->dense[d];
        assert_string_equal(x->name, y->name);
        assert_int_equal(x->input_count, y->input_count);
        assert_memory_equal(x->inputs, y->inputs, (size_t)x->input_count * sizeof *x->inputs);
        assert_int_equal(x->units, y->units);
        assert_true(x->dropout == y->dropout);
        assert_int_equal(x->batch_norm, y->batch_norm);
    }
}

/* --- reading and printing --- */

static void test_known_name_is_the_paper_network(void **state)
{
    (void)state;
    dmg_architecture got;
    dmg_error err;
    assert_ok(dmg_architecture_load(&got, "deepmirgene-2016", &err), &err);
    const dmg_architecture expected = architecture_2016();
    assert_same(&got, &expected);
}

static void assert_round_trip(dmg_architecture architecture)
{
    dmg_architecture again;
    dmg_error err;
    char *text = dmg_architecture_print(&architecture);
    assert_non_null(text);
    assert_null(strchr(text, '\n'));
    assert_ok(dmg_architecture_parse(&again, text, &err), &err);
    assert_same(&again, &architecture);
    char *printed_again = dmg_architecture_print(&again);
    assert_string_equal(printed_again, text);
    free(printed_again);
    free(text);
}

static void test_each_known_name_is_that_of_its_network(void **state)
{
    (void)state;
    size_t count = 0;
    for (const char *name; (name = dmg_architecture_builtin(count)); count++) {
        dmg_architecture got;
        dmg_error err;
        assert_ok(dmg_architecture_load(&got, name, &err), &err);
        assert_string_equal(got.id, name);
        assert_round_trip(got);
    }
    assert_true(count >= 6);
    assert_string_equal(dmg_architecture_builtin(0), "deepmirgene-2016");
    assert_null(dmg_architecture_builtin(count + 1));
}

static void test_print_and_parse_are_inverse(void **state)
{
    (void)state;
    assert_round_trip(architecture_2016());
    assert_round_trip(architecture_variant());
    assert_round_trip(architecture_contact_map());
    assert_round_trip(architecture_beyond());
    dmg_architecture exact = architecture_2016();
    exact.dense[1].batch_norm = true;
    const double rates[] = {0, 0.1, 0.3, 1.0 / 8, 0.999999999999};
    for (size_t k = 0; k < sizeof rates / sizeof *rates; k++) {
        exact.dense[0].dropout = rates[k];
        assert_round_trip(exact);
    }
}

/* All limits reached at once. */
static void test_largest_architecture_is_read(void **state)
{
    (void)state;
    dmg_architecture a = {0};
    memset(a.id, 'x', DMG_NAME_CAPACITY - 1);
    for (int s = 0; s < DMG_STREAM_CONTACT_MAP; s++)
        add_stream(&a, (dmg_stream_kind)s, DMG_MAX_UNITS,
                   UNITS(128, 128, 128, 128, 128, 128, 128, 128), true);
    add_contact_map(&a, DMG_MAX_GRID, UNITS(128, 128, 128, 128, 128, 128));
    for (int d = 0; d < DMG_MAX_DENSE; d++) {
        add_dense(&a, "", INPUTS(0, 1, 2, 3, 4, 5, 6, 7), d < DMG_MAX_DENSE - 1 ? DMG_MAX_UNITS : 2,
                  0);
        memset(a.dense[d].name, 'A' + d, DMG_NAME_CAPACITY - 1);
        for (int k = 0; k < d; k++)
            a.dense[d].inputs[a.dense[d].input_count++] = DMG_STREAM_KINDS + k;
    }
    assert_round_trip(a);
}

static void test_whole_number_is_a_dropout(void **state)
{
    (void)state;
    dmg_architecture a;
    dmg_error err;
    assert_ok(dmg_architecture_parse(
                  &a,
                  "{\"dense\": [{\"dropout\": 0, \"activation\": \"sigmoid\", \"units\": 2,"
                  " \"name\": \"o\", \"inputs\": [\"structure\"]}], \"id\": \"x\",\n"
                  " \"streams\": [{\"units\": [1], \"bidirectional\": true,"
                  "                \"name\": \"structure\", \"embedding\": 1}]}",
                  &err),
              &err);
    assert_true(a.dense[0].dropout == 0);
    assert_int_equal(a.streams[0].kind, DMG_STREAM_STRUCTURE);
    assert_true(a.streams[0].bidirectional);
}

/* --- refusals --- */

typedef struct refusal {
    const char *path, *value; /* what is changed in the paper's network; see json_change.h */
    dmg_status status;
    const char *message; /* is part of the message */
} refusal;

#define NAME_63 "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""
#define NAME_64 "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""
#define DENSE(name, units)                                                                         \
    "{\"name\": \"" name "\", \"inputs\": [\"sequence\"], \"units\": " units                       \
    ", \"activation\": \"sigmoid\", \"dropout\": 0}"

#define PICTURE(grid, filters)                                                                     \
    "{\"name\": \"pairs\", \"grid\": " grid ", \"filters\": [" filters "]}"

static const refusal refusals[] = {
    {"id", NULL, DMG_FORMAT, "id"},
    {"id", "3", DMG_FORMAT, "Expected string, got integer"},
    {"id", "\"\"", DMG_FORMAT, "'' is not a valid name"},
    {"id", "\"a b\"", DMG_FORMAT, "'a b' is not a valid name: expected 1 to 63 letters"},
    {"id", "\"a/b\"", DMG_FORMAT, "is not a valid name"},
    {"id", "\"\xc3\xa4\"", DMG_FORMAT, "is not a valid name"},
    {"id", NAME_64, DMG_FORMAT, "is not a valid name"},
    {"extra", "1", DMG_FORMAT, "extra"},

    {"streams", NULL, DMG_FORMAT, "streams"},
    {"streams", "[]", DMG_RANGE, "0 streams, expected 1 to 8"},
    {"streams", "{}", DMG_RANGE, "0 streams"},
    {"streams/0", "[]", DMG_FORMAT, "Expected object"},
    {"streams/0/extra", "1", DMG_FORMAT, "extra"},
    {"streams/0/name", "\"energy\"", DMG_UNSUPPORTED, "unknown stream 'energy'"},
    {"streams/0/name", "\"Sequence\"", DMG_UNSUPPORTED, "unknown stream"},
    {"streams/0/name", "\"forward\"", DMG_FORMAT, "stream 'forward' is listed twice"},
    {"streams/0/name", NULL, DMG_FORMAT, "name"},
    {"streams/0/embedding", "0", DMG_RANGE, "embedding 0 is not within 1 .. 128"},
    {"streams/0/embedding", "129", DMG_RANGE, "embedding 129"},
    {"streams/0/embedding", "-4", DMG_RANGE, "embedding -4"},
    {"streams/0/embedding", "4294967300", DMG_RANGE, "embedding 4294967300"},
    {"streams/0/embedding", "4.0", DMG_FORMAT, "Expected integer, got real"},
    {"streams/0/units", "[]", DMG_RANGE, "0 LSTM layers, expected 1 to 8"},
    {"streams/0/units", "10", DMG_RANGE, "0 LSTM layers"},
    {"streams/0/units", "[1,1,1,1,1,1,1,1,1]", DMG_RANGE, "9 LSTM layers"},
    {"streams/0/units", "[10, 0]", DMG_RANGE, "units 0 is not within"},
    {"streams/0/units", "[10, 129]", DMG_RANGE, "units 129"},
    {"streams/0/units", "[10, -1]", DMG_RANGE, "units -1"},
    {"streams/0/units", "[10, \"5\"]", DMG_RANGE, "units"},
    {"streams/0/bidirectional", "0", DMG_FORMAT, "Expected true or false"},
    {"streams/0/bidirectional", NULL, DMG_FORMAT, "bidirectional"},
    {"streams/0/grid", "8", DMG_FORMAT, "grid"},

    {"streams/0", PICTURE("30", "8, 8"), DMG_RANGE, "grid 30 is not a multiple of 4"},
    {"streams/0", PICTURE("0", "8"), DMG_RANGE, "grid 0 is not a multiple"},
    {"streams/0", PICTURE("-8", "8"), DMG_RANGE, "grid -8"},
    {"streams/0", PICTURE("66", "8"), DMG_RANGE, "up to 64"},
    {"streams/0", PICTURE("64", "1, 1, 1, 1, 1, 1, 1"), DMG_RANGE, "not a multiple of 128"},
    {"streams/0", PICTURE("32", ""), DMG_RANGE, "0 layers of filters, expected 1 to 8"},
    {"streams/0", PICTURE("32", "8, 0"), DMG_RANGE, "filters 0 is not within"},
    {"streams/0", PICTURE("32", "8, 8"), DMG_RANGE,
     "put out 8 x 8 x 8 values, expected at most 256"},
    {"streams/0", "{\"name\": \"pairs\", \"grid\": 8}", DMG_FORMAT, "filters"},

    {"dense", NULL, DMG_FORMAT, "dense"},
    {"dense", "[]", DMG_RANGE, "0 dense layers, expected 1 to 8"},
    {"dense",
     "[" DENSE("a", "2") "," DENSE("b", "2") "," DENSE("c", "2") "," DENSE("d", "2") "," DENSE(
         "e", "2") "," DENSE("f", "2") "," DENSE("g", "2") "," DENSE("h", "2") "," DENSE("i",
                                                                                         "2") "]",
     DMG_RANGE, "9 dense layers"},
    {"dense/0", "3", DMG_FORMAT, "Expected object"},
    {"dense/0/bias", "true", DMG_FORMAT, "bias"},
    {"dense/0/name", "\"a.b\"", DMG_FORMAT, "'a.b' is not a valid name"},
    {"dense/0/name", "\"forward\"", DMG_FORMAT, "the name 'forward' is used twice"},
    {"dense/1/name", "\"sequence_dense\"", DMG_FORMAT, "the name 'sequence_dense' is used twice"},
    {"dense/0/units", "0", DMG_RANGE, "units 0"},
    {"dense/0/units", "129", DMG_RANGE, "units 129"},
    {"streams/0/pooling", "[\"median\"]", DMG_UNSUPPORTED, "unknown pooling 'median' (known: last"},
    {"streams/0/pooling", "[\"max\", \"max\"]", DMG_FORMAT, "pooling 'max' is listed twice"},
    {"streams/0/pooling", "[]", DMG_RANGE, "0 poolings, expected 1 to 4"},
    {"streams/0/pooling", "\"max\"", DMG_RANGE, "0 poolings"},
    {"streams/0/pooling", "[3]", DMG_UNSUPPORTED, "unknown pooling '(no text)'"},
    {"features", "[\"colour\"]", DMG_UNSUPPORTED, "unknown feature 'colour'"},
    {"features", "[\"gc\", \"gc\"]", DMG_FORMAT, "feature 'gc' is listed twice"},
    {"features", "[]", DMG_RANGE, "0 features, expected 1 to 30"},
    {"feature_bins", "4", DMG_RANGE, "4 feature bins, expected 0 to 0"},
    {"features", "[3]", DMG_UNSUPPORTED, "unknown feature '(no text)'"},
    {"dense/0/inputs", "[\"features\"]", DMG_FORMAT, "reads 'features'"},
    {"dense/0/activation", "\"elu\"", DMG_UNSUPPORTED, "unknown activation 'elu' (known: sigm"},
    {"dense/0/activation", "\"softmax\"", DMG_FORMAT, "which only the last one may have"},
    {"dense/2/activation", "\"tanh\"", DMG_FORMAT, "last dense layer has the activation tanh"},
    {"dense/2/activation", "\"relu\"", DMG_FORMAT, "expected sigmoid or softmax"},
    {"dense/0/activation", NULL, DMG_FORMAT, "activation"},
    {"dense/0/dropout", "1", DMG_RANGE, "dropout 1 is not within 0 <= rate < 1"},
    {"dense/0/dropout", "-0.1", DMG_RANGE, "dropout -0.1"},
    {"dense/0/dropout", "\"0.2\"", DMG_FORMAT, "Expected"},
    {"dense/0/dropout", NULL, DMG_FORMAT, "dropout"},
    {"dense/0/inputs", "[]", DMG_RANGE, "0 dense inputs, expected 1 to 17"},
    {"dense/0/inputs", "\"sequence\"", DMG_RANGE, "0 dense inputs"},
    {"dense/0/inputs", "[1]", DMG_FORMAT, "reads '(no text)'"},
    {"dense/0/inputs", "[\"structure\"]", DMG_FORMAT,
     "dense layer 'sequence_dense' reads 'structure', which is neither a stream nor a dense layer "
     "before it"},
    {"dense/0/inputs", "[\"structure_dense\"]", DMG_FORMAT, "reads 'structure_dense'"},
    {"dense/0/inputs", "[\"sequence_dense\"]", DMG_FORMAT, "reads 'sequence_dense'"},
    {"dense/2/units", "1", DMG_FORMAT, "the last dense layer has 1 units, expected 2"},
    {"dense/2/units", "3", DMG_FORMAT, "the last dense layer has 3 units"},
};

static char *paper_text_with(const char *path, const char *value)
{
    const dmg_architecture paper = architecture_2016();
    char *text = dmg_architecture_print(&paper);
    json_t *root = json_loads(text, 0, NULL);
    free(text);
    json_change(root, path, value);
    text = json_dumps(root, 0);
    json_decref(root);
    return text;
}

static void test_each_fault_is_refused(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof refusals / sizeof *refusals; k++) {
        const refusal *r = &refusals[k];
        char *text = paper_text_with(r->path, r->value);
        dmg_architecture out;
        memset(&out, 0x5a, sizeof out);
        const dmg_architecture before = out;
        dmg_error err = {0};
        const dmg_status st = dmg_architecture_parse(&out, text, &err);
        if (st != r->status || err.status != st || !strstr(err.message, r->message) ||
            strncmp(err.message, "architecture: ", 14) != 0)
            fail_msg("%s = %s: %d, '%s'", r->path, r->value ? r->value : "(none)", st, err.message);
        assert_memory_equal(&out, &before, sizeof out);
        assert_int_equal(dmg_architecture_parse(&out, text, NULL), r->status);
        free(text);
    }
}

static void test_longest_name_is_read(void **state)
{
    (void)state;
    char *text = paper_text_with("id", NAME_63);
    dmg_architecture a;
    dmg_error err;
    assert_ok(dmg_architecture_parse(&a, text, &err), &err);
    assert_int_equal(strlen(a.id), 63);
    free(text);
}

static void test_text_that_is_no_json_is_refused(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"", "line 1"},
        {"{", "line 1"},
        {"{\n\n x", "line 3"},
        {"[]", "Expected object, got array"},
        {"{\"id\": \"a\", \"id\": \"b\"}", "duplicate object key"},
        {"{\"id\": \"a\\u0000b\"}", "\\u0000"},
        {"{} {}", "line 1"},
    };
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        dmg_architecture a;
        dmg_error err;
        assert_int_equal(dmg_architecture_parse(&a, texts[k][0], &err), DMG_FORMAT);
        if (!strstr(err.message, texts[k][1])) fail_msg("'%s': %s", texts[k][0], err.message);
    }
}

/* --- files --- */

static void test_file_is_read(void **state)
{
    (void)state;
    const dmg_architecture expected = architecture_variant();
    char *text = dmg_architecture_print(&expected);
    dmg_architecture got;
    dmg_error err;
    assert_ok(dmg_architecture_load(&got, scratch_text("variant.json", text), &err), &err);
    assert_same(&got, &expected);
    free(text);
}

static void assert_not_loaded(const char *path, dmg_status status, const char *message)
{
    dmg_architecture a;
    dmg_error err;
    assert_int_equal(dmg_architecture_load(&a, path, &err), status);
    if (!strstr(err.message, path) || !strstr(err.message, message)) fail_msg("%s", err.message);
}

static void test_file_at_fault_is_named(void **state)
{
    (void)state;
    char *unknown = paper_text_with("streams/1/name", "\"energy\"");
    assert_not_loaded(scratch_text("bad.json", "{\n\"id\": x}"), DMG_FORMAT, "line 2");
    assert_not_loaded(scratch_text("empty.json", ""), DMG_FORMAT, "line 1");
    assert_not_loaded(scratch_text("unknown.json", unknown), DMG_UNSUPPORTED, "'energy'");
    assert_not_loaded(scratch_folder, DMG_IO, "directory");
    free(unknown);
}

static void test_unknown_name_tells_the_known_ones(void **state)
{
    (void)state;
    assert_not_loaded("deepmirgene-1999", DMG_IO, "(deepmirgene-2016, deepmirgene-2016-sequence,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_name_is_the_paper_network),
        cmocka_unit_test(test_each_known_name_is_that_of_its_network),
        cmocka_unit_test(test_print_and_parse_are_inverse),
        cmocka_unit_test(test_largest_architecture_is_read),
        cmocka_unit_test(test_whole_number_is_a_dropout),
        cmocka_unit_test(test_each_fault_is_refused),
        cmocka_unit_test(test_longest_name_is_read),
        cmocka_unit_test(test_text_that_is_no_json_is_refused),
        cmocka_unit_test(test_file_is_read),
        cmocka_unit_test(test_file_at_fault_is_named),
        cmocka_unit_test(test_unknown_name_tells_the_known_ones),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
