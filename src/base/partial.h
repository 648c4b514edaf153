/* SPDX-License-Identifier: MIT */
/* The unfinished file behind an output: beside its final name until it is whole and on the disk. */
#ifndef DMG_BASE_PARTIAL_H
#define DMG_BASE_PARTIAL_H

#include <stdbool.h>

enum { PARTIAL_NAME = 1024 }; /* bytes of a file's name; every file system has fewer */

typedef struct partial {
    int folder; /* descriptor of the folder that both names lie in */
    int lock;   /* a second descriptor of the file: while it is open, the lock holds */
    int slot;   /* among those that partial_unlink_all removes, or -1 */
    char final[PARTIAL_NAME]; /* the name to take */
    char name[PARTIAL_NAME];  /* the name until then: FINAL.HOST-RANDOM.part */
} partial;

/* Makes an empty file beside `path`, whose folder must be there, and returns a descriptor to write
 * with; -1 with errno set where that fails. A file of that name lends its permissions to the new
 * one, and must be writable itself. Removes what writers of the same name left when they died: a
 * living one holds a lock on its file. */
int partial_create(partial *p, const char *path);

/* Gives the file its final name, once its content is on the disk (fsync by the caller), and makes
 * the name durable too. False with errno set where that fails. Frees `p` either way. */
bool partial_publish(partial *p);

/* Removes the file and frees `p`. */
void partial_remove(partial *p);

/* Flushes the folder of `path` to the disk; 0, or -1 with errno set. Folders and file systems that
 * cannot do so count as done. */
int partial_sync_folder(const char *path);

/* Removes all unfinished files of the process; may be called by a signal handler that ends it. */
void partial_unlink_all(void);

#endif
