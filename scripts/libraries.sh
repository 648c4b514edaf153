#!/bin/sh
# SPDX-License-Identifier: MIT
# Compiles the libraries that deepmirgene needs as static ones, from their Debian source packages, for
# WebAssembly (web/build.sh) or for this machine (scripts/make-wheel.sh):
#
#     scripts/libraries.sh wasm|native DIR [cmocka]
#
# The sources go to DIR/src, the static libraries, headers and .pc files to DIR/lib and DIR/include.
# A package whose library is already there is skipped.
set -eu

[ $# -eq 2 ] || [ "${3-}" = cmocka ] || { sed -n '3,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2; exit 2; }
case $1 in
wasm) CC=emcc CXX=em++ AR=emar FLAGS='-O3 -msimd128 -DNDEBUG' ;;
# Tables of a switch would keep functions of htslib that need what is not compiled.
native) CC=cc CXX=c++ AR=ar FLAGS='-O2 -fPIC -ffunction-sections -fno-jump-tables -DNDEBUG' ;;
*) exit 2 ;;
esac
mkdir -p "$2/src" "$2/include" "$2/lib/pkgconfig"
root=$(cd "$2" && pwd)
# Emscripten of Debian runs on Debian's Python; one from elsewhere starts more slowly, 200 times.
export EMSDK_PYTHON="${EMSDK_PYTHON:-/usr/bin/python3}"

# The Debian source packages that are not yet in src, all at once: lists of sources are large.
source_packages() {
    missing=''
    for package in "$@"; do
        [ -d "$root/src/$package" ] || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    rm -rf "$root/src/apt"
    mkdir -p "$root/src/apt/lists/partial"
    # A list of sources of its own: the machine's configuration is left alone.
    sed 's/^Types: .*/Types: deb-src/; s/^deb /deb-src /' \
        /etc/apt/sources.list.d/*.sources /etc/apt/sources.list 2>/dev/null >"$root/src/apt/debian.sources" || true
    apt="-o Dir::Etc::sourcelist=$root/src/apt/debian.sources -o Dir::Etc::sourceparts=/dev/null
        -o Dir::State::lists=$root/src/apt/lists -o APT::Sandbox::User=root"
    # shellcheck disable=SC2086 # options and packages, split at blanks
    (cd "$root/src/apt" && apt-get $apt -q update && apt-get $apt -q --tar-only --download-only source $missing) >&2 || {
        echo "scripts/libraries.sh: the sources of$missing cannot be fetched" >&2
        exit 77
    }
    for package in $missing; do
        mkdir "$root/src/$package"
        tar -xf "$root"/src/apt/"$package"_*.orig.tar.* -C "$root/src/$package" --strip-components=1
    done
}

# compile LIBRARY COMPILER OPTIONS SOURCE...: all sources into lib/LIBRARY, on all processors.
compile() {
    library=$1 compiler=$2 options=$3
    shift 3
    work=$(mktemp -d)
    # shellcheck disable=SC2086
    realpath "$@" | (cd "$work" && xargs -n 5 -P "$(nproc)" $compiler $FLAGS $options -I"$root/include" -c)
    $AR rcs "$root/lib/$library" "$work"/*.o
    rm -rf "$work"
}

# describe NAME VERSION LIBRARIES: a .pc file.
describe() {
    cat >"$root/lib/pkgconfig/$1.pc" <<END
Name: $1
Description: $1, static
Version: $2
Libs: -L$root/lib $3
Cflags: -I$root/include
END
}

zlib() {
    [ -f "$root/lib/libz.a" ] && return
    cd "$root/src/zlib"
    cp zlib.h zconf.h "$root/include/"
    compile libz.a $CC -DHAVE_UNISTD_H adler32.c crc32.c deflate.c infback.c inffast.c inflate.c \
        inftrees.c trees.c zutil.c compress.c uncompr.c gzclose.c gzlib.c gzread.c gzwrite.c
    describe zlib "$(sed -n 's/^#define ZLIB_VERSION "\(.*\)"/\1/p' zlib.h)" -lz
}

jansson() {
    [ -f "$root/lib/libjansson.a" ] && return
    cd "$root/src/jansson/src"
    sed 's/@json_inline@/inline/; s/@json_have_localeconv@/0/; s/@[a-z_]*@/1/' jansson_config.h.in >jansson_config.h
    : >jansson_private_config.h # its contents come as options
    cp jansson.h jansson_config.h "$root/include/"
    compile libjansson.a $CC "-I$PWD -DHAVE_CONFIG_H -DHAVE_STDINT_H -DHAVE_UNISTD_H -DHAVE_SYS_TIME_H -DHAVE_GETTIMEOFDAY -DINITIAL_HASHTABLE_ORDER=3" ./*.c
    describe jansson "$(sed -n 's/^#define JANSSON_VERSION *"\(.*\)"/\1/p' jansson.h)" -ljansson
}

# Only what reads compressed text and indexed FASTA; the linker drops the rest of hts.c.
htslib() {
    [ -f "$root/lib/libhts.a" ] && return
    cd "$root/src/htslib"
    version=$(sed -n 's/^VERSION=//p' version.sh)
    printf '#define HTS_VERSION_TEXT "%s"\n' "$version" >version.h
    printf '#define HTS_CC ""\n#define HTS_CPPFLAGS ""\n#define HTS_CFLAGS ""\n#define HTS_LDFLAGS ""\n#define HTS_LIBS ""\n' >config_vars.h
    printf '#define HAVE_DRAND48 1\n' >config.h
    mkdir -p htscodecs/htscodecs "$root/include/htslib"
    printf 'const char *htscodecs_version(void);\n' >htscodecs/htscodecs/htscodecs.h
    cp htslib/*.h "$root/include/htslib/"
    compile libhts.a $CC "-I$PWD" bgzf.c faidx.c hfile.c md5.c kstring.c hts.c hts_os.c textutils.c thread_pool.c \
        cram/pooled_alloc.c
    describe htslib "$version" '-lhts -lz'
}

libsvm() {
    [ -f "$root/lib/libsvm.a" ] && return
    cd "$root/src/libsvm"
    mkdir -p "$root/include/libsvm"
    cp svm.h "$root/include/libsvm/"
    compile libsvm.a $CXX '' svm.cpp
}

# For unit tests. Its header wants to be told where uintptr_t is a type already.
cmocka() {
    [ -f "$root/lib/libcmocka.a" ] && return
    cd "$root/src/cmocka/src"
    cp ../include/cmocka.h "$root/include/"
    compile libcmocka.a $CC "-I$PWD/../include -D_UINTPTR_T_DEFINED -DHAVE_INTTYPES_H -DHAVE_MALLOC_H -DHAVE_SIGNAL_H -DHAVE_STRINGS_H" cmocka.c
}

libraries="zlib jansson htslib libsvm ${3-}"
# shellcheck disable=SC2086
source_packages $libraries
for library in $libraries; do
    ("$library")
done
