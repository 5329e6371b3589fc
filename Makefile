# Two commands do all the set-up on a machine with Python 3.11 and make: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo-home
DATA ?= samples
SIZES ?= 1000 10000 100000
PARALLEL ?= -n 3 --dist loadfile --no-loadscope-reorder

.PHONY: demo test check bench clean

$(BIN)/qa: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml $(BIN)/qa
	@echo "installing what tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

$(VENV)/.bench: pyproject.toml $(BIN)/qa
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	@touch $@

demo: $(BIN)/qa  ## Adds the sample articles to a library of their own and answers a question.
	$(BIN)/qa --home $(DEMO) add samples
	$(BIN)/qa --home $(DEMO) ask "Who said the harbour crane was unsafe?"

test: $(VENV)/.dev  ## Every test; no key, no network.
	$(BIN)/python -m pytest $(PARALLEL)

check: $(VENV)/.dev  ## Lint, types and who may import whom.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.bench  ## Against the LangChain tutorial way: make bench DATA=folder-or-jsonl [SIZES="1000 10000"]
	$(BIN)/python bench/compare.py $(DATA)
	@test ! -f $(DATA)/questions.jsonl || $(BIN)/python bench/scale.py $(DATA) --sizes $(SIZES)

clean:
	rm -rf $(VENV) $(DEMO) dist build
