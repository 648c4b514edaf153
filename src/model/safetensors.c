/* SPDX-License-Identifier: MIT */
/* Reading and writing the safetensors container. The reader trusts nothing: every number is checked
 * before it is used.
 */
#include "model/safetensors.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json_build.h"

enum { LENGTH_BYTES = 8, ALIGNMENT = 8 };

static const char metadata_key[] = "__metadata__";
static const char checksum_key[] = "checksum";

static uint64_t load_little_endian(const uint8_t *bytes, size_t count)
{
    uint64_t value = 0;
    for (size_t i = count; i-- > 0;) value = value << 8 | bytes[i];
    return value;
}

static void store_little_endian(uint8_t *bytes, uint64_t value, size_t count)
{
    for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(value >> 8 * i);
}

/* --- checksum --- */

enum { CHECKSUM_CAPACITY = 17 }; /* 64 bits in hexadecimal, and NUL */

/* Writes what the header describes in model.h. The hashes are summed because the entries of a JSON
 * object have no order. */
static void checksum(char digits[CHECKSUM_CAPACITY], const uint8_t *data, size_t size,
                     json_t *metadata)
{
    uint64_t sum = dmg_hash_bytes(DMG_HASH_START, data, size);
    const char *key;
    json_t *value;
    json_object_foreach(metadata, key, value)
    {
        if (strcmp(key, checksum_key) == 0) continue;
        const char *text = json_string_value(value);
        const uint64_t hash = dmg_hash_bytes(DMG_HASH_START, key, strlen(key) + 1);
        sum += dmg_hash_bytes(hash, text, strlen(text) + 1);
    }
    snprintf(digits, CHECKSUM_CAPACITY, "%016" PRIx64, sum);
}

size_t safetensors_elements(const safetensors_tensor *tensor)
{
    size_t elements = 1;
    for (size_t d = 0; d < tensor->rank; d++) elements *= tensor->shape[d];
    return elements;
}

/* --- writing --- */

static json_t *tensor_entry(const safetensors_tensor *tensor, size_t begin, size_t end)
{
    json_t *shape = json_array();
    for (size_t d = 0; d < tensor->rank; d++)
        shape = dmg_json_append(shape, json_integer((json_int_t)tensor->shape[d]));
    return json_pack("{s:s, s:o, s:[I, I]}", "dtype", tensor->element == 4 ? "F32" : "F64", "shape",
                     shape, "data_offsets", (json_int_t)begin, (json_int_t)end);
}

static void store_values(uint8_t *bytes, const safetensors_tensor *tensor)
{
    const size_t elements = safetensors_elements(tensor);
    for (size_t i = 0; i < elements; i++) {
        uint32_t narrow;
        uint64_t wide;
        if (tensor->element == 4) {
            memcpy(&narrow, (const float *)tensor->values + i, sizeof narrow);
            wide = narrow;
        } else {
            memcpy(&wide, (const double *)tensor->values + i, sizeof wide);
        }
        store_little_endian(bytes + i * tensor->element, wide, tensor->element);
    }
}

/* The header's text, padded with blanks so that the data begins on a multiple of ALIGNMENT. */
static char *print_header(json_t *metadata, const safetensors_tensor *tensors, size_t count)
{
    json_t *header = json_object();
    int failed = !header || json_object_set(header, metadata_key, metadata) != 0;
    size_t offset = 0;
    for (size_t i = 0; !failed && i < count; i++) {
        const size_t bytes = safetensors_elements(&tensors[i]) * tensors[i].element;
        json_t *entry = tensor_entry(&tensors[i], offset, offset + bytes);
        failed = json_object_set_new(header, tensors[i].name, entry) != 0;
        offset += bytes;
    }
    char *text = failed ? NULL : dmg_json_dump(header, JSON_COMPACT | JSON_ENSURE_ASCII);
    json_decref(header);
    if (!text) return NULL;
    const size_t length = strlen(text), padded = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    char *grown = realloc(text, padded + 1);
    if (!grown) {
        free(text);
        return NULL;
    }
    memset(grown + length, ' ', padded - length);
    grown[padded] = '\0';
    return grown;
}

/* A copy of the metadata with the checksum in it; NULL when memory is out. */
static json_t *add_checksum(json_t *metadata, const uint8_t *data, size_t size)
{
    char digits[CHECKSUM_CAPACITY];
    checksum(digits, data, size, metadata);
    return dmg_json_add(dmg_json_copy(metadata), checksum_key, json_string(digits));
}

static dmg_status compose(uint8_t **out, size_t *size, json_t *metadata,
                          const safetensors_tensor *tensors, size_t count, dmg_error *err)
{
    size_t data_size = 0;
    for (size_t i = 0; i < count; i++)
        data_size += safetensors_elements(&tensors[i]) * tensors[i].element;
    uint8_t *data = dmg_alloc(data_size, 1), *bytes = NULL;
    char *header = NULL;
    if (data) {
        uint8_t *next = data;
        for (size_t i = 0; i < count; i++) {
            store_values(next, &tensors[i]);
            next += safetensors_elements(&tensors[i]) * tensors[i].element;
        }
        json_t *checked = add_checksum(metadata, data, data_size);
        if (checked) header = print_header(checked, tensors, count);
        json_decref(checked);
    }
    const size_t header_size = header ? strlen(header) : 0;
    if (header) bytes = dmg_alloc(LENGTH_BYTES + header_size + data_size, 1);
    if (bytes) {
        store_little_endian(bytes, header_size, LENGTH_BYTES);
        memcpy(bytes + LENGTH_BYTES, header, header_size);
        memcpy(bytes + LENGTH_BYTES + header_size, data, data_size);
        *out = bytes;
        *size = LENGTH_BYTES + header_size + data_size;
    }
    free(header);
    free(data);
    return bytes ? DMG_OK : dmg_error_nomem(err, "writing tensors");
}

/* Whether the file says what it was to say. */
static dmg_status check_composed(const uint8_t *bytes, size_t size, json_t *metadata, size_t count,
                                 dmg_error *err)
{
    safetensors_file file = {0};
    dmg_status st = safetensors_parse(&file, bytes, size, "the composed file", err);
    const char *key;
    json_t *value;
    bool same = st != DMG_OK || file.count == count;
    json_object_foreach(metadata, key, value)
    {
        if (strcmp(key, checksum_key) != 0)
            same = same && (st != DMG_OK || json_equal(value, json_object_get(file.metadata, key)));
    }
    if (!same) st = dmg_error_nomem(err, "writing tensors");
    safetensors_clear(&file);
    return st;
}

dmg_status safetensors_write(uint8_t **out, size_t *size, json_t *metadata,
                             const safetensors_tensor *tensors, size_t count, dmg_error *err)
{
    uint8_t *bytes = NULL;
    dmg_status st = compose(&bytes, size, metadata, tensors, count, err);
    if (st == DMG_OK) st = check_composed(bytes, *size, metadata, count, err);
    if (st == DMG_OK)
        *out = bytes;
    else
        free(bytes);
    return st;
}

/* --- reading --- */

static dmg_status entry_fault(const char *source, const char *name, const char *what,
                              dmg_error *err)
{
    return dmg_error_set(err, DMG_FORMAT, "%s: tensor '%.80s': %s", source, name, what);
}

static dmg_status parse_shape(safetensors_tensor *tensor, json_t *shape, const char *source,
                              dmg_error *err)
{
    if (!json_is_array(shape) || json_array_size(shape) > SAFETENSORS_MAX_RANK)
        return entry_fault(source, tensor->name, "its shape is not a list of at most 4 sizes", err);
    tensor->rank = json_array_size(shape);
    size_t elements = 1;
    for (size_t d = 0; d < tensor->rank; d++) {
        const json_t *extent = json_array_get(shape, d);
        const json_int_t value = json_is_integer(extent) ? json_integer_value(extent) : -1;
        if (value < 0 || __builtin_mul_overflow(elements, value, &elements))
            return entry_fault(source, tensor->name, "its shape is out of range", err);
        tensor->shape[d] = (size_t)value;
    }
    return DMG_OK;
}

/* Fills in `tensor`, and where its bytes lie within the data section. */
static dmg_status parse_entry(safetensors_tensor *tensor, size_t *begin, size_t *end,
                              const char *name, json_t *entry, const char *source, dmg_error *err)
{
    const char *dtype;
    json_t *shape;
    json_int_t from, to;
    tensor->name = name;
    if (json_unpack(entry, "{s:s, s:o, s:[I, I!] !}", "dtype", &dtype, "shape", &shape,
                    "data_offsets", &from, &to) != 0)
        return entry_fault(source, name, "expected dtype, shape and data_offsets", err);
    if (strcmp(dtype, "F32") != 0 && strcmp(dtype, "F64") != 0)
        return dmg_error_set(err, DMG_UNSUPPORTED,
                             "%s: tensor '%.80s' has type %.20s; expected F32 or F64", source, name,
                             dtype);
    tensor->element = strcmp(dtype, "F32") == 0 ? 4 : 8;
    const dmg_status st = parse_shape(tensor, shape, source, err);
    if (st != DMG_OK) return st;
    size_t bytes;
    if (from < 0 || to < from ||
        __builtin_mul_overflow(safetensors_elements(tensor), tensor->element, &bytes) ||
        (uint64_t)(to - from) != bytes)
        return entry_fault(source, name, "its data_offsets do not fit its shape", err);
    if ((uint64_t)to > SIZE_MAX) /* of 32 bits */
        return entry_fault(source, name, "its data lies beyond the end of the file", err);
    *begin = (size_t)from;
    *end = (size_t)to;
    return DMG_OK;
}

typedef struct placed_tensor {
    safetensors_tensor tensor;
    size_t begin, end;
} placed_tensor;

static int compare_places(const void *a, const void *b)
{
    const placed_tensor *x = a, *y = b;
    if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

/* Sorts the tensors by place and lets them point at their data, which they must cover exactly. */
static dmg_status place_tensors(safetensors_file *file, placed_tensor *placed, const uint8_t *data,
                                size_t size, const char *source, dmg_error *err)
{
    qsort(placed, file->count, sizeof *placed, compare_places);
    size_t covered = 0;
    for (size_t i = 0; i < file->count; i++) {
        if (placed[i].begin != covered || placed[i].end > size)
            return entry_fault(source, placed[i].tensor.name,
                               placed[i].end > size ? "its data lies beyond the end of the file"
                               : placed[i].begin < covered ? "its data overlaps another's"
                                                           : "there is a gap before its data",
                               err);
        covered = placed[i].end;
        file->tensors[i] = placed[i].tensor;
        file->tensors[i].values = data + placed[i].begin;
    }
    if (covered != size)
        return dmg_error_set(err, DMG_FORMAT, "%s: %zu bytes of data do not belong to any tensor",
                             source, size - covered);
    return DMG_OK;
}

static dmg_status check_metadata(safetensors_file *file, const uint8_t *data, size_t size,
                                 const char *source, dmg_error *err)
{
    const char *key;
    json_t *value;
    file->metadata = json_object_get(file->header, metadata_key);
    if (!file->metadata) return DMG_OK;
    if (!json_is_object(file->metadata))
        return dmg_error_set(err, DMG_FORMAT, "%s: %s is not an object", source, metadata_key);
    json_object_foreach(file->metadata, key, value)
    {
        if (!json_is_string(value))
            return dmg_error_set(err, DMG_FORMAT, "%s: metadata '%.80s' is not a string", source,
                                 key);
    }
    const char *expected = safetensors_text(file, checksum_key);
    char digits[CHECKSUM_CAPACITY];
    checksum(digits, data, size, file->metadata);
    if (expected && strcmp(expected, digits) != 0)
        return dmg_error_set(err, DMG_FORMAT,
                             "%s: the file is damaged: its checksum is %s, expected %.20s", source,
                             digits, expected);
    return DMG_OK;
}

static dmg_status parse_tensors(safetensors_file *file, const uint8_t *data, size_t size,
                                const char *source, dmg_error *err)
{
    const size_t most = json_object_size(file->header);
    placed_tensor *placed = dmg_alloc(most, sizeof *placed);
    file->tensors = dmg_alloc(most, sizeof *file->tensors);
    dmg_status st = placed && file->tensors ? DMG_OK : dmg_error_nomem(err, "reading tensors");
    const char *name;
    json_t *entry;
    json_object_foreach(file->header, name, entry)
    {
        if (st != DMG_OK) break;
        if (strcmp(name, metadata_key) == 0) continue;
        placed_tensor *next = &placed[file->count];
        st = parse_entry(&next->tensor, &next->begin, &next->end, name, entry, source, err);
        if (st == DMG_OK) file->count++;
    }
    if (st == DMG_OK) st = place_tensors(file, placed, data, size, source, err);
    free(placed);
    return st;
}

dmg_status safetensors_parse(safetensors_file *out, const uint8_t *bytes, size_t size,
                             const char *source, dmg_error *err)
{
    if (size < LENGTH_BYTES)
        return dmg_error_set(err, DMG_FORMAT, "%s: %zu bytes are too few for a safetensors file",
                             source, size);
    const uint64_t header_size = load_little_endian(bytes, LENGTH_BYTES);
    if (header_size > size - LENGTH_BYTES)
        return dmg_error_set(err, DMG_FORMAT,
                             "%s: not a safetensors file, or truncated: a header of %" PRIu64
                             " bytes is announced, but the file has %zu",
                             source, header_size, size);
    safetensors_file file = {0};
    json_error_t fault;
    bool no_memory;
    file.header = dmg_json_parse((const char *)bytes + LENGTH_BYTES, (size_t)header_size,
                                 JSON_REJECT_DUPLICATES, &no_memory, &fault);
    if (no_memory) return dmg_error_nomem(err, source);
    if (!json_is_object(file.header)) {
        json_decref(file.header);
        return dmg_error_set(err, DMG_FORMAT, "%s: its header is not a JSON object%s%s", source,
                             file.header ? "" : ": ", file.header ? "" : fault.text);
    }
    const uint8_t *data = bytes + LENGTH_BYTES + header_size;
    const size_t data_size = size - LENGTH_BYTES - (size_t)header_size;
    dmg_status st = check_metadata(&file, data, data_size, source, err);
    if (st == DMG_OK) st = parse_tensors(&file, data, data_size, source, err);
    if (st == DMG_OK)
        *out = file;
    else
        safetensors_clear(&file);
    return st;
}

/* Where the data of the tensors in a header ends. */
static uint64_t data_end(json_t *header)
{
    uint64_t end = 0;
    const char *name;
    json_t *entry;
    json_object_foreach(header, name, entry)
    {
        const json_t *offsets = json_object_get(entry, "data_offsets");
        const json_int_t to = json_integer_value(json_array_get(offsets, 1));
        if (to > 0 && (uint64_t)to > end) end = (uint64_t)to;
    }
    return end;
}

static bool ends_in_empty_page(const uint8_t *bytes, size_t size)
{
    enum { PAGE = 4096 };
    for (size_t i = (size - 1) / PAGE * PAGE; i < size; i++)
        if (bytes[i] != 0) return false;
    return true;
}

/* Whether the data are those of the checksum. */
static bool has_checksum(json_t *metadata, const uint8_t *data, size_t size)
{
    const char *expected = json_string_value(json_object_get(metadata, checksum_key));
    char digits[CHECKSUM_CAPACITY];
    if (!expected) return false;
    checksum(digits, data, size, metadata);
    return strcmp(expected, digits) == 0;
}

bool safetensors_is_cut_off(const uint8_t *bytes, size_t size)
{
    if (size <= LENGTH_BYTES || ends_in_empty_page(bytes, size)) return true;
    const uint64_t announced = load_little_endian(bytes, LENGTH_BYTES);
    const size_t left = size - LENGTH_BYTES;
    const uint8_t *text = bytes + LENGTH_BYTES;
    const bool in_header = announced > left;
    json_t *header = json_loadb((const char *)text, in_header ? left : (size_t)announced,
                                in_header ? JSON_DISABLE_EOF_CHECK : 0, NULL);
    /* A header that ends in the file has another length than is announced: damage. */
    bool cut = in_header && !header && *text == '{';
    if (header && !in_header)
        cut = data_end(header) > left - announced &&
              !has_checksum(json_object_get(header, metadata_key), text + announced,
                            left - (size_t)announced);
    json_decref(header);
    return cut;
}

void safetensors_clear(safetensors_file *file)
{
    free(file->tensors);
    json_decref(file->header);
    *file = (safetensors_file){0};
}

const safetensors_tensor *safetensors_find(const safetensors_file *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->tensors[i].name, name) == 0) return &file->tensors[i];
    return NULL;
}

const char *safetensors_text(const safetensors_file *file, const char *key)
{
    return json_string_value(json_object_get(file->metadata, key));
}

void safetensors_floats(float *values, const safetensors_tensor *tensor)
{
    const uint8_t *bytes = tensor->values;
    const size_t elements = safetensors_elements(tensor);
    for (size_t i = 0; i < elements; i++) {
        const uint32_t bits = (uint32_t)load_little_endian(bytes + 4 * i, 4);
        memcpy(values + i, &bits, sizeof bits);
    }
}

void safetensors_doubles(double *values, const safetensors_tensor *tensor)
{
    const uint8_t *bytes = tensor->values;
    const size_t elements = safetensors_elements(tensor);
    for (size_t i = 0; i < elements; i++) {
        const uint64_t bits = load_little_endian(bytes + 8 * i, 8);
        memcpy(values + i, &bits, sizeof bits);
    }
}
