#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kuberay_apply
short_description: Apply or delete many manifests of KubeRay at once
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Brings every object of a list of manifests into the wished state, whatever kinds of KubeRay they are, and waits for
    all of them together. Each object goes the way that it would go in a task of its own, such as one of
    M(kuberay.core.kuberay_cluster) with O(definition).
  - Objects are read by lists, one request for up to 500 of them, where most of what is in a namespace is in the
    manifests. Where only a few of very many are, they are read one by one.
  - What is no object of KubeRay, has no name, or is there twice is refused before anything is sent.
options:
  definition:
    description:
      - The objects in the words of the Kubernetes API. A mapping, a list, a C(List) as C(kubectl get -o yaml) shows it,
        or a YAML text with any number of documents.
    type: raw
    aliases: [resource_definition]
  src:
    description:
      - Paths of YAML or JSON files on the controller, each with any number of objects. Of a folder, all files named
        C(*.yml), C(*.yaml) and C(*.json) are taken, in the order of their names.
      - A relative path is looked for as Ansible looks for files, and a file that is encrypted with Ansible Vault is
        decrypted.
    type: list
    elements: path
  template:
    description:
      - Path of a template on the controller that gives a YAML text with any number of objects, or a list of such
        templates. It is looked for as Ansible looks for templates.
      - A mapping says more about a template. V(path) is its path; V(newline_sequence), V(variable_start_string),
        V(variable_end_string), V(block_start_string), V(block_end_string), V(trim_blocks) (V(true) if left out) and
        V(lstrip_blocks) are those of M(ansible.builtin.template).
    type: raw
  namespace:
    description: The namespace of objects that name none; that of the kubeconfig's context if left out, else V(default).
    type: str
  purge_worker_groups:
    description:
      - Whether worker groups of a C(RayCluster) that its manifest does not name are removed. Their pods go first.
    type: bool
    default: true
  wait:
    description:
      - Whether to wait until all objects are as they are to be. A cluster is to be ready and a job finished; with
        O(state=absent) they and their pods are to be gone.
      - The wait for an object ends at once on what cannot heal, such as a spec that the operator refuses, and after a
        grace on what seldom does. A job that failed is a failure.
    type: bool
    default: true
  wait_timeout:
    description:
      - The most seconds to wait for an object, from its own write. If left out, 600 for a cluster, 3600 for a job, and
        300 with O(state=absent). The object is left as it is when they are over.
    type: int
  wait_unschedulable:
    description:
      - The seconds for which a pod may find no node. The wait for its object ends when they are over.
    type: int
    default: 180
  parallel:
    description:
      - How many objects are written at a time. One that has to be deleted before it is created again, and one whose
        removed worker groups have to go first, takes its place until that is done.
    type: int
    default: 8
  fail_fast:
    description:
      - Whether the first failure ends the task. Then nothing is written where one of the objects is refused before its
        write, and after a failed write or wait no other object is begun, and none is waited for.
      - With V(false) every object goes as far as it can, and the task fails at the end.
    type: bool
    default: false
extends_documentation_fragment:
  - kuberay.core.state.many
  - kuberay.core.connection
  - kuberay.core.connection.kubernetes
  - kuberay.core.attributes
attributes:
  check_mode:
    support: full
    details:
      - Each write is sent as a dry run, so that the server's own checks and defaults are in the prediction.
  diff_mode:
    support: full
seealso:
  - module: kuberay.core.kuberay_cluster
  - module: kuberay.core.kuberay_job
"""

EXAMPLES = r"""
- name: Two clusters and a job, side by side
  kuberay.core.kuberay_apply:
    namespace: ray
    definition:
      - apiVersion: ray.io/v1
        kind: RayCluster
        metadata:
          name: blue
        spec: &cluster
          headGroupSpec:
            rayStartParams: {}
            template:
              spec:
                containers:
                  - name: ray-head
                    image: rayproject/ray:2.52.0
      - apiVersion: ray.io/v1
        kind: RayCluster
        metadata:
          name: green
        spec: *cluster
      - apiVersion: ray.io/v1
        kind: RayJob
        metadata:
          name: count
        spec:
          entrypoint: python -c "print(sum(range(10)))"
          rayClusterSpec: *cluster
  register: fleet

- name: What became of them
  ansible.builtin.debug:
    msg: "{{ fleet.counts }}"

- name: Manifests as a text, without waiting
  kuberay.core.kuberay_apply:
    namespace: ray
    wait: false
    definition: |
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata:
        name: blue
        labels: {team: red}
      spec: &cluster
        headGroupSpec:
          rayStartParams: {}
          template:
            spec:
              containers:
                - name: ray-head
                  image: rayproject/ray:2.52.0
      ---
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata:
        name: green
      spec:
        headGroupSpec:
          rayStartParams: {}
          template:
            spec:
              containers:
                - name: ray-head
                  image: rayproject/ray:2.52.0

- name: Delete them, and wait until their pods are gone
  kuberay.core.kuberay_apply:
    namespace: ray
    state: absent
    definition:
      - {kind: RayCluster, metadata: {name: blue}}
      - {kind: RayCluster, metadata: {name: green}}
      - {kind: RayJob, metadata: {name: count}}
"""

RETURN = r"""
counts:
  description:
    - How many objects took which action (V(none), V(create), V(patch), V(recreate) and V(delete)), in check mode would
      take it, and how many V(failed). Each object is counted once.
  type: dict
  returned: when the objects could be told apart
  sample: {none: 297, create: 2, patch: 1, recreate: 0, delete: 0, failed: 0}
results:
  description: What became of each object, in the order in which they were given.
  type: list
  elements: dict
  returned: when the objects could be told apart
  contains:
    kind:
      description: The kind.
      type: str
      returned: always
    namespace:
      description: The namespace.
      type: str
      returned: always
    name:
      description: The name.
      type: str
      returned: always
    action:
      description:
        - What was done, or in check mode would be; one of V(none), V(create), V(patch), V(recreate) and V(delete).
        - Of an object that failed, what was meant to be done.
      type: str
      returned: always
    changed:
      description: Whether the object was changed, or in check mode would be.
      type: bool
      returned: always
    reasons:
      description: Why; every path that differed, with its value before (V(from)) and after (V(to)). V($) is the whole
        object.
      type: list
      elements: dict
      returned: always
    diff:
      description: The same as a diff.
      type: dict
      returned: in diff mode
    cluster:
      description: The facts about a C(RayCluster), as M(kuberay.core.kuberay_cluster) returns them; null where there is
        none.
      type: dict
      returned: for a RayCluster
    job:
      description:
        - The facts about a C(RayJob), as M(kuberay.core.kuberay_job) returns them; null where there is none. Its log is
          read only where the job failed.
      type: dict
      returned: for a RayJob
    error:
      description:
        - What went wrong with this object, with its V(message) and V(kind), the HTTP V(status), the server's V(reason)
          and V(details); null where nothing did. The V(kind) is V(stopped) for an object that was not gone on with
          because of others.
      type: dict
      returned: always
msg:
  description: How many objects failed, and the first of them with their causes.
  type: str
  returned: on failure
error:
  description:
    - What went wrong, with its V(kind), the HTTP V(status), the server's V(reason) and V(details). The V(kind) is
      V(some_failed) where objects failed; V(details) lists each of them with its message then.
  type: dict
  returned: on failure
"""

from ansible_collections.kuberay.core.plugins.module_utils._options.apply import APPLY
from ansible_collections.kuberay.core.plugins.module_utils._run.apply import run_apply
from ansible_collections.kuberay.core.plugins.module_utils._run.module import run_module


def main() -> None:
    """The module's entry."""
    run_module(run_apply, APPLY)


if __name__ == "__main__":
    main()
