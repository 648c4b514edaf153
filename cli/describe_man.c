/* SPDX-License-Identifier: MIT */
/* Man pages, in the man macros of roff. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "describe.h"

enum { PAGE_WIDTH = 80, TABLE_INDENT = 9 };

/* A character that is itself, in text and in the argument of a macro. */
static void print_char(char c)
{
    switch (c) {
    case '\\': fputs("\\e", stdout); break;
    case '-': fputs("\\-", stdout); break;
    case '\'': fputs("\\(aq", stdout); break;
    case '"': fputs("\\(dq", stdout); break;
    case '`': fputs("\\(ga", stdout); break;
    case '^': fputs("\\(ha", stdout); break;
    case '~': fputs("\\(ti", stdout); break;
    default: putchar(c);
    }
}

/* The beginning of a line of text: a '.' there would be a request. */
static void print_part(const char *text, size_t length)
{
    if (length > 0 && text[0] == '.') fputs("\\&", stdout);
    for (size_t i = 0; i < length; i++) print_char(text[i]);
}

static void print_text(const char *text)
{
    print_part(text, strlen(text));
}

/* Lines that roff fills: no blanks in front, which would break them. */
static void print_filled(const char *text, size_t length)
{
    for (const char *end = text + length; text < end;) {
        while (text < end && *text == ' ') text++;
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *stop = newline ? newline : end;
        print_part(text, (size_t)(stop - text));
        putchar('\n');
        text = stop + 1;
    }
}

/* Lines as they are, moved to the left where the page is not wide enough. */
static void print_table(const char *text, size_t length)
{
    size_t longest = 0, column = 0;
    for (size_t i = 0; i < length; i++) {
        column = text[i] == '\n' ? 0 : column + 1;
        if (column > longest) longest = column;
    }
    size_t indent = longest < PAGE_WIDTH ? PAGE_WIDTH - longest : 0;
    if (indent > TABLE_INDENT) indent = TABLE_INDENT;
    printf(".in %zun\n.nf\n", indent);
    for (const char *line = text; line < text + length;) {
        const size_t size = strcspn(line, "\n");
        if (line[0] == ' ') fputs("\\&", stdout);
        print_part(line, size);
        putchar('\n');
        line += size + 1;
    }
    fputs(".fi\n.in\n", stdout);
}

/* Whether a line of it is indented. */
static bool is_table(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == ' ' && (i == 0 || text[i - 1] == '\n')) return true;
    return false;
}

/* Paragraphs, divided by empty lines; roff wants nothing between a heading and the first. */
static void print_section(const char *heading, const char *text)
{
    printf(".SH %s\n", heading);
    for (bool first = true; *text; first = false) {
        const char *end = strstr(text, "\n\n");
        const size_t length = end ? (size_t)(end - text) : strlen(text);
        if (!first) puts(".PP");
        if (is_table(text, length))
            print_table(text, length);
        else
            print_filled(text, length);
        text += length;
        text += strspn(text, "\n");
    }
}

/* The title line; a page has the version of the program, not a date. */
static void print_title(const char *command)
{
    fputs(".\\\" Written by 'deepmirgene generate man'.\n.TH DEEPMIRGENE", stdout);
    if (command) fputs("\\-", stdout);
    for (const char *c = command; c && *c; c++) print_char((char)toupper((unsigned char)*c));
    printf(" 1 \"\" \"deepmirgene %s\" \"User Commands\"\n", dmg_version_info().version);
}

static void print_option(const described_option *option)
{
    const opt_spec *spec = option->spec;
    puts(".TP");
    if (spec->letter) printf("\\fB\\-%c\\fR, ", spec->letter);
    fputs("\\fB\\-\\-", stdout);
    print_text(spec->name);
    fputs("\\fR", stdout);
    if (spec->argument) {
        fputs(" \\fI", stdout);
        print_text(spec->argument);
        fputs("\\fR", stdout);
    }
    putchar('\n');
    print_filled(spec->help, strlen(spec->help));
    if (!option->preset) return;
    putchar('[');
    print_text(option->preset);
    puts("]");
}

/* What the help says after the options, which a function prints. */
static void print_notes(const opt_command *command)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = command->print_notes ? open_memstream(&text, &size) : NULL;
    if (!memory) return;
    command->print_notes(memory);
    if (fclose(memory) == 0 && text) {
        print_section("NOTES", text + strspn(text, "\n"));
    }
    free(text);
}

static void print_exit_status(void)
{
    puts(".SH EXIT STATUS\n"
         ".TP\n0\nSuccess.\n"
         ".TP\n1\nSomething failed, or a record could not be read; the message is on standard "
         "error.\n"
         ".TP\n2\nInvalid command line.");
}

void describe_man_command(const description *described)
{
    const opt_command *command = described->command;
    print_title(described->name);
    fputs(".SH NAME\ndeepmirgene\\-", stdout);
    print_text(described->name);
    fputs(" \\- ", stdout);
    print_text(described->summary);
    fputs("\n.SH SYNOPSIS\n.nf\n\\fBdeepmirgene ", stdout);
    print_text(command->name);
    fputs(command->usage[0] ? "\\fR " : "\\fR\n", stdout);
    print_filled(command->usage, strlen(command->usage));
    puts(".fi");
    print_section("DESCRIPTION", command->description);
    puts(".SH OPTIONS");
    for (const described_option *option = described->options; option->spec; option++)
        print_option(option);
    print_notes(command);
    if (command->examples) print_section("EXAMPLES", command->examples);
    print_exit_status();
    puts(".SH SEE ALSO\n.BR deepmirgene (1)");
}

void describe_man_program(const command_entry *commands, size_t count)
{
    print_title(NULL);
    puts(".SH NAME\n"
         "deepmirgene \\- predicts microRNA precursors and RNA structures\n"
         ".SH SYNOPSIS\n"
         "\\fBdeepmirgene\\fR \\fICOMMAND\\fR [options] [\\fIFILE\\fR...]\n"
         ".SH DESCRIPTION\n"
         "Predicts microRNA precursors (pre\\-miRNAs) and the secondary structures of RNA.\n"
         ".SH COMMANDS\n"
         "Each command has a page of its own.");
    for (size_t i = 0; i < count; i++) {
        fputs(".TP\n.BR deepmirgene\\-", stdout);
        print_text(commands[i].name);
        puts(" (1)");
        print_text(commands[i].summary);
        putchar('\n');
    }
    print_exit_status();
    puts(".SH SEE ALSO");
    for (size_t i = 0; i < count; i++) {
        fputs(".BR deepmirgene\\-", stdout);
        print_text(commands[i].name);
        puts(i + 1 < count ? " (1)," : " (1)");
    }
}
