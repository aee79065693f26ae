# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options for waiting."""

from __future__ import annotations


class ModuleDocFragment:
    """Included as kuberay.core.wait."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until the level O(wait_for) is reached, or with O(state=absent) until the object and its pods
        are gone.
      - The wait ends at once on what cannot heal, such as a spec that the operator refuses, and after a grace on what
        seldom does, such as an image that cannot be pulled.
    type: bool
    default: true
  wait_timeout:
    description:
      - The most seconds to wait. The object is left as it is when they are over.
    type: int
  wait_unschedulable:
    description:
      - The seconds for which a pod may find no node. The wait ends when they are over, with what the scheduler says.
      - The default is for nodes that are added when they are needed. Where none are, V(0) ends the wait at once.
    type: int
    default: 180
"""
