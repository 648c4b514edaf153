/* SPDX-License-Identifier: MIT */
/* The head of a block: one line of fixed length. */
#ifndef DMG_SCAN_BLOCK_H
#define DMG_SCAN_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a head, its newline included. */
enum { BLOCK_HEAD = 160 };

typedef struct block_head {
    uint64_t item;     /* number */
    uint64_t bases;    /* of its cores */
    uint64_t loci;     /* about, as dmg_journal_totals has them */
    uint64_t levels;   /* of instructions that computed it: 1 << dmg_cpu */
    uint64_t digest;   /* of the item */
    uint64_t size;     /* of the body, bytes */
    uint64_t checksum; /* block_checksum() */
} block_head;

/* FNV-1a of the body [head->size] and of all other members. */
uint64_t block_checksum(const block_head *head, const char *body);

/* text [BLOCK_HEAD], without a NUL. */
void block_write_head(char *text, const block_head *head);

/* False unless text [BLOCK_HEAD] is a head as it is written. */
bool block_read_head(const char *text, block_head *head);

#endif
