# Every target installs what it needs, is safe to repeat and fast the second time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: setup demo test check bench soak lock clean

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml tools/system_packages.sh
	sh tools/system_packages.sh
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.5"
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $(STAMP)

demo: setup
	$(BIN)/mutualflow demo --out out

test: setup
	$(BIN)/python -m pytest -n 2 -q -m "not soak"

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_house.py
	$(BIN)/python tools/check_migrations.py

bench: setup
	$(BIN)/python -m bench

soak: setup
	$(BIN)/python -m pytest -n 2 -q

lock:
	$(BIN)/uv pip compile requirements.in --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 -o requirements.lock

clean:
	rm -rf out .venv
