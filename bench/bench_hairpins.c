/* SPDX-License-Identifier: MIT */
/* What the finder of hairpins finds, how much of it, and how fast; on one thread.
 *
 *     bench_hairpins [--OPTION N ...] [--cpu LEVEL] [--repeat N] [--length N] [FILE.fa ...]
 *     bench_hairpins --known N [--OPTION N ...] FILE.fa ...
 *     bench_hairpins --inside N [--OPTION N ...] FILE.fa ...
 *
 * OPTION is a field of dmg_hairpin_options. The first form searches both strands of every file, or
 * of LENGTH random bases, REPEAT times, and prints one JSON object each: candidates by kilobase and
 * strand, what they cover, kilobases by second of processor time (median, both strands counted).
 *
 * The second form takes the records for known precursors. Each is embedded in N random bases on
 * either side and searched for on the plus strand. It is covered if a candidate has 80 % of its
 * bases, and found if in that candidate half of the bases in the arms of the precursor, folded by
 * itself, pair with the other arm, too. Precursors that are not found go to standard error. The
 * third form is the same for records that come with N bases of their own on either side.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/rng.h"
#include "deepmirgene/fold.h"
#include "deepmirgene/hairpins.h"
#include "deepmirgene/seqio.h"

#define SEED        1
#define MOST_ROUNDS 1000

typedef struct settings {
    dmg_hairpin_options options;
    dmg_cpu cpu;
    size_t rounds, length;
    size_t known, inside; /* N of the second and of the third form, else 0 */
} settings;

static void stop(const char *message)
{
    fprintf(stderr, "bench_hairpins: %s\n", message);
    exit(2);
}

static void *allocate(size_t count, size_t size)
{
    void *const block = calloc(count + 1, size);
    if (!block) stop("out of memory");
    return block;
}

static void fill_random(dmg_rng *rng, char *bases, size_t length)
{
    for (size_t k = 0; k < length; k++) bases[k] = "ACGU"[dmg_rng_below(rng, 4)];
}

static double processor_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* --- how many, how fast --- */

typedef struct tally {
    size_t count, bases; /* candidates and all their bases */
    size_t covered;      /* bases of the sequence that some candidate has */
    size_t end;          /* of what is counted as covered */
    size_t loci;         /* groups of candidates that overlap */
} tally;

static dmg_status count_candidate(void *context, const dmg_hairpin *h, dmg_error *err)
{
    (void)err;
    tally *const t = context;
    t->count++;
    t->bases += h->end - h->start;
    t->loci += h->start >= t->end;
    if (h->end > t->end) {
        t->covered += h->end - (h->start > t->end ? h->start : t->end);
        t->end = h->end;
    }
    return DMG_OK;
}

/* One sequence. */
typedef struct text {
    char *bases;
    size_t length;
} text;

static void search(dmg_hairpin_finder *finder, const text *x, tally *sum)
{
    dmg_error err;
    for (int strand = 0; strand < 2; strand++) {
        tally t = {0};
        if (dmg_hairpins_find(finder, x->bases, x->length, (dmg_strand)strand, count_candidate, &t,
                              &err) != DMG_OK)
            stop(err.message);
        sum->count += t.count;
        sum->bases += t.bases;
        sum->covered += t.covered;
        sum->loci += t.loci;
    }
}

static void measure(const settings *s, dmg_hairpin_finder *finder, const char *name,
                    const text *texts, size_t count)
{
    double times[MOST_ROUNDS];
    tally sum = {0};
    double kilobases = 0;
    for (size_t k = 0; k < count; k++) kilobases += 2e-3 * (double)texts[k].length;
    for (size_t round = 0; round < s->rounds; round++) {
        sum = (tally){0};
        const double start = processor_time();
        for (size_t k = 0; k < count; k++) search(finder, &texts[k], &sum);
        times[round] = kilobases / (processor_time() - start);
    }
    qsort(times, s->rounds, sizeof *times, compare);
    printf("{\"bench\": \"hairpins\", \"file\": \"%s\", \"cpu\": \"%s\", \"kilobases\": %.1f, "
           "\"candidates_per_kb\": %.3f, \"loci_per_kb\": %.3f, \"mean_length\": %.1f, "
           "\"covered\": %.4f, \"kb_per_s\": %.1f}\n",
           name, dmg_cpu_name(s->cpu), kilobases, (double)sum.count / kilobases,
           (double)sum.loci / kilobases, sum.count ? (double)sum.bases / (double)sum.count : 0,
           1e-3 * (double)sum.covered / kilobases, times[s->rounds / 2]);
    fflush(stdout);
}

/* --- known precursors --- */

typedef struct precursor {
    size_t start, middle, end; /* in the sequence that is searched; of its loop */
    bool *in_arm;              /* [end - start] by its own fold */
    size_t arms;               /* bases of both */
    bool covered, found;
    size_t candidates;
} precursor;

/* partner[0 .. strlen(structure)), -1 if unpaired. */
static void read_pairs(int *partner, const char *structure)
{
    int *const open = allocate(strlen(structure), sizeof *open), depth = 0;
    for (int k = 0; structure[k]; k++) {
        partner[k] = -1;
        if (structure[k] == '(') open[depth++] = k;
        if (structure[k] != ')') continue;
        partner[k] = open[--depth];
        partner[partner[k]] = k;
    }
    free(open);
}

/* The arms are the two sides of the longest stem: the pairs around the hairpin loop that most pairs
 * are around. */
static void set_arms(precursor *p, const char *structure)
{
    const int n = (int)strlen(structure);
    int *const partner = allocate((size_t)n, sizeof *partner);
    int deepest = 0, depth = 0, most = 0;
    read_pairs(partner, structure);
    for (int k = 0; k < n; k++) {
        depth += (structure[k] == '(') - (structure[k] == ')');
        if (depth > most) {
            most = depth;
            deepest = k;
        }
    }
    p->middle = p->start + (size_t)(deepest + (most > 0 ? partner[deepest] : n)) / 2;
    for (int k = 0; k <= deepest && most > 0; k++) {
        if (partner[k] < deepest) continue;
        p->in_arm[k] = p->in_arm[partner[k]] = true;
        p->arms += 2;
    }
    free(partner);
}

/* Whether half of the arms' bases pair here with the other arm. */
static bool has_arms(const precursor *p, const dmg_hairpin *h)
{
    const size_t n = h->end - h->start;
    int *const partner = allocate(n, sizeof *partner);
    read_pairs(partner, h->structure);
    size_t kept = 0;
    for (size_t k = 0; k < n; k++) {
        const size_t here = h->start + k,
                     there = h->start + (size_t)(partner[k] < 0 ? 0 : partner[k]);
        if (partner[k] < 0 || here < p->start || here >= p->end) continue;
        if (there < p->start || there >= p->end) continue;
        kept += p->in_arm[here - p->start] && (here < p->middle) != (there < p->middle);
    }
    free(partner);
    return 2 * kept >= p->arms;
}

static dmg_status compare_candidate(void *context, const dmg_hairpin *h, dmg_error *err)
{
    (void)err;
    precursor *const p = context;
    const size_t from = h->start > p->start ? h->start : p->start;
    const size_t to = h->end < p->end ? h->end : p->end;
    p->candidates++;
    if (to <= from || (to - from) * 10 < (p->end - p->start) * 8) return DMG_OK;
    p->covered = true;
    p->found = p->found || has_arms(p, h);
    return DMG_OK;
}

/* The record and its flanks, which are at random or its own. */
static char *embed(const settings *s, const dmg_record *record, dmg_rng *rng, size_t *length)
{
    if (s->inside > 0 && record->length <= 2 * s->inside)
        stop("a record without N bases around it");
    *length = record->length + 2 * s->known;
    char *const bases = allocate(*length, 1);
    fill_random(rng, bases, *length);
    memcpy(bases + s->known, record->sequence, record->length);
    return bases;
}

static void look_for(const settings *s, dmg_hairpin_finder *finder, dmg_folder *folder,
                     const dmg_record *record, dmg_rng *rng, precursor *p)
{
    dmg_error err;
    size_t length;
    char *const bases = embed(s, record, rng, &length);
    const size_t flank = s->known + s->inside, n = length - 2 * flank;
    char *const structure = allocate(n + 1, 1);
    *p = (precursor){.start = flank, .end = flank + n, .in_arm = allocate(n, sizeof *p->in_arm)};
    dmg_fold_task task = {.sequence = bases + flank, .length = n, .structure = structure};
    if (dmg_fold(folder, &task, 1, &err) != DMG_OK) stop(err.message);
    set_arms(p, structure);
    if (dmg_hairpins_find(finder, bases, length, DMG_STRAND_PLUS, compare_candidate, p, &err) !=
        DMG_OK)
        stop(err.message);
    if (!p->found)
        fprintf(stderr, "%s\t%zu\t%.1f\t%s\n", record->name, n, task.energy / 100.0, structure);
    free(p->in_arm);
    free(bases);
    free(structure);
}

static void look_for_all(const settings *s, dmg_hairpin_finder *finder, const char *path,
                         const dmg_record *records, size_t count)
{
    dmg_error err;
    dmg_rng rng;
    dmg_folder *folder = NULL;
    dmg_rng_init(&rng, SEED, 1);
    if (dmg_folder_create(&folder, 1, s->cpu, &err) != DMG_OK) stop(err.message);
    size_t covered = 0, found = 0, candidates = 0, bases = 0;
    for (size_t k = 0; k < count; k++) {
        precursor p;
        look_for(s, finder, folder, &records[k], &rng, &p);
        covered += p.covered;
        found += p.found;
        candidates += p.candidates;
        bases += p.end + s->known + s->inside;
    }
    printf("{\"bench\": \"known hairpins\", \"file\": \"%s\", \"precursors\": %zu, \"covered\": "
           "%.4f, \"found\": %.4f, \"candidates_per_kb\": %.3f}\n",
           path, count, (double)covered / (double)count, (double)found / (double)count,
           1e3 * (double)candidates / (double)bases);
    fflush(stdout);
    dmg_folder_destroy(folder);
}

/* --- the command --- */

static size_t parse_number(const char *textual)
{
    char *end;
    const unsigned long value = strtoul(textual, &end, 10);
    if (*textual == '\0' || *end != '\0') stop("a number is expected");
    return value;
}

static bool parse_option(dmg_hairpin_options *o, const char *name, const char *value)
{
    const struct {
        const char *name;
        int *field;
        int sign;
    } fields[] = {
        {"--span", &o->span, 1},
        {"--shortest", &o->shortest, 1},
        {"--max_energy", &o->max_energy, -1},
        {"--max_score", &o->max_score, -1},
        {"--background", &o->background, 1},
        {"--overlap-limit", &o->overlap_limit, 1},
        {"--min_pairs", &o->min_pairs, 1},
        {"--neighbourhood", &o->neighbourhood, 1},
        {"--flank", &o->flank, 1},
    };
    for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
        if (!strcmp(name, fields[k].name)) {
            *fields[k].field =
                fields[k].sign * (int)parse_number(value + (fields[k].sign < 0 && *value == '-'));
            return true;
        }
    return false;
}

static int parse(settings *s, int argc, char **argv)
{
    dmg_error err;
    *s = (settings){.options = dmg_hairpin_defaults(), .rounds = 3, .length = 1000000};
    int i = 1;
    for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
        if (!strcmp(argv[i], "--repeat"))
            s->rounds = parse_number(argv[i + 1]);
        else if (!strcmp(argv[i], "--length"))
            s->length = parse_number(argv[i + 1]);
        else if (!strcmp(argv[i], "--known"))
            s->known = parse_number(argv[i + 1]);
        else if (!strcmp(argv[i], "--inside"))
            s->inside = parse_number(argv[i + 1]);
        else if (!strcmp(argv[i], "--cpu")) {
            if (dmg_cpu_parse(&s->cpu, argv[i + 1], &err) != DMG_OK) stop(err.message);
        } else if (!parse_option(&s->options, argv[i], argv[i + 1]))
            stop("an unknown option: see the head of bench_hairpins.c");
    }
    if (s->rounds < 1 || s->rounds > MOST_ROUNDS) stop("--repeat takes 1 to 1000");
    if (dmg_cpu_resolve(&s->cpu, &err) != DMG_OK) stop(err.message);
    return i;
}

static void run_file(const settings *s, dmg_hairpin_finder *finder, const char *path)
{
    dmg_error err;
    dmg_reader *reader = NULL;
    dmg_batch *batch = NULL;
    if (dmg_reader_open(&reader, path, &err) != DMG_OK ||
        dmg_batch_create(&batch, &err) != DMG_OK ||
        dmg_reader_next(reader, batch, SIZE_MAX, SIZE_MAX, &err) != DMG_OK)
        stop(err.message);
    const size_t count = dmg_batch_count(batch);
    const dmg_record *const records = dmg_batch_records(batch);
    if (s->known > 0 || s->inside > 0) {
        look_for_all(s, finder, path, records, count);
    } else {
        text *const texts = allocate(count, sizeof *texts);
        for (size_t k = 0; k < count; k++) {
            texts[k] = (text){.bases = allocate(records[k].length, 1), .length = records[k].length};
            memcpy(texts[k].bases, records[k].sequence, records[k].length);
        }
        measure(s, finder, path, texts, count);
        for (size_t k = 0; k < count; k++) free(texts[k].bases);
        free(texts);
    }
    dmg_batch_destroy(batch);
    dmg_reader_close(reader);
}

int main(int argc, char **argv)
{
    settings s;
    dmg_error err;
    dmg_hairpin_finder *finder = NULL;
    int i = parse(&s, argc, argv);
    if (dmg_hairpin_finder_create(&finder, &s.options, s.cpu, &err) != DMG_OK) stop(err.message);
    for (; i < argc; i++) run_file(&s, finder, argv[i]);
    if (i == 1 || argv[argc - 2][0] == '-') {
        dmg_rng rng;
        dmg_rng_init(&rng, SEED, 0);
        const text x = {.bases = allocate(s.length, 1), .length = s.length};
        fill_random(&rng, x.bases, x.length);
        measure(&s, finder, "random", &x, 1);
        free(x.bases);
    }
    dmg_hairpin_finder_destroy(finder);
    return fflush(stdout) ? 1 : 0;
}
