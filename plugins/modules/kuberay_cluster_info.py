#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kuberay_cluster_info
short_description: Read Ray clusters on Kubernetes
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Returns the status and endpoints of one C(RayCluster), of those in a namespace, of all, or of a selection.
options: {}
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
  - module: kuberay.core.kuberay_cluster
"""

EXAMPLES = r"""
- name: One cluster
  kuberay.core.kuberay_cluster_info:
    name: demo
    namespace: ray
  register: found

- name: What there is of it
  ansible.builtin.debug:
    msg: "{{ found.clusters | map(attribute='state') | list }}"

- name: Every cluster of a team, with its pods
  kuberay.core.kuberay_cluster_info:
    all_namespaces: true
    label_selectors: [team=vision]
    gather: [pods]
"""

RETURN = r"""
clusters:
  description: The facts about each cluster that was found.
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
    api_version:
      description: The API version that it was read through.
      type: str
      returned: always
    generation:
      description: Counts the changes of the spec.
      type: int
      returned: always
    labels:
      description: Its labels.
      type: dict
      returned: always
    annotations:
      description: Its annotations, without the record of this collection.
      type: dict
      returned: always
    state:
      description:
        - One of V(provisioning), V(ready), V(degraded) (was ready, and something is missing now), V(suspending),
          V(suspended), V(refused) (by the operator; seen only where events were read), V(failed) and V(deleting).
      type: str
      returned: always
      sample: ready
    reason:
      description: Why it is in that state, where that is known.
      type: str
      returned: always
    ray_version:
      description: The version of Ray, as the spec says.
      type: str
      returned: always
    suspended:
      description: Whether it is suspended.
      type: bool
      returned: always
    autoscaling:
      description: Whether Ray's autoscaler sets the number of workers.
      type: bool
      returned: always
    head:
      description: The head's V(pod), V(ip), V(service), V(service_ip), whether it is V(ready), and the V(reason) for
        that; all but V(service) are null through O(api=apiserver_v1).
      type: dict
      returned: always
    workers:
      description:
        - Numbers of worker pods. V(wanted) is computed from the spec; V(desired), V(available), V(ready), V(min) and
          V(max) are the status' own, which lag behind, and null through O(api=apiserver_v1).
      type: dict
      returned: always
    worker_groups:
      description:
        - For each group V(group_name), V(replicas), V(min_replicas), V(max_replicas), V(num_of_hosts), V(suspended),
          V(wanted) pods, V(ready) pods (null where pods were not read) and V(compute_template).
      type: list
      elements: dict
      returned: always
    resources:
      description: The sums of V(cpu), V(memory), V(gpu) and V(tpu) that its pods ask for, as quantities; null through
        O(api=apiserver_v1).
      type: dict
      returned: always
    endpoints:
      description:
        - Where V(dashboard), V(client), V(gcs), V(metrics) and V(serve) answer inside Kubernetes; null for a port
          that the head does not have.
      type: dict
      returned: always
      sample: {dashboard: "http://demo-head-svc.ray.svc:8265", client: "ray://demo-head-svc.ray.svc:10001"}
    external_endpoints:
      description:
        - V(service_proxy) is the dashboard's path on the Kubernetes API; V(node_ports) are the head service's node
          ports by name, null for a head service that has none.
        - V(load_balancer) are URLs by port at its address, V(ingress) and V(route) the dashboard's URL; null where
          there is none, and where O(gather) does not say V(external).
      type: dict
      returned: always
    conditions:
      description: The conditions of its status.
      type: list
      elements: dict
      returned: always
    events:
      description: Its events with V(type), V(reason), V(message), V(time) and V(count); null where they were not
        read.
      type: list
      elements: dict
      returned: always
    pods:
      description:
        - Its pods with V(name), V(group), V(phase), V(ready), V(leaving), V(ip) and V(node); null where they were
          not read.
      type: list
      elements: dict
      returned: always
    times:
      description: When it was V(created), V(deleted), V(ready), V(suspended) and its status last V(updated).
      type: dict
      returned: always
error:
  description:
    - What went wrong, with its V(kind), the HTTP V(status), the server's V(reason) and V(details).
  type: dict
  returned: on failure
"""

from ansible_collections.kuberay.core.plugins.module_utils._options.cluster import CLUSTER_INFO
from ansible_collections.kuberay.core.plugins.module_utils._run.cluster_info import run_cluster_info
from ansible_collections.kuberay.core.plugins.module_utils._run.module import run_module


def main() -> None:
    """The module's entry."""
    run_module(run_cluster_info, CLUSTER_INFO)


if __name__ == "__main__":
    main()
