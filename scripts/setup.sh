#!/bin/sh
# Makes sure that everything the build needs is there, then runs the command it is given:
#
#     scripts/setup.sh                        only set up
#     scripts/setup.sh cargo build --release  set up, then build
#
# llama.cpp is compiled from source, so beside Rust the build needs cmake, make, a C++17 compiler and
# libclang (with which the Rust side reads llama.cpp's headers). What is missing is installed with the
# system's package manager; where that is not possible, the exact command to type is printed and the
# script ends with status 1. It is silent, and asks the network nothing, when nothing is missing.
#
# Environment:
#   FEATURES        cargo features to be built; cuda, rocm and vulkan need tools of their own
#   CXX             the C++ compiler, as for cmake (default: c++)
#   LIBCLANG_PATH   the folder with libclang, where it is in an unusual place
#   SETUP_DRY_RUN=1 print the commands that would install something instead of running them
#   SETUP_ROOT      look for libraries and package lists under this folder (for tests)
set -eu

root=${SETUP_ROOT-}
manifest=$(dirname "$0")/../Cargo.toml

say() { printf 'setup: %s\n' "$*" >&2; }

# fail SENTENCE [COMMAND]: say what is wrong and, on a line of its own, what to type.
fail() {
    say "$1"
    if [ $# -gt 1 ]; then printf '\n    %s\n\n' "$2" >&2; fi
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# exists PATTERN…: whether any of the unquoted glob patterns matched a file.
exists() {
    for path in "$@"; do
        if [ -e "$path" ]; then return 0; fi
    done
    return 1
}

# ---- What the build needs --------------------------------------------------------------------------------

has_cxx17() {
    printf '#include <string_view>\nint main() { if (std::string_view s("x"); s.empty()) return 1; }\n' |
        "${CXX:-c++}" -std=c++17 -fsyntax-only -x c++ - >/dev/null 2>&1
}

has_libclang_in() {
    exists "$1"/libclang.so "$1"/libclang.so.* "$1"/libclang-[0-9]*.so* "$1"/libclang.dylib
}

# Whether libclang stands where bindgen looks by itself.
has_libclang_in_usual_place() {
    prefix=$("${LLVM_CONFIG_PATH:-llvm-config}" --prefix 2>/dev/null) || prefix=
    if [ -n "$prefix" ] && has_libclang_in "$prefix/lib"; then return 0; fi
    if [ "$system" = Darwin ]; then
        developer=$(xcode-select --print-path 2>/dev/null) || developer=
        for folder in "$developer/Toolchains/XcodeDefault.xctoolchain/usr/lib" \
            "$root"/Library/Developer/CommandLineTools/usr/lib "$root"/usr/local/opt/llvm*/lib; do
            if has_libclang_in "$folder"; then return 0; fi
        done
        return 1
    fi
    for folder in "$root"/usr/lib* "$root"/usr/lib*/* "$root"/usr/lib*/*/lib "$root"/usr/local/lib* \
        "$root"/usr/local/llvm*/lib*; do
        if has_libclang_in "$folder"; then return 0; fi
    done
    return 1
}

# The first unusual place that holds libclang; prints nothing and fails if there is none.
find_libclang_elsewhere() {
    for folder in "$root"/opt/homebrew/opt/llvm*/lib "$root"/opt/llvm*/lib "$root"/opt/rocm*/llvm/lib \
        "$root"/opt/local/libexec/llvm*/lib; do
        if has_libclang_in "$folder"; then
            printf '%s\n' "$folder"
            return 0
        fi
    done
    return 1
}

# libclang reads C headers such as stddef.h from its own folder. Debian packs them apart from the library, so
# the library alone (a dependency of many programs) is not enough there.
has_clang_headers() {
    exists "$root"/usr/lib/llvm-*/lib/clang/*/include/stddef.h "$root"/usr/lib*/clang/*/include/stddef.h \
        "$root"/usr/local/lib*/clang/*/include/stddef.h "${prefix:-/none}"/lib/clang/*/include/stddef.h
}

# Sets LIBCLANG_PATH when bindgen would not find libclang by itself.
has_libclang() {
    if [ -n "${LIBCLANG_PATH-}" ]; then
        if [ -f "$LIBCLANG_PATH" ] || has_libclang_in "$LIBCLANG_PATH"; then return 0; fi
        say "LIBCLANG_PATH is $LIBCLANG_PATH, but there is no libclang in it; it is ignored"
        unset LIBCLANG_PATH
    fi
    if has_libclang_in_usual_place; then
        if [ "$manager" = apt-get ]; then has_clang_headers; fi
        return
    fi
    if folder=$(find_libclang_elsewhere); then
        LIBCLANG_PATH=$folder
        export LIBCLANG_PATH
        return 0
    fi
    return 1
}

# ---- The package manager ---------------------------------------------------------------------------------

find_manager() {
    if [ "$system" = Darwin ]; then
        echo brew
        return
    fi
    for candidate in apt-get dnf pacman zypper; do
        if have "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo none
}

# The package that brings a tool, in the words of the package manager.
package_of() {
    case "$1:$manager" in
        cmake:*) echo cmake ;;
        make:*) echo make ;;
        compiler:apt-get | compiler:none) echo g++ ;;
        compiler:dnf | compiler:zypper) echo gcc-c++ ;;
        compiler:pacman) echo gcc ;;
        libclang:apt-get | libclang:none) echo libclang-dev ;;
        libclang:dnf | libclang:zypper) echo clang-devel ;;
        libclang:pacman) echo clang ;;
        vulkan:apt-get | vulkan:none) echo libvulkan-dev glslc spirv-headers ;;
        vulkan:dnf) echo vulkan-loader-devel glslc spirv-headers-devel ;;
        vulkan:zypper) echo vulkan-devel shaderc spirv-headers ;;
        vulkan:pacman) echo vulkan-headers vulkan-icd-loader shaderc spirv-headers ;;
        vulkan:brew) echo vulkan-loader vulkan-headers molten-vk shaderc spirv-headers ;;
    esac
}

install_command() {
    case "$manager" in
        apt-get) echo "env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $1" ;;
        dnf) echo "dnf install -y $1" ;;
        zypper) echo "zypper --non-interactive install $1" ;;
        brew) echo "brew install $1" ;;
        pacman)
            # A fresh container has no package database yet.
            if exists "$root"/var/lib/pacman/sync/*.db; then
                echo "pacman -S --needed --noconfirm $1"
            else
                echo "pacman -Sy --needed --noconfirm $1"
            fi
            ;;
    esac
}

# run COMMAND: show it and, unless this is a dry run, do it. What it prints goes to standard error.
run() {
    printf '+ %s\n' "$1" >&2
    if [ -z "${SETUP_DRY_RUN-}" ]; then
        sh -c "$1" >&2
    fi
}

# The prefix with which a package manager may be run; fails if the user cannot become root from here.
become_root() {
    if [ "$manager" = brew ] || [ "$(id -u)" -eq 0 ]; then return 0; fi
    if ! have sudo; then return 1; fi
    # Without a terminal nobody can type a password.
    if [ -t 0 ] && [ -t 2 ]; then
        echo "sudo "
    elif [ -n "${SETUP_DRY_RUN-}" ] || sudo -n true 2>/dev/null; then
        echo "sudo -n "
    else
        return 1
    fi
}

install_packages() {
    command=$(install_command "$1")
    if ! sudo=$(become_root); then
        if have sudo; then command="sudo $command"; else command="su -c '$command'"; fi
        fail "Missing: $1. Installing needs an administrator. Please type:" "$command"
    fi
    say "Missing: $1. Installing with $manager."
    if [ "$manager" = apt-get ]; then
        refresh="${sudo}apt-get update"
        if exists "$root"/var/lib/apt/lists/*_Packages*; then
            if run "$sudo$command"; then return; fi
            say "The package lists may be old; fetching them and trying once more."
        fi
        run "$refresh" || fail "The package lists could not be fetched. Please look above, then type:" "$refresh"
    fi
    run "$sudo$command" || fail "The packages could not be installed. Please look above, then type:" "$sudo$command"
}

# ---- Rust ------------------------------------------------------------------------------------------------

# older_than A B: whether version A comes before version B, by the first two numbers.
older_than() {
    a_major=${1%%.*} a_rest=${1#*.}
    b_major=${2%%.*} b_rest=${2#*.}
    a_minor=${a_rest%%.*} b_minor=${b_rest%%.*}
    [ "$a_major" -lt "$b_major" ] || { [ "$a_major" -eq "$b_major" ] && [ "$a_minor" -lt "$b_minor" ]; }
}

check_rust() {
    wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$manifest")
    # rustup writes the path into files that only a new shell reads.
    if ! have cargo && [ -x "${CARGO_HOME:-${HOME-}/.cargo}/bin/cargo" ]; then
        PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
        export PATH
    fi
    if ! have cargo; then
        fail "Rust is not installed (at least $wanted is needed). Please type:" \
            "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . \"\$HOME/.cargo/env\""
    fi
    version=$(cargo --version 2>/dev/null | sed -n 's/^cargo \([0-9][0-9.]*\).*/\1/p')
    if [ -z "$version" ]; then
        fail "cargo is there but does not run. If it belongs to rustup, please type:" "rustup default stable"
    fi
    if older_than "$version" "$wanted"; then
        if have rustup; then
            fail "Rust $version is too old; at least $wanted is needed. Please type:" \
                "rustup update stable && rustup default stable"
        fi
        fail "Rust $version is too old; at least $wanted is needed, for example beside it from rustup:" \
            "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . \"\$HOME/.cargo/env\""
    fi
}

# ---- Graphics processors ---------------------------------------------------------------------------------

wants() {
    case " $(printf '%s' "${FEATURES-}" | tr ',' ' ') " in
        *" $1 "*) return 0 ;;
        *) return 1 ;;
    esac
}

has_vulkan() {
    if ! have glslc; then return 1; fi
    exists "$root"/usr/include/vulkan/vulkan.h "$root"/usr/local/include/vulkan/vulkan.h \
        "$root"/opt/homebrew/include/vulkan/vulkan.h "${VULKAN_SDK-/none}"/include/vulkan/vulkan.h
}

# The toolkits of the vendors are large and follow the driver: they are not installed behind anybody's back.
check_vendor_toolkits() {
    if wants cuda && ! have nvcc && ! exists "$root"/usr/local/cuda/bin/nvcc; then
        fail "The cuda feature needs NVIDIA's CUDA toolkit (nvcc), which was not found:" \
            "see https://developer.nvidia.com/cuda-downloads, then put its bin folder on PATH"
    fi
    if wants rocm && ! have hipcc && ! exists "$root"/opt/rocm/bin/hipcc; then
        fail "The rocm feature needs AMD's ROCm toolkit (hipcc), which was not found:" \
            "see https://rocm.docs.amd.com, then put its bin folder on PATH"
    fi
}

# ---- Set up ----------------------------------------------------------------------------------------------

find_missing() {
    missing=
    if ! have cmake; then missing="$missing cmake"; fi
    if ! have make; then missing="$missing make"; fi
    if ! has_cxx17; then missing="$missing compiler"; fi
    if ! has_libclang; then missing="$missing libclang"; fi
    if wants vulkan && ! has_vulkan; then missing="$missing vulkan"; fi
}

packages_of() {
    packages=
    for tool in "$@"; do
        packages="$packages $(package_of "$tool")"
    done
    printf '%s\n' "${packages# }"
}

install_missing() {
    for tool in $missing; do
        case "$system:$tool" in
            Darwin:make | Darwin:compiler | Darwin:libclang)
                fail "Apple's command line tools (compiler, make, libclang) are missing. Please type:" \
                    "xcode-select --install"
                ;;
        esac
    done
    # The names are words of our own, without spaces or patterns.
    # shellcheck disable=SC2086
    packages=$(packages_of $missing)
    case "$manager" in
        none)
            fail "Missing:$missing, and no package manager known here. On Debian or Ubuntu the command would be:" \
                "sudo apt-get install -y $packages"
            ;;
        brew)
            if ! have brew; then
                fail "Missing: $packages. With Homebrew (https://brew.sh) installed, type:" "brew install $packages"
            fi
            ;;
    esac
    install_packages "$packages"
    if [ -n "${SETUP_DRY_RUN-}" ]; then return; fi
    find_missing
    if [ -n "$missing" ]; then
        fail "Installed, but still not found:$missing. Is it on PATH (or in LIBCLANG_PATH, or CXX)?"
    fi
}

system=$(uname -s)
manager=$(find_manager)
check_rust
check_vendor_toolkits
find_missing
if [ -n "$missing" ]; then install_missing; fi
if [ $# -gt 0 ]; then exec "$@"; fi
