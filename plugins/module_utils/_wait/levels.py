# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a wait needs to know of a kind, as data: its readiness levels, and words for where an object stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.sign import Sign


def _every_sign(_sign: Sign) -> bool:
    return True


def _never(_seen: Observation) -> bool:
    return False


class Level(NamedTuple):
    """A level: whether an observation has reached it, and which signs of trouble put it out of reach.

    ``asks_dashboard`` tells when the dashboard has to be asked besides, ``asks_serve`` when Ray has to be asked about
    the applications of a service.
    """

    reached: Callable[[Observation], bool]
    concerns: Callable[[Sign], bool] = _every_sign
    needs_object: bool = True
    asks_dashboard: Callable[[Observation], bool] = _never
    asks_serve: Callable[[Observation], bool] = _never


class WaitRules(NamedTuple):
    """One kind. ``looks_right`` tells whether the pods alone look as they should, status or not."""

    levels: Mapping[str, Level]
    looks_right: Callable[[Observation], bool]
    describe: Callable[[Observation], str]
