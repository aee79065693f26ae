#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kuberay_cluster
short_description: Manage Ray clusters on Kubernetes
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Creates, changes and deletes a C(RayCluster) of the KubeRay operator, waits until it is ready, and returns its
    status and endpoints.
  - What others set on the object stays. What this module set in an earlier run and the task no longer says is
    removed; the paths that it set are remembered in the annotation C(kuberay.core/wish), without their values.
  - Rules that the operator would refuse the cluster by are checked before anything is sent.
options:
  labels:
    description: Labels of the RayCluster.
    type: dict
  annotations:
    description: Annotations of the RayCluster.
    type: dict
  suspend:
    description:
      - V(true) deletes the cluster's pods and keeps the cluster; V(false) resumes it. The task then waits for that.
      - A cluster that Kueue manages (label C(kueue.x-k8s.io/queue-name)) keeps what Kueue says.
    type: bool
  spec:
    description:
      - Fields of the C(RayCluster)'s C(spec) in its own words, laid over what the other options say. Mappings are
        merged key by key, lists by the key of their items, worker groups by C(groupName).
    type: dict
  purge_worker_groups:
    description:
      - Whether worker groups that O(worker_groups) does not name are removed.
      - The operator leaves the pods of a removed group running, so the group is scaled to nothing first, and the task
        waits for that even with O(wait=false).
    type: bool
    default: true
  wait_for:
    description:
      - V(created) is reached when the object is there, V(head_ready) when its head is ready, and V(ready) when the
        head and all wanted workers are.
      - V(dashboard) is reached when the head is ready and its dashboard answers, asked through the service proxy of the
        Kubernetes API. The account has to be allowed to C(get) C(services/proxy).
    type: str
    choices: [created, head_ready, ready, dashboard]
    default: ready
  wait_timeout:
    description:
      - The most seconds to wait; 600 if left out, and 300 with O(state=absent). The object is left as it is when
        they are over.
extends_documentation_fragment:
  - kuberay.core.cluster
  - kuberay.core.state
  - kuberay.core.wait
  - kuberay.core.connection
  - kuberay.core.connection.kubernetes
  - kuberay.core.attributes
attributes:
  check_mode:
    support: full
    details:
      - The write is sent as a dry run, so that the server's own checks and defaults are in the prediction.
  diff_mode:
    support: full
seealso:
  - module: kuberay.core.kuberay_cluster_info
"""

EXAMPLES = r"""
- name: A Ray cluster with two kinds of workers
  kuberay.core.kuberay_cluster:
    name: demo
    namespace: ray
    ray_version: "2.52.0"
    head_group:
      resources: {cpu: 1, memory: 2Gi}
      ray_start_params: {num-cpus: "0"}
    worker_groups:
      - group_name: small
        replicas: 2
        min_replicas: 1
        max_replicas: 5
        resources: {cpu: 1, memory: 1Gi}
      - group_name: gpu
        replicas: 1
        max_replicas: 4
        resources: {cpu: 4, memory: 16Gi, gpu: 1}
  register: ray

- name: Where its dashboard is, for everything inside Kubernetes
  ansible.builtin.debug:
    msg: "{{ ray.cluster.endpoints.dashboard }}"

- name: Suspend it for the night, and leave everything else as it is
  kuberay.core.kuberay_cluster:
    name: demo
    namespace: ray
    state: patched
    suspend: true

- name: A cluster in KubeRay's own words, with Ray's autoscaler
  kuberay.core.kuberay_cluster:
    name: raw
    namespace: ray
    image: rayproject/ray:2.52.0
    enable_in_tree_autoscaling: true
    autoscaler_options:
      version: v2
    worker_groups:
      - group_name: small
        max_replicas: 3
        volumes:
          - {name: scratch, mount_path: /scratch, volume_type: empty_dir, storage: 10Gi}
    spec:
      autoscalerOptions:
        idleTimeoutSeconds: 120
    wait_for: head_ready

- name: An object as kubectl would take it, and where to reach it from outside
  kuberay.core.kuberay_cluster:
    namespace: ray
    definition:
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata:
        name: whole
      spec:
        headGroupSpec:
          serviceType: NodePort
          rayStartParams: {}
          template:
            spec:
              containers:
                - name: ray-head
                  image: rayproject/ray:2.52.0
    gather: [external]
  register: whole

- name: Another image, even where the cluster has to be made again for it
  kuberay.core.kuberay_cluster:
    name: raw
    namespace: ray
    state: patched
    image: rayproject/ray:2.53.0
    recreate: when_needed

- name: Delete it, and wait until its pods are gone
  kuberay.core.kuberay_cluster:
    name: demo
    namespace: ray
    state: absent
"""

RETURN = r"""
action:
  description:
    - What was done, or in check mode would be; one of V(none), V(create), V(patch), V(recreate) and V(delete).
  type: str
  returned: always
  sample: patch
reasons:
  description: Why; every path that differed, with its value before (V(from)) and after (V(to)). V($) is the whole
    object.
  type: list
  elements: dict
  returned: always
  sample: [{path: "spec.workerGroupSpecs[small].replicas", from: 2, to: 3}]
cluster:
  description: The facts about the cluster; null where there is none. In check mode, as it would be.
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
resource:
  description: The live object without its managed fields; null where there is none.
  type: dict
  returned: always
error:
  description:
    - What went wrong, with its V(kind), the HTTP V(status), the server's V(reason) and V(details).
  type: dict
  returned: on failure
"""

from ansible_collections.kuberay.core.plugins.module_utils._options.cluster import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._run.cluster import run_cluster
from ansible_collections.kuberay.core.plugins.module_utils._run.module import run_module


def main() -> None:
    """The module's entry."""
    run_module(run_cluster, CLUSTER)


if __name__ == "__main__":
    main()
