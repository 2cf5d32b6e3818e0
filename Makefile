# Wayfinder. `make demo` shows it, `make test` proves it, `make bench` measures it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REAL ?=
# What Python translated is kept with the environment, also where a workplace forbids to keep it
# beside the sources: each process that the tests start is up a second sooner.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/translated

.PHONY: demo docs test setup bench long faults mutants gates lint types golden pictures lock clean

demo: setup  ## a made-up company with a chat in the browser
	$(BIN)/python -m bot demo

test: setup lint types  ## every test; REAL=1 adds the journeys on real clients and skips nothing
	REAL=$(REAL) $(BIN)/python -m pytest -n auto --dist worksteal

setup: $(VENV)/.ready  ## the environment, from the lock file

$(VENV)/.ready: requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: setup
	$(BIN)/basedpyright

gates: setup  ## bandit, detect-secrets, locks, workflows: nothing without a written reason
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

lock: setup  ## lock the dependencies again, with hashes and without index addresses
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" --extra semantic pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" --extra dev --extra semantic pyproject.toml -c requirements.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV) build dist var .pytest_cache .ruff_cache .hypothesis
