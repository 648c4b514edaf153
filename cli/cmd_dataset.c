/* SPDX-License-Identifier: MIT */
/* deepmirgene dataset: what there is to know of labelled sequences before they are trusted. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "describe.h"
#include "options.h"

typedef struct check_options {
    opt_list positive, negative, against;
    const char *format, *output;
} check_options;

#define OFFSET(member) offsetof(check_options, member)

static const opt_spec specs[] = {
    OPT_POSITIVE(check_options, false),
    OPT_NEGATIVE(check_options, false),
    {.name = "against",
     .old_letter = 'a',
     .kind = OPT_LIST,
     .offset = OFFSET(against),
     .argument = "FILE",
     .role = OPT_READS,
     .help = "also count the records of each side that occur in this\n"
             "file (repeatable)"},
    OPT_FORMAT(check_options, format, "text|tsv", "text",
               "output format: aligned or tab-separated columns; by\n"
               "the ending of --output if not given"),
    OPT_OUTPUT(check_options),
    {0},
};

static const opt_command check_command = {
    .name = "dataset check",
    .usage = " [options] --positive FILE --negative FILE",
    .description =
        "Checks labelled sequences for duplicates, sequences with both labels and overlap\n"
        "with other files, and reports their lengths and letters. Two sequences are equal\n"
        "if all letters are (T equals U, lower case equals upper case). The rows are:\n"
        "\n"
        "  records            number of records\n"
        "  sequences          number of distinct sequences\n"
        "  duplicates         records that repeat a sequence of the same side\n"
        "  both_labels        records whose sequence also occurs on the other side\n"
        "  conflicts          distinct sequences that occur on both sides\n"
        "  shared:FILE        records whose sequence occurs in FILE (--against)\n"
        "  ambiguous          records with letters other than A C G U\n"
        "  length_*           minimum, lower quartile, median, upper quartile, maximum\n"
        "  letters_*          number of each letter, and of all others together",
    .examples = "  deepmirgene dataset check --positive pre-mirnas.fa --negative others.fa\n"
                "  deepmirgene dataset check -p pre-mirnas.fa -n others.fa --against test-set.fa\n"
                "  deepmirgene dataset check -p pre-mirnas.fa --format tsv -o check.tsv\n",
    .specs = specs,
    .least_operands = -1,
};

/* --- the table --- */

/* Room enough that columns of ordinary file names line up. */
enum { NAME_WIDTH = 28, NUMBER_WIDTH = 12 };

typedef struct table {
    FILE *out;
    bool aligned;
} table;

static void print_row(const table *t, const char *name, const char *positive, const char *negative)
{
    if (t->aligned)
        fprintf(t->out, "%-*s %*s %*s\n", NAME_WIDTH, name, NUMBER_WIDTH, positive, NUMBER_WIDTH,
                negative);
    else
        fprintf(t->out, "%s\t%s\t%s\n", name, positive, negative);
}

static void print_counts(const table *t, const char *name, size_t positive, size_t negative)
{
    char texts[2][24];
    snprintf(texts[0], sizeof texts[0], "%zu", positive);
    snprintf(texts[1], sizeof texts[1], "%zu", negative);
    print_row(t, name, texts[0], texts[1]);
}

static void format_number(char text[24], double value)
{
    if (isnan(value))
        snprintf(text, 24, "NaN");
    else
        snprintf(text, 24, "%.15g", value);
}

static void print_numbers(const table *t, const char *name, double positive, double negative)
{
    char texts[2][24];
    format_number(texts[0], positive);
    format_number(texts[1], negative);
    print_row(t, name, texts[0], texts[1]);
}

static void print_check(const table *t, const dmg_dataset_check_result *check)
{
    static const char *const lengths[DMG_CHECK_QUARTILES] = {
        "length_min", "length_q1", "length_median", "length_q3", "length_max"};
    static const char *const letters[DMG_CHECK_LETTERS] = {"letters_A", "letters_C", "letters_G",
                                                           "letters_U", "letters_other"};
    const dmg_dataset_side *p = &check->sides[true], *n = &check->sides[false];
    print_counts(t, "ambiguous", p->ambiguous, n->ambiguous);
    for (int q = 0; q < DMG_CHECK_QUARTILES; q++)
        print_numbers(t, lengths[q], p->lengths[q], n->lengths[q]);
    for (int c = 0; c < DMG_CHECK_LETTERS; c++)
        print_counts(t, letters[c], p->letters[c], n->letters[c]);
}

static void print_repeats(const table *t, const dmg_dataset_check_result *check)
{
    const dmg_dataset_side *p = &check->sides[true], *n = &check->sides[false];
    print_row(t, "measure", "positive", "negative");
    print_counts(t, "records", p->records, n->records);
    print_counts(t, "sequences", p->sequences, n->sequences);
    print_counts(t, "duplicates", p->duplicates, n->duplicates);
    print_counts(t, "both_labels", p->both_labels, n->both_labels);
    print_counts(t, "conflicts", check->conflicts, check->conflicts);
}

/* One row for each file, of whatever length its name is. */
static dmg_status print_overlap(const table *t, const dmg_dataset *dataset, const char *path,
                                dmg_error *err)
{
    char name[512];
    dmg_dataset_overlap_result overlap[2];
    dmg_dataset *other = NULL;
    dmg_status st = dmg_dataset_create(&other, err);
    if (st == DMG_OK) st = dmg_dataset_add(other, path, false, err);
    if (st == DMG_OK) st = dmg_dataset_overlap(overlap, dataset, other, err);
    if (st == DMG_OK) {
        snprintf(name, sizeof name, "shared:%s", path);
        print_counts(t, name, overlap[true].records, overlap[false].records);
    }
    dmg_dataset_destroy(other);
    return st;
}

static dmg_status print_table(FILE *out, const dmg_dataset *dataset, const check_options *options,
                              dmg_error *err)
{
    const table t = {.out = out, .aligned = strcmp(options->format, "text") == 0};
    dmg_dataset_check_result check;
    dmg_status st = dmg_dataset_check(&check, dataset, err);
    if (st != DMG_OK) return st;
    print_repeats(&t, &check);
    for (size_t i = 0; st == DMG_OK && i < options->against.count; i++)
        st = print_overlap(&t, dataset, options->against.items[i], err);
    if (st != DMG_OK) return st;
    print_check(&t, &check);
    return DMG_OK;
}

/* --- the command --- */

static int run_check(const check_options *options)
{
    dmg_error err;
    dmg_dataset *dataset = NULL;
    dmg_output *output = NULL;
    dmg_status st = dmg_dataset_create(&dataset, &err);
    if (st == DMG_OK)
        st = command_add_files(check_command.name, dataset, &options->positive, true, &err);
    if (st == DMG_OK)
        st = command_add_files(check_command.name, dataset, &options->negative, false, &err);
    if (st == DMG_OK) st = dmg_output_open_text(&output, options->output, &err);
    if (st == DMG_OK) st = print_table(dmg_output_stream(output), dataset, options, &err);
    const int status = command_finish(check_command.name, output, st, &err);
    dmg_dataset_destroy(dataset);
    return status;
}

static opt_outcome check_given(const check_options *options)
{
    if (options->positive.count + options->negative.count > 0) return OPT_RUN;
    return opt_refuse(&check_command, "--positive or --negative is required");
}

static int cmd_check(int argc, char **argv)
{
    check_options options = {0};
    opt_list operands;
    opt_outcome outcome = opt_parse(&options, &operands, &check_command, argc, argv);
    if (outcome == OPT_RUN) outcome = check_given(&options);
    const int status = outcome == OPT_RUN ? run_check(&options) : command_not_run(outcome);
    opt_clear(&options, &operands, &check_command);
    return status;
}

static void print_usage(void)
{
    fputs("Usage: deepmirgene dataset check [options] --positive FILE --negative FILE\n\n"
          "Run 'deepmirgene dataset check --help' for the options and examples.\n",
          stderr);
}

/* Whether the option asks about the program. */
static bool is_about(const char *option)
{
    static const char *const names[] = {"--help", "-h", "--version", "-V"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(option, names[i]) == 0) return true;
    return false;
}

int cmd_dataset(int argc, char **argv)
{
    if (describe_is_asked(argc, argv)) return cmd_check(argc, argv);
    const char *action = argc > 1 ? argv[1] : NULL;
    if (action && strcmp(action, "check") == 0) return cmd_check(argc - 1, argv + 1);
    if (action && is_about(action)) return cmd_check(argc, argv); /* its only action */
    if (action)
        fprintf(stderr,
                "deepmirgene dataset: unknown action '%s'; see 'deepmirgene dataset --help'\n",
                action);
    else
        print_usage();
    return EXIT_USAGE;
}
