# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How often is looked at what tells no changes by itself."""

from __future__ import annotations

from itertools import pairwise

from ansible_collections.kuberay.core.plugins.module_utils._transport.pace import LATE_SECONDS, SOON_SECONDS, Pace


def test_rests_become_longer_while_nothing_changes_and_never_too_long() -> None:
    pace = Pace()
    rests = [pace.after(False) for _look in range(12)]
    assert all(earlier <= later for earlier, later in pairwise(rests))
    assert (rests[0] < 1.0, rests[-1]) == (True, LATE_SECONDS)
    assert pace.after(True) == SOON_SECONDS
    assert pace.after(False) < LATE_SECONDS
