/* SPDX-License-Identifier: MIT */
/* The library, how it was built, and what it runs on. */
#ifndef DMG_VERSION_H
#define DMG_VERSION_H

#include "deepmirgene/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of these headers; that of the library in use is dmg_version_info().version. The minor version is
 * raised when something is added, the major one when something changes or goes. */
#define DMG_VERSION_MAJOR 0
#define DMG_VERSION_MINOR 1
#define DMG_VERSION_PATCH 0

/* 10000 major + 100 minor + patch, to compare: #if DMG_VERSION_NUMBER >= 100 */
#define DMG_VERSION_NUMBER (DMG_VERSION_MAJOR * 10000 + DMG_VERSION_MINOR * 100 + DMG_VERSION_PATCH)

typedef struct dmg_build_info {
    const char *version;  /* of deepmirgene, "0.1.0" */
    const char *compiler; /* name and version */
    const char *flags;    /* as given to the compiler */
    const char *htslib;   /* version of the library in use, not of its headers */
    const char *jansson;  /* likewise */
    const char *kernels;  /* the instruction set that folding and the network run on */
} dmg_build_info;

/* All strings are constants of the library. */
DMG_API dmg_build_info dmg_version_info(void);

/* Processors that this process may run on: the best number of threads. */
DMG_API int dmg_processors(void);

#ifdef __cplusplus
}
#endif

#endif
