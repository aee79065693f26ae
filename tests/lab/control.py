# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the supervisor does through the API server, and how it asks a program whether it is ready."""

from __future__ import annotations

import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from tests.lab import crds, nodes, services
from tests.lab.api import Api
from tests.lab.layout import CHECKOUT, Layout, State
from tests.lab.options import LabOptions
from tests.lab.pki import Pki

# Never the way to the lab's own loopback addresses, nor to a cluster that this process happens to run in.
UNWANTED = ("http_proxy", "https_proxy", "all_proxy", "kubernetes_service_host", "kubernetes_service_port")


def clean_environment(own: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would lead a program elsewhere."""
    return {name: value for name, value in own.items() if name.lower() not in UNWANTED}


def with_checkout(own: Mapping[str, str]) -> dict[str, str]:
    """The environment in which ``python -m tests.lab...`` works from any folder."""
    path = [str(CHECKOUT), *filter(None, [own.get("PYTHONPATH")])]
    return {**own, "PYTHONPATH": os.pathsep.join(path)}


def answers(url: str, pki: Pki) -> Callable[[], bool]:
    """Whether the address answers 200."""
    context = ssl.create_default_context(cafile=str(pki.crt("ca"))) if url.startswith("https:") else None
    handlers = [urllib.request.ProxyHandler({})]
    opener = urllib.request.build_opener(*handlers, urllib.request.HTTPSHandler(context=context))

    def ask() -> bool:
        try:
            with opener.open(url, timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    return ask


def api(layout: Layout, ports: Mapping[str, int]) -> Api:
    return Api(layout.pki, ports["kube-apiserver"])


def install(server: Api, options: LabOptions, state: State) -> Callable[[], bool]:
    """Apply CRDs and nodes; the answer tells when the CRDs are served."""
    names = crds.install(server, options.crds)
    services.make_namespace(server)
    nodes.register(server, state.ports["kwok"], state.versions["kube-apiserver"])
    return lambda: crds.established(server, names)


def usable(server: Api) -> bool:
    """Whether a pod that is created now is placed and runs."""
    return nodes.usable(server) and all(services.usable(server, name) for name in ("default", services.NAMESPACE))
