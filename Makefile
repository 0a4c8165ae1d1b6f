# make help lists the targets. Everything they need goes into .venv/.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
MEDIAWIKI := .mediawiki

.DEFAULT_GOAL := help
.PHONY: help demo test test-lts unit lint bench pictures schema wiki clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/wikiplan ## Render the sample plan into a folder wiki and say where to look
	@$(BIN)/plan_check
	@$(BIN)/plan_update -wiki:$(DEMO)/wiki -always -brief -now:2021-07-01T00:00Z
	@echo "The pages are files in $(DEMO)/wiki. Change data/ and look: $(BIN)/plan_preview -wiki:$(DEMO)/wiki"

test: $(VENV)/test wiki ## Run all tests, with a real MediaWiki 1.43
	$(BIN)/pytest -n 2 --dist loadgroup

test-lts: $(VENV)/test ## Run the tests that need a MediaWiki on 1.39
	@sh tests/install-packages
	@sh tests/fetch-mediawiki bookworm $(MEDIAWIKI)/bookworm
	WIKIPLAN_MEDIAWIKI=$(MEDIAWIKI)/bookworm $(BIN)/pytest -n 2 --dist loadgroup -m wiki

unit: $(VENV)/test ## Run the quick tests, which need no MediaWiki
	$(BIN)/pytest -n 2 -m "not wiki and not browser and not heavy"

lint: $(VENV)/lint ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(VENV)/test wiki ## Measure requests, time and memory, also on a real MediaWiki
	$(BIN)/python benchmarks/catalogs.py
	$(BIN)/python benchmarks/update.py
	$(BIN)/python benchmarks/review.py

pictures: $(VENV)/test ## Draw the pictures of the documentation anew
	WIKIPLAN_PICTURES=1 $(BIN)/pytest -q -k picture

schema: $(VENV)/wikiplan ## Write data/schema/ anew after a change of the data model
	$(BIN)/python -m wikiplan.plan.schema data/schema

wiki: ## Fetch MediaWiki, install PHP and Chromium for the tests, where that is possible
	@sh tests/install-packages
	@test -n "$$WIKIPLAN_MEDIAWIKI" || sh tests/fetch-mediawiki trixie $(MEDIAWIKI)/trixie

clean: ## Remove what the other targets made
	rm -rf $(VENV) $(MEDIAWIKI) $(DEMO) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# One stamp a purpose: a demo needs no test tools.
$(VENV)/wikiplan: setup.cfg $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable .
	@touch $@

$(VENV)/test: setup.cfg $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable ".[test]"
	@touch $@ $(VENV)/wikiplan

$(VENV)/lint: setup.cfg $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable ".[test,lint]"
	@touch $@ $(VENV)/test $(VENV)/wikiplan
