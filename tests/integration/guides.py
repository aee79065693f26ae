# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user guides as data: their YAML, the commands that run it, and what they say that was printed.

A block of YAML is run by the ``ansible-playbook`` commands of the console blocks below it, each with its own options,
and once as it stands where there is none. Each line that a console block shows was printed by the command above it, and
a block of text by the last one: that is one passage, which may be wrapped anywhere.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "docsite" / "rst"
YAML, CONSOLE, TEXT = "yaml+jinja", "console", "text"
_BEGINS = re.compile(r"^\.\. code-block:: (?P<language>\S+)$")
_INDENT = "   "
_PROGRAM = "ansible-playbook"
# What differs from run to run: seconds, and the ends of generated names.
_CHANGING = ((re.compile(r"\b[0-9]+ s\b"), "N s"), (re.compile(r"-[a-z0-9]{5}\b"), "-xxxxx"))


@dataclass
class Step:
    """A run of some YAML (``plays``), the command that is told to run it, and what that is said to print."""

    line: int
    plays: list[Json]
    command: list[str]
    shown: list[str] = field(default_factory=list)


def names() -> list[str]:
    """The guides that have something to run."""
    return sorted(path.stem for path in FOLDER.glob("guide_*.rst") if f":: {YAML}\n" in path.read_text("utf-8"))


def steps(name: str) -> list[Step]:
    """What a guide runs, in its order."""
    found: list[Step] = []
    for line, language, text in _blocks((FOLDER / f"{name}.rst").read_text("utf-8")):
        if language == YAML:
            found.append(Step(line, _plays(yaml.safe_load(text)), []))
        elif language == TEXT:
            found[-1].shown.append(text)
        elif language == CONSOLE:
            _read_console(found, text)
    return found


def plain(text: str, namespace: str = "") -> str:
    """A text with everything that may differ made equal."""
    if namespace:
        text = text.replace(namespace, "ray")
    for pattern, word in _CHANGING:
        text = pattern.sub(word, text)
    return " ".join(text.split())


def _blocks(text: str) -> Iterator[tuple[int, str, str]]:
    """Line number, language and content of each code block."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        begins = _BEGINS.match(line)
        if begins is None:
            continue
        content = []
        for below in lines[number + 1 :]:
            if below and not below.startswith(_INDENT):
                break
            content.append(below.removeprefix(_INDENT))
        yield number + 1, begins["language"], "\n".join(content).strip("\n")


def _plays(content: list[Json]) -> list[Json]:
    """Plays as they are, or a play of the tasks that stand there."""
    return content if "hosts" in content[0] else [{"hosts": "localhost", "gather_facts": False, "tasks": content}]


def _read_console(found: list[Step], text: str) -> None:
    """Each command is a run of the last YAML; the first one is that of the YAML itself."""
    for line in text.splitlines():
        if not line.startswith("$ "):
            found[-1].shown.append(line)
            continue
        words = shlex.split(line[2:])
        if words[0] != _PROGRAM:
            raise ValueError(f"{line!r}: only {_PROGRAM} is run")
        if found[-1].command:
            found.append(Step(found[-1].line, found[-1].plays, words))
        found[-1].command = words
