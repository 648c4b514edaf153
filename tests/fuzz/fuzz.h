/* SPDX-License-Identifier: MIT */
/* What every fuzz target defines: libFuzzer's entry, called by it or by standalone.c. */
#ifndef DMG_TESTS_FUZZ_H
#define DMG_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Handles one input; returns 0, and aborts where a promise is broken. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
