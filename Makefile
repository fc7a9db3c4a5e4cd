# make demo    the whole night on a made-up site, from nothing
# make test    all tests            make check   format, lint, types
# make setup   installs only        make lock    renews the two lock files
# make screenshots   pictures of every page of the made-up site, in screenshots/
# make bench   loading and building against DuckDB scripts by hand; make ROWS=300000 bench is quick
#
# Everything is installed into .venv. With another interpreter: make PYTHON=python3.12 demo

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup demo test check lock screenshots bench
.DELETE_ON_ERROR:

setup: $(VENV)/.project $(VENV)/.development

demo: $(VENV)/.project
	@$(BIN)/qos demo demo-site
	@$(BIN)/qos run --config demo-site/qos.toml --as-of 2000-01-31

test: setup
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

screenshots: setup
	@test -e demo-site/site/pages/current || $(MAKE) demo
	@$(BIN)/python tests/screenshots.py demo-site/site/pages/current screenshots

ROWS ?= 10000000

bench: setup
	$(BIN)/python -m bench.loading --rows $(ROWS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# The pip that comes with $(PYTHON) fills the environment: one more pip in there would cost 3 s.
PIP := $(PYTHON) -m pip --python $(BIN)/python install -qq --no-deps

# A pip uses one core, and modules left uncompiled cost 4 s at every start where Python is told to
# write no bytecode. So two pips install half of the lock ($(1)) each and all cores compile, but for
# the libraries' own tests: half the time of one pip. Nothing depends on what the other half does:
# a lock is complete. Sources for newer Pythons do not compile; pip shrugs them off too.
define install_lock
	@echo "Installing the $$(grep -c '^[a-z0-9].*==' $(1)) packages of $(1) into $(VENV) ..."
	@awk '/^[a-z0-9]/ {n++} n {print > ("$(VENV)/half" n % 2 ".txt")}' $(1)
	@install="$(PIP) --require-hashes --no-compile"; \
	 $$install -r $(VENV)/half0.txt & first=$$!; \
	 $$install -r $(VENV)/half1.txt; second=$$?; \
	 wait $$first && test $$second -eq 0
	@$(BIN)/python -m compileall -qq -j 0 -x /tests/ $(VENV)/lib || true
endef

$(VENV)/.runtime: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	 { echo "ftci-qos needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) -V 2>&1): say make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m pip --version > /dev/null || \
	 { echo "$(PYTHON) has no pip: install it first (on Debian: apt-get install python3-pip)"; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv --without-pip $(VENV)
	$(call install_lock,requirements.lock)
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	$(call install_lock,requirements-dev.lock)
	@touch $@

$(VENV)/.project: pyproject.toml $(VENV)/.runtime
	@$(PIP) --no-build-isolation --editable .
	@touch $@

# From the public index alone, whatever this machine's pip is configured to: other people's indexes
# must leave no trace in a lock. Hashes cover every file of a version, so any platform can install.
COMPILE := env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null \
	$(BIN)/pip-compile --quiet --no-config --no-header --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options
DEV_EXTRA := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["dev"], sep="\n")

lock: setup
	$(COMPILE) --upgrade --build-deps-for editable --output-file requirements.lock pyproject.toml
	$(BIN)/python -c '$(DEV_EXTRA)' | \
	 $(COMPILE) --upgrade --constraint requirements.lock --output-file requirements-dev.lock -
