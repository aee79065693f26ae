# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for a compute template, which is there when it is written: only for the end of one that somebody deletes."""

from __future__ import annotations

from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._objects.sign import Sign
from ansible_collections.kuberay.core.plugins.module_utils._wait.levels import Level, WaitRules


def _created(seen: Observation) -> bool:
    return seen.resource is not None


def _gone(seen: Observation) -> bool:
    return seen.resource is None


def _nothing(_sign: Sign) -> bool:
    return False


def _describe(seen: Observation) -> str:
    return "gone" if _gone(seen) else "being deleted"


TEMPLATE = WaitRules(
    levels={
        "created": Level(_created, concerns=_nothing),
        "gone": Level(_gone, concerns=_nothing, needs_object=False),
    },
    looks_right=_created,
    describe=_describe,
)
