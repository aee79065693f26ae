# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long to rest between two looks at what tells no changes by itself."""

from __future__ import annotations

# At first and after a change, and at most: a change is never seen later than this.
SOON_SECONDS, LATE_SECONDS = 0.3, 2.0
_LATER = 1.5


class Pace:
    """Rests that become longer while nothing changes."""

    def __init__(self) -> None:
        self._seconds = SOON_SECONDS

    def after(self, changed: bool) -> float:
        """The seconds to rest after a look that has shown a change, or none."""
        self._seconds = SOON_SECONDS if changed else min(self._seconds * _LATER, LATE_SECONDS)
        return self._seconds
