#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: helm_release
short_description: A Helm release whose changes are all seen, and shown
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Runs M(kubernetes.core.helm), which the roles of this collection install KubeRay's charts with, and adds what that
    module does not tell without a plugin of Helm's.
  - With C(--diff) it shows how the chart's version and the values differ from those of the release. Values that look
    secret are hidden.
  - A chart in a folder may change while its version and the values stay. With O(rendered) that is a change as well.
options:
  chart:
    description: The chart's name and version, joined by a hyphen, as Helm names them in a release.
    type: str
  rendered:
    description:
      - What the chart makes of the values, as M(kubernetes.core.helm_template) tells it.
      - Where only this differs from the release, the value C(kuberayCoreRevision), which no chart reads, goes along, so
        that Helm makes a new revision.
    type: str
  renew:
    description:
      - Whether to have a new revision in any case, since the cluster's objects may not be what the release says. A run
        that was killed leaves them so.
    type: bool
    default: false
  options:
    description: The options of M(kubernetes.core.helm).
    type: dict
    required: true
attributes:
  check_mode:
    description: Can run in check mode and predict the result without changing anything.
    support: full
  diff_mode:
    description: Shows how the chart's version and the values change.
    support: full
seealso:
  - module: kubernetes.core.helm
"""

EXAMPLES = r"""
- name: What the chart would make of it
  kubernetes.core.helm_template:
    chart_ref: "{{ chart }}"
    release_name: kuberay-operator
    release_namespace: kuberay-system
    release_values: {replicas: 2}
  check_mode: false
  changed_when: false
  register: template

- name: The release
  kuberay.core.helm_release:
    chart: kuberay-operator-1.7.0
    rendered: "{{ template.stdout }}"
    options:
      chart_ref: "{{ chart }}"
      release_name: kuberay-operator
      release_namespace: kuberay-system
      release_values: {replicas: 2}
      create_namespace: true
"""

RETURN = r"""
taken:
  description: Whether Helm had nothing against it.
  returned: always
  type: bool
status:
  description: The release, as M(kubernetes.core.helm) returns it.
  returned: when the release is there
  type: dict
"""
