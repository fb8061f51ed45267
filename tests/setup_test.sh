#!/bin/sh
# Tests of scripts/setup.sh: each case is a made-up machine, a folder of commands that is the whole PATH and a
# folder of libraries, and what the script should say there. Nothing is installed.
set -u

here=$(cd "$(dirname "$0")" && pwd)
script=$here/../scripts/setup.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
cases=0

# command_file NAME BODY: put a command of our own on the machine.
command_file() {
    printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}

# machine SYSTEM USER_ID COMMAND…: a fresh machine with a good Rust and the commands named.
machine() {
    rm -rf "${work:?}/bin" "$work/root"
    mkdir -p "$work/bin" "$work/root"
    for tool in sh env sed tr dirname; do
        ln -s "$(command -v "$tool")" "$work/bin/$tool"
    done
    command_file uname "echo $1"
    command_file id "echo $2"
    command_file cargo 'echo "cargo 9.1.0 (0000000 2099-01-01)"'
    shift 2
    for tool in "$@"; do command_file "$tool" 'exit 0'; done
}

# library PATH: put an empty file under the machine's root.
library() {
    mkdir -p "$work/root/$(dirname "$1")"
    : >"$work/root/$1"
}

debian_libclang() {
    library usr/lib/llvm-19/lib/libclang.so.1
    library usr/lib/llvm-19/lib/clang/19/include/stddef.h
}

# setup [NAME=VALUE…] [-- COMMAND…]: run the script on the machine, as a dry run if not told otherwise.
setup() {
    settings=
    while [ $# -gt 0 ]; do
        case "$1" in
            --) shift; break ;;
            *) settings="$settings $1"; shift ;;
        esac
    done
    # shellcheck disable=SC2086 # settings are words without spaces
    output=$(env -i PATH="$work/bin" HOME="$work" SETUP_ROOT="$work/root" SETUP_DRY_RUN=1 $settings \
        "$work/bin/sh" "$script" "$@" 2>&1 </dev/null)
    status=$?
}

check() {
    cases=$((cases + 1))
    if [ "$2" -eq 0 ]; then return; fi
    failures=$((failures + 1))
    printf 'FAILED: %s\n  status %s, output:\n%s\n' "$1" "$status" "$output" | sed '3,$s/^/  | /'
}

# ends CASE STATUS, says CASE TEXT, silent CASE: what the last run should have done.
ends() { [ "$status" -eq "$2" ]; check "$1 (status $2)" $?; }
says() { case "$output" in *"$2"*) check "$1" 0 ;; *) check "$1 (says: $2)" 1 ;; esac; }
never_says() { case "$output" in *"$2"*) check "$1 (never says: $2)" 1 ;; *) check "$1" 0 ;; esac; }
silent() { [ -z "$output" ]; check "$1 (silent)" $?; }

name='everything is there'
machine Linux 1000 apt-get cmake make c++
debian_libclang
setup
ends "$name" 0
silent "$name"

name='the command is run, with its arguments'
# shellcheck disable=SC2016 # the parameters are those of the inner shell
setup -- sh -c 'echo "$#: $1, $2"' sh one 'two words'
ends "$name" 0
says "$name" '2: one, two words'

name='the status of the command is passed on'
setup -- sh -c 'exit 7'
ends "$name" 7

name='Debian as root, nothing there, no package lists'
machine Linux 0 apt-get
setup
ends "$name" 0
says "$name" '+ apt-get update
+ env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends cmake make g++ libclang-dev'

name='Debian with package lists asks for no new ones'
library var/lib/apt/lists/deb.debian.org_dists_stable_main_binary-amd64_Packages.lz4
setup
never_says "$name" 'apt-get update'

name='old package lists are fetched anew when a package is not found'
machine Linux 0 make c++
debian_libclang
library var/lib/apt/lists/some_Packages
command_file apt-get "case \$1 in
    update) : >'$work/root/fresh' ;;
    install) [ -e '$work/root/fresh' ] && ln -s /bin/true '$work/bin/cmake' ;;
esac"
ln -s "$(command -v ln)" "$work/bin/ln"
setup SETUP_DRY_RUN= -- sh -c 'echo built'
ends "$name" 0
says "$name" '+ apt-get update'
says "$name" 'built'

name='an installation that does not bring the tool is told'
machine Linux 0 apt-get make c++
debian_libclang
library var/lib/apt/lists/some_Packages
setup SETUP_DRY_RUN= -- sh -c 'echo built'
ends "$name" 1
says "$name" 'still not found: cmake'
never_says "$name" 'built'

name='Debian with only cmake missing installs only cmake, with sudo'
machine Linux 1000 apt-get sudo make c++
debian_libclang
library var/lib/apt/lists/some_Packages
setup
ends "$name" 0
says "$name" '+ sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends cmake'
never_says "$name" 'libclang'

name='Debian with the library of clang but not its headers'
machine Linux 0 apt-get cmake make c++
library usr/lib/llvm-19/lib/libclang.so.1
setup
says "$name" 'libclang-dev'

name='the C++ part of clang is no libclang'
machine Linux 0 dnf cmake make c++
library usr/lib64/libclang-cpp.so.19
setup
says "$name" '+ dnf install -y clang-devel'

name='no root and no sudo'
machine Linux 1000 dnf cmake make c++
setup
ends "$name" 1
says "$name" "su -c 'dnf install -y clang-devel'"

name='a compiler without C++17'
machine Linux 0 dnf cmake make
command_file c++ 'exit 1'
library usr/lib64/libclang.so
setup
says "$name" '+ dnf install -y gcc-c++'

name='another compiler by CXX'
command_file clang++ 'exit 0'
setup CXX=clang++
ends "$name" 0
silent "$name"

name='Arch, with and without a package database'
machine Linux 0 pacman
setup
says "$name" '+ pacman -Sy --needed --noconfirm cmake make gcc clang'
library var/lib/pacman/sync/core.db
setup
says "$name" '+ pacman -S --needed --noconfirm cmake make gcc clang'

name='no package manager known'
machine Linux 0 cmake make c++
setup
ends "$name" 1
says "$name" 'Missing: libclang'
says "$name" 'sudo apt-get install -y libclang-dev'

name='macOS without the command line tools'
machine Darwin 501 brew cmake make c++
setup
ends "$name" 1
says "$name" 'xcode-select --install'

name='macOS without cmake, with and without Homebrew'
machine Darwin 501 brew make c++
library Library/Developer/CommandLineTools/usr/lib/libclang.dylib
setup
ends "$name" 0
says "$name" '+ brew install cmake'
rm "$work/bin/brew"
setup
ends "$name" 1
says "$name" 'brew install cmake'

name='libclang where bindgen does not look'
machine Linux 0 dnf cmake make c++
library opt/llvm-20/lib/libclang.so
# shellcheck disable=SC2016 # the variable is for the inner shell
setup -- sh -c 'echo "$LIBCLANG_PATH"'
ends "$name" 0
says "$name" "$work/root/opt/llvm-20/lib"

name='a LIBCLANG_PATH that holds nothing is named and ignored'
library usr/lib64/libclang.so
# shellcheck disable=SC2016
setup LIBCLANG_PATH=/nowhere -- sh -c 'echo "path: ${LIBCLANG_PATH-unset}"'
ends "$name" 0
says "$name" 'LIBCLANG_PATH is /nowhere'
says "$name" 'path: unset'

name='no Rust'
machine Linux 0 apt-get cmake make c++
debian_libclang
rm "$work/bin/cargo"
setup
ends "$name" 1
says "$name" 'https://sh.rustup.rs'

name='Rust of rustup in a shell that does not know it yet'
mkdir -p "$work/.cargo/bin"
printf '#!/bin/sh\necho cargo 9.1.0\n' >"$work/.cargo/bin/cargo"
chmod +x "$work/.cargo/bin/cargo"
setup -- cargo build
ends "$name" 0
says "$name" 'cargo 9.1.0'
rm -r "$work/.cargo"

name='Rust too old, with and without rustup'
command_file cargo 'echo "cargo 1.63.0"'
setup
ends "$name" 1
says "$name" 'Rust 1.63.0 is too old'
says "$name" 'https://sh.rustup.rs'
command_file rustup 'exit 0'
setup
ends "$name" 1
says "$name" 'rustup update stable'

name='rustup without a toolchain'
command_file cargo 'exit 1'
setup
ends "$name" 1
says "$name" 'rustup default stable'

name='toolkits of the vendors are asked for, not installed'
machine Linux 0 apt-get cmake make c++
debian_libclang
setup FEATURES=cuda
ends "$name" 1
says "$name" 'CUDA'
command_file nvcc 'exit 0'
setup FEATURES=cuda
ends "$name" 0
silent "$name"

name='vulkan needs its headers and a shader compiler'
library var/lib/apt/lists/some_Packages
setup FEATURES=vulkan,cuda
says "$name" 'install -y --no-install-recommends libvulkan-dev glslc spirv-headers'

if [ "$failures" -gt 0 ]; then
    printf '%s of %s checks failed\n' "$failures" "$cases"
    exit 1
fi
printf '%s checks passed\n' "$cases"
