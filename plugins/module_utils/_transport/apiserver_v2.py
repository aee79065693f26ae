# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""V2 of KubeRay's APIServer as a door: the Kubernetes API behind it, as far as it is passed on.

Source: contract 4 and 11. It shows KubeRay's objects, the events about them, and what is behind the head services of
clusters; no pods, other services or ConfigMaps. It has no watches. About a quarter of what is no success is never
answered: what can be asked for by a list is, since that always succeeds, and a refusal is asked for again.
"""

from __future__ import annotations

from functools import cached_property
from typing import NoReturn

from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    AlreadyExists,
    ApiError,
    ConnectionFailed,
    KubeRayError,
    NotFound,
    OptionError,
)
from ansible_collections.kuberay.core.plugins.module_utils._kinds import TEMPLATE, Kind
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Resource, Selection
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import Credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.kubernetes import KubernetesTransport, carries
from ansible_collections.kuberay.core.plugins.module_utils._transport.old_events import OLD_EVENTS
from ansible_collections.kuberay.core.plugins.module_utils._transport.view import EventsPlace, View


class ApiServerV2(KubernetesTransport):
    """ray.io behind a KubeRay APIServer. See base.Transport for what each method promises."""

    name = "apiserver_v2"

    def __init__(self, credentials: Credentials, context: Context, base_path: str = "auto") -> None:
        super().__init__(credentials, context)
        self._base_path = base_path
        # The Kubernetes API lets none through to a Service: it takes the word for one to itself.
        self.dry_runs = not credentials.server.is_proxied

    def read(self, ref: Ref) -> Resource | None:
        """One GET, of a list that holds this object or nothing: a 404 might be lost."""
        page = self.page(Selection(ref.kind, ref.namespace, field_selector=f"metadata.name={ref.name}"), 1)
        return next(iter(page.items), None)

    def create(self, ref: Ref, resource: Resource, *, dry_run: bool) -> Resource:
        """One POST. A refusal may be lost: then, and where nothing was made, it is asked for again."""
        for left in reversed(range(_TRIES)):
            try:
                return self._created(ref, resource, dry_run)
            except (ConnectionFailed, ApiError) as error:
                if not left or not _is_lost(error):
                    raise
        raise AssertionError("the last try returns or raises")

    def _created(self, ref: Ref, resource: Resource, dry_run: bool) -> Resource:
        """V2 may have sent a POST on twice: what is there then may be ours."""
        try:
            return super().create(ref, resource, dry_run=dry_run)
        except AlreadyExists:
            made = None if dry_run else self.read(ref)
            if made is None or not carries(made, resource):
                raise
            return made

    def compute_template(self, namespace: str, name: str) -> dict[str, str]:
        """One GET, of V1 of the same server."""
        from ansible_collections.kuberay.core.plugins.module_utils._transport.apiserver_v1 import ApiServerV1

        door = ApiServerV1(self.session.credentials, self.session.context, self._base_path)
        return door.compute_template(namespace, name)

    def pods(self, ref: Ref, resource: Resource) -> None:
        """None: pods are not passed on."""

    def ways_in(self, ref: Ref, resource: Resource) -> None:
        """None: neither services nor what leads to them is passed on."""

    def pod_log(self, namespace: str, pod: str, container: str) -> None:
        """None: pods are not passed on."""

    @cached_property
    def view(self) -> View:  # type: ignore[override]
        """One GET, once: before KubeRay 1.7 events are in another place."""
        return View(pods=False, watches=False, events=self._events_place())

    def _events_place(self) -> EventsPlace:
        place = EventsPlace()
        try:
            self.session.request("GET", place.path.format(self.default_namespace), query={"limit": 1})
        except NotFound:
            return OLD_EVENTS
        except ApiError:
            # Not allowed to look into that namespace; the place is there.
            pass
        return place

    def _step_back(self, kind: Kind, error: NotFound) -> NoReturn:
        if kind is TEMPLATE:
            raise OptionError("api: apiserver_v2 passes no ConfigMaps on") from error
        of_kubernetes = isinstance(error.details, dict)
        since = f" {kind.since} or later" if kind.since else ""
        no_v2 = f"{_NO_V2}; {self.session.credentials.server.doubt}"
        hint = f"install the KubeRay operator{since} with its CRDs" if of_kubernetes else no_v2
        raise ApiError(
            f"{self.api_version} {kind.plural} are not served there: {hint}", status=404, reason="NoSuchKind"
        ) from error


def _is_lost(error: KubeRayError) -> bool:
    """Whether nobody knows what the server has said; the Kubernetes API says so itself where it stands between."""
    return error.may_heal if isinstance(error, ConnectionFailed) else error.status in _BETWEEN


_TRIES = 5
_BETWEEN = frozenset({502, 503, 504})
_NO_V2 = "a KubeRay APIServer has V2 from 1.4 on, unless it was started without (enable-api-server-v2)"
