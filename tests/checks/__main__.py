# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.checks``: run checks, or any command in one of the environments.

run [all|unit|integration|sanity|lint|docs|archive|NAME]...   checks by group or name
in ENVIRONMENT COMMAND...                                      "core" is the newest that can be had here
list                                                           what there is
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from tests.checks import pythons, report, run, tables, tree, venvs

_lock = threading.Lock()


def say(text: str) -> None:
    if text:
        with _lock:
            print(text, flush=True)


def newest_core() -> str:
    """The newest core that this machine has a Python for: it gets the full suite."""
    for core in tables.CORES:
        try:
            pythons.find(core.pythons)
        except pythons.Missing:
            continue
        return core.version
    raise pythons.Missing("no Python that any supported ansible-core runs on: install Python 3.12, for example")


def run_checks(names: list[str]) -> int:
    every = list(tables.checks(newest_core()))
    wanted = [check for check in every if "all" in names or check.group in names or check.name in names]
    known = {"all", *(check.group for check in every), *(check.name for check in every)}
    if unknown := set(names) - known:
        say(f"no such check: {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
        return 2
    # A check brings along what it comes after.
    needed = {check.after for check in wanted} | {check.name for check in wanted}
    chosen = [check for check in every if check.name in needed]
    began = time.monotonic()
    outcomes = run.Runner(min(os.cpu_count() or 2, 4), say).run(chosen)
    say(report.closing(outcomes, time.monotonic() - began))
    return int(any(outcome.count("failed") for outcome in outcomes))


def run_in(name: str, command: list[str]) -> int:
    """Takes this process's place, so that signals and the terminal reach the command itself."""
    chosen = f"core-{newest_core()}" if name == "core" else name
    variables = venvs.programs(tables.ENVIRONMENTS[chosen], say)
    os.chdir(tree.ROOT)
    os.environ.update(variables)  # execvp looks along the new PATH
    os.execvp(command[0], command)


def show() -> int:
    for check in tables.checks(newest_core()):
        say(f"{check.group:12} {check.name:16} {check.environment:10} {check.command}")
    return 0


def main(arguments: list[str]) -> int:
    match arguments:
        case ["run", *names]:
            return run_checks(names or ["all"])
        case ["in", name, *command] if command and name in {"core", *tables.ENVIRONMENTS}:
            return run_in(name, command)
        case ["list"]:
            return show()
    say((__doc__ or "") + f"\nenvironments: core, {', '.join(tables.ENVIRONMENTS)}")
    return 2


if __name__ == "__main__":
    # A shell starts its background jobs with Ctrl-C ignored, and the checks, which are ended by it, would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("stopped")
    except (pythons.Missing, venvs.SetupFailed) as problem:
        sys.exit(f"checks: {problem}")
