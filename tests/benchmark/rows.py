# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is compared: the tasks, who carries them out, and what has been promised of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.integration.modules.room import IN_PROCESS, SHIPPED
from tests.integration.modules.words import group, info, manage, wish

Json = dict[str, Any]
Key = tuple[str, str]

CLUSTER = "demo"
MANY = 50
WISH = wish(group("small"))
# The operator leaves such clusters alone: what is measured is the task, not the pods that start beside it.
NOBODYS = "kueue.x-k8s.io/multikueue"

OURS, OUR_INFO = "kuberay_cluster", "kuberay_cluster_info"
K8S, K8S_INFO = "kubernetes.core.k8s", "kubernetes.core.k8s_info"
NOTHING, UNCHANGED, CREATE = "nothing to do with Kubernetes", "unchanged", "create, without waiting"
READ_ONE, READ_MANY = "read one", f"read a namespace of {MANY}"
LOOPED = ", each an item of one loop"


@dataclass(frozen=True)
class Scene:
    """The namespaces that tasks work in, and the spec of the unchanged cluster, for those who write it themselves."""

    namespace: str
    crowd: str
    spec: Json


@dataclass(frozen=True)
class Row:
    """One kind of task; ``task`` makes one, given a word that no other has.

    ``times`` is how many more of it are run than of others: a quick task needs that to stand out from the noise.
    """

    operation: str
    module: str
    task: Callable[[str], Json]
    way: str = ""
    is_loop: bool = False
    changes: bool = False
    times: int = 1

    @property
    def who(self) -> str:
        return f"{self.module}, {self.way}" if self.way else self.module

    @property
    def key(self) -> Key:
        return self.operation, self.who

    @property
    def is_theirs(self) -> bool:
        return self.module.startswith("kubernetes.core.")

    def tasks(self, count: int, word: str) -> list[Json]:
        """That many tasks, or one task with that many items."""
        if self.is_loop:
            return [{**self.task(word), "name": word, "loop": list(range(count))}]
        return [{**self.task(f"{word}-{number}"), "name": f"{word}-{number}"} for number in range(count)]


@dataclass(frozen=True)
class Promise:
    """What a task of one row may cost at most, in tasks of another."""

    words: str
    row: Key
    against: Key
    most: float


PROMISES = (
    Promise("unchanged, beside kubernetes.core.k8s", (UNCHANGED, f"{OURS}, {IN_PROCESS}"), (UNCHANGED, K8S), 0.15),
    Promise("unchanged, beside ping", (UNCHANGED, f"{OURS}, {IN_PROCESS}"), (NOTHING, "ping"), 1.0),
    Promise(
        "unchanged and shipped, beside kubernetes.core.k8s_info",
        (UNCHANGED, f"{OURS}, {SHIPPED}"),
        (READ_ONE, K8S_INFO),
        1.0,
    ),
)


def rows(scene: Scene) -> list[Row]:
    """All rows, in the order in which they are run and shown."""
    unchanged = partial(_unchanged, scene)
    ask_one, ask_many = partial(_info, scene.namespace, CLUSTER), partial(_info, scene.crowd, "")
    same = partial(_definition, scene, CLUSTER)
    one, many = partial(_k8s_info, scene.namespace, CLUSTER), partial(_k8s_info, scene.crowd, "")
    return [
        Row(NOTHING, "debug", lambda _word: {"ansible.builtin.debug": {"msg": "hello"}}, times=4),
        Row(NOTHING, "ping", lambda _word: {"ansible.builtin.ping": {}}),
        *_both(UNCHANGED, OURS, unchanged),
        Row(UNCHANGED, K8S, lambda _word: same()),
        *_both(UNCHANGED + LOOPED, OURS, unchanged, is_loop=True),
        Row(UNCHANGED + LOOPED, K8S, lambda _word: same(), is_loop=True),
        *_both(CREATE, OURS, partial(_create, scene), changes=True),
        Row(CREATE, K8S, lambda word: _definition(scene, f"c-{word}", managedBy=NOBODYS), changes=True),
        *_both(READ_ONE, OUR_INFO, ask_one),
        Row(READ_ONE, K8S_INFO, one),
        *_both(READ_ONE + LOOPED, OUR_INFO, ask_one, is_loop=True),
        Row(READ_ONE + LOOPED, K8S_INFO, one, is_loop=True),
        *_both(READ_MANY, OUR_INFO, ask_many),
        Row(READ_MANY, K8S_INFO, many),
    ]


def _both(operation: str, module: str, task: Callable[[str], Json], **more: Any) -> Iterator[Row]:
    yield Row(operation, module, task, IN_PROCESS, times=4, **more)
    yield Row(operation, module, task, SHIPPED, **more)


def _unchanged(scene: Scene, _word: str) -> Json:
    return manage("", CLUSTER, namespace=scene.namespace, **WISH)


def _create(scene: Scene, word: str) -> Json:
    return manage("", f"c-{word}", namespace=scene.namespace, managed_by=NOBODYS, wait=False, **WISH)


def _info(namespace: str, name: str, _word: str) -> Json:
    return info("", **_whole_or_one(namespace, name))


def _definition(scene: Scene, name: str, **spec: Any) -> Json:
    thing = {
        "apiVersion": "ray.io/v1",
        "kind": "RayCluster",
        "metadata": {"name": name, "namespace": scene.namespace},
        "spec": {**scene.spec, **spec},
    }
    return {K8S: {"state": "present", "definition": thing}}


def _k8s_info(namespace: str, name: str, _word: str) -> Json:
    return {K8S_INFO: {"api_version": "ray.io/v1", "kind": "RayCluster", **_whole_or_one(namespace, name)}}


def _whole_or_one(namespace: str, name: str) -> Json:
    return {"namespace": namespace, "name": name} if name else {"namespace": namespace}
