#!/bin/sh
# Runs the tests that need a real llama-server (tests/remote.rs): the one that LLAMA_SERVER names, else one that is built here from
# the source distribution of the Python package llama-cpp-python, which carries llama.cpp.
#
#   scripts/test_remote.sh [TEST…]
set -eu
cd "$(dirname "$0")/.."
version=0.3.36
folder=target/llama-server

say() { printf 'test-remote: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

if [ -z "${LLAMA_SERVER:-}" ]; then
    LLAMA_SERVER=$PWD/$folder/build/bin/llama-server
    if [ ! -x "$LLAMA_SERVER" ]; then
        command -v cmake >/dev/null || die "cmake is needed, or name a llama-server with LLAMA_SERVER"
        python3 -m pip --version >/dev/null 2>&1 || die "python3 with pip is needed to download the sources"
        mkdir -p "$folder"
        say "downloading llama-cpp-python $version"
        # Only the archive is wanted: pip would build it to learn of its metadata.
        python3 -m pip download --quiet --no-binary :all: --no-deps --no-build-isolation --dest "$folder" \
            "llama-cpp-python==$version" >&2 || [ -f "$folder/llama_cpp_python-$version.tar.gz" ] ||
            die "llama-cpp-python $version could not be downloaded"
        tar -xzf "$folder/llama_cpp_python-$version.tar.gz" -C "$folder"
        say "building llama-server, which takes a while"
        cmake -S "$folder/llama_cpp_python-$version/vendor/llama.cpp" -B "$folder/build" -DCMAKE_BUILD_TYPE=Release \
            -DLLAMA_BUILD_SERVER=ON -DLLAMA_BUILD_UI=OFF -DLLAMA_CURL=OFF >"$folder/cmake.log" 2>&1 ||
            die "cmake failed: $folder/cmake.log"
        cmake --build "$folder/build" --target llama-server -j "${JOBS:-2}" >"$folder/build.log" 2>&1 ||
            die "the build failed: $folder/build.log"
    fi
fi
export LLAMA_SERVER
say "with $LLAMA_SERVER"
exec cargo test --locked --test remote -- --ignored --nocapture --test-threads=1 "$@"
