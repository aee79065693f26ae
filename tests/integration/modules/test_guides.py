# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user guides: every example is run in its place, and what they show as printed is looked for in what was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.integration import guides
from tests.integration.apiserver_harness import client_of
from tests.integration.modules.room import CALLER, READER, Stage, new_room
from tests.integration.modules.words import NO_IMAGE
from tests.integration.wire import Wire
from tests.lab.api import Api
from tests.lab.lab import Lab
from tests.lab.services import NAMESPACE

Json = dict[str, Any]
# The lab's pods start at once, whatever their image is. To have something to wait for, those of groups with this name
# take a while, and images of this registry cannot be pulled.
SLOW_GROUP = "gpu"
SLOW = {"lab.kuberay.core/fails": "slow-start", "lab.kuberay.core/seconds": "10"}
NO_REGISTRY = "registry.example.com/"
OPTIONS = {"--check": "check", "--diff": "diff"}


def staged(value: Any) -> Any:
    """Tasks with the lab's annotations on the groups that they are for."""
    if isinstance(value, list):
        return [staged(member) for member in value]
    if not isinstance(value, dict):
        return value
    below = {key: staged(member) for key, member in value.items()}
    if value.get("group_name") == SLOW_GROUP:
        return {**below, "annotations": SLOW}
    if str(value.get("image", "")).startswith(NO_REGISTRY):
        return {**below, "annotations": NO_IMAGE}
    return below


def options(command: list[str]) -> Json:
    """A command's options as those of a play."""
    words = command[2:]
    found: Json = {OPTIONS[word]: True for word in words if word in OPTIONS}
    variables = dict(after.split("=", 1) for word, after in pairwise(words) if word == "-e")
    assert len(words) == len(found) + 2 * len(variables), f"{command}: an option that is not known here"
    return {**found, "variables": variables}


def printed_by(stage: Stage, step: guides.Step, path: str, door: Mapping[str, str]) -> str:
    """What the plays of a step print when they are run as its command does; each has to succeed."""
    printed = ""
    environment = {"KUBECONFIG": str(stage.kubeconfig), "PATH": path, **door}
    for play in step.plays:
        keywords = {key: value for key, value in play.items() if key != "tasks"}
        prepared = stage.prepare(
            staged(play["tasks"]), keywords=keywords, connection={}, environment=environment, **options(step.command)
        )
        ended = prepared.run()
        assert ended.code == 0, f"line {step.line}: {ended}"
        printed += f"{ended.stdout}\n{ended.stderr}\n"
    return printed


def run(steps: Iterable[guides.Step], stage: Stage, lab: Lab, door: Mapping[str, str]) -> None:
    """Run the steps of a guide, and look for what it shows in what they print."""
    for step in steps:
        printed = printed_by(stage, step, lab.environment()["PATH"], door)
        told = guides.plain(printed, stage.room.name)
        for shown in map(guides.plain, step.shown):
            assert shown in told, f"line {step.line}: {shown!r} is not in\n{printed}"


@pytest.mark.parametrize("guide", guides.names())
def test_a_guide_runs_and_prints_what_it_shows(guide: str, lab: Lab, lab_api: Api, wire: Wire, short: Path) -> None:
    with new_room(lab_api) as room:
        stage = Stage(wire, room, short)
        # Some guides list everywhere, and some go through an APIServer.
        room.allow(READER)
        room.allow(CALLER, NAMESPACE)
        run(guides.steps(guide), stage, lab, {})


def test_what_curl_does_is_done_through_v1_too(lab: Lab, lab_api: Api, wire: Wire, short: Path) -> None:
    """All but selectors. By the environment alone, as a controller's credential would have it."""
    client_of(lab)
    steps = [step for step in guides.steps("guide_curl") if "selectors" not in str(step.plays)]
    environment = {"KUBERAY_API": "apiserver_v1", "KUBERAY_APISERVER_SERVICE": f"namespace={NAMESPACE}"}
    with new_room(lab_api) as room:
        stage = Stage(wire, room, short)
        room.allow(CALLER, NAMESPACE)
        run(steps, stage, lab, environment)
