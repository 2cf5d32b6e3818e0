# Wayfinder. `make demo` shows it, `make test` proves it, `make bench` measures it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
GATES := .venv-gates
REAL ?=
# What Python translated is kept with the environment, also where a workplace forbids to keep it
# beside the sources: each process that the tests start is up a second sooner.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/translated

.PHONY: demo docs test install setup bench long faults mutants gates lint types golden pictures lock release clean

demo: install  ## a made-up company with a chat in the browser
	$(BIN)/python -m bot demo

test: setup $(GATES)/.ready lint types  ## every test; REAL=1 adds the journeys on real clients and skips nothing
	REAL=$(REAL) $(BIN)/python -m pytest -n auto --dist worksteal

install:  ## what runs it and no more, from the lock file; SEMANTIC=false, FAST=true, TRACES=true choose
	@$(MAKE) --no-print-directory $(VENV)/$(if $(wildcard $(VENV)/.ready),.ready,.lean)

setup: $(VENV)/.ready  ## what runs, tests and draws it, from the lock file

$(VENV)/.lean: requirements.txt requirements-fast.txt requirements-traces.txt infra/environment.sh
	PYTHON=$(PYTHON) sh infra/environment.sh $(VENV)
	touch $@

# An environment that has only what runs it lacks parts of packages, so it is made anew.
$(VENV)/.ready: requirements-dev.txt
	$(PYTHON) -m venv $(if $(wildcard $(VENV)/.ready),,--clear) $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

$(GATES)/.ready: requirements-gates.txt
	$(PYTHON) -m venv $(GATES)
	$(GATES)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-gates.txt
	touch $@

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: setup
	$(BIN)/basedpyright

gates: setup $(GATES)/.ready  ## bandit, detect-secrets, locks, workflows, hadolint, checkov and others: nothing without a written reason
	$(BIN)/python -m tests.gates

bench: setup  ## figures, side by side in one run; medians and ratios
	$(BIN)/python -m tests.bench

long: setup  ## a hundred thousand made-up inputs, everywhere that something may come in
	$(BIN)/python -m tests.bad_input --inputs 100000

faults: setup  ## everything that can break, broken 3,000 times; build/faults.jsonl tells how far it is
	mkdir -p build && rm -f build/faults.jsonl
	nice $(BIN)/python -m bot faults --runs 3000 --progress build/faults.jsonl

mutants: setup  ## doors, keys, escapers and the auditor changed spot by spot; how much of it a test sees
	nice $(BIN)/python -m tests.mutants

golden: setup  ## approve every card as it is drawn now; look at the difference before you commit
	APPROVE=1 $(BIN)/python -m pytest -q -k golden

pictures: setup  ## every card on Teams and Slack in build/pictures, and the picture of README; needs Node and Chromium
	APPROVE=1 REAL=1 $(BIN)/python -m pytest -q tests/journeys/test_pictures.py tests/journeys/test_front_page.py

docs: setup  ## the papers as a site in build/site; writes what the code says of itself, and stops at a broken link
	$(BIN)/python -m tests.papers

# Requirements of one kind, without those of the program.
LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock"
ALONE = $(BIN)/python -c 'import sys, tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"][sys.argv[1]], sep="\n")'

lock: setup  ## lock the dependencies again, with hashes and without index addresses
	$(LOCK) --extra semantic pyproject.toml -o requirements.txt
	$(LOCK) --extra dev --extra semantic --extra traces pyproject.toml -c requirements.txt -o requirements-dev.txt
	$(ALONE) fast | $(LOCK) -c requirements.txt - -o requirements-fast.txt
	$(ALONE) traces | $(LOCK) -c requirements.txt -c requirements-dev.txt - -o requirements-traces.txt
	$(ALONE) gates | $(LOCK) - -o requirements-gates.txt
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' | $(LOCK) -c requirements-dev.txt - -o requirements-build.txt

VERSION = $(shell $(BIN)/python -c 'import tomllib; print(tomllib.load(open("pyproject.toml", "rb"))["project"]["version"])')

release: setup  ## wheel, sources, the list of what is in it (SBOM) and the image, in dist; the version stands in pyproject.toml
	rm -rf dist
	SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/uv build --quiet --no-build-isolation --python $(BIN)/python --out-dir dist
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --spec-version 1.6 --output-file dist/wayfinder-$(VERSION).cdx.json requirements.txt
	@if docker info >/dev/null 2>&1; then \
		docker build --file infra/Dockerfile --build-arg VERSION=$(VERSION) --tag wayfinder:$(VERSION) . \
		&& docker save wayfinder:$(VERSION) | gzip -n >dist/wayfinder-$(VERSION).image.tar.gz; \
	else \
		echo "No image: there is no Docker here that answers. On a machine with one, run make release again."; \
	fi
	@ls -l dist

clean:
	rm -rf $(VENV) $(GATES) build dist var .pytest_cache .ruff_cache .hypothesis
