# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the tests that run the modules by ``ansible-playbook``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.modules.room import EDITOR, READER, WAYS, Room, Stage, new_room
from tests.integration.wire import Wire
from tests.lab.api import Api


@pytest.fixture(scope="module")
def room(lab_api: Api) -> Iterator[Room]:
    """A namespace for the tests of one file."""
    with new_room(lab_api) as own:
        yield own


@pytest.fixture(scope="module")
def stage(wire: Wire, room: Room, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """Plays in that namespace."""
    return Stage(wire, room, tmp_path_factory.mktemp("stage"))


@pytest.fixture(scope="module")
def everywhere(stage: Stage) -> None:
    """The plays may do in all namespaces what they may in their own."""
    stage.room.allow(READER)
    stage.room.allow(EDITOR)


@pytest.fixture(scope="module", params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """Both ways of running: in the controller's process, and as a shipped module."""
    return str(request.param)
