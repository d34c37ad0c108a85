# Every target installs what it needs, is safe to repeat and fast the second time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
COMPILE := pip compile requirements.in --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

.PHONY: setup demo serve test check bench soak lock clean

setup: $(STAMP)

# uv itself comes from the lock too: pip checks its hashes, and uv those of everything else. It trusts what the machine
# trusts: the network of a council or a trust often signs with a certificate of its own.
$(STAMP): requirements.lock pyproject.toml tools/system_packages.sh tools/build_assets.py $(wildcard assets/*.*)
	PYTHON="$(PYTHON)" sh tools/system_packages.sh
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	awk '/^[^ ]/ {wanted = /^uv==/} wanted' requirements.lock > $(VENV)/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	$(BIN)/uv pip sync --quiet --system-certs --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $(STAMP)

demo: setup
	$(BIN)/mutualflow demo --out out

serve: setup
	$(BIN)/mutualflow practise

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q -m "not soak"

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/check_house.py
	$(BIN)/python tools/check_migrations.py
	$(BIN)/python tools/draw_acts.py --check

bench: setup
	$(BIN)/python -m bench

soak: setup
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n 2 --dist loadgroup -q

# keeps what the lock names as far as requirements.in allows; UPGRADE=--upgrade takes the newest
lock: setup
	$(BIN)/uv $(COMPILE) --system-certs $(UPGRADE) --quiet -o requirements.lock

clean:
	rm -rf out dist $(VENV) assets/node_modules mutualflow/web/static .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
