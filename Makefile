# make demo   the main job on a lab: check, plan, apply, verify, break something, see the drift, repair it
# make test   everything that CI runs
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
.PHONY: demo test check bench docs man errors controls platforms schemas sanity long setup clean

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml setup/debian-packages.txt
	@sh setup/debian.sh
	@test -x $(BIN)/python || python3 -m venv $(VENV)
	@echo "Installing Python packages into $(VENV)/"
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: setup
	@sh setup/demo.sh

check: setup
	$(BIN)/ruff check punchdown plugins tests bench setup
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check
	@sh setup/test.sh $(BIN)

# The page of every error code, out of its case.
errors: setup
	$(BIN)/python -m tests.errors.pages

# The tables of docs/platforms.md, out of what the platforms declare.
platforms: setup
	$(BIN)/python -m tests.contract.table

# The list of controls that are left to people.
controls: setup
	$(BIN)/python -m tests.audit.left

# The JSON Schemas of estate, profiles and sites, out of the models.
schemas: setup
	$(BIN)/punchdown schema --out schemas

# The documentation as a site, in site/; and as manual pages, in man/.
docs: setup
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict -q -d site

man: setup
	$(BIN)/python setup/man.py man

# The collection under all of ansible-test's sanity tests that it has files for, and ansible-lint; asks the package index.
sanity: setup
	sh setup/sanity.sh $(BIN) whole

bench: setup
	$(BIN)/python bench/check.py
	$(BIN)/python bench/render.py
	$(BIN)/python bench/fetch.py
	$(BIN)/python bench/prove.py
	$(BIN)/python bench/campaign.py
	$(BIN)/python bench/report.py

# What takes hours: ten thousand campaigns under random faults; thousands of wrong rules and a hundred thousand packets
# a platform against the prover, random sites there and back, the contract suite with more of everything, packets
# through the lab; coverage-guided fuzzing of loader and model, which SECONDS bounds.
long: setup
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	$(BIN)/python -m tests.fuzz.long $(or $(SECONDS),600)
	$(BIN)/python -m tests.proof.long 2000 100000
	PUNCHDOWN_RANDOM=1 PUNCHDOWN_EXAMPLES=100 $(BIN)/pytest -q tests/platforms/cisco_ios/test_effects.py tests/platforms/hp_procurve/test_effects.py
	PUNCHDOWN_TABLES=20 $(BIN)/pytest -q tests/proof/test_tables.py
	PUNCHDOWN_DAMAGED=400 $(BIN)/pytest -q tests/adopt/test_asa.py tests/adopt/test_junos_damaged.py
	PUNCHDOWN_RANDOM=1 PUNCHDOWN_RANDOM_SITES=100 $(BIN)/pytest -q tests/proof/test_round_trip.py
	PUNCHDOWN_RANDOM=1 PUNCHDOWN_CONTRACT_PAIRS=100 PUNCHDOWN_CONTRACT_NIGHTS=40 PUNCHDOWN_CONTRACT_MUTANTS=200 PUNCHDOWN_CONTRACT_CASES=20 \
		PUNCHDOWN_RANDOM_SITES=20 PUNCHDOWN_TYPOS=400 PUNCHDOWN_CONTRACT_SWAPS=200 $(BIN)/pytest -q tests/contract
	PUNCHDOWN_TRAPS=1 $(BIN)/pytest -q tests/faults/test_traps.py
	PUNCHDOWN_ROAD_PACKETS=1000 $(BIN)/pytest -q tests/road/test_road_proof.py
	$(BIN)/python -m tests.faults.long 10000

clean:
	rm -rf $(VENV) .lab .mypy_cache .ruff_cache .pytest_cache .hypothesis
