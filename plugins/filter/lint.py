# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.kuberay.core.plugins.module_utils._errors import KubeRayError
from ansible_collections.kuberay.core.plugins.module_utils._lint.gates import parse_gates
from ansible_collections.kuberay.core.plugins.module_utils._lint.manifests import lint_manifests
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import parse_version

DOCUMENTATION = r"""
name: lint
short_description: What KubeRay would refuse, without asking it
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Checks manifests of C(RayCluster), C(RayJob), C(RayService) and C(RayCronJob) by the rules of KubeRay's operator and
    CRDs, which the modules of this collection apply before they write.
  - No Kubernetes is needed, so that a pipeline can check what is kept in a repository before anybody applies it.
  - The operator stores what it refuses and tells it in an event only; a field that its version does not know is dropped
    in silence.
positional: kuberay_version, feature_gates
options:
  _input:
    description:
      - A manifest, a list of manifests, such as the documents of a file, or a C(List).
      - Manifests that are not of C(ray.io) are left alone.
    type: raw
    required: true
  kuberay_version:
    description:
      - The version of KubeRay that the manifests are for, such as V(1.7.0) or V(v1.7.0); V(1.6) stands for its newest
        patch release. Write it in quotes.
      - Without it, a rule that some versions do not have gives a warning only, and fields that only newer versions have
        are not told.
    type: str
  feature_gates:
    description:
      - Feature gates of the operator whose state is known, such as V(RayCronJob) with V(true). What needs another gate
        that is off by default gives a warning.
    type: dict
    default: {}
seealso:
  - module: kuberay.core.kuberay_cluster
"""

EXAMPLES = r"""
- name: The manifests of this repository
  ansible.builtin.set_fact:
    problems: >-
      {{ lookup('ansible.builtin.file', 'ray.yml') | from_yaml_all
         | kuberay.core.lint(kuberay_version='1.7.0', feature_gates={'RayCronJob': true}) }}

- name: Show what may be a problem
  ansible.builtin.debug:
    msg: "{{ item.kind }} {{ item.name }}: {{ item.path }} {{ item.message }}"
  loop: "{{ problems | selectattr('level', 'equalto', 'warning') }}"

- name: Stop at what KubeRay would refuse
  ansible.builtin.assert:
    that: problems | selectattr('level', 'equalto', 'error') | length == 0
    fail_msg: "{{ problems | selectattr('level', 'equalto', 'error') | map(attribute='message') | join('; ') }}"

- name: One cluster, wrong on purpose
  ansible.builtin.assert:
    that:
      - found | length == 1
      - found[0].path == 'spec.workerGroupSpecs[small].minReplicas'
      - found[0].message == 'minReplicas 3 is above maxReplicas 2'
  vars:
    found: "{{ cluster | kuberay.core.lint }}"
    pods:
      spec:
        containers:
          - {name: ray, image: "rayproject/ray:2.52.0"}
    cluster:
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata: {name: demo}
      spec:
        headGroupSpec: {rayStartParams: {}, template: "{{ pods }}"}
        workerGroupSpecs:
          - {groupName: small, minReplicas: 3, maxReplicas: 2, rayStartParams: {}, template: "{{ pods }}"}
"""

RETURN = r"""
_value:
  description: What was found, in the order of the manifests; empty where nothing was.
  type: list
  elements: dict
  sample:
    - kind: RayCluster
      namespace: ray
      name: demo
      path: spec.workerGroupSpecs[small].minReplicas
      message: minReplicas 3 is above maxReplicas 2
      level: error
      rule: replicas-bounds-order
  contains:
    kind:
      description: The manifest's kind.
      type: str
    namespace:
      description: Its namespace; null where it names none.
      type: str
    name:
      description: Its name; null where it has none.
      type: str
    path:
      description: Where in the manifest the problem is.
      type: str
    message:
      description: What to do about it. Values that may be secret are not repeated.
      type: str
    level:
      description: V(error) for what does not work, V(warning) for what depends on something unknown.
      type: str
    rule:
      description: The name of the rule.
      type: str
"""


def lint(
    manifests: Any, kuberay_version: str | None = None, feature_gates: dict[str, bool] | None = None
) -> list[dict[str, Any]]:
    """The filter."""
    try:
        version = None if kuberay_version in (None, "") else parse_version(kuberay_version)
        return lint_manifests(manifests, version, parse_gates(feature_gates or {}))
    except KubeRayError as error:
        raise AnsibleFilterError(f"kuberay.core.lint: {error}") from error


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {"lint": lint}
