# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long tests wait for what only has to come true: far longer than it takes, since machines have other work, too."""

from __future__ import annotations

# For what Kubernetes and the operator do.
SECONDS = 120.0
# For what needs Ray: the first to want it waits for its start, and perhaps for its environment.
RAY_SECONDS = 900.0
# For several Rays that start side by side.
RAYS_SECONDS = 1200.0
# For a command that ends by itself.
COMMAND_SECONDS = 600.0
