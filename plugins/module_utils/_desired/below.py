# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster or a job inside another object: its options stand below one option, and its fields below one field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.cluster import ReadTemplate, cluster_spec
from ansible_collections.kuberay.core.plugins.module_utils._desired.live import LiveGroups
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import load_record, sub_record

Json = dict[str, Any]


@contextmanager
def below(option: str) -> Iterator[None]:
    """Options below another one are named with it in messages."""
    try:
        yield
    except OptionError as error:
        error.message = f"{option}.{error.message}"
        error.args = (error.message,)
        raise


def own_cluster(options: Mapping[str, Any], live: LiveGroups, read_template: ReadTemplate) -> Json:
    """The RayClusterSpec that the option ``cluster`` describes."""
    with below("cluster"):
        return cluster_spec({**options["cluster"], "state": options.get("state")}, live, read_template)


def live_groups(live: Json | None, *fields: str) -> LiveGroups:
    """The groups of the cluster that a live object describes below these fields of its spec."""
    spec: Any = (live or {}).get("spec") or {}
    recorded = sub_record(load_record(live), "spec") if live else None
    for field in fields:
        spec, recorded = spec.get(field) or {}, sub_record(recorded, field)
    return LiveGroups(spec, recorded)
