# Everything that Maskwright's people and its CI run. `make help` explains the targets.

PYTHON ?= python3
PORT ?= 8000
EMAIL ?= manager@maskwright.example
BENCH_DATA ?=

VENV := .venv
PY := $(VENV)/bin/python
# Development commands run with DEBUG's defaults; the demo and production do not.
DEV := MASKWRIGHT_DEBUG=1

# Starts PostgreSQL and Redis for the length of a command.
ENGINES := $(PY) -m tests.engines --
# Records what a part of the tests costs. Without arguments it prints the table.
PARTS := $(PYTHON) -m tests.parts
# Two workers, each with a database and, once a test needs one, an installation of its own.
PYTEST := env $(DEV) $(PY) -m pytest -q -n 2 --dist worksteal --durations 10
ENGINE_TESTS := tests/labeling tests/fuzz tests/scale tests/processes tests/test_production.py
# Installed once, so that parallel test workers do not download MobileSAM at the same time.
MODEL := var/test-store/.installed
FRONTEND_BIN := ../../frontend/node_modules/.bin

SOURCES := $(shell find frontend/src frontend/index.html -type f 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo token start test test-engines test-fast faults check check-types check-code check-generated check-frontend bench scale \
	fix frontend types schema lock clean

help: ## Explain every target
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1m%-10s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## Set everything up and run the app with a ready project (PORT=8000)
	@$(PYTHON) labeling/demo/preflight.py $(PORT)
	@$(MAKE) --no-print-directory $(VENV)/.app frontend/dist/index.html
	@exec $(PY) -m labeling.demo --port $(PORT)

token: ## Print an API token of one of the demo's people (EMAIL=manager@maskwright.example)
	@test -x $(PY) || { echo "There is no demo here yet. Run make demo once, then run this again."; exit 1; }
	@$(PY) -m labeling.demo.manage token $(EMAIL)

start: $(VENV)/.app frontend/dist/index.html ## Run the processes of docker-compose.yml by hand, with the variables of .env (PORT=8000)
	@exec $(PY) -m labeling.demo.start --port $(PORT)

test: ## Everything from nothing: Python with torch, frontend, real browsers; on SQLite, and on PostgreSQL with Redis
	@$(PYTHON) labeling/demo/preflight.py
	@$(PARTS) --forget
	@$(PARTS) "Installing" -- $(MAKE) --no-print-directory -j2 $(VENV)/.sam frontend/dist/index.html tests/e2e/node_modules/.installed
	@$(PARTS) "The model" -- $(MAKE) --no-print-directory $(MODEL)
	@$(PARTS) "Python on SQLite, with torch and processes" -- $(PYTEST) -m "not faults" tests
	@$(PARTS) "Frontend" -- npm --prefix frontend test --silent
	@$(PARTS) "Browser" -- tests/e2e/run
	@$(ENGINES) $(MAKE) --no-print-directory test-engines
	@$(PARTS)

# Repeats the tests that depend on the database or the broker, on those of production.
test-engines:
	@$(PARTS) "Python on PostgreSQL and Redis" -- $(PYTEST) --reuse-db -m "not sam and not one_engine and not faults" $(ENGINE_TESTS)
	@WEB_CONCURRENCY=2 $(PARTS) "The story on PostgreSQL and Redis" -- tests/e2e/run story.spec.ts

test-fast: ## The tests that need neither torch nor a browser, on SQLite
	@$(PYTHON) labeling/demo/preflight.py
	@$(MAKE) --no-print-directory $(VENV)/.dev frontend/node_modules/.installed
	@$(MAKE) --no-print-directory $(MODEL)
	$(PYTEST) -m "not sam and not faults" tests
	npm --prefix frontend test --silent

faults: $(VENV)/.dev ## Kill every process, fill and damage every store, on SQLite and on PostgreSQL with Redis
	@$(MAKE) --no-print-directory $(MODEL)
	$(PYTEST) tests/processes
	$(ENGINES) $(PYTEST) tests/processes

check: $(VENV)/.dev frontend/node_modules/.installed tests/e2e/node_modules/.installed ## Types, linters, import ladders, and whether what is generated is current
	@$(MAKE) --no-print-directory -j2 --output-sync check-types check-code check-generated check-frontend

check-types:
	$(DEV) $(VENV)/bin/mypy

check-code:
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(DEV) $(VENV)/bin/lint-imports --no-cache

check-generated:
	$(DEV) $(PY) manage.py makemigrations --check --dry-run
	$(DEV) $(PY) manage.py spectacular --validate --fail-on-warn --file var/openapi.yml
	diff -u docs/openapi.yml var/openapi.yml
	cd frontend && npm run --silent types -- --check

check-frontend:
	cd frontend && npm run --silent lint && npm run --silent typecheck
	cd tests/e2e && $(FRONTEND_BIN)/biome check . && $(FRONTEND_BIN)/tsc

fix: $(VENV)/.dev frontend/node_modules/.installed ## Format and mend what the linters can mend, and generate anew what is generated
	$(VENV)/bin/ruff format -q .
	$(VENV)/bin/ruff check -q --fix .
	$(MAKE) --no-print-directory schema types
	cd frontend && npm run --silent fix
	cd tests/e2e && $(FRONTEND_BIN)/biome check --write .

bench: $(VENV)/.sam frontend/dist/index.html tests/e2e/node_modules/.installed ## Print the table of measurements (BENCH_DATA=folder for those that need data)
	$(DEV) BENCH_DATA=$(BENCH_DATA) $(PY) -m tests.bench

scale: $(VENV)/.dev ## Print what every GET costs with a million annotations on PostgreSQL (SCALE_IMAGES=100000)
	@$(ENGINES) env $(DEV) $(PY) -m tests.scale

schema: $(VENV)/.dev ## Write docs/openapi.yml from the code
	$(DEV) $(PY) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yml

types: frontend/node_modules/.installed ## Write the frontend's API types from docs/openapi.yml
	cd frontend && npm run --silent types

frontend: frontend/dist/index.html ## Build the frontend

lock: $(VENV)/.dev ## Resolve the Python dependencies anew into requirements.lock
	$(VENV)/bin/pip install -q uv
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --all-extras --no-annotate --no-header \
		pyproject.toml -o requirements.lock

clean: ## Remove what was built and installed; the demo's data (var/) stays
	rm -rf $(VENV) frontend/node_modules frontend/dist tests/e2e/node_modules

# What is installed leaves a mark behind, so that a rerun goes on where it stopped.

# One log per target, because several install at the same time.
LOG = var/log/install-$(subst /,-,$(patsubst .%,%,$@)).log

define install
	@mkdir -p var/log
	@echo "• $(1)"
	@($(2)) > $(LOG) 2>&1 || { tail -n 15 $(LOG); echo "$(3) The whole output is in $(LOG). Run the same command again to go on from here."; exit 1; }
endef

NO_PACKAGES := The packages could not be installed. Is there a network that reaches PyPI and the npm registry?

$(PY):
	$(call install,Python environment,$(PYTHON) -m venv $(VENV),The Python environment could not be made; on Debian it needs the package python3-venv.)

$(VENV)/.app: $(PY) pyproject.toml requirements.lock
	$(call install,Python packages (about half a minute),$(PY) -m pip install --disable-pip-version-check -e . -c requirements.lock,$(NO_PACKAGES))
	@touch $@

$(VENV)/.dev: $(PY) pyproject.toml requirements.lock
	$(call install,Python packages for development,$(PY) -m pip install --disable-pip-version-check -e '.[dev]' -c requirements.lock,$(NO_PACKAGES))
	@touch $@ $(VENV)/.app

$(VENV)/.sam: $(VENV)/.dev
	$(call install,torch and segment-anything for the comparison (several GB),$(PY) -m pip install --disable-pip-version-check -e '.[dev$(comma)sam]' -c requirements.lock,$(NO_PACKAGES))
	@touch $@

comma := ,

frontend/node_modules/.installed: frontend/package-lock.json
	$(call install,Frontend packages (about half a minute),cd frontend && npm ci --no-audit --no-fund,$(NO_PACKAGES))
	@touch $@

frontend/dist/index.html: frontend/node_modules/.installed frontend/package.json frontend/vite.config.ts $(SOURCES)
	$(call install,Building the frontend,cd frontend && npm run build,The frontend could not be built.)
	@touch $@

$(MODEL): $(VENV)/.dev
	$(call install,MobileSAM for the tests,MASKWRIGHT_STORAGE=var/test-store $(PY) -m inference.install mobile_sam,$(NO_PACKAGES))
	@touch $@

tests/e2e/node_modules/.installed: tests/e2e/package-lock.json
	$(call install,Packages for the browser tests,cd tests/e2e && npm ci --no-audit --no-fund,$(NO_PACKAGES))
	@touch $@
