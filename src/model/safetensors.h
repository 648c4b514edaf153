/* SPDX-License-Identifier: MIT */
/* The safetensors container: named tensors and string metadata in one file.
 *
 * Layout: 8 bytes header length N, little-endian; N bytes of JSON, {"__metadata__": {text: text},
 * name: {"dtype", "shape", "data_offsets": [begin, end]}, ...}; then the data, which the tensors
 * cover without gap or overlap, little-endian and row-major.
 */
#ifndef DMG_MODEL_SAFETENSORS_H
#define DMG_MODEL_SAFETENSORS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "deepmirgene/status.h"

enum { SAFETENSORS_MAX_RANK = 4 };

/* A tensor of float32 ("F32") or float64 ("F64") values. */
typedef struct safetensors_tensor {
    const char *name;
    size_t element; /* bytes of a value: 4 or 8 */
    size_t rank;
    size_t shape[SAFETENSORS_MAX_RANK];
    const void *values; /* to write: native floats or doubles. Read: bytes as in the file */
} safetensors_tensor;

/* The file as bytes: *out is the caller's, to be freed. Its metadata are `metadata` (text to text),
 * which is left as it is, and "checksum", see model.h. The bytes have been read back. */
dmg_status safetensors_write(uint8_t **out, size_t *size, json_t *metadata,
                             const safetensors_tensor *tensors, size_t count, dmg_error *err);

/* Writes the bytes to a file, whole or not at all, and reads it back: what it replaces, or was made
 * from, may go. */
dmg_status safetensors_save(const uint8_t *bytes, size_t size, const char *path, dmg_error *err);

/* A parsed file; points into the bytes it was read from. */
typedef struct safetensors_file {
    json_t *header;
    json_t *metadata; /* in the header; NULL where there is none */
    size_t count;
    safetensors_tensor *tensors; /* in the order of their data */
} safetensors_file;

/* Checks all of the layout above, and the checksum where there is one. `source` names the file in
 * messages. Values are not looked at. */
dmg_status safetensors_parse(safetensors_file *out, const uint8_t *bytes, size_t size,
                             const char *source, dmg_error *err);

/* Whether a file that cannot be parsed is only the beginning of one, or one whose last page was
 * never written, as a power cut leaves it. */
bool safetensors_is_cut_off(const uint8_t *bytes, size_t size);

/* Accepts a zeroed struct. */
void safetensors_clear(safetensors_file *file);

/* By name, or NULL. */
const safetensors_tensor *safetensors_find(const safetensors_file *file, const char *name);

/* A metadata text, or NULL. */
const char *safetensors_text(const safetensors_file *file, const char *key);

size_t safetensors_elements(const safetensors_tensor *tensor);

/* values [elements] from a tensor that was read, whatever the byte order of this machine. */
void safetensors_floats(float *values, const safetensors_tensor *tensor);
void safetensors_doubles(double *values, const safetensors_tensor *tensor);

/* The whole of a file; *out is the caller's, to be freed. Refuses all but regular files. */
dmg_status safetensors_read_bytes(uint8_t **out, size_t *size, const char *path, dmg_error *err);

#endif
