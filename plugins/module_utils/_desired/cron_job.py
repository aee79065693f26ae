# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's options to the RayCronJob that they ask for: pure, the one canonical form for every transport."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.below import below, live_groups
from ansible_collections.kuberay.core.plugins.module_utils._desired.cluster import ReadTemplate
from ansible_collections.kuberay.core.plugins.module_utils._desired.definition import object_metadata, wished_object
from ansible_collections.kuberay.core.plugins.module_utils._desired.job import job_spec
from ansible_collections.kuberay.core.plugins.module_utils._desired.live import LiveGroups
from ansible_collections.kuberay.core.plugins.module_utils._desired.values import PARTIAL, clean
from ansible_collections.kuberay.core.plugins.module_utils._desired.words import fields
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import API_VERSION, CRON_JOB
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import CRON_JOB_SPEC

Json = dict[str, Any]

_PLAIN_FIELDS = ("schedule", "time_zone", "suspend")
_JOB = "jobTemplate"


def desired_cron_job(
    options: Mapping[str, Any], namespace: str, live: Json | None, read_template: ReadTemplate
) -> Json:
    """The RayCronJob that a task wishes for; with ``state: patched`` a part of one.

    ``live`` and ``read_template`` are for the groups of its jobs' clusters; see desired_cluster.
    """
    if options.get("definition") is not None:
        return wished_object(options["definition"], CRON_JOB, options["name"], namespace)
    return {
        "apiVersion": API_VERSION,
        "kind": CRON_JOB.name,
        "metadata": object_metadata(options, namespace),
        "spec": cron_job_spec(options, live_groups(live, _JOB, "rayClusterSpec"), read_template),
    }


def cron_job_spec(options: Mapping[str, Any], live: LiveGroups, read_template: ReadTemplate) -> Json:
    """A RayCronJobSpec."""
    spec: Json = dict(clean(fields({name: options.get(name) for name in _PLAIN_FIELDS}), CRON_JOB_SPEC, ""))
    if options.get("job") is not None:
        with below("job"):
            spec[_JOB] = job_spec({**options["job"], "state": options.get("state")}, live, read_template)
    raw = clean(options.get("spec") or {}, CRON_JOB_SPEC, "spec")
    spec = dict(overlay(spec, raw, CRON_JOB_SPEC, None))
    for option, field in (("schedule", "schedule"), ("job", _JOB)) if options.get("state") != PARTIAL else ():
        if not spec.get(field):
            raise OptionError(f"{option}: is needed")
    return spec
