# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_cronjob_info in the controller's process; see plugin_utils/_in_process.py."""

from __future__ import annotations

from ansible_collections.kuberay.core.plugins.module_utils._options.cron_job import CRON_JOB_INFO
from ansible_collections.kuberay.core.plugins.module_utils._run.cron_job_info import run_cron_job_info
from ansible_collections.kuberay.core.plugins.plugin_utils._in_process import InProcessAction


class ActionModule(InProcessAction):
    """Reads RayCronJobs."""

    spec = CRON_JOB_INFO
    run_task = staticmethod(run_cron_job_info)
