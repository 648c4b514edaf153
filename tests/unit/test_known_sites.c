/* SPDX-License-Identifier: MIT */
/* Places of known sequences in a genome, against a comparison at every position. */
#include <stdio.h>

#include "base/rng.h"
#include "scan/known_sites.h"
#include "scratch.h"
#include "unit.h"

enum { KNOWN = 12, GENOME = 200000, LONGEST = 120 };

static char known_text[KNOWN][LONGEST + 1];
static char genome[GENOME + 1];

static void random_bases(char *bases, size_t length, dmg_rng *rng)
{
    for (size_t i = 0; i < length; i++) bases[i] = "ACGT"[dmg_rng_below(rng, 4)];
    bases[length] = '\0';
}

static void reverse_complement(char *out, const char *in)
{
    const size_t length = strlen(in);
    for (size_t i = 0; i < length; i++)
        out[i] = "TGCA"[strchr("ACGT", in[length - 1 - i]) - "ACGT"];
    out[length] = '\0';
}

/* Known 1 is the same as 0, 2 the beginning of 0, 3 the complement of 0, 4 too short, 5 has an N.
 */
static void make_known(dmg_rng *rng)
{
    for (size_t i = 0; i < KNOWN; i++)
        random_bases(known_text[i], 16 + dmg_rng_below(rng, LONGEST - 15), rng);
    strcpy(known_text[1], known_text[0]);
    snprintf(known_text[2], sizeof known_text[2], "%.16s", known_text[0]);
    reverse_complement(known_text[3], known_text[0]);
    known_text[4][15] = '\0';
    known_text[5][12] = 'N';
}

/* On both strands, at random places, also across the borders of the blocks that are read, at either
 * end, and close together. */
static void plant(dmg_rng *rng)
{
    random_bases(genome, GENOME, rng);
    for (size_t i = 0; i < 400; i++) {
        char text[LONGEST + 1];
        const char *const from = known_text[dmg_rng_below(rng, KNOWN)];
        strcpy(text, from);
        if (dmg_rng_below(rng, 2) == 1 && !strchr(from, 'N')) reverse_complement(text, from);
        const size_t length = strlen(text);
        size_t at = i % 4 ? dmg_rng_below(rng, GENOME - length)
                          : 65536 * (1 + i % 3) - dmg_rng_below(rng, length);
        if (i == 398) at = 0;
        if (i == 399) at = GENOME - length;
        memcpy(genome + at, text, length);
    }
    for (size_t i = 0; i < 50; i++) genome[dmg_rng_below(rng, GENOME)] = 'N';
}

static void write_fasta(const char *known_path, const char *genome_path)
{
    FILE *file = fopen(known_path, "w");
    for (size_t i = 0; i < KNOWN; i++) fprintf(file, ">known%02zu\n%s\n", i, known_text[i]);
    fclose(file);
    file = fopen(genome_path, "w");
    fprintf(file, ">empty\n>short\nACG\n>chr\n");
    for (size_t i = 0; i < GENOME; i += 61) fprintf(file, "%.61s\n", genome + i);
    fclose(file);
}

static size_t count_place(const known_places *places, size_t known, size_t at, size_t length,
                          dmg_strand strand)
{
    size_t found = 0;
    for (size_t i = 0; i < places->count; i++) {
        const known_place *const p = &places->places[i];
        found += p->start == at && p->end == at + length && p->strand == strand &&
                 strtoul(p->name + 5, NULL, 10) == known && strcmp(p->sequence, "chr") == 0;
    }
    return found;
}

/* Every match of a known sequence, as it reads on a strand, is one place. Returns their number. */
static size_t compare_matches(const known_places *places, size_t known, const char *text,
                              dmg_strand strand)
{
    const size_t length = strlen(text);
    size_t matches = 0;
    for (size_t at = 0; at + length <= GENOME; at++) {
        if (memcmp(genome + at, text, length) != 0) continue;
        assert_int_equal(count_place(places, known, at, length, strand), 1);
        matches++;
    }
    return matches;
}

static size_t compare_all(const known_places *places)
{
    size_t matches = 0;
    for (size_t k = 0; k < KNOWN; k++) {
        char text[LONGEST + 1];
        if (k == 1 || k == 4 || k == 5) continue; /* as 0 is, too short, ambiguous */
        matches += compare_matches(places, k, known_text[k], DMG_STRAND_PLUS);
        reverse_complement(text, known_text[k]);
        matches += compare_matches(places, k, text, DMG_STRAND_MINUS);
    }
    return matches;
}

static void test_places_are_all_exact_matches(void **state)
{
    (void)state;
    dmg_rng rng;
    dmg_error err;
    dmg_known *known = NULL;
    known_places places = {0};
    dmg_rng_init(&rng, 17, 0);
    make_known(&rng);
    plant(&rng);
    const char *const path = scratch_path("known.fa"), *const genome_path =
                                                           scratch_path("genome.fa");
    write_fasta(path, genome_path);
    const dmg_status st = dmg_known_load(&known, path, &err);
    if (st == DMG_UNSUPPORTED) skip();
    assert_int_equal(st, DMG_OK);
    assert_ok(known_sites_find(&places, known, &genome_path, 1, &err), &err);
    const size_t matches = compare_all(&places);
    assert_true(matches > 300);
    assert_int_equal(places.count, matches);
    for (size_t i = 1; i < places.count; i++)
        assert_true(places.places[i - 1].start <= places.places[i].start);
    const char *const missing = scratch_path("none.fa");
    assert_int_equal(known_sites_find(&places, known, &missing, 1, &err), DMG_IO);
    known_places_clear(&places);
    dmg_known_destroy(known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places_are_all_exact_matches),
    };
    return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
