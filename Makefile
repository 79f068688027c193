# The project's commands. CONTRIBUTING.md says what each is for.
PYTHON ?= python3
export PYTHON
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help run test check docs catalogues bench prove lock

help: # list these commands
	@sed -n 's/^\([a-z]*\):.*# \(.*\)/make \1\t\2/p' Makefile | expand -t 18

run: # start the agent; without a display, show the demo
	@scripts/set-up run
	@scripts/run

test: # set everything up and run every test
	@scripts/set-up test
	@scripts/test

check: # format, lint, types, import contracts and the other fences
	@scripts/set-up test
	@scripts/check
	@$(BIN)/python -m pytest -q --deselect tests/test_architecture.py::test_the_project_checks_pass tests/test_architecture.py tests/test_docs.py tests/test_catalogues.py

docs: # regenerate the generated pages and blocks
	@scripts/set-up test
	@$(BIN)/python scripts/public_holidays.py
	@$(BIN)/python scripts/generate_docs.py

catalogues: # extract the sentences and update the Danish and Norwegian catalogues
	@scripts/set-up test
	@$(BIN)/python scripts/catalogues.py

bench: # ratios against peers, from one run on this machine
	@scripts/set-up test
	@$(BIN)/python tests/bench/bench.py

prove: # what takes longer than a test run should: see scripts/prove
	@scripts/set-up test
	@scripts/prove

# Rewrites the hashed requirements from pyproject.toml: hashes, no hosts, and without evdev (no wheel; see docs/decisions).
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-package evdev --no-annotate
lock: # rewrite the hashed requirements
	$(BIN)/$(LOCK) pyproject.toml requirements/run.in --extra agent --extra service -o requirements/run.txt
	$(BIN)/$(LOCK) pyproject.toml requirements/run.in requirements/develop.in --extra agent --extra service -o requirements/develop.txt
