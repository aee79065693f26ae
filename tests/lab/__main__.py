# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's command: ``python -m tests.lab up|down|status|run|shell|logs``."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from tests.lab.lab import Lab, LabError, LabOptions
from tests.lab.layout import State
from tests.lab.options import DEFAULT_DATA
from tests.lab.processes import die_with_parent
from tests.lab.programs import FEATURE_GATES, NONE, STAND_IN

CHOICES = ("data", "operator", "crds", "feature_gates", "apiserver", "apiserver_args")


class Interrupted(Exception):
    """SIGTERM or SIGHUP: leave in order, as after Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def say(line: str) -> None:
    """Progress goes to standard error: standard output belongs to commands."""
    print(f"lab: {line}", file=sys.stderr, flush=True)


def up(arguments: argparse.Namespace) -> int:
    """Start the lab, or repair one that a crash has left."""
    lab = _lab(arguments)
    began = time.monotonic()
    if lab.start():
        say(f"ready after {time.monotonic() - began:.1f} s")
    else:
        say("is running already")
    print(f"export KUBECONFIG={lab.kubeconfig}")
    return 0


def down(arguments: argparse.Namespace) -> int:
    """End the lab and delete its data; its logs stay."""
    lab = _lab(arguments)
    say("ended" if lab.stop() else "was not running")
    return 0


def status(arguments: argparse.Namespace) -> int:
    """Say what runs; exit code 0 only if all is well."""
    lab = _lab(arguments)
    found = lab.status()
    state = found.state
    print(f"{lab.data}: {'healthy' if found.healthy else 'NOT healthy'}")
    if state:
        print(f"  url         {state.url}")
        print(f"  kubeconfig  {lab.kubeconfig}")
        print(f"  age         {time.time() - state.started:.0f} s")
        print(f"  operator    {state.options['operator']}")
        print(f"  apiserver   {_where(state)}")
        print(f"  crds        {state.options['crds'] or 'condensed'}")
        print(f"  gates       {state.options['feature_gates'] or 'as KubeRay has them'}")
        print(f"  supervisor  {'runs' if state.supervisor.alive() else 'has died'} (pid {state.supervisor.pid})")
        for name, entry in state.processes.items():
            how = entry.ended or ("runs" if entry.identity.alive() else "has died")
            print(f"  {name:<24} {state.versions.get(name, ''):<8} {how} (pid {entry.identity.pid})")
    for problem in found.problems:
        print(f"  ! {problem}")
    return 0 if found.healthy else 1


def _where(state: State) -> str:
    choice = str(state.options.get("apiserver", NONE))
    return choice if choice == NONE else f"{choice} at {state.apiserver}"


def run(arguments: argparse.Namespace) -> int:
    """Give a command a lab for as long as it runs; its exit code is ours."""
    command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
    if not command:
        raise LabError("run needs a command: run -- COMMAND...")
    temporary = None if arguments.data_given else Path(tempfile.mkdtemp(prefix="kuberay-lab-"))
    lab = _lab(arguments, data=temporary or arguments.data, tied=True, ephemeral=bool(temporary))
    try:
        if not shutil.which(command[0], path=lab.environment()["PATH"]):
            raise LabError(f"there is no program {command[0]}")  # before the lab is started for it
        with lab:
            return _call(command, lab)
    finally:
        if temporary:
            shutil.rmtree(temporary, ignore_errors=True)


def shell(arguments: argparse.Namespace) -> int:
    """An interactive shell with the running lab's environment."""
    lab = _lab(arguments)
    _must_run(lab)
    say("a shell for the lab; `exit` leaves it and the lab goes on")
    return _call([os.environ.get("SHELL", "/bin/sh")], lab)


def logs(arguments: argparse.Namespace) -> int:
    """Show one log, or name them all."""
    folder = _lab(arguments).layout.logs
    names = sorted(file.stem for file in folder.glob("*.log"))
    if not arguments.name:
        print("\n".join(names) or f"no logs in {folder}")
        return 0
    if arguments.name not in names:
        raise LabError(f"no log of {arguments.name} in {folder}; there are: {', '.join(names) or 'none'}")
    follow = ["-n", "20", "-F"] if arguments.follow else ["-n", "+1"]
    return subprocess.run(["tail", *follow, str(folder / f"{arguments.name}.log")], check=False).returncode


def _lab(arguments: argparse.Namespace, **changes: object) -> Lab:
    choice = {name: getattr(arguments, name) for name in CHOICES if hasattr(arguments, name)}
    return Lab(LabOptions(**{**choice, **changes}), say)


def _must_run(lab: Lab) -> None:
    found = lab.status()
    if not found.healthy:
        raise LabError(f"the lab in {lab.data} is not healthy ({found.problems[0]}): run `up` first")


def _call(command: list[str], lab: Lab) -> int:
    """Run a command that does not outlive this one. Ctrl-C reaches it by itself: it may finish first."""
    try:
        child = subprocess.Popen(command, env=lab.environment(), preexec_fn=die_with_parent(signal.SIGTERM))
    except OSError as problem:
        raise LabError(f"cannot run {command[0]}: {problem.strerror}") from problem
    try:
        code = child.wait()
    except (KeyboardInterrupt, Interrupted) as reason:
        if isinstance(reason, Interrupted):
            child.terminate()
        try:
            child.wait(10)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            child.kill()
        raise
    return code if code >= 0 else 128 - code


def _program(text: str) -> str:
    if text in (STAND_IN, NONE):
        return text
    program = Path(text).resolve()
    if not os.access(program, os.X_OK) or program.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is neither {STAND_IN}, {NONE} nor a program")
    return str(program)


def _folder(text: str) -> Path:
    folder = Path(text).resolve()
    if not folder.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is not a folder")
    return folder


def parse(words: list[str] | None = None) -> argparse.Namespace:
    """The command line. Everything after ``run [options] --`` belongs to the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="up|down|status|run|shell|logs")
    table: dict[Callable[[argparse.Namespace], int], bool] = {
        up: True,
        down: False,
        status: False,
        run: True,
        shell: False,
        logs: False,
    }
    for function, starts in table.items():
        command = commands.add_parser(function.__name__, help=function.__doc__, description=function.__doc__)
        command.set_defaults(function=function)
        command.add_argument(
            "--data", type=Path, help=f"the lab's folder (default: {DEFAULT_DATA.name} in the checkout)"
        )
        if starts:
            command.add_argument("--operator", type=_program, default=STAND_IN, help=f"{STAND_IN}, {NONE} or a program")
            command.add_argument(
                "--apiserver", type=_program, default=STAND_IN, help=f"KubeRay's: {STAND_IN}, {NONE} or a program"
            )
            command.add_argument("--apiserver-args", default="", help="more arguments of it, in one word")
            command.add_argument(
                "--feature-gates", default=FEATURE_GATES, help=f"as the operator takes them ({FEATURE_GATES})"
            )
            command.add_argument("--crds", type=_folder, help="a folder of CRDs to use instead of the condensed ones")
        if function is run:
            command.add_argument("command", nargs=argparse.REMAINDER, help="-- COMMAND...")
        if function is logs:
            command.add_argument("name", nargs="?", help="whose log")
            command.add_argument("-f", "--follow", action="store_true", help="go on showing what is added")
    arguments = parser.parse_args(words)
    arguments.data_given = arguments.data is not None
    arguments.data = (arguments.data or Path(os.environ.get("KUBERAY_LAB_DATA") or DEFAULT_DATA)).resolve()
    return arguments


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise Interrupted(number)


def main() -> int:
    arguments = parse()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return int(arguments.function(arguments))
    except LabError as problem:
        say(str(problem))
        return 1
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    except Interrupted as signalled:
        say(f"ended by {signalled}")
        return 128 + signalled.number


if __name__ == "__main__":
    sys.exit(main())
