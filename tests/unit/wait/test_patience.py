# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long each sign of trouble may stand before a wait ends on it."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.sign import Sign
from ansible_collections.kuberay.core.plugins.module_utils._objects.signs import signs
from ansible_collections.kuberay.core.plugins.module_utils._wait.patience import GRACE_SECONDS, fatal, graces

from tests.unit.builders import cluster, refusal, unschedulable, waiting

Json = dict[str, Any]


def _fatal(pods: list[Json], **times: Any) -> Sign | None:
    return fatal(Observation(cluster(), pods, **times), lambda _sign: True)


def test_a_refused_spec_ends_a_wait_at_once() -> None:
    resource = cluster()
    ending = fatal(Observation(resource, events=[refusal(resource)]), lambda _sign: True)
    assert ending is not None
    assert ending.message == "the operator refused it: no containers"


@pytest.mark.parametrize(
    ("pod", "sort"),
    [
        (waiting("InvalidImageName"), "InvalidImageName"),
        (waiting("ErrImagePull"), "ImagePullBackOff"),
        (waiting("CrashLoopBackOff"), "CrashLoopBackOff"),
        (unschedulable(), "Unschedulable"),
    ],
)
def test_a_sign_ends_a_wait_when_it_has_stood_for_its_grace(pod: Json, sort: str) -> None:
    (sign,) = signs(Observation(cluster(), [pod]))
    grace, since = GRACE_SECONDS[sort], {sign.about: 5.0}
    assert _fatal([pod], waited=5.0 + grace, since=since) == sign
    assert grace == 0 or _fatal([pod], waited=4.9 + grace, since=since) is None


@pytest.mark.parametrize("seconds", [0, 7, 900])
def test_only_the_user_knows_how_long_a_node_takes_to_come(seconds: int) -> None:
    pods = [unschedulable()]
    (sign,) = signs(Observation(cluster(), pods))
    grace = graces({"wait_unschedulable": seconds})
    endings = [
        fatal(Observation(cluster(), pods, waited=waited, since={sign.about: 0.0}), lambda _sign: True, grace)
        for waited in (seconds, seconds - 0.1)
    ]
    assert endings == [sign, None]
    assert {**grace, "Unschedulable": 180.0} == graces({}) == GRACE_SECONDS


def test_a_sign_without_a_grace_of_its_own_never_ends_a_wait() -> None:
    assert _fatal([waiting("SomethingNew")], waited=1e6, since={"w-1/ray/SomethingNew": 0}) is None


def test_a_sign_that_concerns_nobody_ends_no_wait() -> None:
    resource = cluster()
    assert fatal(Observation(resource, events=[refusal(resource)], waited=1e6), lambda _sign: False) is None
