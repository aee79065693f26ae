# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For every unit test: how inputs are made up, and no connection variable of whoever runs them."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# The same inputs each time, so that a failure is nobody's luck; --hypothesis-profile=search looks further.
settings.register_profile("unit", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("search", max_examples=2000, deadline=None)
settings.load_profile("unit")


@pytest.fixture(autouse=True)
def _no_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("K8S_AUTH_", "KUBE", "KUBERNETES_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
