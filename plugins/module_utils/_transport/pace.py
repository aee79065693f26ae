# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking again and again at what tells no changes by itself: how long to rest between, and when to give up."""

from __future__ import annotations

from ansible_collections.kuberay.core.plugins.module_utils._errors import ApiError, ConnectionFailed, KubeRayError

# At first and after a change, and at most: a change is never seen later than this.
SOON_SECONDS, LATE_SECONDS = 0.3, 2.0
_LATER = 1.5
# What will be refused for as long as we ask.
_FINAL = (401, 403, 404)


def is_final(error: KubeRayError) -> bool:
    """Whether asking again is of no use: a server that does not answer, or is in trouble, may come back."""
    if isinstance(error, ApiError):
        return error.status in _FINAL or error.reason == "NotManaged"
    return not (isinstance(error, ConnectionFailed) and error.may_heal)


class Pace:
    """Rests that become longer while nothing changes."""

    def __init__(self) -> None:
        self._seconds = SOON_SECONDS

    def after(self, changed: bool) -> float:
        """The seconds to rest after a look that has shown a change, or none."""
        self._seconds = SOON_SECONDS if changed else min(self._seconds * _LATER, LATE_SECONDS)
        return self._seconds
