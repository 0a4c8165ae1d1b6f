# make help lists the targets. Everything they need goes into .venv/, in the versions that
# requirements/ locks.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
# The sample plan is of 2021: what it calls the next office hour is next at this time only.
DEMO_WIKI := -wiki:$(DEMO)/wiki -now:2021-07-01T00:00Z
MEDIAWIKI := .mediawiki
UPGRADE := .venv-upgrade

# Two processes, each with a half of the tests in their order, so that what a file's tests share is
# made once; the one that is ready first takes from the other.
TWO := -n 2 --dist worksteal

LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo test coverage test-lts faults hosts nights unit whole reverts ownership presave events histories renames plurals arriving desk realpages mutations owners evenings newest lint bench shards pictures messages schema lock upgrade wiki clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/desk ## Render the sample plan into a folder wiki and open the desk on it
	@echo "Checking the sample plan in data/ …"
	@$(BIN)/plan_check
	@echo "Rendering it into $(DEMO)/wiki …"
	@$(BIN)/plan_update $(DEMO_WIKI) -always -brief
	@echo "The pages are files in $(DEMO)/wiki. Change data/ and look: $(BIN)/plan_preview $(DEMO_WIKI)"
	@if [ -t 1 ] && [ -z "$$CI" ]; then exec $(BIN)/wikiplan serve $(DEMO_WIKI); else \
		echo "Or see and change them in a browser: $(BIN)/wikiplan serve $(DEMO_WIKI)"; fi

test: $(VENV)/dev wiki ## Run all tests, with a real MediaWiki 1.43
	@$(if $(CI),$(MAKE) --no-print-directory coverage)
	$(BIN)/pytest $(TWO) $(if $(CI),-m "wiki or browser or heavy")

coverage: $(VENV)/dev ## Run the quick tests, and measure how much of the library they go through
	$(BIN)/pytest $(TWO) -m "not wiki and not browser and not heavy" --cov --cov-report=
	@$(BIN)/python -m tests.support.covered

reverts: $(VENV)/dev wiki ## Try every way of taking an edit back, and what may follow, on a wiki
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) tests/runs/test_reverts.py

events: $(VENV)/dev ## Let 200 events move, repeat and be cancelled: pages, calendars and announcements must agree
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) tests/runs/test_events.py

histories: $(VENV)/dev wiki ## Try 2,000 histories of pages, with what runs remember and without
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) -rP tests/runs/test_histories.py tests/wiki/test_rememberingsite.py

renames: $(VENV)/dev ## Give the sample plan 100 other names, and see that no translation notices
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) -rP tests/runs/test_renames.py

plurals: $(VENV)/dev wiki ## Compare the plural forms of all languages with those that a wiki chooses
	WIKIPLAN_WHOLE=1 $(BIN)/pytest tests/l10n/test_plurals.py

arriving: $(VENV)/dev wiki ## Try each text in each place on a wiki, and print how many are visible or named
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) -rP tests/runs/test_arriving.py

desk: $(VENV)/dev wiki ## Try the desk in Chromium and Firefox, every page of it in every look
	@sh tests/install-packages firefox-esr
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) tests/desk

realpages: $(VENV)/dev wiki ## Look at ten pages in seven languages, on a phone and a screen, light and dark
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) tests/runs/test_realpages_shown.py

mutations: $(VENV)/dev ## Damage the inputs in two thousand ways, and print what came of it
	WIKIPLAN_WHOLE=1 $(BIN)/pytest -q -s tests/runs/test_mutations.py

test-lts: $(VENV)/dev ## Run the tests that need a MediaWiki on 1.39
	@sh tests/install-packages
	@sh tests/fetch-mediawiki bookworm $(MEDIAWIKI)/bookworm
	WIKIPLAN_MEDIAWIKI=$(MEDIAWIKI)/bookworm $(BIN)/pytest $(TWO) -m wiki

faults: $(VENV)/dev wiki ## Try every kind of fault at every request of an update, an undo and a push
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) -rP tests/runs/test_faults.py

hosts: $(VENV)/dev wiki ## Let two and five hosts begin at once, a hundred times: one of them writes
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) -rP tests/runs/test_hosts.py

nights: $(VENV)/dev wiki ## Live through twenty nights of a run on a wiki with the Translate extension
	WIKIPLAN_WHOLE=1 $(BIN)/pytest -rP tests/runs/test_nights.py

unit: $(VENV)/dev ## Run the quickest tests, which need no MediaWiki and open no desk
	$(BIN)/pytest $(TWO) -m "not wiki and not browser and not heavy and not desk"

whole: $(VENV)/dev wiki ## Try all cases and examples of which other runs try samples, where no wiki is needed
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) -m "not wiki"

presave: $(VENV)/dev wiki ## Ask a wiki what it stores of many texts, and print how many are proven to stay
	WIKIPLAN_WHOLE=1 $(BIN)/pytest -q -s -p no:xdist tests/wikitext/test_presave.py

ownership: $(VENV)/dev ## Try 500 sequences of what a plan drops and what people add to its page
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) tests/runs/test_ownership.py

evenings: $(VENV)/dev wiki ## Let owner, people and translators work for 300 evenings, 30 of them on a real wiki
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) -rP tests/runs/test_evenings.py

owners: $(VENV)/dev wiki ## Let two plans share a page for 1,000 steps, and look at every byte
	WIKIPLAN_WHOLE=1 $(BIN)/pytest $(TWO) -rP tests/runs/test_owners.py

newest: ## Run the quick tests with the newest versions that setup.cfg allows
	@sh requirements/newest 3.11 3.12 3.13

lint: $(VENV)/dev ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(VENV)/dev wiki ## Measure requests, time and memory, also on a real MediaWiki
	$(BIN)/python benchmarks/catalogs.py
	$(BIN)/python benchmarks/desk.py
	$(BIN)/python benchmarks/loading.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/rendering.py
	$(BIN)/python benchmarks/start.py
	$(BIN)/python benchmarks/update.py
	$(BIN)/python benchmarks/review.py
	$(BIN)/python benchmarks/translations.py

shards: $(VENV)/dev ## Measure how evenly shards share 100,000 pages out, and what each costs
	$(BIN)/python benchmarks/shards.py

pictures: $(VENV)/dev ## Draw the pictures of the documentation anew
	WIKIPLAN_PICTURES=1 $(BIN)/pytest -q -k picture

messages: $(VENV)/dev ## Write the page of all messages anew, after a change of what is told
	WIKIPLAN_CASES=1 $(BIN)/pytest -q tests/test_messages.py

schema: $(VENV)/desk ## Write data/schema/ anew after a change of the data model
	$(BIN)/python -c 'from pathlib import Path; from wikiplan.plan import schema; schema.write(Path("data/schema"))'
	$(BIN)/plan_check -schema:run >data/schema/run.json

lock: $(VENV)/lock ## Write requirements/*.txt anew after a change of setup.cfg
	$(LOCK) $(NEWER) --extra desk --extra test --extra lint --output-file requirements/dev.txt setup.cfg requirements/build.in
	$(LOCK) --constraint requirements/dev.txt --extra desk --output-file requirements/desk.txt setup.cfg requirements/build.in
	$(LOCK) --constraint requirements/dev.txt --output-file requirements/run.txt setup.cfg requirements/build.in
	@sed -n 's/^\([a-z].*==.*\) \\$$/\1/p' requirements/run.txt | grep -v ^setuptools= >wikiplan/setup/skeleton/versions.txt
	$(LOCK) $(NEWER) --output-file requirements/lock.txt requirements/lock.in

upgrade: ## Lock the newest versions, and show what they change in the sample and in all languages
	@sh requirements/render $(UPGRADE)/old $(PYTHON)
	@echo "Locking the newest versions …"
	@$(MAKE) --no-print-directory lock NEWER=--upgrade
	@sh requirements/render $(UPGRADE)/new $(PYTHON)
	@$(PYTHON) requirements/compare.py $(UPGRADE)/old $(UPGRADE)/new >$(UPGRADE)/differences.txt
	@cat $(UPGRADE)/differences.txt
	@echo "This is $(UPGRADE)/differences.txt. If readers may see it: make test, and commit requirements/*.txt."

wiki: ## Fetch MediaWiki, install PHP and browsers for the tests, where that is possible
	@sh tests/install-packages
	@test -n "$$WIKIPLAN_MEDIAWIKI" || sh tests/fetch-mediawiki trixie $(MEDIAWIKI)/trixie

clean: ## Remove what the other targets made
	rm -rf $(VENV) $(VENV)-newest $(UPGRADE) $(MEDIAWIKI) $(DEMO) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@echo "Making $(VENV)/ with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv $(VENV)

# A demo needs no test tools; dev has all that desk has.
$(VENV)/desk $(VENV)/dev: $(VENV)/%: requirements/%.txt setup.cfg pyproject.toml $(VENV)/bin/python
	@sh requirements/install $(VENV) $<
	@echo "Installing wikiplan itself …"
	@$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/desk

$(VENV)/lock: requirements/lock.txt $(VENV)/bin/python
	@sh requirements/install $(VENV) $<
	@touch $@
