# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab raises when it cannot go on."""

from __future__ import annotations


class LabError(Exception):
    """A failure with a message for the user: what failed, and how to mend it."""
