# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children that the operator makes and deletes in somebody's name, each told in an event."""

from __future__ import annotations

from .api import SERVICES, Api, ApiError
from .events import Recorder
from .objects import Json, Resource, dig, key_of
from .words import CLUSTER


class Offspring:
    """Writes children, and tells about it."""

    def __init__(self, api: Api, recorder: Recorder) -> None:
        self._api = api
        self._recorder = recorder

    def create(self, owner: Json, resource: Resource, child: Json, kind: str, done: str, failed: str) -> Json:
        """Create a child."""
        where = key_of(child)
        try:
            made = self._api.create(resource, child)
        except ApiError as error:
            self._recorder.warning(owner, f"FailedToCreate{kind}", "Create", failed.format(where, error))
            raise
        self._recorder.normal(owner, f"Created{kind}", "Create", done.format(where))
        return made

    def delete(self, owner: Json, resource: Resource, child: Json, kind: str, words: str) -> None:
        """Delete a child."""
        text = words.format(key_of(child))
        try:
            self._api.delete(resource, *key_of(child))
        except ApiError as error:
            self._recorder.warning(owner, f"FailedToDelete{kind}", "Delete", f"Failed to delete {text}: {error}")
            raise
        self._recorder.normal(owner, f"Deleted{kind}", "Delete", f"Deleted {text}")

    def point(self, owner: Json, wish: Json) -> Json:
        """A Service that leads to the cluster of the wish. Whatever else of it differs stays as it was made."""
        live = self._api.get(SERVICES, *key_of(wish))
        if live is None:
            words = ("Service", "Created the service {}", "Failed to create the service {}, {}")
            return self.create(owner, SERVICES, wish, *words)
        if dig(live, "spec.selector", {}).get(CLUSTER) == wish["spec"]["selector"][CLUSTER]:
            return live
        kept = {"clusterIP": live["spec"].get("clusterIP")}
        try:
            made = self._api.update(SERVICES, {**live, "spec": {**wish["spec"], **kept}})
        except ApiError as error:
            note = f"Failed to update the service {key_of(live)}, {error}"
            self._recorder.warning(owner, "FailedToUpdateService", "Update", note)
            raise
        self._recorder.normal(owner, "UpdatedService", "Update", f"Updated the service {key_of(live)}")
        return made
