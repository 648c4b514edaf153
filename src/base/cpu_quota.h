/* SPDX-License-Identifier: MIT */
/* How much processor time a container grants, by Linux control groups. */
#ifndef DMG_BASE_CPU_QUOTA_H
#define DMG_BASE_CPU_QUOTA_H

/* The smallest quota of the process's control group and of those above it, in whole processors,
 * rounded up; 0 where there is none. `groups` is /proc/self/cgroup, `root` is /sys/fs/cgroup. */
int cpu_quota(const char *groups, const char *root);

#endif
