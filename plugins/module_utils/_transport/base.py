# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every transport offers to the rooms above it: objects in, objects out, in the Kubernetes form."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeAlias

from ansible_collections.kuberay.core.plugins.module_utils._context import Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import Kind

Resource = dict[str, Any]
Snapshot: TypeAlias = "dict[str, list[Resource] | None]"


# What Kubernetes takes for a name; anything else (``..``, ``/``, ``?``, nothing) would make another path of a request.
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")


def checked_name(option: str, value: str) -> str:
    """``value``, if it can be the name of an object."""
    if not _NAME.fullmatch(value):
        raise OptionError(f"{option}: {value!r} is no name: lower case letters, digits, '-' and '.' only")
    return value


@dataclass(frozen=True)
class Ref:
    """One object: its kind, namespace and name."""

    kind: Kind
    namespace: str
    name: str

    def __post_init__(self) -> None:
        checked_name("namespace", self.namespace)
        checked_name("name", self.name)

    def __str__(self) -> str:
        return f"{self.kind.name} {self.namespace}/{self.name}"


@dataclass(frozen=True)
class Selection:
    """Which objects a list returns; ``namespace`` None is all of them. Selectors are Kubernetes' own texts."""

    kind: Kind
    namespace: str | None = None
    label_selector: str | None = None
    field_selector: str | None = None

    def __post_init__(self) -> None:
        if self.namespace is not None:
            checked_name("namespace", self.namespace)


class Page(NamedTuple):
    """A part of a list. ``rest`` asks for what follows, '' at its end; ``left`` is how many objects follow."""

    items: list[Resource]
    rest: str = ""
    left: int = 0


def paged(page: Callable[[Selection, int, str], Page], selection: Selection, limit: int) -> Iterator[list[Resource]]:
    """The selected objects by ``Transport.page``, so many at a time: memory grows with a page only."""
    rest = ""
    while True:
        found = page(selection, limit, rest)
        yield found.items
        rest = found.rest
        if not rest:
            return


class Watch(Protocol):
    """Many objects seen together, by a list and a watch for all of a kind in a namespace."""

    def snapshot(self, ref: Ref, version: str = "") -> Snapshot | None:
        """What ``follow`` yields of an object; None while that is not known, or older than this resourceVersion."""

    def keep(self, namespaces: Collection[str]) -> None:
        """End what is watched in other namespaces than these."""

    def close(self) -> None:
        """End it."""


class Transport(Protocol):
    """A door to KubeRay. Only transports know HTTP; only ``create``, ``patch`` and ``delete`` change anything.

    ``patches``: whether it changes a part of an object. One that does not has neither dry runs nor uids, makes groups
    from compute templates itself, and replaces a whole object or nothing: it is a WholeTransport. ``dry_runs``: whether
    ``dry_run`` may be asked for; where not, what a write would make is what is wished for.
    """

    name: str
    default_namespace: str
    patches: bool
    dry_runs: bool

    def read(self, ref: Ref) -> Resource | None:
        """The object, or None where there is none. One request."""

    def pages(self, selection: Selection) -> Iterator[list[Resource]]:
        """The selected objects, a page at a time. One request a page."""

    def page(self, selection: Selection, limit: int, rest: str = "") -> Page:
        """So many of the selected objects, and no more. One request."""

    def create(self, ref: Ref, resource: Resource, *, dry_run: bool) -> Resource:
        """Make the object; AlreadyExists where somebody was faster. Unknown fields are refused."""

    def patch(self, ref: Ref, operations: list[Resource], *, dry_run: bool) -> Resource:
        """Run a JSON patch; Stale where one of its tests fails."""

    def delete(self, ref: Ref, options: Resource, *, dry_run: bool) -> bool:
        """Delete the object with these DeleteOptions; False where it was gone already."""

    def compute_template(self, namespace: str, name: str) -> dict[str, str]:
        """The data of the ConfigMap behind a compute template."""

    def pods(self, ref: Ref, resource: Resource) -> list[Resource] | None:
        """The pods of an object; None where this door shows none."""

    def events(self, ref: Ref) -> list[Resource] | None:
        """The events about an object (events.k8s.io/v1); None where this door shows none."""

    def ways_in(self, ref: Ref, resource: Resource) -> dict[str, Any] | None:
        """What leads to a head from outside: ``service``, ``ingress``, ``route``, each an object or None.

        None where this door does not show that.
        """

    def dashboard_answers(self, ref: Ref, resource: Resource) -> bool:
        """Whether a RayCluster's dashboard answers."""

    def serve_applications(self, ref: Ref, resource: Resource) -> dict[str, Any] | None:
        """What Ray says about a RayService's applications, by name; None where it says nothing that can be read."""

    def pod_log(self, namespace: str, pod: str, container: str) -> str | None:
        """The end of what a container said before it crashed last, or None where that cannot be had."""

    def job_log(self, ref: Ref, resource: Resource) -> str | None:
        """The end of a job's log, or None where there is none to be had."""

    def follow(self, ref: Ref, deadline: Deadline) -> Iterator[Snapshot | None]:
        """What the object, its pods and its events are, again each time one of them changes.

        Yields ``{"object": [...], "pods": [...], "events": [...]}`` or None as a heartbeat, until the deadline. Pods or
        events that the account may not see are None.
        """

    def watch(self, changed: Callable[[], None]) -> Watch:
        """See many objects together; ``changed`` is called, from another thread, each time that something changes."""


class WholeTransport(Transport, Protocol):
    """A door without patches; ``replace`` changes something, too."""

    def replace(self, ref: Ref, resource: Resource, *, dry_run: bool) -> Resource:
        """Put the whole object in the place of the one that is there; Stale where somebody else is writing to it."""
