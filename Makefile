# Two commands: `make demo` shows the whole of it, `make test` sets up and passes the tests.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
DEMO := hw01_shallow_narrow
comma := ,

.PHONY: demo lint test test-programs test-deep test-torch test-lessons test-cluster test-places test-browser test-site screenshots drawings venv clean

demo: .venv/.ready
	$(BIN)/gradbook build $(DEMO)
	$(BIN)/gradbook sample-class $(DEMO) --students 24
	$(BIN)/gradbook grade $(DEMO)
	$(BIN)/gradbook feedback $(DEMO)
	$(BIN)/gradbook report $(DEMO)
	$(BIN)/nbgrader export --to grades.csv
	@echo
	@echo "release      release/$(DEMO)/$(DEMO).ipynb"
	@echo "submissions  submitted/"
	@echo "feedback     feedback/student0003/$(DEMO)/$(DEMO).html and 23 more"
	@echo "class report reports/$(DEMO).html"
	@echo "grades       grades.csv"

lint: .venv/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Tests start this project's programs hundreds of times, which takes as long again where they are compiled each time.
unexport PYTHONDONTWRITEBYTECODE

# Two processes on each processor, as some tests wait; the tests of a homework, which share what is worked out about it,
# stay together.
PYTEST := env OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest
PROCESSES := $(shell echo $$((2 * $$(nproc))))
CORE := -n $(PROCESSES) --durations 10 -m "not programs and not torch and not browser and not cluster and not places and not lessons and not site"
PROGRAMS := -n $(PROCESSES) --durations 10 -m "programs and not torch and not browser and not cluster and not places"

test: .venv/.ready-dev
	$(PYTEST) $(CORE)

# Whole programs, as they are run: killed at any moment, watching, installed elsewhere, started on a machine that lacks much.
test-programs: .venv/.ready-dev
	$(PYTEST) $(PROGRAMS)

# What a night is for: the same with all the seeds, kills and fuzzed inputs, which takes hours; other places; a site.
test-deep: .venv/.ready-dev
	$(PYTEST) $(CORE) --deep
	$(PYTEST) $(PROGRAMS) --deep
	$(PYTEST) -n auto -m "places and not torch" --deep
	$(MAKE) test-places test-site

test-torch: .venv/.ready-torch
	$(PYTEST) -n auto -m "torch and not lessons and not browser"

# The lessons: each solved notebook is run, and its numbers are held against what comes out.
test-lessons: .venv/.ready-torch
	$(PYTEST) -n auto -m lessons

drawings:
	$(BIN)/python -m figures.draw
	$(BIN)/python -m figures.shifted_digits

# On a cluster of separate processes, and on a database server: it needs PostgreSQL (apt-get install postgresql).
test-cluster: .venv/.ready-cluster
	$(PYTEST) -n auto -m cluster

# As others run it: the first level of the sandbox as an ordinary user; the second, which grades as the first does, and is
# attacked in a place that has no other, as root and as an ordinary user. Who is not root covers no /proc, and is one user.
ATTACKS := $(addprefix tests/test_, redteam.py hostile.py tricks.py fuzz.py fuzz_values.py)
AS_ROOT := $(filter 0, $(shell id -u))

test-places: .venv/.ready-dev
	$(PYTEST) -n auto -m "places and not torch"
	set -e; for user in $(if $(AS_ROOT), root 1000, $(shell id -u)); do \
	    $(BIN)/python tests/places.py docker$(if $(AS_ROOT),$(comma)masked-proc) $$user \
	        $(PYTEST) -n auto -p no:cacheprovider $(ATTACKS); done

# In a real browser: it needs Chromium (apt-get install chromium).
test-browser: .venv/.ready-browser
	$(PYTEST) -n auto -m browser

# A site, built and used in a real browser, with all other hosts blocked. Its Pyodide comes from npm and PyPI, once.
test-site: .venv/pyodide/pyodide-lock.json
	$(PYTEST) -m site

# The pictures of the README and the docs come from the same tests.
screenshots: .venv/.ready-browser
	$(PYTEST) -m browser --screenshots=docs

venv: .venv/.ready-dev

.venv/.ready: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/.ready-dev: .venv/.ready
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@

.venv/.ready-torch: .venv/.ready-dev
	$(BIN)/python -m pip install --quiet --editable ".[dev,torch]"
	touch $@

.venv/.ready-cluster: .venv/.ready-dev
	$(BIN)/python -m pip install --quiet --editable ".[dev,cluster,postgresql]"
	touch $@

.venv/.ready-browser: .venv/.ready-dev
	$(BIN)/python -m pip install --quiet --editable ".[dev,browser]"
	touch $@

# Not the pair of the extra: of the one that fits Pyodide 0.27, registries have all packages.
SITE_PAIR := jupyterlite-core==0.6.4 jupyterlite-pyodide-kernel==0.6.1

.venv/.ready-site: .venv/.ready-browser
	$(BIN)/python -m pip install --quiet --editable ".[dev,browser]" $(SITE_PAIR)
	touch $@

.venv/pyodide/pyodide-lock.json: tests/fetch_pyodide.py .venv/.ready-site
	$(BIN)/python tests/fetch_pyodide.py .venv/pyodide

clean:
	rm -rf .venv site submitted attempts autograded feedback reports .gradbook gradebook.db grades.csv grades.json canvas.csv moodle.csv gradescope autograder.zip
