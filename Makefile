# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Thin on purpose: what is run, where and on which versions stands in tests/checks/tables.py.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
CHECKS = $(or $(PYTHON),$(error Python 3.11 or later is needed: put python3 on PATH or say make PYTHON=/path/to/python3)) -m tests.checks
GROUPS = unit integration sanity lint docs archive

.DEFAULT_GOAL := help
.PHONY: help demo bench test $(GROUPS) format changelog lab-up lab-down lab-status shell list clean

help: ## what there is
	@awk -F ':.*## ' '/^[a-z][-a-z ]*:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "make $(GROUPS)"
	@echo "                  one group of checks; PYTEST_ADDOPTS='-k name' narrows unit and integration"

demo: ## the main job, on a Ray lab that is started for it and stopped after it
	@# The first time, Ray is fetched while Kubernetes is built.
	@test -e .venv/ray/.stamp || $(CHECKS) run ray 'lab programs'
	@$(CHECKS) in core python -m tests.lab run -- tests/demo/demo.sh

test: ## every test and check, on every supported ansible-core that this machine has a Python for
	@$(CHECKS) run all

$(GROUPS):
	@$(CHECKS) run $@

bench: ## what a task costs beside kubernetes.core's (ROUNDS=3 TASKS=10; ARGS=--page puts the tables into the docs)
	@$(CHECKS) in bench python -m tests.lab run -- python -m tests.benchmark $(ARGS)

format: ## let ruff format and mend the Python files
	@$(CHECKS) in lint ruff format .
	@$(CHECKS) in lint ruff check --fix .

changelog: ## write the changelog of the version in galaxy.yml from the fragments
	@$(CHECKS) in lint antsibull-changelog release

lab-up: ## start a lab that stays (ARGS='--operator PATH --crds DIR' for KubeRay's own)
	@$(CHECKS) in core python -m tests.lab up $(ARGS)

lab-down: ## stop it
	@$(CHECKS) in core python -m tests.lab down

lab-status: ## what runs of it
	@$(CHECKS) in core python -m tests.lab status

shell: ## a shell in the environment of the newest ansible-core, with this collection on its path
	@$(CHECKS) in core $${SHELL:-sh}

list: ## the checks, their environments and commands
	@$(CHECKS) list

clean: ## remove what was built in the checkout (the lab's programs stay in their cache)
	rm -rf .build .venv .ansible
	find plugins tests -name __pycache__ -type d -prune -exec rm -rf {} +
