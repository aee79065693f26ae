# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every module can do."""

from __future__ import annotations


class ModuleDocFragment:
    """Included as kuberay.core.attributes."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and predict the result without changing anything.
  diff_mode:
    description: Returns what has changed, or would change, path by path.
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
  async:
    description: Supports being used with C(async).
    support: full
    details:
      - With C(async) the module is shipped to a Python of its own instead of running in the controller's process.
  action:
    description: Has an action plugin, so that parts of it run on the controller.
    support: full
    details:
      - Where the connection is local and nothing else speaks against it, the whole task runs in the controller's
        process, which saves the start of a Python for each task. Set the variable C(kuberay_run_in_process) to
        V(false) to ship the module instead.
  action_group:
    description: Use C(group/kuberay.core.kuberay) in C(module_defaults) to set the connection of all modules at once.
    support: full
    membership:
      - kuberay.core.kuberay
"""
