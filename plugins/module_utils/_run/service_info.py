# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kuberay_service_info."""

from __future__ import annotations

from functools import partial

from ansible_collections.kuberay.core.plugins.module_utils._facts.service import service_facts
from ansible_collections.kuberay.core.plugins.module_utils._kinds import SERVICE
from ansible_collections.kuberay.core.plugins.module_utils._run.info import run_info

run_service_info = partial(run_info, SERVICE, service_facts)
