#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kuberay_service
short_description: Serve Ray applications on Kubernetes
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Creates, changes and deletes a C(RayService) of the KubeRay operator, waits until its applications run, and returns
    their status and where they answer.
  - A change takes one of several ways, which RV(rollout) names before it is taken, in check mode too. Another Serve
    config goes to the running cluster. Another cluster is made beside the old one, which serves until the new one does.
  - What the operator would store and ignore (the number of workers, for one) fails, unless O(recreate) allows more.
  - What others set on the object stays. What this module set in an earlier run and the task no longer says is removed.
  - Rules that the operator would refuse the service by, and what Ray would refuse in a Serve config, are checked before
    anything is sent.
options:
  labels:
    description: Labels of the RayService. Its clusters get them when they are made.
    type: dict
  annotations:
    description: Annotations of the RayService. Its clusters get them when they are made.
    type: dict
  suspend:
    description:
      - V(true) deletes the service's clusters and Kubernetes Services and leaves the rest for later; V(false) has them
        made again. The task waits for that. It needs KubeRay 1.7.
      - A service that Kueue manages (label C(kueue.x-k8s.io/queue-name)) keeps what Kueue says.
    type: bool
  serve_config:
    description:
      - The applications, as a mapping or as a YAML text, in the words of Ray's multi-application Serve config
        (C(applications) with C(name), C(import_path), C(route_prefix), C(runtime_env), C(deployments) and so on).
      - It is compared by what it says, so that another spelling or another order of the applications is no change.
    type: raw
  serve_service:
    description:
      - The Kubernetes Service that leads to the applications, in the words of the Kubernetes API. A change of its spec
        comes with the next cluster.
    type: dict
  upgrade_strategy:
    description: What a change of O(cluster) does.
    type: dict
    suboptions:
      type:
        description:
          - With V(NewCluster), which it is if left out, another cluster is made beside the old one, and takes over when
            all applications run on it.
          - V(NewClusterWithIncrementalUpgrade) moves the traffic step by step. It needs the Gateway API and
            autoscaling.
          - With V(None) the cluster stays as it was made, and a change of it fails.
        type: str
        choices: [NewCluster, NewClusterWithIncrementalUpgrade, "None"]
      cluster_upgrade_options:
        description: The steps of V(NewClusterWithIncrementalUpgrade).
        type: dict
        suboptions:
          max_surge_percent:
            description: By how much the capacity of the new cluster grows at a time; 100 if left out.
            type: int
          step_size_percent:
            description: How much of the traffic moves at a time.
            type: int
          interval_seconds:
            description: The seconds between two steps.
            type: int
          gateway_class_name:
            description: The class of the Gateway that the operator makes.
            type: str
  exclude_head_pod_from_serve_svc:
    description: Whether the head answers no requests.
    type: bool
  ray_cluster_deletion_delay_seconds:
    description: How long the old cluster stays after another one has taken over; 60 if left out.
    type: int
  managed_by:
    description: Who looks after the service. It cannot be changed later.
    type: str
    choices: [ray.io/kuberay-operator, kueue.x-k8s.io/multikueue]
  spec:
    description:
      - Fields of the C(RayService)'s C(spec) in its own words, laid over what the other options say. Mappings are
        merged key by key, lists by the key of their items.
    type: dict
  wait_for:
    description:
      - V(created) is reached when the object is there, V(ready) when all applications that the task asks for run with
        the config that it asks for, requests are answered, and no upgrade is under way.
    type: str
    choices: [created, ready]
    default: ready
  wait_timeout:
    description:
      - The most seconds to wait; 900 if left out, and 300 with O(state=absent). The object is left as it is when they
        are over. How long the operator may take for a new service says the annotation C(ray.io/initializing-timeout).
  gather:
    description:
      - Facts that cost requests of their own; a wait or a failure that read them anyway returns them too.
      - V(events) is one request, V(pods) one for each cluster. V(external) reads what leads to the applications and to
        the dashboard from outside (the serve service, and the Ingress or Route where the spec asks for one), one
        request each.
extends_documentation_fragment:
  - kuberay.core.cluster.embedded
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
  - module: kuberay.core.kuberay_service_info
  - module: kuberay.core.kuberay_cluster
"""

EXAMPLES = r"""
- name: Two applications, both running when the task ends
  kuberay.core.kuberay_service:
    name: shop
    namespace: ray
    serve_config:
      applications:
        - name: greet
          import_path: greeting:app
          route_prefix: /greet
          args: {greeting: hello}
        - name: count
          import_path: greeting:app
          route_prefix: /count
          args: {greeting: "1"}
    cluster:
      ray_version: "2.52.0"
      head_group:
        resources: {cpu: 1, memory: 2Gi}
      worker_groups:
        - group_name: small
          replicas: 1
          resources: {cpu: 1, memory: 1Gi}
  register: shop

- name: Where they answer inside Kubernetes
  ansible.builtin.debug:
    msg: "{{ shop.service.endpoints.serve }}/greet"

- name: Another config, which goes to the running cluster; the cluster is left as it is
  kuberay.core.kuberay_service:
    name: shop
    namespace: ray
    state: patched
    serve_config: |
      applications:
        - name: greet
          import_path: greeting:app
          route_prefix: /greet
          args: {greeting: good evening}
  register: changed

- name: See whether another image would make a new cluster
  kuberay.core.kuberay_service:
    name: shop
    namespace: ray
    state: patched
    cluster:
      image: rayproject/ray:2.53.0
  check_mode: true
  register: planned

- name: Do not go on with what has an effect on the machines
  ansible.builtin.assert:
    that: changed.rollout == "in_place" and planned.rollout == "new_cluster"

- name: Delete the service with its clusters, and wait until their pods are gone
  kuberay.core.kuberay_service:
    name: shop
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
rollout:
  description:
    - Which way the change takes, or in check mode would take. V(none) leaves what serves alone. V(in_place) is taken by
      the running cluster, V(new_cluster) by another one that the operator makes beside it (the first one is such a
      cluster, too). V(suspend) and V(resume) take the clusters away and make them again.
  type: str
  returned: always
  sample: in_place
reasons:
  description: Why; every path that differed, with its value before (V(from)) and after (V(to)). V($) is the whole
    object.
  type: list
  elements: dict
  returned: always
  sample: [{path: "spec.excludeHeadPodFromServeSvc", from: null, to: true}]
service:
  description: The facts about the service; null where there is none. In check mode, as it would be.
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
        - One of V(provisioning), V(ready), V(upgrading) (it serves, and another cluster is being prepared),
          V(degraded) (something that served does not any more), V(suspending), V(suspended), V(refused) (by the
          operator), V(failed) and V(deleting).
      type: str
      sample: ready
      returned: always
    reason:
      description: Why it is not ready, where that is known; an application's own words first.
      type: str
      returned: always
    ray_version:
      description: The version of Ray in its spec.
      type: str
      returned: always
    serving:
      description: Whether requests are answered.
      type: bool
      returned: always
    upgrading:
      description: Whether another cluster is being prepared beside the one that serves; null through
        O(api=apiserver_v1), as V(suspended) and V(num_serve_endpoints) are.
      type: bool
      returned: always
    suspended:
      description: Whether it is suspended.
      type: bool
      returned: always
    applications:
      description:
        - The applications on the cluster that serves, or before there is one, on the first that is being prepared. Each
          has a V(name), a V(status) of Ray's (V(NOT_STARTED), V(DEPLOYING), V(RUNNING), V(DEPLOY_FAILED), V(DELETING)
          or V(UNHEALTHY)), a V(message), and V(deployments) with the same (V(UPDATING), V(HEALTHY) or V(UNHEALTHY)).
      type: list
      elements: dict
      returned: always
    active_cluster:
      description:
        - The RayCluster that serves, with its V(name), its V(applications), and for an incremental upgrade
          V(target_capacity) and V(traffic_percent); null where there is none.
      type: dict
      returned: always
    pending_cluster:
      description:
        - Likewise the RayCluster that is being prepared; V(name), V(applications), V(target_capacity) and
          V(traffic_percent).
      type: dict
      returned: always
    num_serve_endpoints:
      description: How many pods answer requests.
      type: int
      returned: always
    endpoints:
      description:
        - URLs that work inside Kubernetes and lead to whichever cluster serves. V(serve) is that of the applications;
          V(dashboard), V(client), V(gcs) and V(metrics) are those of the head.
      type: dict
      returned: always
    external_endpoints:
      description:
        - Ways in from outside. V(serve_proxy) and V(service_proxy) are the paths of the applications and of the
          dashboard on the Kubernetes API. V(node_ports) and V(load_balancer) are those of the serve service,
          V(ingress) and V(route) lead to the dashboard; null unless they were read with O(gather).
      type: dict
      returned: always
    conditions:
      description: The conditions of the status.
      type: list
      elements: dict
      returned: always
    events:
      description: Its events with V(type), V(reason), V(message), V(time) and V(count); null where they were not read.
      type: list
      elements: dict
      returned: always
    pods:
      description:
        - The pods of its clusters with V(name), V(group), V(phase), V(ready), V(leaving), V(ip) and V(node); null where
          they were not read.
      type: list
      elements: dict
      returned: always
    times:
      description:
        - When it was V(created), V(deleted), has become V(ready), and when the status was V(updated) last.
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

from ansible_collections.kuberay.core.plugins.module_utils._options.service import SERVICE
from ansible_collections.kuberay.core.plugins.module_utils._run.module import run_module
from ansible_collections.kuberay.core.plugins.module_utils._run.service import run_service


def main() -> None:
    """The module's entry."""
    run_module(run_service, SERVICE)


if __name__ == "__main__":
    main()
