# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_apply in the controller's process; see plugin_utils/_in_process.py."""

from __future__ import annotations

from ansible_collections.kuberay.core.plugins.module_utils._options.apply import APPLY
from ansible_collections.kuberay.core.plugins.module_utils._run.apply import run_apply
from ansible_collections.kuberay.core.plugins.plugin_utils._in_process import InProcessAction
from ansible_collections.kuberay.core.plugins.plugin_utils._manifests import with_manifests


class ActionModule(InProcessAction):
    """Applies or deletes many objects."""

    spec = APPLY
    run_task = staticmethod(run_apply)
    read_wish = staticmethod(with_manifests)
    # One task for many objects: there is no next one for which to have what this one does not need.
    rooms = ()
