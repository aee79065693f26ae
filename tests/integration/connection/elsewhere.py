# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection for tests: the local one under another name, so that it counts as one to another host."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = """
name: elsewhere
short_description: the local connection under another name
description: For the tests of this collection.
author: the kuberay.core authors (@kuberay-core)
extends_documentation_fragment: [connection_pipelining]
"""


class Connection(Local):  # type: ignore[misc]
    """Not local as far as anybody can tell."""

    transport = "elsewhere"
