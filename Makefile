# Narrowgate. `make demo` and `make test` do all set-up; nothing else is needed first.

PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/ready
FUZZ   ?= 50

.DEFAULT_GOAL := help
.PHONY: help install demo test lint types unit fuzz faults bench national lock clean

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(READY)  ## the locked environment in .venv

$(READY): requirements.lock pyproject.toml
	@sh scripts/need.sh $(PYTHON) openssl
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $(READY)

demo: install  ## the August 2025 batch, rebuilt about simulated people, judged four times
	$(BIN)/narrowgate demo

test: install lint types unit  ## everything that must hold

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYTHONPATH=src $(BIN)/lint-imports --no-cache

types: install
	$(BIN)/mypy

unit: install
	@sh scripts/need.sh $(PYTHON) openssl go postgres java softhsm2-util zstd
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

fuzz: install  ## the differential tests of the clause language with FUZZ times their examples
	NARROWGATE_FUZZ=$(FUZZ) $(BIN)/pytest tests/agreement/test_meaning.py tests/agreement/test_encoding.py \
		tests/agreement/test_grammar.py tests/agreement/test_spark.py tests/spark/test_clauses.py

faults: install  ## the gate killed, starved of disk and damaged, 20 times as often as in the suite
	NARROWGATE_FAULTS=20 $(BIN)/pytest -n 2 --dist loadfile tests/faults

bench: install  ## the bars of docs/benchmarks.md, measured here (about ten minutes, 12 GB of disk)
	$(BIN)/python -m bench

national: install  ## matching against 330 million simulated people (an hour the first time, 10 GB of disk)
	$(BIN)/python -m bench.national

lock: install  ## pin what pyproject.toml asks for, with hashes
	$(BIN)/pip-compile -q --extra demo --extra bench --extra pkcs11 --extra postgresql --extra spark --extra dev --generate-hashes --allow-unsafe --no-emit-index-url \
		--no-emit-find-links --strip-extras --no-header -o requirements.lock pyproject.toml

clean:  ## what was made here
	rm -rf $(VENV) narrowgate-demo narrowgate-bench build .pytest_cache .mypy_cache .ruff_cache .hypothesis
