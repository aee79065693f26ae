# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ends of logs: a job's, from its cluster's dashboard or its submitter, and a crashed container's."""

from __future__ import annotations

import json
import re
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import ConnectionFailed, KubeRayError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import ORIGIN_KIND, ORIGIN_NAME
from ansible_collections.kuberay.core.plugins.module_utils._objects.job_status import submission_id
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Resource
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session

LINES = 100
_OK = 200
_DASHBOARD = re.compile(r"(?:https?://)?(?P<service>[^./:]+)\.(?P<namespace>[^./:]+)\.svc[^:]*:(?P<port>[0-9]+)")


def job_log(session: Session, ref: Ref, job: Resource) -> str | None:
    """The last LINES lines; None where nothing that this account may see has them."""
    try:
        text = _from_dashboard(session, job)
        if text is None:
            text = _from_submitter(session, ref)
    except KubeRayError:
        # A log is an extra: a task does not fail for the want of it.
        return None
    return None if text is None else tail(text)


def tail(text: str) -> str:
    """The last LINES lines."""
    return "\n".join(text.splitlines()[-LINES:])


def _from_dashboard(session: Session, job: Resource) -> str | None:
    found = _DASHBOARD.match(str((job.get("status") or {}).get("dashboardURL") or ""))
    submission = submission_id(job)
    if found is None or submission is None:
        return None
    service = f"/api/v1/namespaces/{found['namespace']}/services/{found['service']}:{found['port']}"
    return told_log(session, f"{service}/proxy/api/jobs/{submission}/logs", "logs")


def told_log(session: Session, path: str, key: str) -> str | None:
    """What stands under a key of the JSON at a path; None where that cannot be had now."""
    try:
        status, data = session.look(path)
        body: Any = json.loads(data) if status == _OK else None
    except (ConnectionFailed, ValueError):
        return None
    text = body.get(key) if isinstance(body, dict) else None
    return text if isinstance(text, str) else None


def _from_submitter(session: Session, ref: Ref) -> str | None:
    """The youngest submitter pod's; there is none in the modes that submit without a pod."""
    selector = f"{ORIGIN_NAME}={ref.name},{ORIGIN_KIND}={ref.kind.name}"
    path = f"/api/v1/namespaces/{ref.namespace}/pods"
    pods = session.request("GET", path, query={"labelSelector": selector}).body.get("items") or []
    if not pods:
        return None
    youngest = max(pods, key=lambda pod: str(pod["metadata"].get("creationTimestamp")))
    return _pod_log(session, f"{path}/{youngest['metadata']['name']}/log?tailLines={LINES}")


def crash_log(session: Session, namespace: str, pod: str, container: str) -> str | None:
    """What a container said before it crashed last; None where that cannot be had."""
    query = f"container={container}&previous=true&tailLines={LINES}"
    try:
        return _pod_log(session, f"/api/v1/namespaces/{namespace}/pods/{pod}/log?{query}")
    except ConnectionFailed:
        return None


def _pod_log(session: Session, path: str) -> str | None:
    status, data = session.look(path)
    return data.decode("utf-8", "replace") if status == _OK else None
