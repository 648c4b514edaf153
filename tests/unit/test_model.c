/* SPDX-License-Identifier: MIT */
/* Model files: the way there and back, the published layout, every refusal, damage anywhere; and
 * predictions.
 *
 * Files at fault are put together here from the parts of a sound one, with a checksum of our own
 * reckoning, so that the fault in question is the only one.
 */
#include "one_sample.h"
#include "strands.h"
#include "unit.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>

#include "architectures.h"
#include "base/rng.h"
#include "deepmirgene/model.h"
#include "json_change.h"
#include "model/model.h"
#include "model/sample.h"
#include "random_model.h"
#include "scratch.h"

static const char source[] = "the-file"; /* what messages must begin with */

/* --- models --- */

/* Small, so that every bit of its file can be tried; two dense layers whose names differ by one bit
 * are the nearest thing to a network that damage turns into another. */
static dmg_architecture small_architecture(void)
{
    dmg_architecture a = {.id = "small"};
    add_stream(&a, DMG_STREAM_SEQUENCE, 2, UNITS(2), false);
    add_stream(&a, DMG_STREAM_FORWARD, 1, UNITS(1), false);
    add_dense(&a, "a", INPUTS(0, 1), 2, 0.25);
    add_dense(&a, "c", INPUTS(0, 1), 2, 0.125);
    add_dense(&a, "output", INPUTS(2), 2, 0);
    return a;
}

static dmg_model *make_model(dmg_architecture architecture, uint64_t seed)
{
    return random_model(architecture, seed, "a \"model\"", "{\"seed\":1}");
}

static dmg_model *load(const char *path)
{
    dmg_model *model = NULL;
    dmg_error err;
    assert_ok(dmg_model_load(&model, path, &err), &err);
    return model;
}

static const char *save(const dmg_model *model, const char *name)
{
    const char *path = scratch_path(name);
    dmg_error err;
    assert_ok(dmg_model_save(model, path, &err), &err);
    return path;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_models(const dmg_model *a, const dmg_model *b)
{
    static const char *const keys[] = {"format",       "format_version", "name",
                                       "architecture", "alphabet",       "training"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (!same_text(dmg_model_metadata(a, keys[k]), dmg_model_metadata(b, keys[k])))
            return false;
    const size_t count = dmg_model_parameters(a);
    if (dmg_model_parameters(b) != count ||
        memcmp(model_params(a, 0), model_params(b, 0), count * sizeof(float)) != 0)
        return false;
    char *first = dmg_architecture_print(dmg_model_architecture(a));
    char *second = dmg_architecture_print(dmg_model_architecture(b));
    const bool same = same_text(first, second);
    free(first);
    free(second);
    return same;
}

/* --- there and back --- */

static void assert_round_trip(dmg_architecture architecture, uint64_t seed)
{
    dmg_model *model = make_model(architecture, seed);
    const char *first = save(model, "first"), *second = scratch_path("second");
    dmg_model *loaded = load(first);
    assert_true(same_models(model, loaded));
    dmg_error err;
    assert_ok(dmg_model_save(loaded, second, &err), &err);
    size_t size, size_again;
    char *bytes = scratch_read(first, &size), *bytes_again = scratch_read(second, &size_again);
    assert_int_equal(size, size_again);
    assert_memory_equal(bytes, bytes_again, size);
    free(bytes);
    free(bytes_again);
    dmg_model_destroy(loaded);
    dmg_model_destroy(model);
}

static void test_saved_model_is_read_back_and_saved_alike(void **state)
{
    (void)state;
    assert_round_trip(small_architecture(), 1);
    assert_round_trip(architecture_2016(), 2);
    assert_round_trip(architecture_variant(), 3);
}

static void test_metadata_say_what_the_model_is(void **state)
{
    (void)state;
    dmg_model *model = make_model(architecture_2016(), 1), *loaded = load(save(model, "model"));
    assert_string_equal(dmg_model_metadata(loaded, "format"), "deepmirgene-model");
    assert_string_equal(dmg_model_metadata(loaded, "format_version"), "1");
    assert_string_equal(dmg_model_metadata(loaded, "name"), "a \"model\"");
    assert_string_equal(dmg_model_metadata(loaded, "alphabet"), "ACGU(.)");
    assert_string_equal(dmg_model_metadata(loaded, "training"), "{\"seed\":1}");
    assert_null(dmg_model_metadata(loaded, "unheard-of"));
    /* Embeddings 4x4 + 2 * 3x3; LSTMs of 4 (or 3) + 10 + 1 rows by 40; dense 10, 20 and 4 to 2. */
    assert_int_equal(dmg_model_parameters(loaded), 16 + 18 + 40 * (15 + 14 + 14) + 22 + 42 + 10);
    dmg_model_destroy(loaded);
    dmg_model_destroy(model);
}

/* Threads may share a model, so saving it must leave it alone. */
static void test_saving_leaves_the_model_unchanged(void **state)
{
    (void)state;
    dmg_model *model = make_model(small_architecture(), 1), *loaded = load(save(model, "model"));
    const char *before = dmg_model_metadata(loaded, "checksum");
    assert_non_null(before);
    save(loaded, "again");
    assert_ptr_equal(dmg_model_metadata(loaded, "checksum"), before);
    dmg_model_destroy(loaded);
    dmg_model_destroy(model);
}

static void test_name_that_is_no_text_makes_no_model(void **state)
{
    (void)state;
    const dmg_architecture a = small_architecture();
    const float params[1000] = {0};
    dmg_model *model = NULL;
    assert_int_not_equal(model_create(&model, &a, params, 1, "\xff", "{}", NULL), DMG_OK);
    assert_null(model);
}

/* --- the parts of a file --- */

typedef struct parts {
    json_t *header;
    uint8_t *data;
    size_t size;
} parts;

static uint64_t little_endian(const uint8_t *bytes, int count)
{
    uint64_t value = 0;
    for (int i = 0; i < count; i++) value += (uint64_t)bytes[i] << 8 * i;
    return value;
}

static parts take_apart(const uint8_t *bytes, size_t size)
{
    const size_t length = (size_t)little_endian(bytes, 8);
    assert_in_range(length, 2, size - 8);
    parts p = {.size = size - 8 - length, .data = malloc(size - 8 - length + 64)};
    p.header = json_loadb((const char *)bytes + 8, length, 0, NULL);
    assert_non_null(p.header);
    assert_non_null(p.data);
    memcpy(p.data, bytes + 8 + length, p.size);
    return p;
}

static parts parts_of_model(dmg_architecture architecture)
{
    dmg_model *model = make_model(architecture, 1);
    size_t size;
    uint8_t *bytes = scratch_read(save(model, "sound"), &size);
    const parts p = take_apart(bytes, size);
    free(bytes);
    dmg_model_destroy(model);
    return p;
}

static void parts_clear(parts *p)
{
    json_decref(p->header);
    free(p->data);
}

static uint64_t fnv1a(const void *bytes, size_t size)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(1099511628211);
    return hash;
}

/* As include/deepmirgene/model.h has it. */
static void reckon_checksum(char digits[17], const parts *p)
{
    uint64_t sum = fnv1a(p->data, p->size);
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(p->header, "__metadata__"), key, value)
    {
        if (strcmp(key, "checksum") == 0 || !json_is_string(value)) continue;
        char entry[4096];
        const int length =
            snprintf(entry, sizeof entry, "%s%c%s", key, 0, json_string_value(value));
        sum += fnv1a(entry, (size_t)length + 1);
    }
    snprintf(digits, 17, "%016" PRIx64, sum);
}

/* A float as model files have it: little-endian on every processor. */
static void store_float(uint8_t *bytes, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 4; i++) bytes[i] = (uint8_t)(bits >> 8 * i);
}

/* The file again, *size bytes; the caller's to free. */
static uint8_t *assemble(size_t *size, const parts *p)
{
    char *text = json_dumps(p->header, 0);
    const size_t length = strlen(text);
    *size = 8 + length + p->size;
    uint8_t *bytes = malloc(*size);
    assert_non_null(bytes);
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)((uint64_t)length >> 8 * i);
    memcpy(bytes + 8, text, length);
    memcpy(bytes + 8 + length, p->data, p->size);
    free(text);
    return bytes;
}

static void set_checksum(parts *p)
{
    char digits[17];
    reckon_checksum(digits, p);
    json_t *metadata = json_object_get(p->header, "__metadata__");
    if (json_object_get(metadata, "checksum"))
        json_object_set_new(metadata, "checksum", json_string(digits));
}

static void assert_refused_bytes(const uint8_t *bytes, size_t size, dmg_status status,
                                 const char *message, const char *what)
{
    dmg_model *model = NULL;
    dmg_error err = {0};
    uint8_t *exact = malloc(size ? size : 1); /* so that a read past the end shows */
    assert_non_null(exact);
    memcpy(exact, bytes, size);
    const dmg_status st = dmg_model_load_memory(&model, exact, size, source, &err);
    if (st != status || !strstr(err.message, message) || err.status != st ||
        strncmp(err.message, "the-file: ", 10) != 0)
        fail_msg("%s: %d, '%s' instead of '%s'", what, st, st ? err.message : "", message);
    assert_null(model);
    assert_int_equal(dmg_model_load_memory(&model, exact, size, source, NULL), status);
    free(exact);
}

static void assert_refused(const parts *p, dmg_status status, const char *message, const char *what)
{
    size_t size;
    uint8_t *bytes = assemble(&size, p);
    assert_refused_bytes(bytes, size, status, message, what);
    free(bytes);
}

static void assert_accepted(const parts *p)
{
    size_t size;
    uint8_t *bytes = assemble(&size, p);
    dmg_model *model = NULL;
    dmg_error err;
    assert_ok(dmg_model_load_memory(&model, bytes, size, source, &err), &err);
    dmg_model_destroy(model);
    free(bytes);
}

/* --- the published layout --- */

static float float_at(const uint8_t *bytes)
{
    const uint32_t bits = (uint32_t)little_endian(bytes, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Checks one entry of the header and its data; returns where the data end. */
static size_t check_tensor(const parts *p, const network_tensor *tensor, size_t begin,
                           const float *params)
{
    const char *dtype;
    json_t *shape;
    json_int_t from, to;
    assert_int_equal(json_unpack(json_object_get(p->header, tensor->name), "{s:s, s:o, s:[I, I!]!}",
                                 "dtype", &dtype, "shape", &shape, "data_offsets", &from, &to),
                     0);
    assert_string_equal(dtype, "F32");
    assert_int_equal(json_array_size(shape), tensor->rank);
    size_t elements = 1;
    for (int d = 0; d < tensor->rank; d++) {
        const size_t extent = (size_t)json_integer_value(json_array_get(shape, (size_t)d));
        assert_int_equal(extent, tensor->shape[d]);
        elements *= extent;
    }
    assert_int_equal(from, begin);
    assert_int_equal(to, begin + 4 * elements);
    for (size_t i = 0; i < elements; i++)
        assert_true(float_at(p->data + begin + 4 * i) == params[tensor->offset + i]);
    return begin + 4 * elements;
}

static void test_file_has_the_published_layout(void **state)
{
    (void)state;
    dmg_model *model = make_model(architecture_variant(), 7);
    size_t size, end = 0;
    uint8_t *bytes = scratch_read(save(model, "layout"), &size);
    const uint64_t header_length = little_endian(bytes, 8);
    assert_int_equal(header_length % 8, 0); /* values are aligned in memory */
    assert_int_equal(bytes[8], '{');
    parts p = take_apart(bytes, size);
    const network *net = model_network(model);
    assert_int_equal(json_object_size(p.header), net->tensor_count + 1);
    for (size_t i = 0; i < net->tensor_count; i++)
        end = check_tensor(&p, &net->tensors[i], end, model_params(model, 0));
    assert_int_equal(end, p.size);
    const char *key;
    json_t *value;
    json_object_foreach(json_object_get(p.header, "__metadata__"), key, value)
        assert_true(json_is_string(value));
    char digits[17];
    reckon_checksum(digits, &p);
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(p.header, "__metadata__"), "checksum")),
        digits);
    parts_clear(&p);
    free(bytes);
    dmg_model_destroy(model);
}

/* Written by someone else: other order of keys, no padding, a metadata entry of their own. */
static void test_file_of_another_writer_is_read(void **state)
{
    (void)state;
    parts p = parts_of_model(small_architecture());
    json_t *reversed = json_object();
    const char *keys[64];
    size_t count = 0;
    const char *key;
    json_t *value;
    json_object_foreach(p.header, key, value) keys[count++] = key;
    while (count-- > 0)
        json_object_set(reversed, keys[count], json_object_get(p.header, keys[count]));
    json_decref(p.header);
    p.header = reversed;
    json_change(p.header, "__metadata__/author", "\"someone \\u00e4\"");
    set_checksum(&p);
    size_t size;
    uint8_t *bytes = assemble(&size, &p);
    dmg_model *model = NULL, *again = NULL;
    dmg_error err;
    assert_ok(dmg_model_load_memory(&model, bytes, size, source, &err), &err);
    again = load(save(model, "foreign"));
    assert_string_equal(dmg_model_metadata(again, "author"), "someone \xc3\xa4");
    assert_true(same_models(model, again));
    dmg_model_destroy(again);
    dmg_model_destroy(model);
    free(bytes);
    parts_clear(&p);
}

/* --- refusals --- */

typedef struct refusal {
    const char *path, *value; /* what is changed in the header; see json_change.h */
    dmg_status status;
    const char *message; /* is part of the message */
} refusal;

#define META   "__metadata__/"
#define TENSOR "sequence.embedding" /* F32 [4, 2], the first: data_offsets [0, 32] */
#define LAST   "output.bias"        /* F32 [2], the last: data_offsets [332, 340] */
#define ENTRY(dtype, shape, offsets)                                                               \
    "{\"dtype\": \"" dtype "\", \"shape\": " shape ", \"data_offsets\": " offsets "}"

static const refusal refusals[] = {
    {"__metadata__", NULL, DMG_FORMAT, "a safetensors file, but not a deepmirgene model"},
    {"__metadata__", "[]", DMG_FORMAT, "__metadata__ is not an object"},
    {META "name", "3", DMG_FORMAT, "metadata 'name' is not a string"},
    {META "training", "{}", DMG_FORMAT, "metadata 'training' is not a string"},
    {META "format", "\"other\"", DMG_FORMAT, "not a deepmirgene model"},
    {META "format", NULL, DMG_FORMAT, "not a deepmirgene model"},
    {META "format_version", "\"2\"", DMG_UNSUPPORTED,
     "model format version 2; this program reads version 1"},
    {META "format_version", NULL, DMG_UNSUPPORTED, "version (none)"},
    {META "alphabet", "\"ACGT(.)\"", DMG_UNSUPPORTED, "alphabet 'ACGT(.)'; expected 'ACGU(.)'"},
    {META "alphabet", NULL, DMG_UNSUPPORTED, "alphabet '(none)'"},
    {META "checksum", NULL, DMG_FORMAT, "no checksum"},
    {META "architecture", NULL, DMG_FORMAT, "the model has no architecture"},
    {META "architecture", "\"{\"", DMG_FORMAT, "architecture: line 1"},
    {META "architecture", "\"{\\\"id\\\": \\\"x\\\", \\\"streams\\\": [], \\\"dense\\\": []}\"",
     DMG_RANGE, "architecture: 0 streams"},

    {TENSOR, NULL, DMG_FORMAT, "there is a gap before its data"},
    {TENSOR, "3", DMG_FORMAT,
     "tensor 'sequence.embedding': expected dtype, shape and data_offsets"},
    {TENSOR "/extra", "3", DMG_FORMAT, "expected dtype, shape and data_offsets"},
    {TENSOR "/dtype", NULL, DMG_FORMAT, "expected dtype, shape and data_offsets"},
    {TENSOR "/dtype", "\"BF16\"", DMG_UNSUPPORTED, "has type BF16; expected F32 or F64"},
    {TENSOR "/dtype", "\"F64\"", DMG_FORMAT, "its data_offsets do not fit its shape"},
    {TENSOR, ENTRY("F64", "[4, 1]", "[0, 32]"), DMG_FORMAT, "is not the F32 [4, 2]"},
    {TENSOR "/shape", "[2, 4]", DMG_FORMAT, "'sequence.embedding' is not the F32 [4, 2]"},
    {TENSOR "/shape", "[8]", DMG_FORMAT, "is not the F32 [4, 2]"},
    {LAST "/shape", "[1, 2]", DMG_FORMAT, "'output.bias' is not the F32 [2] of"},
    {TENSOR "/shape", "[4, 3]", DMG_FORMAT, "its data_offsets do not fit its shape"},
    {TENSOR "/shape", "[-4, -2]", DMG_FORMAT, "its shape is out of range"},
    {TENSOR "/shape", "[-8]", DMG_FORMAT, "its shape is out of range"},
    {TENSOR "/shape", "[4, 2, 1]", DMG_FORMAT, "is not the F32 [4, 2]"},
    {TENSOR "/shape", "[4, 2.0]", DMG_FORMAT, "its shape is out of range"},
    {TENSOR "/shape", "[4294967296, 4294967296, 4294967296]", DMG_FORMAT, "out of range"},
    /* By its bytes with 64 bits, by its elements with 32. */
    {TENSOR "/shape", "[2305843009213693952, 2, 2]", DMG_FORMAT, "its shape"},
    {TENSOR "/shape", "[1, 1, 1, 1, 8]", DMG_FORMAT, "not a list of at most 4 sizes"},
    {TENSOR "/shape", "8", DMG_FORMAT, "not a list of at most 4 sizes"},
    {TENSOR "/data_offsets", "[32]", DMG_FORMAT, "expected dtype, shape and data_offsets"},
    {TENSOR "/data_offsets", "[0, 32, 64]", DMG_FORMAT, "expected "},
    {TENSOR "/data_offsets", "[\"0\", 32]", DMG_FORMAT, "expected "},
    {TENSOR "/data_offsets", "[-32, 0]", DMG_FORMAT, "its data_offsets do not fit its shape"},
    {TENSOR "/data_offsets", "[32, 0]", DMG_FORMAT, "its data_offsets do not fit its shape"},
    {TENSOR "/data_offsets", "[0, 36]", DMG_FORMAT, "its data_offsets do not fit its shape"},
    {TENSOR "/data_offsets", "[4, 36]", DMG_FORMAT, "there is a gap before its data"},
    {LAST "/data_offsets", "[328, 336]", DMG_FORMAT, "its data overlaps another's"},
    {LAST "/data_offsets", "[9223372036854775799, 9223372036854775807]", DMG_FORMAT,
     "its data lies beyond the end of the file"},
    {LAST, NULL, DMG_FORMAT, "8 bytes of data do not belong to any tensor"},
    {"more", ENTRY("F32", "[0]", "[340, 340]"), DMG_FORMAT, "15 tensors, the architecture has 14"},
};

static void test_each_fault_of_the_header_is_refused(void **state)
{
    (void)state;
    for (size_t k = 0; k < sizeof refusals / sizeof *refusals; k++) {
        const refusal *r = &refusals[k];
        parts p = parts_of_model(small_architecture());
        json_change(p.header, r->path, r->value);
        set_checksum(&p);
        assert_refused(&p, r->status, r->message, r->path);
        parts_clear(&p);
    }
}

static void test_missing_tensor_is_named(void **state)
{
    (void)state;
    parts p = parts_of_model(small_architecture());
    json_object_set(p.header, "renamed", json_object_get(p.header, TENSOR));
    json_change(p.header, TENSOR, NULL);
    assert_refused(&p, DMG_FORMAT, "tensor 'sequence.embedding' is missing", "renamed");
    json_change(p.header, "renamed", NULL);
    json_change(p.header, "x", ENTRY("F32", "[1, 2]", "[0, 8]"));
    json_change(p.header, "y", ENTRY("F32", "[3, 2]", "[8, 32]"));
    assert_refused(&p, DMG_FORMAT, "15 tensors, the architecture has 14", "one as two");
    parts_clear(&p);
}

static void test_last_tensor_cut_off_is_missed(void **state)
{
    (void)state;
    parts p = parts_of_model(small_architecture());
    json_change(p.header, LAST, NULL);
    p.size -= 8;
    set_checksum(&p);
    assert_refused(&p, DMG_FORMAT, "13 tensors, the architecture has 14", "cut");
    parts_clear(&p);
}

static void test_data_of_another_size_are_refused(void **state)
{
    (void)state;
    parts p = parts_of_model(small_architecture());
    memset(p.data + p.size, 0, 4);
    p.size += 4;
    set_checksum(&p);
    assert_refused(&p, DMG_FORMAT, "4 bytes of data do not belong to any tensor", "longer");
    p.size -= 8;
    set_checksum(&p);
    assert_refused(&p, DMG_FORMAT, "'output.bias': its data lies beyond the end of the file",
                   "shorter");
    parts_clear(&p);
}

static void test_value_that_is_not_finite_is_refused(void **state)
{
    (void)state;
    const float values[] = {NAN, -NAN, INFINITY, -INFINITY};
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        parts p = parts_of_model(small_architecture());
        store_float(p.data + p.size - sizeof values[k], values[k]);
        set_checksum(&p);
        assert_refused(&p, DMG_FORMAT, "tensor 'output.bias' contains a value that is not finite",
                       "last value");
        parts_clear(&p);
    }
}

static void test_variance_below_0_is_refused(void **state)
{
    (void)state;
    dmg_architecture architecture = small_architecture();
    const int last = architecture.dense_count - 1;
    architecture.dense[last].batch_norm = true;
    network net;
    network_init(&net, &architecture);
    const float value = -1e-6F;
    parts p = parts_of_model(architecture);
    store_float(p.data + net.norms[last].variance * sizeof value, value);
    set_checksum(&p);
    assert_refused(&p, DMG_FORMAT, "tensor 'output.norm.variance' contains a negative value",
                   "variance");
    parts_clear(&p);
}

static void test_extreme_finite_values_are_kept(void **state)
{
    (void)state;
    /* The largest that a model may hold, the smallest subnormal, minus zero. */
    static const uint8_t bits[] = {0x28, 0x6b, 0x6e, 0x4e, 1, 0, 0, 0, 0, 0, 0, 0x80};
    parts p = parts_of_model(small_architecture());
    memcpy(p.data, bits, sizeof bits);
    set_checksum(&p);
    size_t size;
    uint8_t *bytes = assemble(&size, &p);
    dmg_model *model = NULL;
    dmg_error err;
    assert_ok(dmg_model_load_memory(&model, bytes, size, source, &err), &err);
    const float *params = model_params(model, 0);
    assert_true(params[0] == 1e9f && params[1] == 0x1p-149f);
    assert_true(params[2] == 0 && signbit(params[2]));
    dmg_model_destroy(model);
    free(bytes);
    parts_clear(&p);
}

/* With such weights outputs are not numbers: 3e38 twice is infinite, and its difference nothing. */
static void test_values_too_large_to_compute_with_are_refused(void **state)
{
    (void)state;
    static const float large[] = {3e38f, -3e38f, 1.001e9f};
    for (size_t k = 0; k < sizeof large / sizeof *large; k++) {
        parts p = parts_of_model(small_architecture());
        store_float(p.data, large[k]);
        set_checksum(&p);
        assert_refused(&p, DMG_FORMAT, "not finite, or larger than 1e+09", "too large");
        parts_clear(&p);
    }
}

static void test_wrong_checksum_is_damage(void **state)
{
    (void)state;
    parts p = parts_of_model(small_architecture());
    assert_accepted(&p);
    json_change(p.header, META "checksum", "\"0123456789abcdef\"");
    assert_refused(&p, DMG_FORMAT, "the file is damaged: its checksum is ", "other digits");
    assert_refused(&p, DMG_FORMAT, ", expected 0123456789abcdef", "other digits");
    parts_clear(&p);
}

/* The checksum knows the metadata too: a rate or an input that reads as well as before. */
static void test_changed_metadata_are_damage(void **state)
{
    (void)state;
    static const char *const keys[] = {META "name", META "training", META "added"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        parts p = parts_of_model(small_architecture());
        json_change(p.header, keys[k], "\"something else\"");
        assert_refused(&p, DMG_FORMAT, "the file is damaged", keys[k]);
        parts_clear(&p);
    }
    parts p = parts_of_model(small_architecture());
    dmg_architecture other = small_architecture();
    other.dense[2].inputs[0] = 3; /* the output reads "c" instead of "a" */
    char *text = dmg_architecture_print(&other);
    json_t *metadata = json_object_get(p.header, "__metadata__");
    json_object_set_new(metadata, "architecture", json_string(text));
    assert_refused(&p, DMG_FORMAT, "the file is damaged", "architecture");
    free(text);
    parts_clear(&p);
}

/* --- bytes that are not a model --- */

/* A file whose header is `text` (or its first `length` bytes), without data. */
static void assert_refused_header(const char *text, size_t length, const char *message)
{
    uint8_t *bytes = calloc(1, 8 + length);
    assert_non_null(bytes);
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)((uint64_t)length >> 8 * i);
    memcpy(bytes + 8, text, length);
    assert_refused_bytes(bytes, 8 + length, DMG_FORMAT, message, text);
    free(bytes);
}

static void test_header_that_is_no_object_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "x", "[]", "3", "null", "{", "{}}", "{\"a\": 1 \"b\"}", "{\"\xff\": 1}", "{'a': 1}",
    };
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        assert_refused_header(texts[k], strlen(texts[k]), "its header is not a JSON object");
    assert_refused_header("{\"a\": 1, \"a\": 1}", 16, "duplicate object key");
    assert_refused_header("{}\0", 3, "its header is not a JSON object");
    assert_refused_header("{}", 2, "not a deepmirgene model");
    char deep[100000];
    memset(deep, '[', sizeof deep);
    assert_refused_header(deep, sizeof deep, "its header is not a JSON object");
}

static void test_announced_header_beyond_the_file_is_refused(void **state)
{
    (void)state;
    static const uint8_t files[][12] = {
        {5, 0, 0, 0, 0, 0, 0, 0, '{', '}', ' ', ' '},
        {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, '{', '}', ' ', ' '},
        {0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, '{', '}', ' ', ' '},
        {'>', 'h', 's', 'a', '-', 'l', 'e', 't', '-', '7', '\n', 'A'},
    };
    for (size_t k = 0; k < sizeof files / sizeof *files; k++)
        assert_refused_bytes(files[k], sizeof files[k], DMG_FORMAT,
                             "not a safetensors file, or truncated", "length");
    for (size_t size = 0; size < 8; size++)
        assert_refused_bytes(files[0], size, DMG_FORMAT, "bytes are too few", "short");
}

/* --- damage --- */

static void test_every_truncation_is_refused(void **state)
{
    (void)state;
    dmg_model *model = make_model(small_architecture(), 1);
    size_t size;
    uint8_t *bytes = scratch_read(save(model, "whole"), &size);
    for (size_t length = 0; length < size; length++)
        assert_refused_bytes(bytes, length, DMG_FORMAT, "", "cut");
    free(bytes);
    dmg_model_destroy(model);
}

/* No flipped bit goes unnoticed: where a file is read all the same, it is the same model. */
static void test_every_flipped_bit_is_noticed(void **state)
{
    (void)state;
    dmg_model *model = make_model(small_architecture(), 1);
    size_t size, harmless = 0;
    uint8_t *bytes = scratch_read(save(model, "whole"), &size);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        dmg_model *loaded = NULL;
        dmg_error err;
        if (dmg_model_load_memory(&loaded, bytes, size, source, &err) == DMG_OK) {
            harmless++;
            if (!same_models(model, loaded))
                fail_msg("bit %zu of byte %zu changes the model", bit % 8, bit / 8);
        } else if (strncmp(err.message, "the-file: ", 10) != 0) {
            fail_msg("bit %zu of byte %zu: '%s'", bit % 8, bit / 8, err.message);
        }
        dmg_model_destroy(loaded);
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    print_message("%zu bits, %zu of them without meaning\n", 8 * size, harmless);
    free(bytes);
    dmg_model_destroy(model);
}

/* Bytes swapped, runs zeroed, parts repeated: damage of more than one bit. */
static void test_random_damage_is_noticed(void **state)
{
    (void)state;
    const uint64_t seed = 42;
    print_message("seed %" PRIu64 "\n", seed);
    dmg_rng rng;
    dmg_rng_init(&rng, seed, 0);
    dmg_model *model = make_model(small_architecture(), 1);
    size_t size;
    uint8_t *bytes = scratch_read(save(model, "whole"), &size), *damaged = malloc(size);
    assert_non_null(damaged);
    for (int round = 0; round < 3000; round++) {
        memcpy(damaged, bytes, size);
        const size_t length = 1 + (size_t)dmg_rng_below(&rng, 40);
        const size_t to = (size_t)dmg_rng_below(&rng, size - length);
        const size_t from = (size_t)dmg_rng_below(&rng, size - length);
        if (round % 2)
            memset(damaged + to, (int)dmg_rng_below(&rng, 256), length);
        else
            memmove(damaged + to, damaged + from, length);
        dmg_model *loaded = NULL;
        dmg_error err;
        if (dmg_model_load_memory(&loaded, damaged, size, source, &err) == DMG_OK &&
            !same_models(model, loaded))
            fail_msg("round %d changes the model", round);
        dmg_model_destroy(loaded);
    }
    free(damaged);
    free(bytes);
    dmg_model_destroy(model);
}

/* --- names and files --- */

static void assert_not_loaded(const char *path, dmg_status status, const char *message)
{
    dmg_model *model = NULL;
    dmg_error err;
    assert_int_equal(dmg_model_load(&model, path, &err), status);
    assert_null(model);
    if (!strstr(err.message, path) || !strstr(err.message, message)) fail_msg("%s", err.message);
}

static void test_unknown_name_tells_the_known_ones(void **state)
{
    (void)state;
    char known[512] = "nor is it a built-in model: ";
    for (size_t i = 0; dmg_model_builtin(i); i++)
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", i ? ", " : "",
                 dmg_model_builtin(i));
    assert_not_loaded("no-such-model", DMG_IO, known);
    assert_not_loaded("no-such-model", DMG_IO, "No such file or directory");
    assert_not_loaded(scratch_path("missing"), DMG_IO, known);
}

static void test_builtin_models_are_listed_once(void **state)
{
    (void)state;
    size_t count = 0;
    for (; dmg_model_builtin(count); count++)
        for (size_t i = 0; i < count; i++)
            assert_string_not_equal(dmg_model_builtin(i), dmg_model_builtin(count));
    assert_true(count > 0);
    assert_null(dmg_model_builtin(count + 1));
    assert_null(dmg_model_builtin(SIZE_MAX));
}

static void test_file_that_cannot_be_a_model_is_named(void **state)
{
    (void)state;
    assert_not_loaded(scratch_folder, DMG_FORMAT, "it is a directory");
    assert_not_loaded("/dev/null", DMG_FORMAT, "it is not a regular file");
    assert_not_loaded(scratch_text("empty", ""), DMG_FORMAT, "0 bytes are too few");
    assert_not_loaded(scratch_text("fasta", ">a\nACGU\n"), DMG_FORMAT, "not a safetensors file");
    const char *huge = scratch_path("huge");
    /* A file system in memory, such as that of WebAssembly, may have no room for holes. */
    if (truncate(scratch_text("huge", ""), (off_t)1 << 31) == 0)
        assert_not_loaded(huge, DMG_FORMAT, "larger than 1 GiB");
    else
        print_message("skipped: no file of 2 GiB can be made here\n");
    assert_int_equal(unlink(huge), 0);
}

static void test_failed_save_leaves_nothing(void **state)
{
    (void)state;
    dmg_model *model = make_model(small_architecture(), 1);
    dmg_error err;
    const char *full = scratch_device("full");
    const size_t before = scratch_count();
    assert_int_equal(dmg_model_save(model, scratch_path("missing/model"), &err), DMG_IO);
    assert_int_equal(scratch_count(), before);
    if (full) {
        assert_int_equal(dmg_model_save(model, full, &err), DMG_IO);
        assert_non_null(strstr(err.message, "No space left on device"));
        assert_int_equal(scratch_count(), before);
        scratch_device_remove(full);
    }
    dmg_model_destroy(model);
}

/* --- predictions --- */

enum { TASKS = 60, LONGEST = 150 };

typedef struct task_set {
    char sequences[TASKS][LONGEST], structures[TASKS][LONGEST];
    dmg_predict_task tasks[TASKS];
} task_set;

/* Random letters, and balanced brackets drawn from left to right. */
static void draw_task(task_set *set, size_t i, dmg_rng *rng)
{
    const size_t length = i == 0 ? 1 : 1 + (size_t)dmg_rng_below(rng, LONGEST);
    size_t open = 0;
    for (size_t k = 0; k < length; k++) {
        set->sequences[i][k] = "ACGUacgutTNR"[dmg_rng_below(rng, 12)];
        const uint64_t draw = dmg_rng_below(rng, 3);
        char c = '.';
        if (open == length - k || (draw == 1 && open > 0))
            c = ')';
        else if (draw == 0 && open + 1 < length - k)
            c = '(';
        open += c == '(';
        open -= c == ')';
        set->structures[i][k] = c;
    }
    assert_int_equal(open, 0);
    set->tasks[i] = (dmg_predict_task){.sequence = set->sequences[i],
                                       .structure = set->structures[i],
                                       .length = length,
                                       .p_mirna = -1};
}

static task_set *draw_tasks(uint64_t seed)
{
    task_set *set = malloc(sizeof *set);
    assert_non_null(set);
    dmg_rng rng;
    dmg_rng_init(&rng, seed, 0);
    for (size_t i = 0; i < TASKS; i++) draw_task(set, i, &rng);
    return set;
}

static void predict(const dmg_model *model, dmg_predict_task *tasks, size_t count, int threads,
                    dmg_cpu cpu)
{
    dmg_predictor *predictor = NULL;
    dmg_error err;
    assert_ok(dmg_predictor_create(&predictor, model, threads, cpu, &err), &err);
    assert_ok(dmg_predict(predictor, tasks, count, &err), &err);
    dmg_predictor_destroy(predictor);
}

static void test_scores_are_the_network_of_the_encoded_sequence(void **state)
{
    (void)state;
    dmg_model *model = make_model(architecture_variant(), 5);
    task_set *set = draw_tasks(11);
    predict(model, set->tasks, TASKS, 1, DMG_CPU_SCALAR);
    one_sample runner = one_open(model_network(model));
    for (size_t i = 0; i < TASKS; i++) {
        const dmg_predict_task *task = &set->tasks[i];
        const dmg_architecture *a = dmg_model_architecture(model);
        uint8_t tokens[DMG_STREAM_KINDS][LONGEST];
        network_sample sample = {0};
        for (int s = 0; s < a->stream_count; s++) {
            sample.tokens[s] = tokens[s];
            sample.steps[s] = encode_one(tokens[s], a->streams[s].kind, task->sequence,
                                         task->structure, task->length, 0);
        }
        float output[DMG_OUTPUTS];
        one_forward(output, &runner, model_params(model, 0), &sample, NULL);
        assert_true(task->p_mirna == output[0]);
        assert_true(task->p_mirna > 0 && task->p_mirna < 1);
    }
    one_close(&runner);
    free(set);
    dmg_model_destroy(model);
}

static void assert_order_and_threads_do_not_show(const dmg_model *model, dmg_cpu cpu)
{
    task_set *set = draw_tasks(12);
    predict(model, set->tasks, TASKS, 1, cpu);
    for (int threads = 1; threads <= 3; threads++) {
        dmg_predict_task tasks[TASKS];
        for (size_t i = 0; i < TASKS; i++) {
            tasks[i] = set->tasks[TASKS - 1 - i];
            tasks[i].p_mirna = -1;
        }
        predict(model, tasks, TASKS, threads, cpu);
        for (size_t i = 0; i < TASKS; i++)
            assert_true(tasks[i].p_mirna == set->tasks[TASKS - 1 - i].p_mirna);
    }
    free(set);
}

static void test_scores_do_not_depend_on_order_or_threads(void **state)
{
    (void)state;
    dmg_model *model = make_model(architecture_2016(), 5);
    assert_order_and_threads_do_not_show(model, DMG_CPU_SCALAR);
    assert_order_and_threads_do_not_show(model, DMG_CPU_AUTO);
    dmg_model_destroy(model);
}

/* Working memory is reused: what an earlier call left there must not show, nor which others a
 * sequence is scored together with. */
static void assert_company_does_not_show(const dmg_model *model, dmg_cpu cpu)
{
    task_set *set = draw_tasks(13);
    predict(model, set->tasks, TASKS, 1, cpu);
    dmg_predictor *predictor = NULL;
    dmg_error err;
    assert_ok(dmg_predictor_create(&predictor, model, 2, cpu, &err), &err);
    assert_ok(dmg_predict(predictor, NULL, 0, &err), &err);
    for (size_t i = TASKS; i-- > 0;) {
        dmg_predict_task task = set->tasks[i];
        task.p_mirna = -1;
        assert_ok(dmg_predict(predictor, &task, 1, &err), &err);
        assert_true(task.p_mirna == set->tasks[i].p_mirna);
    }
    dmg_predictor_destroy(predictor);
    dmg_predictor_destroy(NULL);
    free(set);
}

static void test_sequence_is_scored_alone_as_in_company(void **state)
{
    (void)state;
    dmg_model *model = make_model(architecture_variant(), 6);
    assert_company_does_not_show(model, DMG_CPU_SCALAR);
    assert_company_does_not_show(model, DMG_CPU_AUTO);
    dmg_model_destroy(model);
}

/* Weights a million times too large drive the outputs to their ends, and not beyond. */
static void test_scores_stay_within_their_range(void **state)
{
    (void)state;
    const dmg_cpu levels[] = {DMG_CPU_SCALAR, DMG_CPU_AUTO};
    for (uint64_t seed = 0; seed < 10; seed++) {
        const dmg_architecture a = architecture_2016();
        network net;
        network_init(&net, &a);
        float params[3000];
        assert_true(net.parameters <= 3000);
        network_initial(params, &net, seed);
        for (size_t k = 0; k < net.parameters; k++) params[k] *= 1e6f;
        dmg_model *model = NULL;
        dmg_error err;
        assert_ok(model_create(&model, &a, params, 1, "large", "{}", &err), &err);
        for (size_t l = 0; l < 2; l++) {
            task_set *set = draw_tasks(seed);
            predict(model, set->tasks, TASKS, 1, levels[l]);
            for (size_t i = 0; i < TASKS; i++)
                assert_true(set->tasks[i].p_mirna >= 0 && set->tasks[i].p_mirna <= 1);
            free(set);
        }
        dmg_model_destroy(model);
    }
}

static void test_loaded_model_predicts_the_same(void **state)
{
    (void)state;
    dmg_model *model = make_model(architecture_2016(), 8), *loaded = load(save(model, "same"));
    task_set *set = draw_tasks(14);
    predict(model, set->tasks, TASKS, 1, DMG_CPU_SCALAR);
    dmg_predict_task tasks[TASKS];
    memcpy(tasks, set->tasks, sizeof tasks);
    predict(loaded, tasks, TASKS, 1, DMG_CPU_SCALAR);
    for (size_t i = 0; i < TASKS; i++) assert_true(tasks[i].p_mirna == set->tasks[i].p_mirna);
    free(set);
    dmg_model_destroy(loaded);
    dmg_model_destroy(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_saved_model_is_read_back_and_saved_alike),
        cmocka_unit_test(test_metadata_say_what_the_model_is),
        cmocka_unit_test(test_saving_leaves_the_model_unchanged),
        cmocka_unit_test(test_name_that_is_no_text_makes_no_model),
        cmocka_unit_test(test_file_has_the_published_layout),
        cmocka_unit_test(test_file_of_another_writer_is_read),
        cmocka_unit_test(test_each_fault_of_the_header_is_refused),
        cmocka_unit_test(test_missing_tensor_is_named),
        cmocka_unit_test(test_last_tensor_cut_off_is_missed),
        cmocka_unit_test(test_data_of_another_size_are_refused),
        cmocka_unit_test(test_value_that_is_not_finite_is_refused),
        cmocka_unit_test(test_variance_below_0_is_refused),
        cmocka_unit_test(test_extreme_finite_values_are_kept),
        cmocka_unit_test(test_values_too_large_to_compute_with_are_refused),
        cmocka_unit_test(test_wrong_checksum_is_damage),
        cmocka_unit_test(test_changed_metadata_are_damage),
        cmocka_unit_test(test_header_that_is_no_object_is_refused),
        cmocka_unit_test(test_announced_header_beyond_the_file_is_refused),
        cmocka_unit_test(test_every_truncation_is_refused),
        cmocka_unit_test(test_every_flipped_bit_is_noticed),
        cmocka_unit_test(test_random_damage_is_noticed),
        cmocka_unit_test(test_unknown_name_tells_the_known_ones),
        cmocka_unit_test(test_builtin_models_are_listed_once),
        cmocka_unit_test(test_file_that_cannot_be_a_model_is_named),
        cmocka_unit_test(test_failed_save_leaves_nothing),
        cmocka_unit_test(test_scores_are_the_network_of_the_encoded_sequence),
        cmocka_unit_test(test_scores_do_not_depend_on_order_or_threads),
        cmocka_unit_test(test_sequence_is_scored_alone_as_in_company),
        cmocka_unit_test(test_scores_stay_within_their_range),
        cmocka_unit_test(test_loaded_model_predicts_the_same),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
