# Everything a newcomer needs is made here from Python 3.11+ and make alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo local test verify faults lint format clean help

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml .ci/constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Warmbench needs Python 3.11 or later; this is " + sys.version.split()[0] + ". Say which with: make PYTHON=/path/to/python3.11" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV) (about a minute, once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --constraint .ci/constraints.txt --editable '.[local,dev]' 2>$(VENV)/pip.log || (cat $(VENV)/pip.log; exit 1)
	@touch $@

demo: $(READY) ## start everything, play the story, print the funnel, stay up
	@$(BIN)/warmbench demo --stay $(ARGS)

local: $(READY) ## start everything empty; ARGS="--port 9000 --fresh"
	@$(BIN)/warmbench local $(ARGS)

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: $(READY) lint ## format, lint, types, metadata, unit and browser tests (at most 10 minutes)
	$(BIN)/warmbench check
	$(BIN)/python -m pytest -n 2 -m "not stack and not slow"

verify: $(READY) ## the slow gates: the whole stack, journeys, crash tests, clients of the org (at most 40 minutes)
	$(BIN)/python -m pytest -n 2 -m "slow and not stack and not alone"
	$(BIN)/python -m pytest -m alone
	$(BIN)/python -m pytest -m stack
	$(BIN)/warmbench fidelity

faults: $(READY) ## kill the packaged sender 50 times in a blast of 10,000; ARGS="--seed 2"
	$(BIN)/python -m tests.unit.mail.crash.packaged --recipients 10000 --kills 50 --copies 2 --pauses 20 --seconds 3600 $(ARGS)

clean: ## remove what was made, keep the sources
	rm -rf $(VENV) .warmbench node_modules .serverless
