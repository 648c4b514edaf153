/* SPDX-License-Identifier: MIT */
/* A plugin of qemu that counts the instructions of a program, on any processor that qemu emulates:
 *
 *     qemu-aarch64 -plugin libqemu_instructions.so -d plugin PROGRAM ...
 *
 * prints their number when PROGRAM ends. The declarations are the part of qemu's interface for
 * plugins, version 1, that it uses (docs/devel/tcg-plugins.rst of qemu), for Debian has no header.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;

enum { ADD_U64 = 0 }; /* the one operation of qemu_plugin_op */

typedef void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *block);
typedef void on_exit_of_program(qemu_plugin_id_t id, void *context);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, on_translation *called);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *block, int operation,
                                              void *number, uint64_t value);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, on_exit_of_program *called, void *context);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
void qemu_plugin_outs(const char *text);

/* What qemu looks up by name. */
#define EXPORTED __attribute__((visibility("default")))
extern EXPORTED int qemu_plugin_version;
EXPORTED int qemu_plugin_version = 1;
EXPORTED int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv);

static uint64_t instructions;

/* A block of instructions without a jump is counted as one, whenever it runs. */
static void count_block(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_inline(block, ADD_U64, &instructions,
                                             qemu_plugin_tb_n_insns(block));
}

static void tell(qemu_plugin_id_t id, void *context)
{
    char text[40];
    (void)id;
    (void)context;
    snprintf(text, sizeof text, "instructions %" PRIu64 "\n", instructions);
    qemu_plugin_outs(text);
}

int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv)
{
    (void)info;
    (void)argc;
    (void)argv;
    qemu_plugin_register_vcpu_tb_trans_cb(id, count_block);
    qemu_plugin_register_atexit_cb(id, tell, NULL);
    return 0;
}
