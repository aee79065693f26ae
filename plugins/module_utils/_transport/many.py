# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading many objects: by lists where most of what is there is wanted, and otherwise one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ansible_collections.kuberay.core.plugins.module_utils._context import Deadline
from ansible_collections.kuberay.core.plugins.module_utils._errors import ApiError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import Kind
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import (
    Ref,
    Resource,
    Selection,
    Snapshot,
    Transport,
    Watch,
)

# Reading an object by itself costs about as much as so many in a list.
WORTH = 25
_MOST = 500
_FORBIDDEN, _EXPIRED = 403, 410
_HEARTBEAT_SECONDS = 0.25


def listed(transport: Transport, kind: Kind, namespace: str, names: Collection[str]) -> dict[str, Resource | None]:
    """What lists tell of these objects, None for one that is not there. Who is not in the answer is to be read alone.

    A list is left where more of it lies ahead than what is missing is worth; an account may not be allowed to list.
    """
    found: dict[str, Resource | None] = {}
    missing, rest = set(names), ""
    while len(missing) > 1 or rest:
        try:
            page = transport.page(Selection(kind, namespace), min(_MOST, WORTH * len(missing)), rest)
        except ApiError as error:
            if error.status in (_FORBIDDEN, _EXPIRED):
                return found
            raise
        found.update({one["metadata"]["name"]: one for one in page.items if one["metadata"]["name"] in missing})
        missing -= found.keys()
        rest = page.rest
        if missing and not rest:
            return {**found, **dict.fromkeys(missing)}
        if not missing or page.left > WORTH * len(missing):
            return found
    return found


class Listed:
    """A transport to many objects: what was listed answers the first read of each, and one watch is shared by all."""

    def __init__(self, transport: Transport, known: dict[str, Resource | None], watch: Watch) -> None:
        self._transport = transport
        self._known = known
        self._watch = watch
        self.name, self.default_namespace = transport.name, transport.default_namespace
        self.dry_runs = transport.dry_runs
        self.patches, self.replace = transport.patches, getattr(transport, "replace", None)
        self.pages, self.page = transport.pages, transport.page
        self.create, self.patch, self.delete = transport.create, transport.patch, transport.delete
        self.compute_template, self.pods, self.events = transport.compute_template, transport.pods, transport.events
        self.ways_in, self.dashboard_answers = transport.ways_in, transport.dashboard_answers
        self.serve_applications = transport.serve_applications
        self.pod_log, self.job_log, self.watch = transport.pod_log, transport.job_log, transport.watch

    def read(self, ref: Ref) -> Resource | None:
        """What was listed, once; whoever reads again wants to know what is there now."""
        try:
            return self._known.pop(str(ref))
        except KeyError:
            return self._transport.read(ref)

    def follow(self, ref: Ref, deadline: Deadline) -> Iterator[Snapshot | None]:
        """What the shared watch shows, again and again."""
        while not deadline.passed():
            yield self._watch.snapshot(ref)
            deadline.rest(_HEARTBEAT_SECONDS)
