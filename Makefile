# Hjul's list of tasks, used by people and by .ci/run alike. Needs Python 3.11 or later and make, nothing else:
# whatever is missing is installed into .venv. uv is used when it is there, because it is faster.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup catalogues demo test lint format soak check-papers bench bench-data docs clean

# Each test worker and each command of the demonstration starts Python anew: without bytecode that compiles everything.
export PYTHONDONTWRITEBYTECODE :=

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
COMPILED := $(VENV)/.catalogues
CATALOGUES := $(wildcard engine/language/locale/*/LC_MESSAGES/*.po)
PYTEST := $(BIN)/python -m pytest

help: ## say what there is to do
	@echo "make demo        set up, load the example municipality into demo/, walk a case, write a report"
	@echo "make test        set up and pass all tests, on SQLite and on a real PostgreSQL"
	@echo "make lint        style, types, import contracts, catalogues, committed files, stale pages"
	@echo "make format      let ruff put the code in order"
	@echo "make soak        the long tests: kill -9 while stepping, many writers"
	@echo "make check-papers open every paper in LibreOffice, hold every PDF against outside checkers, where installed"
	@echo "make bench       the small measurements, under ten minutes"
	@echo "make bench-data  build the large databases and measure on them"
	@echo "make docs        write the generated reference pages anew"
	@echo "make clean       remove everything that is built, .venv included"

# --- setting up -------------------------------------------------------------------------------------------------

setup: $(READY) $(COMPILED) ## .venv with everything, redone when pyproject.toml or the build hook changes

$(READY): pyproject.toml engine/language/build.py
	@set -eu; \
	fits() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }; \
	if command -v uv >/dev/null 2>&1 && uv pip install --help 2>/dev/null | grep -q -e '--group'; then uv=yes; else uv=; fi; \
	if ! fits $(BIN)/python; then \
	  python=; \
	  for each in "$${PYTHON:-}" python3.13 python3.12 python3.11 python3 python3.14; do \
	    if [ -n "$$each" ] && fits "$$each"; then python=$$(command -v "$$each"); break; fi; \
	  done; \
	  if [ -z "$$python" ]; then \
	    echo "Hjul needs Python 3.11 or later, and none was found. Install it, or name it: make PYTHON=/path/to/python3 test" >&2; exit 1; \
	  fi; \
	  rm -rf $(VENV); \
	  echo "Setting up .venv with $$("$$python" --version) (the first time takes a minute or two)"; \
	  if [ -n "$$uv" ]; then uv venv --quiet --python "$$python" $(VENV); \
	  elif ! "$$python" -m venv $(VENV); then \
	    rm -rf $(VENV); \
	    echo "$$python has no venv module. On Debian and Ubuntu: apt install python3-venv, then run make again." >&2; exit 1; \
	  fi; \
	fi; \
	if [ -n "$$uv" ]; then \
	  uv pip install --quiet --python $(BIN)/python -e '.[postgresql]' --group test --group lint; \
	else \
	  $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[postgresql]' --group test --group lint; \
	fi
	@touch $@

catalogues: $(COMPILED) ## the messages, compiled when a .po file has changed

$(COMPILED): $(READY) $(CATALOGUES)
	@$(BIN)/python -m engine.language.build
	@touch $@

# --- everyday ---------------------------------------------------------------------------------------------------

test: setup ## the whole suite; ARGS="-k name" for a part
	$(PYTEST) -n 2 --dist worksteal $(ARGS)

lint: setup ## everything that can be judged without running; says all of it before it fails
	@failed=; \
	run() { printf '%s\n' "$$*"; "$$@" || failed=yes; }; \
	run $(BIN)/ruff check .; \
	run $(BIN)/ruff format --check .; \
	run $(BIN)/mypy; \
	run $(BIN)/lint-imports --no-cache; \
	run $(BIN)/python -m engine.language.build --check; \
	run $(BIN)/python -m tests.house.committed; \
	$(if $(wildcard cli/main.py),run $(BIN)/python -m docs.generate --check;) \
	[ -z "$$failed" ]

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

soak: setup ## on a PostgreSQL that really writes to disk
	HJUL_TEST_POSTGRESQL_DURABLE=1 $(PYTEST) -m soak tests/soak tests/access $(ARGS)

check-papers: setup ## LibreOffice and the checkers of PDF, where they are installed
	$(BIN)/python -m tests.outside.papers

bench: setup
	$(BIN)/python -m benchmarks $(ARGS)

bench-data: setup
	$(BIN)/python -m benchmarks --large $(ARGS)

docs: setup
	$(BIN)/python -m docs.generate

# --- the demonstration ------------------------------------------------------------------------------------------
# Each line is shown as it would be typed. HJUL_DB makes all of them speak of the database in demo/.

demo: setup ## a fresh folder demo/ every time
	@rm -rf demo && mkdir demo
	@set -eu; \
	HJUL_DB=sqlite:///demo/hjul.sqlite; export HJUL_DB; \
	HJUL_NOW=2026-11-23T08:00:00Z; export HJUL_NOW; \
	hjul() { printf '\n$$ hjul %s\n' "$$*"; $(BIN)/hjul "$$@"; }; \
	first() { $(BIN)/python -c 'import json, sys; print(next(t["reference"] for t in json.load(sys.stdin) if t["step"] == sys.argv[1]))' "$$1"; }; \
	hjul demo; \
	hjul --as chef_bjork tasks; \
	case=$$($(BIN)/hjul --as chef_bjork tasks --json | first bedom); \
	hjul --as chef_bjork show $$case; \
	hjul --as chef_bjork step $$case bedom --set lagrum=hsl --set kategori_hsl=hsl_lakemedel_utebliven \
	  --set paverkan=risk --set bedomning_av=utfall --set sannolikhet=2 --set allvarlighet_hsl=2 \
	  --set vardskada_misstanks=nej --set missforhallande_misstanks=nej --set medbedomare=ssk01 --set enskild_informerad=ja; \
	hjul --as chef_bjork step $$case paborja_utredning --set utredare=chef_bjork; \
	hjul --as chef_bjork log $$case; \
	hjul --as rev01 audit verify; \
	hjul --as chef_bjork report enhet --format html -o demo/enhet.html; \
	printf '\nThe database is demo/hjul.sqlite and the report demo/enhet.html.\n'; \
	printf 'Try more: export HJUL_DB=%s HJUL_NOW=%s; .venv/bin/hjul --help\n' "$$HJUL_DB" "$$HJUL_NOW"

# --- order ------------------------------------------------------------------------------------------------------

clean:
	rm -rf $(VENV) demo dist build htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find engine/language -name '*.mo' -exec rm -f {} +
