# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A compute template that is being deleted, and goes as soon as somebody watches for its end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.integration.modules.room import Stage
from tests.integration.patience import SECONDS
from tests.lab.processes import wait_until


@contextmanager
def held_template(stage: Stage, name: str) -> Iterator[str]:
    """It, held by a finalizer; yields its uid."""
    room = stage.room
    labels = {"ray.io/config-type": "compute-template", "ray.io/compute-template": name}
    metadata = {"name": name, "labels": labels, "finalizers": ["example.com/hold"]}
    data = {"name": name, "namespace": room.name, "cpu": "1", "memory": "1", "memory_unit": "Gi"}
    made = room.create("configmaps", {"metadata": metadata, "data": data})
    room.api.request("DELETE", room.path("configmaps", name))

    def let_go() -> None:
        wait_until(lambda: any(one.watching and name in str(one.query) for one in stage.wire.requests), SECONDS)
        room.patch(name, {"op": "remove", "path": "/metadata/finalizers"}, plural="configmaps")

    helper = threading.Thread(target=let_go)
    helper.start()
    yield str(made["metadata"]["uid"])
    helper.join(SECONDS)
