# Two commands on a machine that has only Python and make:
#   make demo    build the July 2024 issue and send it to the embedded outbox
#   make test    install what the tests need and run them all
# The others: make lint, make bench, make crash-test, make golden, make pictures, make rules.

.DEFAULT_GOAL := help
SHELL := /bin/sh
# Tests start this program hundreds of times: without its bytecode, each would compile all of it anew.
unexport PYTHONDONTWRITEBYTECODE
PYTHON := $(shell for p in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
RUN := .venv/bin/python
NEWSLETTER := $(RUN) -m newsletter
PIP := $(RUN) -m pip --disable-pip-version-check install --quiet

.PHONY: help demo test lint bench crash-test golden pictures rules clean

help:
	@sed -n '1,4p' Makefile | cut -c3-

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found; install it and try again" >&2; exit 2; }
	@echo "creating .venv with $(PYTHON)"
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing; on Debian: apt install python3-venv" >&2; exit 2; }

.venv/product: .venv/bin/python pyproject.toml
	@echo "installing"
	@$(PIP) --editable .
	@touch .venv/product

.venv/tools: .venv/product
	@echo "installing what the tests need"
	@$(PIP) --editable '.[dev]'
	@touch .venv/tools

# A state folder of its own, made anew each time: the demo touches no real list.
DEMO := .newsletter/demo
demo: export NEWSLETTER_STATE = $(DEMO)
demo: export NEWSLETTER_DATABASE = sqlite:///$(DEMO)/newsletter.db
demo: export NEWSLETTER_PROVIDER = outbox
demo: .venv/product
	@rm -rf $(DEMO) build/2024-07
	@echo "== newsletter build 2024-07"
	@$(NEWSLETTER) build 2024-07
	@echo "== newsletter subscribers import issues/subscribers.csv --list monthly"
	@$(NEWSLETTER) subscribers import issues/subscribers.csv --list monthly
	@echo "== newsletter send 2024-07 --yes --expect 12"
	@$(NEWSLETTER) send 2024-07 --yes --expect 12
	@echo "== newsletter status 2024-07"
	@$(NEWSLETTER) status 2024-07
	@echo
	@echo "Look at"
	@echo "  the email      build/2024-07/issue.html"
	@echo "  its text part  build/2024-07/issue.txt"
	@echo "  one message    $$(ls $(DEMO)/outbox/2024-07/*.eml | head -n 1)"

test: lint
	@$(RUN) -m pytest -n 3 --dist worksteal

lint: .venv/tools
	@.venv/bin/python -m ruff check .
	@.venv/bin/python -m ruff format --check .
	@.venv/bin/python -m mypy
	@$(RUN) -c "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"

bench: .venv/tools
	@for file in tests/benchmarks/bench_*.py; do echo "== $$file"; $(RUN) "$$file" || exit 1; done

# 25 senders killed at random moments for every kind of provider, on both databases; about 20 minutes.
crash-test: .venv/tools
	@$(RUN) -m tests.sending.crashing --kills 25

golden: .venv/tools
	@$(RUN) -m tests.golden.regenerate

pictures: .venv/tools
	@$(RUN) docs/pictures.py

rules: .venv/product
	@$(RUN) docs/rules.py

clean:
	@rm -rf build .newsletter
