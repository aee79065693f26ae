# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for a RayService: its levels, and where it stands.

The status of a service is written before its operator does what is new in the spec. It shows our generation, Ready and
the old applications RUNNING while the new config is not even at Ray; and for one look it may show a cluster promoted
that is to be replaced at the next. So ``ready`` asks for what only our write can have brought about.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._objects.brief import is_brief
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import (
    HEAD_GROUP,
    Observation,
    ready_pods,
    wanted_workers,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.serve_config import holds
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_signs import latest_cluster
from ansible_collections.kuberay.core.plugins.module_utils._objects.service_status import (
    RUNNING,
    active_cluster,
    active_status,
    all_running,
    applications,
    as_cluster,
    clusters,
    coming_status,
    condition,
    has_seen_all,
    is_serving,
    is_suspended,
    pending_cluster,
    wished,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.sign import Sign
from ansible_collections.kuberay.core.plugins.module_utils._wait.levels import Level, WaitRules

Json = dict[str, Any]
# The operator looks every 2 s: after this long what it found out is in the status.
_LOOKED_AGAIN = 5.0
# Likewise where nothing tells when it gave the config to Ray.
_SURELY_SUBMITTED = 20.0


def _nothing(_sign: Sign) -> bool:
    return False


def _is_gone(seen: Observation) -> bool:
    return seen.resource is None and not seen.pods


def _looks_ready(seen: Observation) -> bool:
    """Whether the status says that all is as it should be."""
    service = seen.resource
    return (
        service is not None
        and seen.is_caught_up
        and has_seen_all(service)
        and is_serving(service)
        and not pending_cluster(service)
        and all_running(service, active_status(service))
    )


def _is_another_cluster(seen: Observation) -> bool:
    """Whether another cluster serves, where the change makes one; or none is coming, since to Ray it is the same."""
    leaves = seen.rollout.leaves
    if is_brief(seen.resource):
        return _is_the_latest_cluster(seen)
    return not leaves or active_cluster(seen.resource or {}) not in leaves or seen.shown >= _LOOKED_AGAIN


def _is_the_latest_cluster(seen: Observation) -> bool:
    """Whether the cluster serves that the operator told of last, where one that is being prepared cannot be seen.

    V1 shuffles what it writes, so that a new cluster may come of any change.
    """
    active, latest = active_cluster(seen.resource or {}), latest_cluster(seen)
    if latest is not None:
        return active == latest
    if active in seen.rollout.leaves:
        return seen.shown >= _SURELY_SUBMITTED
    return not seen.rollout.since or seen.shown >= _LOOKED_AGAIN


def _is_deployed(seen: Observation) -> bool:
    """Whether the applications run with the config that is wished for, where that is another one than before.

    Ray's own word counts as long as it can be had: on a busy machine the operator's is older than it looks.
    """
    if not seen.rollout.submits:
        return True
    if seen.serve is None:
        return seen.submitted >= _LOOKED_AGAIN or seen.shown >= _SURELY_SUBMITTED
    told = [(seen.serve.get(name) or {}, wish) for name, wish in wished(seen.resource or {}).items()]
    if not all(one.get("status") == RUNNING for one, wish in told):
        return False
    # Ray may spell a config in words that we do not take for the same.
    return seen.shown >= _SURELY_SUBMITTED or all(holds(one.get("deployed_app_config"), wish) for one, wish in told)


def _ready(seen: Observation) -> bool:
    return _looks_ready(seen) and _is_another_cluster(seen) and _is_deployed(seen)


def _asks_serve(seen: Observation) -> bool:
    """Ray is asked when only its own word is missing, and the operator may have spoken with it."""
    spoke = seen.submitted > 0 or seen.events is None or not seen.rollout.version
    return seen.rollout.submits and spoke and _looks_ready(seen)


def _suspended(seen: Observation) -> bool:
    return is_suspended(seen.resource or {}) and not clusters(seen.resource or {})


def _describe(seen: Observation) -> str:
    """Where a service stands, in a few words: ``preparing demo-x1b2c, head ready, workers 1/2, app DEPLOYING``."""
    service = seen.resource
    if service is None or service["metadata"].get("deletionTimestamp"):
        left = len(seen.pods or [])
        return f"{'being deleted' if service else 'deleted'}, {left} pods left" if left or service else "gone"
    if condition(service, "Suspending").get("status") == "True":
        return "suspending"
    if is_suspended(service) and not clusters(service):
        return "suspended"
    if not clusters(service):
        return "not looked at yet"
    coming = coming_status(service)
    told = [f"{name} {one.get('status')}" for name, one in sorted(applications(coming).items())]
    if pending_cluster(service):
        return ", ".join([f"preparing {coming['rayClusterName']}", *_pod_words(seen, coming), *told])
    return ", ".join(["serving" if is_serving(service) else "not serving", *told])


def _pod_words(seen: Observation, coming: Json) -> list[str]:
    """The pods of the cluster that is being prepared."""
    wanted = wanted_workers(as_cluster(seen.resource or {})["spec"])
    own = [
        pod
        for pod in seen.pods or []
        if (pod["metadata"].get("labels") or {}).get("ray.io/cluster") == coming["rayClusterName"]
    ]
    ready = ready_pods(own)
    head = f"head {'ready' if ready[HEAD_GROUP] else 'not ready'}"
    return [head, f"workers {sum(ready[group] for group in wanted)}/{sum(wanted.values())}"]


SERVICE = WaitRules(
    levels={
        "created": Level(lambda seen: seen.resource is not None),
        "ready": Level(_ready, asks_serve=_asks_serve),
        "suspended": Level(_suspended, concerns=_nothing),
        "gone": Level(_is_gone, concerns=_nothing, needs_object=False),
        "deleted": Level(lambda seen: seen.resource is None, concerns=_nothing, needs_object=False),
    },
    looks_right=lambda _seen: False,
    describe=_describe,
)
