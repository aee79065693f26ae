#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: chart_crds
short_description: The CRDs of a Helm chart, brought by server-side apply
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Helm brings the CRDs of a chart once and never again. This brings those of any version of a chart, as the roles of
    this collection do before they bring the chart itself.
  - Nothing is written where one of them lacks a version that objects are, or were, stored in.
  - Nothing is written either where one of them is being deleted.
  - It runs in the controller's process where that is the task's host, as the other modules of this collection do. On
    another host, O(kubeconfig) is a path there, as Helm takes it, and not one of the controller's.
  - The account has to be allowed to C(get), C(create) and C(patch) C(customresourcedefinitions), in check mode, too.
options:
  crds:
    description: The CRDs as text, as C(helm show crds) tells them. A chart may have none.
    type: str
    default: ""
  wait_timeout:
    description: How many seconds to wait until they are established.
    type: int
    default: 120
attributes:
  check_mode:
    description: Can run in check mode and predict the result without changing anything.
    support: full
  diff_mode:
    description: Shows which versions of which CRDs there are, and not their schemas.
    support: full
extends_documentation_fragment:
  - kuberay.core.connection.kubernetes
seealso:
  - module: kuberay.core.kuberay_apply
"""

EXAMPLES = r"""
- name: Ask Helm for the CRDs
  ansible.builtin.command:
    argv: [helm, show, crds, "{{ chart }}"]
  check_mode: false
  changed_when: false
  register: shown

- name: Bring them
  kuberay.core.chart_crds:
    crds: "{{ shown.stdout }}"
"""

RETURN = r"""
crds:
  description: The versions of each CRD, by its name.
  returned: success
  type: dict
  sample:
    rayclusters.ray.io: [v1, v1alpha1]
changed_crds:
  description: The names of those that were, or would be, made or changed; also where another one failed.
  returned: success, and where applying or waiting has failed
  type: list
  elements: str
error:
  description:
    - What went wrong, with its V(kind), the HTTP V(status), the server's V(reason) and V(details). The V(kind) is
      V(versions_dropped) where nothing was written, because a version would be missing that objects are, or were,
      stored in, and V(being_deleted) where nothing was written, because one of them is being deleted.
  returned: on failure
  type: dict
"""

from ansible_collections.kuberay.core.plugins.module_utils._options.chart_crds import CHART_CRDS
from ansible_collections.kuberay.core.plugins.module_utils._run.chart_crds import run_chart_crds
from ansible_collections.kuberay.core.plugins.module_utils._run.module import run_module


def main() -> None:
    """The module's entry."""
    run_module(run_chart_crds, CHART_CRDS)


if __name__ == "__main__":
    main()
