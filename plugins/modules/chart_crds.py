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
  - Helm brings the CRDs of a chart once and never again. This brings those of any version of a chart, by
    M(kubernetes.core.k8s), as the roles of this collection do before they bring the chart itself.
  - Nothing is written where one of them lacks a version that objects are, or were, stored in.
  - CRDs are megabytes, which Ansible is slow to hand from task to task. Here they stay within one.
options:
  crds:
    description: The CRDs as text, as C(helm show crds) tells them.
    type: str
    required: true
  connection:
    description: The options of M(kubernetes.core.k8s) that lead to the Kubernetes API, such as C(kubeconfig).
    type: dict
    default: {}
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
seealso:
  - module: kubernetes.core.k8s
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
  description: The names of those that were, or would be, made or changed.
  returned: success
  type: list
  elements: str
"""
