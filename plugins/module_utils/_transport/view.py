# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a door to the objects of the Kubernetes API shows around them, and how it tells that something has changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

Resource = dict[str, Any]


def as_it_is(item: Resource) -> Resource:
    """What needs no other words."""
    return item


class EventsPlace(NamedTuple):
    """Where the events of a namespace are, what they call the object that they are about, and how they are read."""

    path: str = "/apis/events.k8s.io/v1/namespaces/{}/events"
    about: str = "regarding"
    read: Callable[[Resource], Resource] = as_it_is


class View(NamedTuple):
    """``pods``: whether pods can be seen. ``watches``: whether changes are told; they are looked for otherwise."""

    pods: bool = True
    watches: bool = True
    events: EventsPlace = EventsPlace()
