# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task has to know of a kind that it manages: the rooms of that kind that each step leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ansible_collections.kuberay.core.plugins.module_utils._kinds import Kind
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation, Rollout
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import Plan
from ansible_collections.kuberay.core.plugins.module_utils._wait.levels import WaitRules

Json = dict[str, Any]
Options = Mapping[str, Any]
ReadTemplate = Callable[[str], "Mapping[str, str] | None"]


def _as_the_option_says(options: Options, _live: Json) -> str:
    return str(options.get("recreate", "never"))


def _nothing_special(_plan: Plan, _written: Json) -> Rollout:
    return Rollout()


def _as_it_is(resource: Json) -> Json:
    return resource


class Managed(NamedTuple):
    """One kind. All of these are pure.

    ``recreate`` is the way in which an object that stands as this one does may be made again (options, live);
    ``wish`` is what the options ask for (its arguments: options, namespace, live object, how to read a template);
    ``plan`` compares it with a live object (live, wish, options); ``level`` names the level that is waited for, from
    the options and the object as it was written; ``anew`` is an object without what belongs to its present life only,
    for creating it again. ``rollout`` is the way that a plan takes, in a word, where results tell it; ``expected`` is
    what a wait has to see of a plan that was carried out, besides its level (plan, the object as it was written).
    """

    kind: Kind
    wish: Callable[[Options, str, Json | None, ReadTemplate], Json]
    plan: Callable[[Json, Json, Options], Plan]
    facts: Callable[[Observation], Json | None]
    waits: WaitRules
    level: Callable[[Options, Json], str]
    wait_seconds: int
    recreate: Callable[[Options, Json], str] = _as_the_option_says
    anew: Callable[[Json], Json] = _as_it_is
    rollout: Callable[[Plan], str] | None = None
    expected: Callable[[Plan, Json], Rollout] = _nothing_special
