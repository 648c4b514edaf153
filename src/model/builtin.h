/* The models that are compiled in: models/NAME.safetensors, turned into C at build time. */
#ifndef DMG_MODEL_BUILTIN_H
#define DMG_MODEL_BUILTIN_H

#include <stddef.h>
#include <stdint.h>

typedef struct builtin_model {
    const char *name;
    const uint8_t *bytes;
    size_t size;
} builtin_model;

/* The default one first; ends with a NULL name. */
extern const builtin_model builtin_models[];

#endif
