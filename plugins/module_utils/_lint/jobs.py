# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rules about a RayJob's spec, or a RayCronJob's template of one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.rules import Found, Rule
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import release
from ansible_collections.kuberay.core.plugins.module_utils._lint.yaml_texts import yaml_problem

_BY_JOB, _BY_HTTP, _BY_HAND, _BY_SIDECAR = "K8sJobMode", "HTTPMode", "InteractiveMode", "SidecarMode"
_MODES = (_BY_JOB, _BY_HTTP, _BY_HAND, _BY_SIDECAR)
# What InteractiveMode was called in KubeRay 1.2.2.
_OLD_MODE = "UserMode"
_SELECTOR = "ray.io/cluster"
_METADATA_RAY = (2, 6)
# What the operator reads as a version when it hands metadata on.
_SEMANTIC = re.compile(r"v?([0-9]+)(?:\.([0-9]+))?(?:\.[0-9]+)?(?:\+[0-9A-Za-z.-]+)?")


@dataclass(frozen=True)
class Job:
    """A job's spec, and the status of one that exists."""

    spec: Part
    status: Part

    @property
    def mode(self) -> str:
        """How it is submitted."""
        return self.spec["submissionMode"].text or _BY_JOB

    @property
    def selects(self) -> bool:
        """Whether it runs on a cluster that is there already."""
        return self.spec["clusterSelector"].filled

    @property
    def cluster(self) -> Part:
        return self.spec["rayClusterSpec"]


def _cluster(job: Job) -> Found:
    if not job.cluster.given and not job.selects:
        yield job.cluster, f"is needed, or a clusterSelector with {_SELECTOR}"


def _selector(job: Job) -> Found:
    name = job.spec["clusterSelector"][_SELECTOR]
    if job.selects and not name.filled:
        yield name, "is needed: the name of a RayCluster"


def _selector_suspend(job: Job) -> Found:
    if job.selects and job.spec["suspend"].is_true:
        yield job.spec["suspend"], "excludes clusterSelector, since suspending deletes the cluster"


def _selector_sidecar(job: Job) -> Found:
    if job.selects and job.mode == _BY_SIDECAR:
        yield job.spec["submissionMode"], f"{_BY_SIDECAR} excludes clusterSelector"


def _selector_backoff(job: Job) -> Found:
    if job.selects and (job.spec["backoffLimit"].number or 0) > 0:
        yield job.spec["backoffLimit"], "excludes clusterSelector, since each attempt makes a cluster of its own"


def _suspend(job: Job) -> Found:
    if job.spec["suspend"].is_true and not job.spec["shutdownAfterJobFinishes"].is_true:
        yield job.spec["suspend"], "needs shutdownAfterJobFinishes"


def _mode(job: Job) -> Found:
    if job.mode not in (*_MODES, _OLD_MODE):
        yield job.spec["submissionMode"], f"{job.mode!r} is not one of {', '.join(_MODES)}; nothing would be submitted"


def _old_mode(job: Job) -> Found:
    if job.mode == _OLD_MODE:
        yield job.spec["submissionMode"], f"{_OLD_MODE} is called {_BY_HAND} since KubeRay 1.3"


def _new_mode(mode: str, version: str) -> Callable[[Job], Found]:
    def find(job: Job) -> Found:
        if job.mode == mode:
            yield job.spec["submissionMode"], f"{mode} came with KubeRay {version}"

    return find


def _hand_backoff(job: Job) -> Found:
    if job.mode == _BY_HAND and (job.spec["backoffLimit"].number or 0) > 0:
        yield job.spec["backoffLimit"], f"excludes {_BY_HAND}"


def _sidecar_submitter(job: Job) -> Found:
    for part in (job.spec["submitterPodTemplate"], job.spec["submitterConfig"]):
        if job.mode == _BY_SIDECAR and part.given:
            yield part, f"excludes {_BY_SIDECAR}, which submits from the head pod"


def _sidecar_restart(job: Job) -> Found:
    policy = job.cluster.at("headGroupSpec.template.spec.restartPolicy")
    if job.mode == _BY_SIDECAR and policy.filled and policy.text != "Never":
        yield policy, f"must be Never or left out in {_BY_SIDECAR}"


def _waiting(job: Job) -> Found:
    if job.status["jobDeploymentStatus"].text == "Waiting" and job.mode not in (_BY_HAND, _OLD_MODE):
        yield job.spec["submissionMode"], f"must stay {_BY_HAND} while the job waits for its jobId"


def _entrypoint(job: Job) -> Found:
    submitters = job.spec.at("submitterPodTemplate.spec.containers").members()
    own_command = bool(submitters) and submitters[0]["command"].filled
    entrypoint = job.spec["entrypoint"]
    if job.mode in (_BY_JOB, _BY_SIDECAR) and not own_command and not entrypoint.text.strip():
        yield entrypoint, "is needed: what the job runs"


def _entrypoint_field(job: Job) -> Found:
    if not job.spec["entrypoint"].given:
        yield job.spec["entrypoint"], "is needed before KubeRay 1.2.2"


def _entrypoint_resources(job: Job) -> Found:
    resources = job.spec["entrypointResources"]
    if resources.text and not _is_amounts(resources.text):
        yield resources, 'must be a JSON object of amounts, such as {"accelerator": 1}'


def _is_amounts(text: str) -> bool:
    try:
        amounts = json.loads(text)
    except ValueError:
        return False
    return isinstance(amounts, dict) and all(
        isinstance(amount, (int, float)) and not isinstance(amount, bool) for amount in amounts.values()
    )


def _metadata(job: Job) -> Found:
    version = job.cluster["rayVersion"].text
    match = _SEMANTIC.fullmatch(version)
    new_enough = match is not None and (int(match[1]), int(match[2] or 0)) >= _METADATA_RAY
    if job.spec["metadata"].filled and version and job.mode in (_BY_JOB, _BY_SIDECAR) and not new_enough:
        yield job.spec["metadata"], "needs a rayVersion of 2.6.0 or later, without a suffix, or none"


def _runtime_env(job: Job) -> Found:
    problem = yaml_problem(job.spec["runtimeEnvYAML"].text)
    if problem is not None:
        yield job.spec["runtimeEnvYAML"], problem


def _least(path: str, least: int, told: str) -> Callable[[Job], Found]:
    def find(job: Job) -> Found:
        number = job.spec.at(path).number
        if number is not None and number < least:
            yield job.spec.at(path), told

    return find


def _ttl(job: Job) -> Found:
    ttl = job.spec["ttlSecondsAfterFinished"]
    if (ttl.number or 0) > 0 and not job.spec["shutdownAfterJobFinishes"].is_true:
        yield ttl, "needs shutdownAfterJobFinishes"


_NOT_NEGATIVE = "must not be negative"

JOB_RULES: tuple[Rule[Job], ...] = (
    Rule("cluster-needed", _cluster),
    Rule("selector-needs-name", _selector),
    Rule("selector-without-suspend", _selector_suspend, since=release("1.1")),
    Rule("selector-without-sidecar", _selector_sidecar, since=release("1.5"), always=True),
    Rule("selector-without-backoff", _selector_backoff, since=release("1.6")),
    Rule("suspend-needs-shutdown", _suspend, since=release("1.1")),
    Rule("submission-mode", _mode),
    Rule("user-mode-renamed", _old_mode, since=release("1.3"), always=True),
    Rule("interactive-mode-version", _new_mode(_BY_HAND, "1.3"), since=release("1.1"), until=release("1.3")),
    Rule("sidecar-mode-version", _new_mode(_BY_SIDECAR, "1.5"), since=release("1.1"), until=release("1.5")),
    Rule("interactive-without-backoff", _hand_backoff, since=release("1.4")),
    Rule("sidecar-without-submitter", _sidecar_submitter, since=release("1.5"), always=True),
    Rule("sidecar-restart-policy", _sidecar_restart, since=release("1.5"), always=True),
    Rule("waiting-stays-interactive", _waiting, since=release("1.3"), always=True),
    Rule("entrypoint-needed", _entrypoint),
    Rule("entrypoint-field-needed", _entrypoint_field, until=release("1.2.2")),
    Rule("entrypoint-resources", _entrypoint_resources),
    Rule("metadata-needs-ray", _metadata),
    Rule("runtime-env", _runtime_env),
    Rule(
        "active-deadline",
        _least("activeDeadlineSeconds", 1, "must be positive"),
        since=release("1.1"),
        always=True,
    ),
    Rule("backoff-limit", _least("backoffLimit", 0, _NOT_NEGATIVE), since=release("1.2"), always=True),
    Rule("submitter-backoff-limit", _least("submitterConfig.backoffLimit", 0, _NOT_NEGATIVE)),
    Rule("ttl-negative", _least("ttlSecondsAfterFinished", 0, _NOT_NEGATIVE), since=release("1.4")),
    Rule("ttl-needs-shutdown", _ttl, since=release("1.4")),
)
