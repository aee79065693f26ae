# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A recorded way to an APIServer, the lab's own or one of the test's."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.integration.apiserver_harness import Client
from tests.integration.playbook import Run
from tests.lab.apiserver.server import serving
from tests.lab.apiserver.web import Answer, Reply, Request

Json = dict[str, Any]
_PASSED_ON = ("Content-Type", "Authorization")
V1 = "apiserver_v1"


@dataclass
class Door:
    """An APIServer at ``url``, and what it was asked: when, the method and the path."""

    url: str = ""
    asked: list[tuple[float, str, str]] = field(default_factory=list)

    def connection(self, namespace: str, **more: Any) -> Json:
        """The options that lead to it through V1."""
        return {"api": V1, "apiserver_url": self.url, "namespace": namespace, **more}

    def requests(self, run: Run, task: str) -> list[str]:
        """What a task asked, in order: the method, and the kind as the path has it."""
        one = run[task]
        found = [(method, path) for at, method, path in self.asked if one.began <= at <= one.ended]
        return [f"{method} {_kind(path)}" for method, path in found]


def _kind(path: str) -> str:
    steps = path.partition("?")[0].split("/")
    return steps[steps.index("namespaces") + 2] if "namespaces" in steps else steps[-1]


@contextmanager
def recorded(answer: Answer) -> Iterator[Door]:
    """A server that gives these answers."""
    door = Door()

    def record(request: Request) -> Reply:
        door.asked.append((time.time(), request.method, request.target))
        return answer(request)

    with serving(record) as door.url:
        yield door


def passed_on(client: Client) -> Answer:
    """The answers of a server elsewhere."""

    def answer(request: Request) -> Reply:
        headers = {name: value for name in _PASSED_ON if (value := request.header(name))}
        kind = headers.pop("Content-Type", "application/json")
        told = client.ask_once(request.method, request.target, request.body.decode() or None, kind, **headers)
        return Reply(told.status, told.text.encode(), [("Content-Type", told.kind)])

    return answer
