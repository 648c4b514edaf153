/* SPDX-License-Identifier: MIT */
/* Completions for bash, zsh and fish. A value of an option is one of several words, a file, a
 * folder, or nothing that could be completed. */
#include <stdio.h>
#include <string.h>

#include "describe.h"

/* What follows '#' in the first lines. */
#define ORIGIN "Completion of deepmirgene; written by 'deepmirgene generate completion'."

/* The words "a|b|c" with blanks between. */
static void print_choices(const char *choices)
{
    for (; *choices; choices++) putchar(*choices == '|' ? ' ' : *choices);
}

static void print_names(const command_entry *commands, size_t count)
{
    for (size_t i = 0; i < count; i++) printf("%s ", commands[i].name);
    fputs("help", stdout);
}

/* Within single quotes: the characters of `special` after a backslash, and a quote as `quote`. */
static void print_quoted(const char *text, const char *special, const char *quote)
{
    for (; *text; text++) {
        if (*text == '\'') {
            fputs(quote, stdout);
            continue;
        }
        if (strchr(special, *text)) putchar('\\');
        putchar(*text == '\n' ? ' ' : *text);
    }
}

/* The help up to its first semicolon, in one line. */
static void print_short_help(const char *help, const char *special, const char *quote)
{
    char text[256];
    snprintf(text, sizeof text, "%.*s", (int)strcspn(help, ";"), help);
    print_quoted(text, special, quote);
}

/* --- bash --- */

static void begin_bash(const command_entry *commands, size_t count)
{
    fputs("# " ORIGIN "\n"
          "_deepmirgene()\n"
          "{\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    local words= options= action= files=yes\n"
          "    if [[ $current == = ]]; then\n"
          "        current=\n"
          "    elif [[ $before == = ]]; then\n"
          "        before=${COMP_WORDS[COMP_CWORD-2]}\n"
          "    fi\n"
          "    case ${COMP_WORDS[1]} in\n"
          "    help)\n"
          "        files=no action='",
          stdout);
    print_names(commands, count);
    puts("'\n"
         "        ;;");
}

/* A branch for those words before the current one that are options with a value. */
static void print_bash_value(const opt_spec *spec)
{
    if (spec->kind == OPT_FLAG) return;
    fputs("        ", stdout);
    if (spec->letter) printf("-%c | ", spec->letter);
    printf("--%s) ", spec->name);
    if (spec->kind == OPT_CHOICE) {
        fputs("words='", stdout);
        print_choices(spec->argument);
        puts("' files=no ;;");
    } else {
        puts(spec->role == OPT_NO_FILE ? "words= files=no ;;" : "words= files=yes ;;");
    }
}

static void print_bash(const description *described)
{
    printf("    %s)\n        options='", described->name);
    for (const described_option *option = described->options; option->spec; option++)
        printf("%s--%s", option == described->options ? "" : " ", option->spec->name);
    printf("' action='%s'\n", described->action ? described->action : "");
    if (described->command->least_operands < 0) puts("        files=no");
    puts("        [[ $current == -* ]] && words=$options files=no\n"
         "        case $before in");
    for (const described_option *option = described->options; option->spec; option++)
        print_bash_value(option->spec);
    puts("        esac\n"
         "        ;;");
}

static void end_bash(const command_entry *commands, size_t count)
{
    fputs("    esac\n"
          "    if ((COMP_CWORD == 1)); then\n"
          "        files=no words='",
          stdout);
    print_names(commands, count);
    puts(" --help --version'\n"
         "    elif ((COMP_CWORD == 2)) && [[ $action && $current != -* ]]; then\n"
         "        words=$action\n"
         "    fi\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "    # Names of files are what readline completes when nothing is offered.\n"
         "    [[ $files == yes ]] || compopt +o default 2>/dev/null\n"
         "    return 0\n"
         "}\n"
         "complete -o default -F _deepmirgene deepmirgene");
}

const describe_writer describe_bash = {"bash", begin_bash, print_bash, end_bash};

/* --- zsh --- */

static const char zsh_special[] = "[]:\\", zsh_message_special[] = ":\\", zsh_quote[] = "'\\''";

static void begin_zsh(const command_entry *commands, size_t count)
{
    puts("#compdef deepmirgene\n"
         "# " ORIGIN "\n"
         "_deepmirgene()\n"
         "{\n"
         "    local curcontext=$curcontext state line\n"
         "    local -a commands\n"
         "    typeset -A opt_args\n"
         "    _arguments -C '(- *)'{-h,--help}'[print the commands]' \\\n"
         "        '(- *)'{-V,--version}'[print the version]' \\\n"
         "        '1:command:->command' '*::argument:->argument' && return\n"
         "    commands=(");
    for (size_t i = 0; i < count; i++) {
        printf("        '%s:", commands[i].name);
        print_quoted(commands[i].summary, "", zsh_quote);
        puts("'");
    }
    puts("        'help:the help of a command'\n"
         "    )\n"
         "    case $state-$words[1] in\n"
         "    command-*)\n"
         "        _describe command commands\n"
         "        ;;\n"
         "    argument-help)\n"
         "        ((CURRENT == 2)) && _describe command commands\n"
         "        ;;");
}

/* ":NAME|FILE:_files" */
static void print_zsh_value(const opt_spec *spec)
{
    if (spec->kind == OPT_FLAG) return;
    putchar(':');
    print_quoted(spec->argument, zsh_message_special, zsh_quote);
    putchar(':');
    if (spec->kind == OPT_CHOICE) {
        putchar('(');
        print_choices(spec->argument);
        putchar(')');
    } else if (spec->role != OPT_NO_FILE) {
        fputs(spec->role == OPT_WRITES_FOLDER ? "_files -/" : "_files", stdout);
    }
}

static void print_zsh_option(const opt_spec *spec)
{
    const bool flag = spec->kind == OPT_FLAG;
    fputs("            ", stdout);
    if (spec->kind == OPT_LIST)
        fputs("'*'", stdout);
    else if (spec->letter)
        printf("'(-%c --%s)'", spec->letter, spec->name);
    if (spec->letter)
        printf("{-%c%s,--%s%s}", spec->letter, flag ? "" : "+", spec->name, flag ? "" : "=");
    else
        printf("--%s%s", spec->name, flag ? "" : "=");
    fputs("'[", stdout);
    print_short_help(spec->help, zsh_special, zsh_quote);
    putchar(']');
    print_zsh_value(spec);
    puts("' \\");
}

static void print_zsh(const description *described)
{
    const opt_command *command = described->command;
    printf("    argument-%s)\n        _arguments \\\n", described->name);
    for (const described_option *option = described->options; option->spec; option++)
        print_zsh_option(option->spec);
    if (described->action) printf("            '1:action:(%s)' \\\n", described->action);
    if (command->least_operands >= 0) {
        fputs("            '*:", stdout);
        print_quoted(command->operands ? command->operands : "file", zsh_message_special,
                     zsh_quote);
        puts(":_files' \\");
    }
    puts("            && return\n"
         "        ;;");
}

static void end_zsh(const command_entry *commands, size_t count)
{
    (void)commands;
    (void)count;
    puts("    esac\n"
         "}\n"
         "_deepmirgene \"$@\"");
}

const describe_writer describe_zsh = {"zsh", begin_zsh, print_zsh, end_zsh};

/* --- fish --- */

static const char fish_special[] = "\\", fish_quote[] = "\\'";

static void begin_fish(const command_entry *commands, size_t count)
{
    puts(
        "# " ORIGIN "\n"
        "complete -c deepmirgene -f -n __fish_use_subcommand -s h -l help -d 'print the commands'\n"
        "complete -c deepmirgene -f -n __fish_use_subcommand -s V -l version -d 'print the "
        "version'\n"
        "complete -c deepmirgene -f -n __fish_use_subcommand -a help -d 'the help of a command'");
    for (size_t i = 0; i < count; i++) {
        printf("complete -c deepmirgene -f -n __fish_use_subcommand -a %s -d '", commands[i].name);
        print_quoted(commands[i].summary, fish_special, fish_quote);
        puts("'");
    }
    fputs("complete -c deepmirgene -f -n '__fish_seen_subcommand_from help' -a '", stdout);
    print_names(commands, count);
    puts("'");
}

static void print_fish_option(const char *name, const opt_spec *spec)
{
    printf("complete -c deepmirgene -n '__fish_seen_subcommand_from %s' -l %s", name, spec->name);
    if (spec->letter) printf(" -s %c", spec->letter);
    if (spec->kind == OPT_CHOICE) {
        fputs(" -x -a '", stdout);
        print_choices(spec->argument);
        putchar('\'');
    } else if (spec->role == OPT_WRITES_FOLDER) {
        fputs(" -x -a '(__fish_complete_directories)'", stdout);
    } else if (spec->kind != OPT_FLAG) {
        fputs(spec->role == OPT_NO_FILE ? " -x" : " -r -F", stdout);
    }
    fputs(" -d '", stdout);
    print_short_help(spec->help, fish_special, fish_quote);
    puts("'");
}

static void print_fish(const description *described)
{
    for (const described_option *option = described->options; option->spec; option++)
        print_fish_option(described->name, option->spec);
    if (described->command->least_operands >= 0) return;
    printf("complete -c deepmirgene -f -n '__fish_seen_subcommand_from %s'", described->name);
    if (described->action) printf(" -a %s", described->action);
    putchar('\n');
}

static void end_fish(const command_entry *commands, size_t count)
{
    (void)commands;
    (void)count;
}

const describe_writer describe_fish = {"fish", begin_fish, print_fish, end_fish};
