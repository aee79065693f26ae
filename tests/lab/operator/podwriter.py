# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating and deleting single pods, with what goes with it: the event, the expectation and the failure's reason."""

from __future__ import annotations

from .api import PODS, Api, ApiError
from .controller import ReconcileError
from .events import Recorder
from .expectations import Expectations
from .objects import Json, key_of
from .words import HEAD


class ReplicaFailure(ReconcileError):
    """A failure that the status tells as the condition ReplicaFailure."""

    def __init__(self, reason: str, cause: Exception) -> None:
        super().__init__(f"{reason}\n{cause}")
        self.reason = reason


class PodWriter:
    """Writes pods for a cluster."""

    def __init__(self, api: Api, recorder: Recorder, expectations: Expectations) -> None:
        self._api = api
        self._recorder = recorder
        self._expectations = expectations

    def create(self, cluster: Json, group: str, pod: Json, node_type: str) -> None:
        """Create a pod."""
        kind = node_type.capitalize()
        try:
            name = self._api.create(PODS, pod)["metadata"]["name"]
        except ApiError as error:
            where = key_of(cluster) if node_type != HEAD else f"{cluster['metadata']['namespace']}/"
            about = f"head Pod {where}" if node_type == HEAD else f"worker Pod for the cluster {where}"
            note = f"Failed to create {about}, {error}"
            self._recorder.warning(cluster, f"FailedToCreate{kind}Pod", "Create", note)
            raise ReplicaFailure(f"FailedCreate{kind}Pod", error) from error
        self._expectations.created(key_of(cluster), group, name)
        where = f"{cluster['metadata']['namespace']}/{name}"
        self._recorder.normal(cluster, f"Created{kind}Pod", "Create", f"Created {node_type} Pod {where}")

    def delete(self, cluster: Json, group: str, pod: Json, node_type: str, words: str) -> bool:
        """Delete a pod, told in these words about it; False where it was already gone."""
        kind, text = node_type.capitalize(), words.format(key_of(pod))
        try:
            found = self._api.delete(PODS, pod["metadata"]["namespace"], pod["metadata"]["name"])
        except ApiError as error:
            self._recorder.warning(cluster, f"FailedToDelete{kind}Pod", "Delete", f"Failed deleting {text}, {error}")
            raise ReplicaFailure(f"FailedDelete{kind}Pod", error) from error
        if found:
            self._expectations.deleted(key_of(cluster), group, pod["metadata"]["name"])
            self._recorder.normal(cluster, f"Deleted{kind}Pod", "Delete", f"Deleted {text}")
        return found
