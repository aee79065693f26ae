# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run checks side by side, each with its log, and say what became of them."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from tests.checks import ansible_test, pythons, report, tables, tree, venvs

HEARTBEAT_SECONDS = 30
GRACE_SECONDS = 30
_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)\b")
_REASON = re.compile(r"^SKIPPED \[\d+\] (.*)$", re.M)
_CLOSING = re.compile(r"^(?:=+ )?((?:\d+ \w+(?:, )?)+ in [\d.:]+s?.*?)(?: =+)?$", re.M)

Say = Callable[[str], None]


@dataclass
class Runner:
    """Starts checks when what they come after has passed and their lane is free."""

    jobs: int
    say: Say
    stopping: bool = False

    def run(self, checks: Sequence[tables.Check]) -> list[report.Outcome]:
        pending, running, done = list(checks), dict[Future[report.Outcome], tables.Check](), dict[str, report.Outcome]()
        with ThreadPoolExecutor(self.jobs) as pool:
            try:
                while pending or running:
                    self._settle_orphans(pending, done)
                    while check := self._next(pending, list(running.values()), done):
                        pending.remove(check)
                        running[pool.submit(self._one, check)] = check
                    for future in wait(running, HEARTBEAT_SECONDS, FIRST_COMPLETED).done:
                        outcome = future.result()
                        done[running.pop(future).name] = outcome
                        self.say(report.line(outcome))
                        self.say(outcome.shown)
            except KeyboardInterrupt:
                self.stopping = True  # each check's own thread ends what it has started
                raise
        return [done[check.name] for check in checks]

    def _next(
        self, pending: list[tables.Check], running: list[tables.Check], done: dict[str, report.Outcome]
    ) -> tables.Check | None:
        if len(running) >= self.jobs:
            return None
        lanes = {check.lane for check in running if check.lane}
        ready = (c for c in pending if c.lane not in lanes and (not c.after or c.after in done))
        return next(ready, None)

    def _settle_orphans(self, pending: list[tables.Check], done: dict[str, report.Outcome]) -> None:
        """What comes after something that did not pass is not tried."""
        for check in list(pending):
            before = done.get(check.after)
            if before and before.result != "passed":
                pending.remove(check)
                done[check.name] = report.Outcome(
                    check, "skipped", note=f"needs '{check.after}', which {before.result}"
                )
                self.say(report.line(done[check.name]))

    def _one(self, check: tables.Check) -> report.Outcome:
        try:
            variables = venvs.programs(tables.ENVIRONMENTS[check.environment], self.say)
        except pythons.Missing as problem:
            return report.Outcome(check, "skipped", note=str(problem))
        except venvs.SetupFailed as problem:
            return report.Outcome(check, "failed", note="no environment", shown=str(problem))
        if check.group == "sanity":
            ansible_test.prepare(tree.ROOT / check.folder)
        log = tree.LOGS / f"{check.name.replace(' ', '-')}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        code = self._command(check, variables, log)
        return _outcome(check, code, log, time.monotonic() - began)

    def _command(self, check: tables.Check, variables: dict[str, str], log: Path) -> int:
        """The exit code. The command has a process group of its own, so that it ends whole."""
        deadline = time.monotonic() + check.limit
        heartbeat = time.monotonic() + HEARTBEAT_SECONDS
        words = shlex.split(check.command)
        with log.open("w", encoding="utf-8") as output:
            output.write(f"$ {check.command}\n")
            output.flush()
            process = subprocess.Popen(
                words,
                cwd=tree.ROOT / check.folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            while process.poll() is None:
                time.sleep(0.1)
                now = time.monotonic()
                if self.stopping or now > deadline:
                    _end(process)
                    output.write(
                        f"\nended after {check.limit} s, the limit of this check\n" if now > deadline else "\nstopped\n"
                    )
                elif now > heartbeat:
                    heartbeat = now + HEARTBEAT_SECONDS
                    self.say(f"  … {check.name}: {now - deadline + check.limit:.0f} s ({_last_line(log)})")
        return process.returncode


def _end(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C would, so that pytest and the lab clean up; by force if that takes too long."""
    for number in (signal.SIGINT, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(GRACE_SECONDS)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1].strip()[:80] if lines else ""


def _outcome(check: tables.Check, code: int, log: Path, seconds: float) -> report.Outcome:
    text = log.read_text(encoding="utf-8", errors="replace")
    refused = check.refused if check.refused and check.refused in text else ""
    result = "failed" if code or refused else "passed"
    shown = f"{report.tail(text)}\n{refused or f'exit code {code}'}; the whole log: {log}" if result == "failed" else ""
    outcome = report.Outcome(check, result, seconds, shown=shown)
    closing = _CLOSING.findall(text) if "pytest" in check.command else []
    if closing:
        outcome.note = closing[-1]
        outcome.tests = {word.rstrip("s"): int(number) for number, word in _COUNT.findall(closing[-1])}
        outcome.reasons = _REASON.findall(text)
    return outcome
