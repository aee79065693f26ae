# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sign of trouble."""

from __future__ import annotations

from typing import NamedTuple


class Sign(NamedTuple):
    """A sign of trouble: what it is about (its key), its sort (the operator's or kubelet's own word) and a sentence.

    ``group`` is the Ray group of the pod that shows it; None for what concerns the whole object. ``crashed`` names the
    pod and the container whose log tells more.
    """

    about: str
    sort: str
    message: str
    group: str | None = None
    crashed: tuple[str, str] | None = None
