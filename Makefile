# Each target sets up what it needs by itself. `make demo` and `make test` are all a newcomer has to know.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
AUDIT := $(VENV)/audit
PARTS := $(VENV)/parts

.PHONY: setup demo test check bench lock audit sbom

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Baton needs Python 3.11 or newer; say which with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what Baton needs into $(VENV) (once)…"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY) # on another port: make demo PORT=4300
	@$(BIN)/python -m bot.demo $(PORT)

test: $(READY) # four at a time on two cores too: much of it waits
	@$(BIN)/python -m pytest -n 4 --dist worksteal

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_architecture.py

bench: $(READY) # measures everything and writes benchmarks/RESULTS.md
	@$(BIN)/python -m benchmarks

lock: # after a change of dependencies in pyproject.toml
	@$(BIN)/pip-compile --quiet --all-extras --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-header --output-file requirements.lock pyproject.toml

audit: # known holes in what requirements.lock pins; needs the network, so it is not part of `check`
	@test -x $(AUDIT)/bin/pip-audit || { $(PYTHON) -m venv $(AUDIT) && $(AUDIT)/bin/python -m pip install -qq --disable-pip-version-check pip-audit; } 2>/dev/null || { echo "Not audited: pip-audit could not be installed. Try again with a network."; exit 1; }
	@rm -f $(AUDIT)/found
	@$(AUDIT)/bin/pip-audit --require-hashes --disable-pip --vulnerability-service osv --progress-spinner off --requirement requirements.lock --output $(AUDIT)/found 2>/dev/null && echo "No known holes in requirements.lock." || { cat $(AUDIT)/found 2>/dev/null || echo "Not audited: the list of known holes (osv.dev) cannot be reached from here. Try again with a network."; exit 1; }

sbom: # the list of parts for a release, as CycloneDX: everything that requirements.lock pins, with its hashes
	@test -x $(PARTS)/bin/cyclonedx-py || { $(PYTHON) -m venv $(PARTS) && $(PARTS)/bin/python -m pip install -qq --disable-pip-version-check cyclonedx-bom; } 2>/dev/null || { echo "Not written: cyclonedx-bom could not be installed. Try again with a network."; exit 1; }
	@mkdir -p build
	@$(PARTS)/bin/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible --output-file build/sbom.json requirements.lock
	@echo "build/sbom.json lists $$(grep -c '"purl": "pkg:pypi/' build/sbom.json) parts."
