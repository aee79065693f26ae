#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kuberay_template
short_description: Manage compute templates of KubeRay
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Creates, changes and deletes a compute template, which is what one pod of a Ray cluster's group gets - CPUs, memory,
    GPUs and tolerations. Groups name it by C(compute_template).
  - A template is a C(ConfigMap) as KubeRay's APIServer stores it, so that the APIServer and this collection can use
    each other's templates. A C(ConfigMap) of that name that is no template is never changed or deleted.
  - A template is compared by what it means. One that says the same in another spelling is left as it is, and one that
    differs is replaced. Labels and annotations of others stay.
  - Clusters copy a template when they are made. Neither changing nor deleting it changes anything about them.
options:
  name:
    description: The name of the template, 63 characters at most.
    type: str
    required: true
  namespace:
    description: Its namespace; that of the kubeconfig's context if left out, else V(default). Only clusters in the
      same namespace can use it.
    type: str
  state:
    description:
      - V(present) makes the template be as the task says. O(cpu) and O(memory) are then needed.
      - V(absent) deletes it, whether it is in use or not. Clusters keep what they have copied.
    type: str
    choices: [present, absent]
    default: present
  labels:
    description:
      - Labels of the template, besides C(ray.io/config-type) and C(ray.io/compute-template), which make it one.
      - Labels and annotations that an earlier task set and this one does not are removed; the annotation
        C(kuberay.core/wish) remembers which these are.
    type: dict
  annotations:
    description: Annotations of the template.
    type: dict
  cpu:
    description: CPUs, a whole number above zero. KubeRay has no fractions here.
    type: raw
  memory:
    description: Memory, a whole number above zero of O(memory_unit).
    type: raw
  memory_unit:
    description:
      - The unit of O(memory); V(Gi) if left out, as with KubeRay.
      - A template that KubeRay before 1.5 made has no unit. It was meant in V(Gi), and this collection takes it so; an
        APIServer of KubeRay 1.5 or later takes it for bytes. The task warns of one that it finds, and writes the unit
        where it is said here.
    type: str
    choices: [Ki, Mi, Gi, Ti, Pi, Ei, k, M, G, T, P, E]
  gpu:
    description: GPUs, a whole number; none if left out.
    type: raw
  gpu_accelerator:
    description: The name of the resource that these GPUs are; V(nvidia.com/gpu) if left out.
    type: str
  extended_resources:
    description:
      - Further resources, as a mapping of their names to whole numbers.
      - An APIServer of KubeRay before 1.3 does not know of them.
    type: dict
  tolerations:
    description: Taints of nodes that the pods tolerate.
    type: list
    elements: dict
    suboptions:
      key:
        description: The taint's key. Only O(tolerations[].operator=Exists) can do without, which is then for every
          taint.
        type: str
      operator:
        description: How the taint is compared.
        type: str
        choices: [Exists, Equal]
        default: Equal
      value:
        description: The taint's value, for O(tolerations[].operator=Equal).
        type: str
      effect:
        description: The effect that is tolerated. It has to be said, because the parts of KubeRay take one that is left
          out for different things.
        type: str
        choices: [NoSchedule, PreferNoSchedule, NoExecute]
        required: true
  redact:
    description: Whether values that look secret are hidden in the result and the diff.
    type: bool
    default: true
extends_documentation_fragment:
  - kuberay.core.connection
  - kuberay.core.connection.kubernetes
  - kuberay.core.attributes
attributes:
  check_mode:
    support: full
    details:
      - The write is sent as a dry run, so that the server's own checks are in the prediction.
  diff_mode:
    support: full
seealso:
  - module: kuberay.core.kuberay_template_info
  - module: kuberay.core.kuberay_cluster
"""

EXAMPLES = r"""
- name: A size for workers that train
  kuberay.core.kuberay_template:
    name: training
    namespace: ray
    cpu: 8
    memory: 32
    gpu: 1
    tolerations:
      - {key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}

- name: Half a gibibyte, and a resource of its own kind
  kuberay.core.kuberay_template:
    name: small
    namespace: ray
    cpu: 1
    memory: 512
    memory_unit: Mi
    extended_resources: {example.com/fpga: 1}
    labels: {team: vision}

- name: A cluster that is sized by one of them
  kuberay.core.kuberay_cluster:
    name: sized
    namespace: ray
    ray_version: "2.52.0"
    head_group:
      compute_template: small
    wait: false

- name: What would change with more memory?
  kuberay.core.kuberay_template:
    name: training
    namespace: ray
    cpu: 8
    memory: 64
    gpu: 1
    tolerations:
      - {key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}
  check_mode: true
  diff: true

- name: Delete it; clusters that were made from it go on
  kuberay.core.kuberay_template:
    name: small
    namespace: ray
    state: absent
"""

RETURN = r"""
action:
  description: What was done, or in check mode would be; one of V(none), V(create), V(patch) and V(delete).
  type: str
  returned: always
  sample: patch
reasons:
  description: Why; every path that differed, with its value before (V(from)) and after (V(to)). V($) is the whole
    object.
  type: list
  elements: dict
  returned: always
  sample: [{path: data.memory, from: "32", to: "64"}]
template:
  description: The facts about the template; null where there is none. In check mode, as it would be.
  type: dict
  returned: always
  contains:
    name:
      description: The name.
      type: str
      returned: always
    namespace:
      description: The namespace.
      type: str
      returned: always
    uid:
      description: The unique identifier that Kubernetes gave it.
      type: str
      returned: always
    labels:
      description: Its labels, those that KubeRay knows it by among them.
      type: dict
      returned: always
    annotations:
      description: Its annotations, without the record of this collection.
      type: dict
      returned: always
    cpu:
      description: CPUs. This and the other facts about its size are null for a template that cannot be read.
      type: int
      returned: always
      sample: 4
    memory:
      description: Memory, in units of V(memory_unit).
      type: int
      returned: always
      sample: 16
    memory_unit:
      description: The unit of V(memory); null for a template of KubeRay before 1.5, which has none and means V(Gi).
      type: str
      returned: always
      sample: Gi
    gpu:
      description: GPUs; V(0) for none.
      type: int
      returned: always
      sample: 1
    gpu_accelerator:
      description: The name of the resource that its GPUs are; null where it has no GPUs and names none.
      type: str
      returned: always
      sample: nvidia.com/gpu
    extended_resources:
      description: Further resources by name.
      type: dict
      returned: always
      sample: {vpc.amazonaws.com/efa: 1}
    tolerations:
      description: What its pods tolerate, each with V(key), V(operator), V(value) and V(effect); null for what is not
        said.
      type: list
      elements: dict
      returned: always
    used_by:
      description:
        - The RayClusters, RayJobs and RayServices in its namespace with groups that were made from it, each with
          V(kind), V(namespace), V(name) and the names of these V(groups) (V(head) is the head). They have copies, and
          do not mind what becomes of it.
        - A RayCluster that a RayJob or a RayService has made is listed besides its owner.
        - Null where this was not gathered; only M(kuberay.core.kuberay_template_info) does.
      type: list
      elements: dict
      returned: always
    times:
      description: When it was V(created), and when its deletion (V(deleted)) was asked for.
      type: dict
      returned: always
resource:
  description: The live C(ConfigMap) without its managed fields; null where there is none.
  type: dict
  returned: always
error:
  description:
    - What went wrong, with its V(kind), the HTTP V(status), the server's V(reason) and V(details).
  type: dict
  returned: on failure
"""

from ansible_collections.kuberay.core.plugins.module_utils._options.template import TEMPLATE
from ansible_collections.kuberay.core.plugins.module_utils._run.module import run_module
from ansible_collections.kuberay.core.plugins.module_utils._run.template import run_template


def main() -> None:
    """The module's entry."""
    run_module(run_template, TEMPLATE)


if __name__ == "__main__":
    main()
