# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""For every test: this checkout is ``ansible_collections.kuberay.core``, here and in programs started here."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from tests.checks import tree

# Before the test files are imported: they import the collection at their top.
os.environ.update(tree.environment())
sys.path.insert(0, str(tree.BUILD))

# A shell starts its background jobs with Ctrl-C ignored, and whatever the tests start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

MARKERS = {
    "contract": "what users rely on: run on every supported ansible-core, not only on the newest",
    "thorough": "many worlds in which no ansible-core makes a difference: run on the newest only",
}


def pytest_configure(config: pytest.Config) -> None:
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")
