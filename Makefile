# Two commands do all the set-up on a machine that has Python 3.11 or newer and make.
#   make demo   installs into .venv, runs a workflow with the embedded model, prints where the picture is
#   make test   the same set-up, then lint, types, import rules and all tests
#   make bench  the benchmarks; prints a table and writes bench.json

BIN = .venv/bin
INSTALLED = .venv/installed

.PHONY: demo test bench clean

demo: $(INSTALLED)
	@echo "Running workflows/text-to-image.json. The picture:"
	@$(BIN)/latentloom run workflows/text-to-image.json --out outputs

test: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	OMP_WAIT_POLICY=PASSIVE $(BIN)/pytest

bench: $(INSTALLED)
	$(BIN)/python -m tests.benchmarks

clean:
	rm -rf .venv outputs bench.json

# Made anew when the packages it is made from change; the stamp is the last thing written.
$(INSTALLED): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $$(command -v python3.11 || command -v python3) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(INSTALLED)
