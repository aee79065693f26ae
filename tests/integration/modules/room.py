# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the modules are tested: a namespace, seen by its admin, and plays that run in it over a wire."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.checks import tree
from tests.integration.patience import SECONDS
from tests.integration.playbook import Play, Run
from tests.integration.wire import Request, Wire
from tests.lab.api import Api
from tests.lab.processes import wait_until

Json = dict[str, Any]
JSON_PATCH = "application/json-patch+json"
APPLY = "application/apply-patch+yaml"
READER, EDITOR, CALLER = (f"kuberay-core-{role}" for role in ("reader", "editor", "caller"))
MEMBER = "member"
IN_PROCESS, SHIPPED = "in process", "shipped"
WAYS = (IN_PROCESS, SHIPPED)
_RIGHTS = "/apis/rbac.authorization.k8s.io/v1"
_RAY = "/apis/ray.io/v1"
_BASES = {
    "rayclusters": _RAY,
    "rayjobs": _RAY,
    "rayservices": _RAY,
    "raycronjobs": _RAY,
    "roles": _RIGHTS,
    "rolebindings": _RIGHTS,
}


def collections_roles() -> list[Json]:
    """The ClusterRoles that the collection gives its users."""
    return list(yaml.safe_load((tree.ROOT / "playbooks" / "files" / "rbac.yml").read_text(encoding="utf-8"))["items"])


class Room:
    """A namespace, as its admin sees it: not over the wire."""

    def __init__(self, api: Api, name: str) -> None:
        self.api = api
        self.name = name

    def path(self, plural: str, name: str = "") -> str:
        """The path of objects in this namespace."""
        return f"{_BASES.get(plural, '/api/v1')}/namespaces/{self.name}/{plural}" + (f"/{name}" if name else "")

    def get(self, name: str, plural: str = "rayclusters") -> Any:
        """An object, or None."""
        return self.api.get(self.path(plural, name))

    def create(self, plural: str, thing: Json) -> Json:
        """Make an object."""
        return self._write("POST", self.path(plural), thing)

    def patch(self, name: str, *operations: Json, plural: str = "rayclusters") -> Json:
        """Change an object by JSON patch, as somebody else would."""
        return self._write("PATCH", self.path(plural, name), list(operations), JSON_PATCH)

    def pods(self, cluster: str, group: str = "") -> dict[str, str]:
        """A cluster's pods: name and uid."""
        selector = f"ray.io/cluster={cluster}" + (f",ray.io/group={group}" if group else "")
        status, body = self.api.request("GET", self.path("pods"), labelSelector=selector)
        assert status == 200, body
        return {pod["metadata"]["name"]: pod["metadata"]["uid"] for pod in json.loads(body)["items"]}

    def token(self, account: str = "default") -> str:
        """A token of an account of this namespace; the default one may do nothing."""
        body = {"kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "spec": {}}
        return str(self._write("POST", self.path("serviceaccounts", account) + "/token", body)["status"]["token"])

    def account(self, name: str, rules: dict[str, list[str]]) -> str:
        """A token of a new account that may do this (resources with a group, ``pods.`` or ``rayclusters.ray.io``)."""
        split = {resource: resource.partition(".") for resource in rules}
        listed = [
            {"apiGroups": [group], "resources": [plural], "verbs": rules[resource]}
            for resource, (plural, _, group) in split.items()
        ]
        role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name}
        subject = {"kind": "ServiceAccount", "name": name, "namespace": self.name}
        self.create("serviceaccounts", {"metadata": {"name": name}})
        self.create("roles", {"metadata": {"name": name}, "rules": listed})
        self.create("rolebindings", {"metadata": {"name": name}, "roleRef": role, "subjects": [subject]})
        return self.token(name)

    def member(self) -> str:
        """A token of an account that may do here what the collection says that its modules need, and nothing else."""
        self.create("serviceaccounts", {"metadata": {"name": MEMBER}})
        self.allow(READER, self.name)
        self.allow(EDITOR, self.name)
        return self.token(MEMBER)

    def allow(self, role: str, namespace: str = "") -> None:
        """Give the member one of the collection's roles in a namespace, or in all of them."""
        (found,) = (one for one in collections_roles() if one["metadata"]["name"] == role)
        self._write("PATCH", f"{_RIGHTS}/clusterroles/{role}?fieldManager=tests&force=true", found, APPLY)
        where = f"namespaces/{namespace}/rolebindings" if namespace else "clusterrolebindings"
        binding = {
            "metadata": {"name": f"{self.name}-{role}"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
            "subjects": [{"kind": "ServiceAccount", "name": MEMBER, "namespace": self.name}],
        }
        self._write("POST", f"{_RIGHTS}/{where}", binding)
        rule = found["rules"][0]
        asked = {"group": rule["apiGroups"][0], "resource": rule["resources"][0].partition("/")[0]}
        asked |= {
            "subresource": rule["resources"][0].partition("/")[2],
            "verb": rule["verbs"][0],
            "namespace": namespace,
        }
        # The API server hears of it by a watch of its own.
        assert wait_until(lambda: self._may(asked), SECONDS), f"{role} came to nothing"

    def _may(self, asked: Json) -> bool:
        spec = {"user": f"system:serviceaccount:{self.name}:{MEMBER}", "resourceAttributes": asked}
        review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": spec}
        told = self._write("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review)
        return bool(told["status"].get("allowed"))

    def _write(self, method: str, path: str, body: Any, sort: str = "application/json") -> Json:
        status, answer = self.api.request(method, path, body, sort)
        assert status in (200, 201), answer
        made: Json = json.loads(answer)
        return made


@contextmanager
def new_room(api: Api) -> Iterator[Room]:
    """A namespace of one's own. Its end is asked for and not awaited."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    status, body = api.request("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
    assert status == 201, body
    room = Room(api, name)
    assert wait_until(lambda: room.get("default", "serviceaccounts"), SECONDS), f"no service account in {name}"
    try:
        yield room
    finally:
        api.request("DELETE", f"/api/v1/namespaces/{name}")


class Stage:
    """Runs plays in a room: the kubeconfig of their connection leads over the wire and names the room's namespace.

    They may do there what the collection says that its modules need, and nothing else; see Room.allow for more.
    """

    def __init__(self, wire: Wire, room: Room, folder: Path) -> None:
        self.wire = wire
        self.room = room
        self.kubeconfig = wire.write_kubeconfig(folder / "kubeconfig", room.name, token=room.member())
        self._folder = folder
        self._count = 0

    def prepare(self, tasks: Sequence[Json], way: str = IN_PROCESS, **options: Any) -> Play:
        """A play, ready to be started."""
        self._count += 1
        options.setdefault("connection", {"kubeconfig": str(self.kubeconfig)})
        return Play(self._folder / f"run-{self._count}", tasks, in_process=False if way == SHIPPED else None, **options)

    def run(self, *tasks: Json, way: str = IN_PROCESS, **options: Any) -> Run:
        """Run a play to its end, whatever that is."""
        return self.prepare(tasks, way, **options).run()

    def succeed(self, *tasks: Json, way: str = IN_PROCESS, **options: Any) -> Run:
        """Run a play that has to succeed."""
        run = self.run(*tasks, way=way, **options)
        assert run.code == 0, str(run)
        return run

    def requests(self, run: Run, task: str, about: str = "") -> list[Request]:
        """What a task asked, in order; ``about`` an object's name, where plays run side by side."""
        asked = self.wire.between(run[task].began, run[task].ended)
        return [one for one in asked if about in f"{one.path} {one.query} {one.body}"]


def outside_the_wait(requests: Sequence[Request]) -> list[str]:
    """Method and kind of each request besides a wait's lists and watches, which are the ones with a selector."""
    return [
        f"{one.method} {one.kind}"
        for one in requests
        if not one.watching and not {"fieldSelector", "labelSelector"} & set(one.query)
    ]


def written(requests: Sequence[Request]) -> list[str]:
    """The requests that changed something."""
    return [str(one) for one in requests if one.mutating and not one.dry_run and one.status < 300]
