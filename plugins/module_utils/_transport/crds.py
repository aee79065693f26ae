# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CustomResourceDefinitions, which the Kubernetes API alone has."""

from __future__ import annotations

from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import ConnectionFailed, KubeRayError, NotFound
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import checked_name
from ansible_collections.kuberay.core.plugins.module_utils._transport.credentials import load_credentials
from ansible_collections.kuberay.core.plugins.module_utils._transport.session import Session

Json = dict[str, Any]
MANAGER = "kuberay.core"
APPLY_PATCH = "application/apply-patch+yaml"
_PLACE = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"


class Crds:
    """One request each."""

    def __init__(self, options: Json, context: Context) -> None:
        self._session = Session(load_credentials(options), context)

    def read(self, name: str) -> Json | None:
        """The CRD, or None where there is none."""
        try:
            return self._ask("Reading", "GET", name)
        except NotFound:
            return None

    def apply(self, name: str, crd: Json, *, dry_run: bool) -> Json:
        """Have what it says, whoever said something else before (server-side apply, by force)."""
        query = {"fieldManager": MANAGER, "force": "true", "dryRun": "All" if dry_run else None}
        # To apply the same twice does no harm.
        return self._ask("Applying", "PATCH", name, query=query, body=crd, content_type=APPLY_PATCH, repeat=True)

    def _ask(self, doing: str, method: str, name: str, **rest: Any) -> Json:
        try:
            body = self._session.request(method, f"{_PLACE}/{checked_name('crds', name)}", **rest).body
            if not isinstance(body, dict) or not {"metadata", "spec"} <= body.keys():
                raise ConnectionFailed(f"the answer is no such object: {self._session.credentials.server.doubt}")
        except KubeRayError as error:
            error.while_doing(f"{doing} CustomResourceDefinition {name}")
            raise
        return body
