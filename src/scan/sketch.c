/* SPDX-License-Identifier: MIT */
/* Sketches of short sequences. */
#include "scan/sketch.h"

#include "base/nucleotide.h"

#define WORD_MASK ((UINT32_C(1) << 2 * SKETCH_WORD) - 1)

/* A bijection of 32-bit words (Wellons 2018, hash-prospector): no two words have one hash. */
static uint32_t hash_word(uint32_t word)
{
    word ^= word >> 16;
    word *= UINT32_C(0x7feb352d);
    word ^= word >> 15;
    word *= UINT32_C(0x846ca68b);
    return word ^ word >> 16;
}

/* Keeps the smallest hashes, each once. */
static void insert(sketch *s, uint32_t hash)
{
    int at = SKETCH_HASHES;
    while (at > 0 && s->hashes[at - 1] > hash) at--;
    if (at == SKETCH_HASHES || (at > 0 && s->hashes[at - 1] == hash)) return;
    for (int i = SKETCH_HASHES - 1; i > at; i--) s->hashes[i] = s->hashes[i - 1];
    s->hashes[at] = hash;
}

sketch sketch_of(const char *sequence, size_t length)
{
    sketch s;
    for (int i = 0; i < SKETCH_HASHES; i++) s.hashes[i] = UINT32_MAX;
    uint32_t word = 0, complement = 0;
    size_t known = 0; /* bases in a row, up to the present one */
    for (size_t i = 0; i < length; i++) {
        const uint8_t code = dmg_base_code(sequence[i]);
        known = code == BASE_N ? 0 : known + 1;
        if (code == BASE_N) continue;
        word = (word << 2 | (uint32_t)(code - BASE_A)) & WORD_MASK;
        complement = complement >> 2 | (uint32_t)(BASE_U - code) << 2 * (SKETCH_WORD - 1);
        if (known >= SKETCH_WORD) insert(&s, hash_word(word < complement ? word : complement));
    }
    return s;
}

int sketch_shared(const sketch *a, const sketch *b)
{
    int shared = 0;
    for (int i = 0, j = 0; i < SKETCH_HASHES && j < SKETCH_HASHES;) {
        const uint32_t x = a->hashes[i], y = b->hashes[j];
        if (x == UINT32_MAX || y == UINT32_MAX) break;
        shared += x == y;
        i += x <= y;
        j += y <= x;
    }
    return shared;
}
