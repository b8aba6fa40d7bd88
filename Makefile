# Needs make and a python3 (3.11 or newer); deploy/bootstrap.py puts everything else into .venv.

PYTHON ?= python3
ROUNDS ?= 20
EXAMPLES ?= 200
HOURS ?= 26
BOOTSTRAP = $(PYTHON) deploy/bootstrap.py
IN_VENV = .venv/bin/python -m
HALVES ?= --in-turn # on four workers each; --at-once: side by side, for machines with more cores
SPREAD = -n 2 --dist loadfile --no-loadscope-reorder  # files with the slowest tests stand first
# Of these `make test` takes a selection.
SWEPT = tests/browser/test_every_page.py tests/browser/test_screens.py tests/browser/test_sheets.py \
	tests/live/test_machine.py tests/live/test_reading.py tests/live/test_replay.py \
	tests/live/test_schedules.py tests/test_rates.py tests/test_law.py \
	tests/test_closed.py tests/test_permissions.py tests/test_placement.py tests/wall/test_text.py

# The server's port and data, and a real tag: PORT=8000 DATA=./var HASHTAG=indieweb
# SERVER=mastodon.social TOKEN=…, and a public address in front: PUBLIC_URL=https://hub.example;
# bootstrap.py turns them into settings. PYTEST_ARGS="-k wall -x".
export PORT DATA HASHTAG SERVER TOKEN PUBLIC_URL

COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	$(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help run install dev test sweep check bench faults soak messages lock

help: ## zeigt diese Übersicht
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## startet Eventhub (PORT=8000 DATA=./var HASHTAG=… SERVER=… TOKEN=… PUBLIC_URL=…)
	@$(BOOTSTRAP) run

install: ## richtet nur die Umgebung .venv ein
	@$(BOOTSTRAP) install

dev: ## richtet die Umgebung mit allen Werkzeugen für Tests ein
	@$(BOOTSTRAP) install --dev

test: dev ## alle Tests, zweimal: SQLite ohne Redis, PostgreSQL mit Redis (PYTEST_ARGS=…)
	@$(BOOTSTRAP) browser
	$(IN_VENV) tests.halves $(HALVES) -- $(PYTEST_ARGS)

sweep: dev ## jede Seite in jeder Sprache und beiden Farben, und neue Beispiele statt immer derselben
	@$(BOOTSTRAP) browser
	EVENTHUB_TEST_SWEEP=1 EVENTHUB_TEST_MACHINE_EXAMPLES=$(EXAMPLES) $(IN_VENV) tests.services sqlite -- \
		.venv/bin/python -m pytest $(SPREAD) $(PYTEST_ARGS) $(SWEPT)

check: dev ## Stil, Typen, Importrichtungen
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	$(IN_VENV) tests.services sqlite -- .venv/bin/python -m pytest -q tests/test_imports.py

bench: dev ## misst gegen gewöhnliche Channels-Broadcasts
	$(IN_VENV) bench

faults: dev ## tötet Prozesse und prüft, was bleibt (ROUNDS=20)
	$(IN_VENV) tests.faults --rounds $(ROUNDS)

soak: dev ## der lange Lauf: Störungen über Stunden, daneben eine Leinwand (HOURS=26)
	@$(BOOTSTRAP) browser
	$(IN_VENV) tests.two_days --hours $(HOURS) & screen=$$!; \
		$(IN_VENV) tests.faults --soak --hours $(HOURS); faults=$$?; \
		wait $$screen && exit $$faults

messages: dev ## bringt die Übersetzungen auf den Stand des Codes (.po und .mo)
	$(IN_VENV) tests.messages

lock: dev ## schreibt die Paketlisten mit Prüfsummen neu (UPGRADE=1 hebt die Versionen)
	printf 'uv\n' | $(COMPILE) - --output-file requirements-boot.txt
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) --constraint requirements.txt requirements-dev.in --output-file requirements-dev.txt
