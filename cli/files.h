/* SPDX-License-Identifier: MIT */
/* The files that a command line names, as the option table says: none may be written that is read,
 * and none twice. */
#ifndef DMG_CLI_FILES_H
#define DMG_CLI_FILES_H

#include "deepmirgene/status.h"
#include "opt.h"

/* DMG_RANGE where an output, or a file that is made beside one, is an input or another output. A
 * file is known by device and inode, whatever it is called; one that does not exist yet by its
 * folder and name. Devices and pipes may be written by several options. */
dmg_status files_check(const opt_command *command, const void *values, const opt_list *operands,
                       dmg_error *err);

#endif
