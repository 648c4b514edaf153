/* SPDX-License-Identifier: MIT */
/* Command-line options from a table, over getopt_long. */
#include "opt.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "deepmirgene/version.h"
#include "describe.h"
#include "file_format.h"
#include "files.h"
#include "note.h"
#include "suggest.h"

enum { MAX_OPTIONS = 48, HELP_COLUMN = 26, HELP_WIDTH = 80, FIRST_LONG_CODE = 256 };

/* What every command takes besides its table. A code of getopt_long is the letter. */
static const opt_spec common[] = {
    {.name = "quiet",
     .letter = 'q',
     .kind = OPT_FLAG,
     .help = "print errors and warnings only, no notes or progress"},
    {.name = "version", .letter = 'V', .kind = OPT_FLAG, .help = "print the version and exit"},
    {.name = "help", .letter = 'h', .kind = OPT_FLAG, .help = "print this help and exit"},
};

enum { COMMON = sizeof common / sizeof *common };

/* --- help --- */

/* A preset that the command's struct holds, as text. */
typedef struct own_preset {
    char text[32];
} own_preset;

/* The preset as the help shows it; or NULL. `own` NULL: the struct has none. */
static const char *shown_preset(const opt_spec *spec, const own_preset *own)
{
    return own && spec->own_preset ? own->text
           : spec->preset_help     ? spec->preset_help
                                   : spec->preset;
}

/* " [preset]", on a line of its own where it does not fit after the last line of the help. */
static void print_preset(const opt_spec *spec, const own_preset *own)
{
    const char *preset = shown_preset(spec, own);
    if (!preset) return;
    const char *newline = strrchr(spec->help, '\n');
    const size_t last = strlen(newline ? newline + 1 : spec->help);
    if (HELP_COLUMN + last + strlen(" []") + strlen(preset) > HELP_WIDTH)
        printf("\n%*s", HELP_COLUMN - 1, "");
    printf(" [%s]", preset);
}

static void print_spec(const opt_spec *spec, const own_preset *own)
{
    char left[64];
    if (spec->letter)
        snprintf(left, sizeof left, "  -%c, --%s%s%s", spec->letter, spec->name,
                 spec->argument ? " " : "", spec->argument ? spec->argument : "");
    else
        snprintf(left, sizeof left, "      --%s%s%s", spec->name, spec->argument ? " " : "",
                 spec->argument ? spec->argument : "");
    if (strlen(left) >= HELP_COLUMN)
        printf("%s\n%*s", left, HELP_COLUMN, "");
    else
        printf("%-*s", HELP_COLUMN, left);
    for (const char *c = spec->help; *c; c++) {
        putchar(*c);
        if (*c == '\n') printf("%*s", HELP_COLUMN, "");
    }
    print_preset(spec, own);
    putchar('\n');
}

/* `own` are the presets of those options that have them in the struct. */
static void print_help(const opt_command *command, const own_preset *own)
{
    printf("Usage: deepmirgene %s%s\n\n%s\n\nOptions:\n", command->name, command->usage,
           command->description);
    for (const opt_spec *spec = command->specs; spec->name; spec++) print_spec(spec, own++);
    for (size_t i = 0; i < COMMON; i++) print_spec(&common[i], NULL);
    if (command->print_notes) command->print_notes(stdout);
    if (command->examples) printf("\nExamples:\n%s", command->examples);
}

/* The same for the man page and the completions of shells. */
static void print_description(const opt_command *command, const own_preset *own, char **argv)
{
    described_option options[MAX_OPTIONS + COMMON + 1] = {{0}};
    size_t i = 0;
    for (; command->specs[i].name; i++)
        options[i] =
            (described_option){&command->specs[i], shown_preset(&command->specs[i], &own[i])};
    for (size_t k = 0; k < COMMON; k++) options[i + k].spec = &common[k];
    describe_command(command, options, argv);
}

/* --- values --- */

static void print_refusal(const opt_command *command, const char *format, va_list args)
{
    const bool asks = format[strlen(format) - 1] == '?';
    fprintf(stderr, "deepmirgene %s: ", command->name);
    vfprintf(stderr, format, args);
    fprintf(stderr, "%s 'deepmirgene %s --help'\n", asks ? " See" : "; see", command->name);
}

static bool wrong(const opt_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool wrong(const opt_command *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_refusal(command, format, args);
    va_end(args);
    return false;
}

opt_outcome opt_refuse(const opt_command *command, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_refusal(command, format, args);
    va_end(args);
    return OPT_WRONG;
}

static bool wrong_value(const opt_command *command, const opt_spec *spec, const char *text)
{
    fprintf(stderr, "deepmirgene %s: --%s '%s': expected ", command->name, spec->name, text);
    if (spec->kind == OPT_CHOICE)
        fprintf(stderr, "one of %s\n", spec->argument);
    else if (spec->kind == OPT_INT)
        fprintf(stderr, "a whole number from %.0f to %.0f\n", spec->low, spec->high);
    else
        fprintf(stderr, "a number from %.15g to %.15g\n", spec->low, spec->high);
    return false;
}

/* Room for all words of a command line. */
static bool reserve(opt_list *list, int words)
{
    list->items = calloc((size_t)words + 1, sizeof *list->items);
    return list->items != NULL;
}

/* Whether `word` is one of "a|b|c". */
static bool is_choice(const char *choices, const char *word)
{
    const size_t length = strlen(word);
    for (const char *c = choices; c; c = strchr(c, '|') ? strchr(c, '|') + 1 : NULL)
        if (strcspn(c, "|") == length && strncmp(c, word, length) == 0) return true;
    return false;
}

static bool set_int(long long *value, const opt_spec *spec, const char *text)
{
    char *end;
    errno = 0;
    *value = strtoll(text, &end, 10);
    return end != text && *end == '\0' && errno == 0 && (double)*value >= spec->low &&
           (double)*value <= spec->high;
}

static bool set_real(double *value, const opt_spec *spec, const char *text)
{
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && *value >= spec->low && *value <= spec->high;
}

static void append(opt_list *list, const char *item)
{
    list->items[list->count++] = item;
}

static bool set_value(void *values, const opt_command *command, const opt_spec *spec,
                      const char *text)
{
    void *place = (char *)values + spec->offset;
    switch (spec->kind) {
    case OPT_FLAG: *(bool *)place = true; return true;
    case OPT_TEXT: *(const char **)place = text; return true;
    case OPT_LIST: append(place, text); return true;
    case OPT_INT: return set_int(place, spec, text) || wrong_value(command, spec, text);
    case OPT_REAL: return set_real(place, spec, text) || wrong_value(command, spec, text);
    case OPT_CHOICE:
        *(const char **)place = text;
        return is_choice(spec->argument, text) || wrong_value(command, spec, text);
    }
    return false;
}

/* --- parsing --- */

/* How an option was given. */
enum { GIVEN = 1, GIVEN_BY_OLD_LETTER = 2 };

/* What the help calls the value of an option that needs a role. */
static bool names_file(const char *argument)
{
    return strstr(argument, "FILE") || strstr(argument, "FOLDER");
}

/* Returns the end. */
static char *add_letter(char *letters, char letter, int argument)
{
    if (!letter) return letters;
    *letters++ = letter;
    if (argument == required_argument) *letters++ = ':';
    return letters;
}

/* The tables of getopt_long; an option's code is its index plus FIRST_LONG_CODE. */
static void fill_getopt(struct option *options, char *letters, const opt_command *command)
{
    *letters++ = ':'; /* tell a missing argument from an unknown option */
    size_t i = 0;
    for (; command->specs[i].name; i++) {
        const opt_spec *spec = &command->specs[i];
        const int argument = spec->kind == OPT_FLAG ? no_argument : required_argument;
        options[i] = (struct option){spec->name, argument, NULL, FIRST_LONG_CODE + (int)i};
        letters = add_letter(letters, spec->letter, argument);
        letters = add_letter(letters, spec->old_letter, argument);
    }
    for (size_t k = 0; k < COMMON; k++) {
        options[i++] = (struct option){common[k].name, no_argument, NULL, common[k].letter};
        *letters++ = common[k].letter;
    }
    options[i] = (struct option){0};
    *letters = '\0';
}

/* The spec of a code of getopt_long; NULL for one that is none of ours. */
static const opt_spec *spec_of_code(const opt_command *command, int code)
{
    if (code >= FIRST_LONG_CODE) return &command->specs[code - FIRST_LONG_CODE];
    for (size_t i = 0; i < COMMON; i++)
        if (common[i].letter == code) return &common[i];
    for (const opt_spec *spec = command->specs; spec->name; spec++)
        if (code && (spec->letter == code || spec->old_letter == code)) return spec;
    return NULL;
}

/* Letters that mean something else by now still work. */
static void note_old_letters(const opt_command *command, const unsigned char *given)
{
    for (size_t i = 0; command->specs[i].name; i++)
        if (given[i] & GIVEN_BY_OLD_LETTER)
            note(command->name, "note: -%c is an old name of --%s; write --%s\n",
                 command->specs[i].old_letter, command->specs[i].name, command->specs[i].name);
}

/* Whether "--wo" is the beginning of a long option's name. */
static bool is_abbreviation(const opt_command *command, const char *word, size_t length)
{
    for (const opt_spec *spec = command->specs; spec->name; spec++)
        if (length > 2 && strncmp(spec->name, word + 2, length - 2) == 0) return true;
    return false;
}

static const char *nearest_option(const opt_command *command, const char *word, size_t length)
{
    suggestion best = suggest_begin(word + 2, length > 2 ? length - 2 : 0);
    for (const opt_spec *spec = command->specs; spec->name; spec++)
        suggest_consider(&best, spec->name);
    for (size_t i = 0; i < COMMON; i++) suggest_consider(&best, common[i].name);
    return best.name;
}

/* Says what getopt_long stumbled over; it leaves the option's code in optopt, or 0 for a word after
 * "--" that is none or several of the names, and that word before optind. */
static bool wrong_option(const opt_command *command, int code, char **argv)
{
    const opt_spec *spec = optopt ? spec_of_code(command, optopt) : NULL;
    if (spec && code == ':')
        return wrong(command, "option --%s needs a value (%s)", spec->name, spec->argument);
    if (spec) return wrong(command, "option --%s takes no value", spec->name);
    if (optopt) return wrong(command, "unknown option -%c", optopt);
    const char *word = argv[optind - 1];
    const int length = (int)strcspn(word, "=");
    if (is_abbreviation(command, word, (size_t)length))
        return wrong(command, "option %.*s is ambiguous", length, word);
    const char *nearest = nearest_option(command, word, (size_t)length);
    if (nearest)
        return wrong(command, "unknown option %.*s; did you mean --%s?", length, word, nearest);
    return wrong(command, "unknown option %.*s", length, word);
}

/* All required options and operands are there. */
static bool check_given(const opt_command *command, const unsigned char *given,
                        const opt_list *operands)
{
    for (size_t i = 0; command->specs[i].name; i++)
        if (command->specs[i].required && !given[i])
            return wrong(command, "option --%s is missing", command->specs[i].name);
    if (command->least_operands < 0 && operands->count > 0)
        return wrong(command, "unexpected argument '%s'", operands->items[0]);
    if ((long long)operands->count < command->least_operands)
        return wrong(command, "no %s given", command->operands);
    return true;
}

/* *asked is the letter of an option that ends the parsing: 'h', 'V', or 0. */
static bool parse_options(void *values, const opt_command *command, int argc, char **argv,
                          unsigned char *given, char *asked)
{
    struct option options[MAX_OPTIONS + COMMON + 1];
    char letters[4 * MAX_OPTIONS + COMMON + 2];
    fill_getopt(options, letters, command);
    opterr = 0;
    int code;
    while ((code = getopt_long(argc, argv, letters, options, NULL)) != -1) {
        if (code == 'h' || code == 'V') {
            *asked = (char)code;
            return true;
        }
        if (code == '?' || code == ':') return wrong_option(command, code, argv);
        if (code == 'q') {
            note_silence();
            continue;
        }
        const opt_spec *spec = spec_of_code(command, code);
        given[spec - command->specs] |= code == spec->old_letter ? GIVEN_BY_OLD_LETTER : GIVEN;
        if (!set_value(values, command, spec, optarg)) return false;
    }
    return true;
}

static opt_outcome failed(const opt_command *command, const char *message)
{
    fprintf(stderr, "deepmirgene %s: %s\n", command->name, message);
    return OPT_FAILED;
}

static opt_outcome check_files(const void *values, const opt_list *operands,
                               const opt_command *command)
{
    dmg_error err;
    return files_check(command, values, operands, &err) == DMG_OK ? OPT_RUN
                                                                  : failed(command, err.message);
}

/* The preset that the struct has before any option is read. */
static own_preset own_preset_of(const opt_spec *spec, const void *values)
{
    const void *place = (const char *)values + spec->offset;
    own_preset own = {""};
    if (!spec->own_preset) return own;
    if (spec->kind == OPT_INT)
        snprintf(own.text, sizeof own.text, "%lld", *(const long long *)place);
    else if (spec->kind == OPT_REAL)
        snprintf(own.text, sizeof own.text, "%.15g", *(const double *)place);
    else
        snprintf(own.text, sizeof own.text, "%s", *(const char *const *)place);
    return own;
}

static bool reserve_lists(void *values, opt_list *operands, const opt_command *command, int argc)
{
    bool reserved = reserve(operands, argc);
    for (const opt_spec *spec = command->specs; reserved && spec->name; spec++)
        if (spec->kind == OPT_LIST)
            reserved = reserve((opt_list *)(void *)((char *)values + spec->offset), argc);
    return reserved;
}

/* --- formats by file endings --- */

static const opt_spec *find_spec(const opt_command *command, const char *name)
{
    const opt_spec *spec = command->specs;
    while (spec->name && strcmp(spec->name, name) != 0) spec++;
    return spec->name ? spec : NULL;
}

/* The choice that the ending means; NULL: the preset. False, and reported: none of the choices. */
static bool choose_by_ending(const char **choice, const opt_command *command, const opt_spec *spec,
                             const char *path)
{
    const file_format *format = path ? format_of_name(path) : NULL;
    *choice = NULL;
    if (!format) return true;
    if (is_choice(spec->argument, format->name))
        *choice = format->name;
    else if (format->other && is_choice(spec->argument, format->other))
        *choice = format->other;
    return *choice || wrong(command, "--%s '%s': the ending is none of %s; give --%s as well",
                            spec->follows, path, spec->argument, spec->name);
}

static bool follow_endings(void *values, const opt_command *command, const unsigned char *given)
{
    for (size_t i = 0; command->specs[i].name; i++) {
        const opt_spec *spec = &command->specs[i];
        if (!spec->follows || given[i]) continue;
        const opt_spec *file = find_spec(command, spec->follows);
        const char *path = *(const char **)(void *)((char *)values + file->offset), *choice;
        if (!choose_by_ending(&choice, command, spec, path)) return false;
        if (choice) *(const char **)(void *)((char *)values + spec->offset) = choice;
    }
    return true;
}

/* A row whose value is a file says what becomes of that file, so that no output can replace it. */
static void check_roles(const opt_command *command)
{
    for (const opt_spec *spec = command->specs; spec->name; spec++) {
        const bool has_role =
            spec->role != OPT_NO_FILE || !spec->argument || !names_file(spec->argument);
        assert(has_role);
        (void)has_role;
    }
}

opt_outcome opt_parse(void *values, opt_list *operands, const opt_command *command, int argc,
                      char **argv)
{
    unsigned char given[MAX_OPTIONS] = {0};
    char asked = 0;
    *operands = (opt_list){0};
    if (!reserve_lists(values, operands, command, argc)) return failed(command, "out of memory");
    check_roles(command);
    for (const opt_spec *spec = command->specs; spec->name; spec++)
        if (spec->preset && !set_value(values, command, spec, spec->preset)) return OPT_WRONG;
    own_preset own[MAX_OPTIONS];
    for (size_t i = 0; command->specs[i].name; i++)
        own[i] = own_preset_of(&command->specs[i], values);
    if (describe_is_asked(argc, argv)) {
        print_description(command, own, argv);
        return OPT_HELPED;
    }
    if (!parse_options(values, command, argc, argv, given, &asked)) return OPT_WRONG;
    if (asked == 'h') print_help(command, own);
    if (asked == 'V') printf("deepmirgene %s\n", dmg_version_info().version);
    if (asked) return OPT_HELPED;
    note_old_letters(command, given);
    for (int i = optind; i < argc; i++) append(operands, argv[i]);
    if (!check_given(command, given, operands)) return OPT_WRONG;
    const opt_outcome files = check_files(values, operands, command);
    if (files != OPT_RUN) return files;
    return follow_endings(values, command, given) ? OPT_RUN : OPT_WRONG;
}

void opt_clear(void *values, opt_list *operands, const opt_command *command)
{
    for (const opt_spec *spec = command->specs; spec->name; spec++)
        if (spec->kind == OPT_LIST)
            free(((opt_list *)(void *)((char *)values + spec->offset))->items);
    free(operands->items);
}
