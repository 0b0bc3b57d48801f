# make demo and make test set everything up by themselves, in .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install demo pictures test torture lint bench lock words clean

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

demo: install
	$(BIN)/gensvar demo

test: install lint
	$(BIN)/python -m pytest -n 2 -m "not slow"

torture: install
	$(BIN)/python -m pytest -m slow

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

pictures: install
	$(BIN)/python -m benchmarks.pictures

bench: install
	$(BIN)/python -m benchmarks.queue
	$(BIN)/python -m benchmarks.desk

lock:
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --extra dev \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header \
	  --output-file requirements.lock pyproject.toml

words: install
	$(BIN)/pybabel -q extract -k _ -k counted:1,2 -k deferred -k deferred_plural:1,2 \
	  -k Invariant:2 -k Key:4 --no-location --sort-output \
	  --project gensvar --output models/catalogues/gensvar.pot models listener tui
	$(BIN)/pybabel -q update --domain gensvar --no-fuzzy-matching --ignore-obsolete \
	  --ignore-pot-creation-date --input-file models/catalogues/gensvar.pot \
	  --output-dir models/catalogues
	$(BIN)/pybabel -q compile --domain gensvar --directory models/catalogues

clean:
	rm -rf .venv
