# One command each; every target first makes what it needs and does it again only when pyproject.toml changed.
#   LAOFASHI_PORT=8800 make run     make test ARGS='-k telegram'     make run PYTHON=python3.12

PYTHON ?= python3
VENV   ?= .venv
# For tests, tuning and other models only; `make run` needs none. Any CPU build will do: where the plain name would bring
# 3 GB of CUDA, give pip another version or index here, e.g. make test TORCH='torch==2.13.0+cpu --index-url …'.
TORCH  ?= torch==2.13.0
ARGS   ?=
JOBS   ?= 2

BIN := $(VENV)/bin
PEERS := .cache/bench/peers/venv
NODE := $(VENV)/node
TSC := $(BIN)/node $(NODE)/node_modules/typescript/bin/tsc
PRETTIER := $(BIN)/node $(NODE)/node_modules/prettier/bin/prettier.cjs --print-width 120 "{desk,bot}/pages/**/*.{js,ts,css}"
PIP := $(BIN)/python -m pip --disable-pip-version-check install -qq

.DEFAULT_GOAL := help
.PHONY: help run test check format soak bench browser models
.DELETE_ON_ERROR:

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1  \t/p' $(MAKEFILE_LIST)

run: $(VENV)/.installed  ## serve the demo on loopback; Ctrl-C stops it
	@$(BIN)/laofashi demo $(ARGS)

test: $(VENV)/.dev browser  ## every test that takes seconds, browser included
	$(BIN)/python -m pytest -m 'not soak' -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(VENV)/.dev $(NODE)/.installed  ## format, lint, types of code and scripts, which way imports point, patterns, and what README says
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(PRETTIER) --log-level warn --check
	$(TSC) --project tests/pages
	$(BIN)/python -m pytest -q tests/test_architecture.py tests/test_patterns.py tests/test_project.py

format: $(VENV)/.dev $(NODE)/.installed  ## bring the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(PRETTIER) --log-level warn --write

models: $(VENV)/.models  ## install what tuning and other embedding models need (PyTorch)

soak: $(VENV)/.dev browser  ## the proofs that take minutes: kills, races, corruption
	$(BIN)/python -m pytest -m soak $(ARGS)

bench: $(VENV)/.bench $(PEERS)/.installed  ## milliseconds and megabytes, against the floor and other frameworks
	$(BIN)/python -m bench $(ARGS)

# --- what the targets need ---------------------------------------------------------------------------------------

# Debian's python3 may come without venv's own pip; then pip puts one in from outside.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed: make run PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
	  || { $(PYTHON) -m venv --clear --without-pip $(VENV) && $(PYTHON) -m pip --python $(VENV) install -qq pip; }

$(VENV)/.torch: | $(BIN)/python
	@echo "installing PyTorch for the CPU (once; it trains and exports embedding models)"
	@$(PIP) $(TORCH)
	@touch $@

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "installing the program and its libraries (once; a minute or two)"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.models: $(VENV)/.installed $(VENV)/.torch
	@echo "installing what other embedding models and tuning need (once)"
	@$(PIP) --editable '.[models]'
	@touch $@

$(VENV)/.dev: $(VENV)/.models
	@echo "installing what tests and checks need (once)"
	@$(PIP) --editable '.[dev]'
	@touch $@

# Beside the environment and not in the tree; versions are exact, so there is no lock file.
$(NODE)/.installed: tests/pages/package.json | $(VENV)/.dev
	@echo "installing what checks the pages' scripts (once)"
	@mkdir -p $(@D)
	@cp $< $(@D)/package.json
	@$(BIN)/npm install --prefix $(@D) --no-package-lock --no-audit --no-fund --silent
	@touch $@

$(VENV)/.bench: $(VENV)/.models
	@echo "installing what the benchmark compares with (once)"
	@$(PIP) --editable '.[bench]'
	@touch $@

# What is compared with has an environment of its own: it wants other versions.
$(PEERS)/.installed: bench/peers/requirements.txt | $(BIN)/python
	@echo "installing the frameworks that the benchmark compares with (once; some minutes, 2 GB)"
	@mkdir -p $(@D)
	@$(BIN)/python -m venv $(@D) >/dev/null 2>&1 || $(BIN)/python -m venv --clear --without-pip $(@D)
	@$(BIN)/python -m pip --python $(@D) --disable-pip-version-check install -qq $(TORCH)
	@$(BIN)/python -m pip --python $(@D) --disable-pip-version-check install -qq -r $<
	@touch $@

# Chromium and a Chinese font for the browser tests: installed where that is possible, else said in one line.
browser:
	@if [ -x /usr/bin/chromium ] && fc-list :lang=zh | grep -q .; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "installing chromium and fonts-noto-cjk"; \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig; } >/dev/null && exit 0; \
	fi; \
	echo "browser tests are skipped or lack Chinese glyphs: as root, apt-get install chromium fonts-noto-cjk"
