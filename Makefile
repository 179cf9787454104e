# Everything sets itself up: Python 3.11 and make are all a machine needs.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-installed
DEV_STAMP := $(VENV)/.dev-installed
BROWSER_STAMP := $(VENV)/.browser-looked-for

.PHONY: help demo test test-slow test-random profile sizes office eval-local-llm lint types format clean

help:
	@echo "make demo       run the main job on data/samples and ask it three questions"
	@echo "make test       every check that a change must pass"
	@echo "make test-slow  the suites that take minutes"
	@echo "make test-random  the property tests with other cases each time, ROUNDS=10 times"
	@echo "make eval-local-llm  measure a small real language model, MODEL=1.5b or 0.5b, EXTRACTOR=llm or hybrid, DOCS='water-2022 …'; see docs/local-llm.md"
	@echo "make profile    where the offline run spends its time, sampled by py-spy (fetched into build/profile)"
	@echo "make sizes      what pip fetches and unpacks for jixiao without extras, package by package"
	@echo "make format     rewrite the code in the project's format"
	@echo "make clean      remove the environment and everything built"

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "jixiao needs Python 3.11 or newer; this is $$($(PYTHON) --version). Set PYTHON=/path/to/python3.11."; exit 1; }
	@echo "setting up $(VENV)" >&2
	@$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): pyproject.toml constraints.txt | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(DEV_STAMP): pyproject.toml constraints.txt | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(RUN_STAMP)

# The browser of the tests: Debian's, with fonts for Chinese, by apt-get as root or sudo; without either the tests skip.
$(BROWSER_STAMP): | $(VENV)/bin/python
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then \
		run=; [ "$$(id -u)" = 0 ] || run="sudo -n"; \
		echo "installing chromium and fonts-noto-cjk for the browser tests" >&2; \
		{ $$run apt-get update -qq && $$run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; } >$(VENV)/apt.log 2>&1 \
			|| echo "chromium could not be installed ($(VENV)/apt.log says why): the browser tests are skipped" >&2; \
	else echo "no chromium, and no right to install it: the browser tests are skipped" >&2; fi
	@touch $@

demo: $(RUN_STAMP)
	@rm -f build/demo.duckdb build/demo.duckdb.wal
	@$(BIN)/jixiao run data/samples --db build/demo.duckdb --extractor offline
	@$(BIN)/jixiao query --db build/demo.duckdb --file docs/questions/execution.sql
	@$(BIN)/jixiao query --db build/demo.duckdb --file docs/questions/findings.sql
	@$(BIN)/jixiao query --db build/demo.duckdb --file docs/questions/largest.sql

lint: $(DEV_STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(DEV_STAMP)
	$(BIN)/mypy

test: lint types $(BROWSER_STAMP)
	$(BIN)/pytest

test-slow: $(DEV_STAMP) office
	$(BIN)/pytest -m slow

ROUNDS := 10
test-random: $(DEV_STAMP)
	@for round in $$(seq $(ROUNDS)); do $(BIN)/pytest -m "hypothesis and not slow" --hypothesis-profile=random || exit 1; done

PROFILE := build/profile
profile: $(DEV_STAMP)
	@test -x $(PROFILE)/bin/py-spy || { $(PYTHON) -m venv $(PROFILE) && $(PROFILE)/bin/pip install --quiet --disable-pip-version-check py-spy==0.4.3; }
	@$(PROFILE)/bin/py-spy record --rate 200 --format raw --output $(PROFILE)/stacks.txt -- $(BIN)/jixiao bench offline --documents 500
	@$(BIN)/python -m eval.bench.stacks $(PROFILE)/stacks.txt

sizes: $(DEV_STAMP)
	@$(BIN)/python -m tests.sizes build/wheels

office:
	@command -v soffice >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && \
	apt-get install -y -qq --no-install-recommends libreoffice-writer fonts-noto-cjk >/dev/null; } || \
	echo "LibreOffice is missing and cannot be installed here (libreoffice-writer): its tests are skipped" >&2

MODEL := 1.5b
DOCS :=
THREADS := 2
EXTRACTOR := llm
eval-local-llm: $(DEV_STAMP)
	@$(BIN)/python -m eval.local_llm --model $(MODEL) --threads $(THREADS) --extractor $(EXTRACTOR) $(foreach name,$(DOCS),--doc $(name))

format: $(DEV_STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) build dist
