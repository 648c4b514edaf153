/* SPDX-License-Identifier: MIT */
/* Unfinished files: their names, their locks, and their removal.
 *
 * The name FINAL.HOST-RANDOM.part says by what is left of FINAL whose it is, by a hash of the
 * host's name where its writer runs, and is made by O_EXCL alone. The writer holds a lock (flock)
 * on it, so another process of the same host that gets the lock knows the writer dead. On another
 * host a lock may not be seen, and nothing is removed.
 */
#if defined(__linux__)
#define _GNU_SOURCE /* O_PATH */
#endif

#include "base/partial.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/hash.h"

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

enum { HOST = 8, RANDOM = 12, SUFFIX = 1 + HOST + 1 + RANDOM + 5 };

static const char ending[] = ".part";

/* --- what a signal removes ---
 *
 * The one list that the whole process shares: a signal handler cannot be handed anything. Its
 * entries are never freed, so that it may read them at any moment.
 */

enum { PENDING = 64 };

enum { FREE, CLAIMED, LIVE };

static struct pending {
    atomic_int state;
    int folder;
    char name[PARTIAL_NAME];
} pending[PENDING];

/* Before the file is made, so that no signal finds it unlisted. */
static int enlist(const partial *p)
{
    for (int i = 0; i < PENDING; i++) {
        int expected = FREE;
        if (!atomic_compare_exchange_strong(&pending[i].state, &expected, CLAIMED)) continue;
        pending[i].folder = p->folder;
        memcpy(pending[i].name, p->name, strlen(p->name) + 1);
        atomic_store(&pending[i].state, LIVE);
        return i;
    }
    return -1; /* left to the next writer of that name */
}

static void delist(const partial *p)
{
    if (p->slot >= 0) atomic_store(&pending[p->slot].state, FREE);
}

void partial_unlink_all(void)
{
    for (int i = 0; i < PENDING; i++)
        if (atomic_load(&pending[i].state) == LIVE)
            (void)unlinkat(pending[i].folder, pending[i].name, 0);
}

/* --- names --- */

static uint32_t hash_host(void)
{
    struct utsname host;
    if (uname(&host) != 0) return 0;
    return (uint32_t)dmg_hash_bytes(DMG_HASH_START, host.nodename, strlen(host.nodename));
}

/* Random bytes of the system; where it has none, what differs between processes and calls. */
static void fill_random(unsigned char *bytes, size_t count)
{
    const int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    const bool filled = fd >= 0 && read(fd, bytes, count) == (ssize_t)count;
    if (fd >= 0) close(fd);
    if (filled) return;
    static atomic_uint calls;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t state = (uint64_t)now.tv_nsec ^ (uint64_t)getpid() << 32 ^ atomic_fetch_add(&calls, 1);
    for (size_t i = 0; i < count; i++) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        bytes[i] = (unsigned char)(state >> 56);
    }
}

/* The beginning of `final` that leaves room for the suffix; never a part of a UTF-8 letter. */
static size_t stem_length(const partial *p)
{
    const long limit = fpathconf(p->folder, _PC_NAME_MAX);
    const size_t room = (limit > SUFFIX && limit < PARTIAL_NAME ? (size_t)limit : 255) - SUFFIX;
    size_t length = strlen(p->final);
    if (length <= room) return length;
    length = room;
    while (length > 0 && ((unsigned char)p->final[length] & 0xc0) == 0x80) length--;
    return length;
}

/* "FINAL.HOST-"; returns its length. */
static size_t print_prefix(char name[PARTIAL_NAME], const partial *p)
{
    const size_t stem = stem_length(p);
    memcpy(name, p->final, stem);
    snprintf(name + stem, HOST + 3, ".%08x-", (unsigned)hash_host());
    return stem + HOST + 2;
}

static void choose_name(partial *p)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
    unsigned char random[RANDOM];
    fill_random(random, sizeof random);
    char *end = p->name + print_prefix(p->name, p);
    for (int i = 0; i < RANDOM; i++) *end++ = digits[random[i] % 32];
    memcpy(end, ending, sizeof ending);
}

/* --- what the dead left --- */

static bool is_leftover(const char *name, const char *prefix, size_t length)
{
    return strlen(name) == length + RANDOM + strlen(ending) && strncmp(name, prefix, length) == 0 &&
           strcmp(name + length + RANDOM, ending) == 0;
}

static void remove_if_dead(int folder, const char *name)
{
    const int fd = openat(folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat about;
    if (fd < 0) return;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && flock(fd, LOCK_EX | LOCK_NB) == 0)
        (void)unlinkat(folder, name, 0);
    close(fd);
}

static void remove_leftovers(const partial *p)
{
    char prefix[PARTIAL_NAME];
    const size_t length = print_prefix(prefix, p);
    const int fd = openat(p->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = fd >= 0 ? fdopendir(fd) : NULL;
    if (!listing) {
        if (fd >= 0) close(fd);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(listing));)
        if (is_leftover(entry->d_name, prefix, length)) remove_if_dead(p->folder, entry->d_name);
    closedir(listing);
}

/* --- making one --- */

/* A descriptor for names and fsync; one for names alone where the folder may not be read. */
static int open_folder(const char *path)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 || errno != EACCES ? fd : open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Opens the folder of `path`, and finds the name within. */
static bool split(partial *p, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const size_t before = (size_t)(name - path);
    char folder[4096] = ".";
    p->folder = -1;
    errno = *name == '\0' ? EISDIR : ENAMETOOLONG;
    if (*name == '\0' || strlen(name) >= PARTIAL_NAME || before >= sizeof folder) return false;
    memcpy(p->final, name, strlen(name) + 1);
    if (before > 0) {
        memcpy(folder, path, before);
        folder[before] = '\0';
    }
    p->folder = open_folder(folder);
    return p->folder >= 0;
}

/* The permissions of the file to be replaced; where its group cannot be kept, the new one gets what
 * everybody has. */
static bool take_permissions(int fd, const struct stat *old)
{
    mode_t mode = old->st_mode & 0777;
    if (fchown(fd, old->st_uid, old->st_gid) != 0 && fchown(fd, (uid_t)-1, old->st_gid) != 0)
        mode = (mode & ~(mode_t)S_IRWXG) | (mode & S_IRWXO) << 3;
    return fchmod(fd, mode) == 0;
}

/* Locks the file; false where the name was taken off again by one who saw it before the lock.
 * A file system without locks keeps leftovers. */
static bool lock_new(int fd)
{
    struct stat about;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return false;
    return fstat(fd, &about) == 0 && about.st_nlink > 0;
}

static int create_file(partial *p, mode_t mode)
{
    for (int attempt = 0; attempt < 100; attempt++) {
        choose_name(p);
        p->slot = enlist(p);
        const int fd =
            openat(p->folder, p->name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        if (fd >= 0 && lock_new(fd)) return fd;
        const int cause = errno;
        delist(p);
        if (fd >= 0)
            close(fd);
        else if (cause != EEXIST)
            return -1;
        errno = cause;
    }
    return -1;
}

int partial_create(partial *p, const char *path)
{
    struct stat old;
    if (!split(p, path)) return -1;
    const bool replaces = fstatat(p->folder, p->final, &old, 0) == 0;
    int fd = -1;
    if (!replaces || faccessat(p->folder, p->final, W_OK, AT_EACCESS) == 0) {
        remove_leftovers(p);
        fd = create_file(p, replaces ? 0600 : 0666);
    }
    if (fd < 0) {
        const int cause = errno;
        close(p->folder);
        errno = cause;
        return -1;
    }
    p->lock = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (p->lock >= 0 && (!replaces || take_permissions(fd, &old))) return fd;
    const int cause = errno;
    close(fd);
    partial_remove(p);
    errno = cause;
    return -1;
}

/* --- its end --- */

static void release(partial *p)
{
    const int cause = errno;
    delist(p);
    if (p->lock >= 0) close(p->lock);
    close(p->folder);
    errno = cause;
}

void partial_remove(partial *p)
{
    (void)unlinkat(p->folder, p->name, 0);
    release(p);
}

/* EBADF: a folder that may not be read. */
static bool sync_folder(int folder)
{
    return durable_file(folder) || errno == EBADF;
}

bool partial_publish(partial *p)
{
    const bool renamed = renameat(p->folder, p->name, p->folder, p->final) == 0;
    if (!renamed) {
        const int cause = errno;
        (void)unlinkat(p->folder, p->name, 0);
        errno = cause;
    }
    const bool durable = renamed && sync_folder(p->folder);
    release(p);
    return durable;
}

int partial_sync_folder(const char *path)
{
    partial p;
    if (!split(&p, path)) return -1;
    const int status = sync_folder(p.folder) ? 0 : -1;
    const int cause = errno;
    close(p.folder);
    errno = cause;
    return status;
}
