/* SPDX-License-Identifier: MIT */
/* What this library is and what it was built with. Stands above all modules, as it names what each
 * of them relies on.
 */
#include "deepmirgene/version.h"

#include <htslib/hts.h>
#include <jansson.h>

#include "deepmirgene/cpu.h"

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

dmg_build_info dmg_version_info(void)
{
    dmg_cpu cpu = DMG_CPU_AUTO;
    (void)dmg_cpu_resolve(&cpu, NULL); /* every processor has some level */
    return (dmg_build_info){
        .version = DMG_VERSION,
        .compiler = COMPILER,
        .flags = DMG_BUILD_FLAGS,
        .htslib = hts_version(),
        .jansson = jansson_version_str(),
        .kernels = dmg_cpu_name(cpu),
    };
}
