# The project's commands. CONTRIBUTING.md says what each is for.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: lock
$(VENV)/installed: requirements/develop.txt pyproject.toml $(wildcard */fyraften_*/locale/*/LC_MESSAGES/*.po)
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r requirements/develop.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# Rewrites the hashed requirements from pyproject.toml: hashes, no hosts, and without evdev (no wheel; see docs/decisions).
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-package evdev --no-annotate
lock:
	$(BIN)/$(LOCK) pyproject.toml --extra agent --extra service -o requirements/run.txt
	$(BIN)/$(LOCK) pyproject.toml requirements/develop.in --extra agent --extra service -o requirements/develop.txt
