#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kuberay_template_info
short_description: Read compute templates of KubeRay
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Returns one compute template, those in a namespace, all, or a selection; on demand with the clusters, jobs and
    services that were made from each.
  - Templates that KubeRay's APIServer has stored are found as well as those of M(kuberay.core.kuberay_template).
options:
  gather:
    description:
      - Facts that cost requests of their own.
      - V(used_by) reads the RayClusters, RayJobs and RayServices of the namespace (or of all), a list for each of these
        kinds however many templates there are. A kind that is not installed counts as none.
    type: list
    elements: str
    choices: [used_by]
    default: []
extends_documentation_fragment:
  - kuberay.core.reading
  - kuberay.core.connection
  - kuberay.core.connection.kubernetes
  - kuberay.core.attributes
attributes:
  check_mode:
    support: full
    details:
      - Nothing is ever changed.
  diff_mode:
    support: N/A
seealso:
  - module: kuberay.core.kuberay_template
"""

EXAMPLES = r"""
- name: One template
  kuberay.core.kuberay_template_info:
    name: training
    namespace: ray
  register: found

- name: How large it is
  ansible.builtin.debug:
    msg: "{{ found.templates | map(attribute='memory') | list }}"

- name: Every template, with those who use it
  kuberay.core.kuberay_template_info:
    all_namespaces: true
    gather: [used_by]
  register: found

- name: The ones that nobody uses
  ansible.builtin.debug:
    msg: "{{ found.templates | selectattr('used_by', 'equalto', []) | map(attribute='name') | list }}"
"""

RETURN = r"""
templates:
  description: The facts about each template that was found.
  type: list
  elements: dict
  returned: success
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
error:
  description:
    - What went wrong, with its V(kind), the HTTP V(status), the server's V(reason) and V(details).
  type: dict
  returned: on failure
"""

from ansible_collections.kuberay.core.plugins.module_utils._options.template import TEMPLATE_INFO
from ansible_collections.kuberay.core.plugins.module_utils._run.module import run_module
from ansible_collections.kuberay.core.plugins.module_utils._run.template_info import run_template_info


def main() -> None:
    """The module's entry."""
    run_module(run_template_info, TEMPLATE_INFO)


if __name__ == "__main__":
    main()
