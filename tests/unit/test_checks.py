# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner of the checks tells the truth: a check that did not run has not passed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.checks import pythons, report, run, tables, tree, venvs

PYTHON = sys.executable


def _check(name: str, command: str, **fields: object) -> tables.Check:
    return tables.Check(name, "unit", "lint", command, **fields)  # type: ignore[arg-type]


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> run.Runner:
    monkeypatch.setattr(venvs, "programs", lambda _environment, _say: {})
    monkeypatch.setattr(tree, "LOGS", tmp_path)
    return run.Runner(2, lambda _text: None)


def _results(outcomes: list[report.Outcome]) -> list[str]:
    return [outcome.result for outcome in outcomes]


def test_exit_codes_decide(runner: run.Runner) -> None:
    checks = [_check("good", f"{PYTHON} -c 0"), _check("bad", f"{PYTHON} -c 'print(7); exit(3)'")]
    good, bad = runner.run(checks)
    assert _results([good, bad]) == ["passed", "failed"]
    assert "7\nexit code 3" in bad.shown


def test_refused_words_fail_a_check_that_tested_nothing(runner: run.Runner) -> None:
    check = _check("empty", f"{PYTHON} -c 'print(\"All targets skipped\")'", refused="All targets skipped")
    assert _results(runner.run([check])) == ["failed"]


def test_what_comes_after_a_failure_is_skipped_and_says_so(runner: run.Runner) -> None:
    checks = [_check("last", f"{PYTHON} -c 0", after="first"), _check("first", f"{PYTHON} -c 'exit(1)'")]
    last, _ = runner.run(checks)
    assert (last.result, last.note) == ("skipped", "needs 'first', which failed")


def test_a_check_ends_at_its_limit(runner: run.Runner) -> None:
    (outcome,) = runner.run([_check("long", f"{PYTHON} -c 'import time; time.sleep(60)'", limit=1)])
    assert outcome.result == "failed"
    assert "the limit of this check" in outcome.shown
    assert outcome.seconds < 30


def test_a_missing_python_skips_with_its_reason(runner: run.Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    def programs(_environment: tables.Environment, _say: venvs.Say) -> dict[str, str]:
        raise pythons.Missing("no Python 3.99")

    monkeypatch.setattr(venvs, "programs", programs)
    (outcome,) = runner.run([_check("old", "true")])
    assert (outcome.result, outcome.note) == ("skipped", "no Python 3.99")


def test_tests_are_counted_where_pytest_ran(runner: run.Runner, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\ndef test_a(): pass\n@pytest.mark.skip('why not')\ndef test_b(): pass\ndef test_c(): assert 0\n"
    )
    command = f"{PYTHON} -m pytest -ra -c {tmp_path / 'none.ini'} --rootdir {tmp_path} {tmp_path}"
    (tmp_path / "none.ini").write_text("[pytest]\n")
    outcomes = [*runner.run([_check("tests", command)]), report.Outcome(_check("lint", "true"), "passed")]
    told = report.closing(outcomes, 1.0).splitlines()
    assert told[-1] == "2 passed, 1 failed, 1 skipped"
    assert any("why not" in line for line in told)


def test_setup_counts_only_when_it_failed() -> None:
    setup = _check("build", "true", is_setup=True)
    assert report.closing([report.Outcome(setup, "passed")], 0).endswith("\n0 passed, 0 failed, 0 skipped")
    assert report.closing([report.Outcome(setup, "failed")], 0).endswith("\n0 passed, 1 failed, 0 skipped")


def test_an_interrupted_pytest_is_a_failure() -> None:
    outcome = report.Outcome(_check("tests", "true"), "failed", tests={"passed": 3})
    assert (outcome.count("passed"), outcome.count("failed")) == (3, 1)


def test_the_tables_name_environments_that_exist() -> None:
    for check in tables.checks(tables.CORES[0].version):
        environment = tables.ENVIRONMENTS[check.environment]
        assert (venvs.REQUIREMENTS / f"{environment.name}.txt").is_file()


def test_every_requirement_is_pinned() -> None:
    for file in venvs.REQUIREMENTS.glob("*.txt"):
        # What another file asks for is pinned by one that constrains it.
        lines = [line for line in file.read_text().splitlines() if line and not line.startswith(("#", "-r ", "-c "))]
        assert [line for line in lines if "==" not in line.split(";")[0]] == [], file.name
