# One door: setup, demo, test, check, bench. Each target makes what it needs.
PYTHON ?= $(shell .ci/find-python)
VENV   ?= .venv
BIN     = $(VENV)/bin
STAMP   = $(VENV)/.installed

.PHONY: demo test check setup peers bench bench-map bench-lookup bench-store bench-mutants bench-engine bench-logs bench-tap bench-diagnosis bench-telemetry bench-tui soak exports regress screenshots clean

demo: setup
	@$(BIN)/chargelore demo

test: setup peers
	@$(BIN)/python -m pytest -n auto

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@PYTHONPATH=.dev $(BIN)/lint-imports
	@$(BIN)/chargelore rules test
	@$(BIN)/chargelore rules lint
	@$(BIN)/chargelore kb check
	@$(BIN)/python .ci/docs.py
	@$(BIN)/python .ci/tables.py --check
	@$(BIN)/python .ci/sizes.py

# What became of the answers on confirmed cases since they were recorded; RECORD=1 keeps those of today.
CONFIRMED = tests/confirmed
regress: setup
	@$(BIN)/chargelore kb regress $(CONFIRMED)/answers.csv --cases $(CONFIRMED) --format table \
	  $(if $(RECORD),--record $(CONFIRMED)/answers.csv)

# The pictures of the README, taken from the program itself; they change when the screens do.
screenshots: setup
	@$(BIN)/python .ci/pictures.py

exports: setup
	@PATH="$(BIN):$$PATH" bash .ci/validate-exports

# Other rule engines live in an environment of their own; one that cannot be installed is named and left out.
bench-engine: setup .venv-peers/.installed
	@$(BIN)/python benchmarks/bench_engine.py $(FRAMES)

.venv-peers/.installed: benchmarks/requirements-peers.txt
	@$(BIN)/python -m venv .venv-peers
	@grep -v '^#' $< | while read -r each; do \
	  .venv-peers/bin/pip install -q "$$each" 2>/dev/null || echo "cannot be installed here: $$each"; done
	@touch $@

# Other terminal programs, each in an environment of its own; one that cannot be installed is named and left out.
bench-tui: setup .venv-peers-tui/.installed
	@$(BIN)/python benchmarks/bench_tui.py $(PART) $(STARTS)

.venv-peers-tui/.installed: benchmarks/requirements-peers-tui.txt
	@grep -v '^#' $< | while read -r each; do name=$${each%%=*}; \
	  $(BIN)/python -m venv .venv-peers-tui/$$name; \
	  .venv-peers-tui/$$name/bin/pip install -q $$each 2>/dev/null || echo "cannot be installed here: $$each"; done
	@touch $@

bench: setup
	@for each in benchmarks/bench_*.py; do echo "== $$each"; $(BIN)/python $$each || exit 1; done

bench-logs: setup
	@$(BIN)/python benchmarks/bench_logs.py $(MEGABYTES)

bench-tap: setup peers
	@$(BIN)/python benchmarks/bench_tap.py $(CHARGERS)

# Ten minutes and some; SOAK="--chargers 100 --seconds 60 --kills 1" for a short one.
soak: setup
	@$(BIN)/python benchmarks/soak.py $(SOAK)

bench-map: setup
	@$(BIN)/python benchmarks/bench_map.py $(CODES)

bench-lookup: setup
	@$(BIN)/python benchmarks/bench_lookup.py

bench-store: setup
	@$(BIN)/python benchmarks/bench_store.py $(NODES)

bench-cases: setup
	@$(BIN)/python benchmarks/bench_cases.py $(CASES_DIR)

bench-diagnosis: setup
	@$(BIN)/python benchmarks/bench_diagnosis.py $(CASES) $(WORLDS)

bench-telemetry: setup
	@$(BIN)/python benchmarks/bench_telemetry.py $(CASES) $(WORLDS) $(FAMILY)

bench-mutants: setup
	@$(BIN)/python benchmarks/bench_mutants.py

# OCPP libraries of other people, against which the tap is tried; without npm their tests are skipped and say so.
peers: tests/node/node_modules/.installed

tests/node/node_modules/.installed: tests/node/package.json tests/node/package-lock.json .ci/peers
	@bash .ci/peers

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt .ci/setup
	@bash .ci/setup "$(PYTHON)" "$(VENV)"
	@touch $(STAMP)

clean:
	rm -rf $(VENV) .venv-peers .venv-peers-tui tests/node/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
