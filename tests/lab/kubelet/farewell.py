# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pod takes with it when it goes: its connections, and the RayJobs' entrypoints that run on a head.

With a Ray of its own that goes without saying. The one that is shared stays, addresses are given to other pods again,
and the API server would keep its old connections to them.
"""

from __future__ import annotations

import logging
import threading

from tests.lab.errors import LabError
from tests.lab.kubelet.directory import answers
from tests.lab.kubelet.heads import Heads
from tests.lab.kubelet.sharedhead import SharedHead
from tests.lab.operator.objects import Json, Key, dig, labels_of
from tests.lab.operator.store import Store
from tests.lab.operator.words import CLUSTER, HEAD, NODE_TYPE

log = logging.getLogger(__name__)


class Farewell:
    """Sees pods off."""

    def __init__(self, pods: list[Store], ray_jobs: Store, heads: Heads, ray: SharedHead) -> None:
        self._heads = heads
        self._ray = ray
        self._lock = threading.Lock()
        self._jobs: dict[Key, set[str]] = {}
        ray_jobs.subscribe(self._job_changed)
        for store in pods:
            store.subscribe(self._pod_changed)

    def _job_changed(self, _old: Json | None, new: Json | None) -> None:
        cluster, submission = dig(new, "status.rayClusterName"), dig(new, "status.jobId")
        if new and cluster and submission:
            with self._lock:
                self._jobs.setdefault(Key(new["metadata"]["namespace"], cluster), set()).add(submission)

    def _pod_changed(self, old: Json | None, new: Json | None) -> None:
        if old is None or not answers(old) or (new is not None and answers(new)):
            return
        self._heads.hang_up(old["status"]["podIP"])
        if new is None and labels_of(old).get(NODE_TYPE) == HEAD:
            key = Key(old["metadata"]["namespace"], labels_of(old).get(CLUSTER, ""))
            with self._lock:
                submissions = self._jobs.pop(key, set())
            threading.Thread(target=self._stop, args=(submissions,), daemon=True).start()

    def _stop(self, submissions: set[str]) -> None:
        for submission in submissions:
            try:
                answer = self._ray.ask("POST", f"/api/jobs/{submission}/stop")
                log.info("the head of %s is gone: %s", submission, answer)
            except (LabError, OSError) as problem:
                log.info("stopping %s: %s", submission, problem)
