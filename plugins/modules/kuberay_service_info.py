#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kuberay_service_info
short_description: Read Ray services on Kubernetes
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Returns the status of one C(RayService), of those in a namespace, of all, or of a selection.
options:
  gather:
    description:
      - Facts that cost requests of their own, for each service.
      - V(events) is one request, V(pods) one for each cluster. V(external) reads what leads to the applications and to
        the dashboard from outside (the serve service, and the Ingress or Route where the spec asks for one), one
        request each.
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
  - module: kuberay.core.kuberay_service
"""

EXAMPLES = r"""
- name: One service with its pods
  kuberay.core.kuberay_service_info:
    name: shop
    namespace: ray
    gather: [pods]
  register: found

- name: Services of a team
  kuberay.core.kuberay_service_info:
    all_namespaces: true
    label_selectors: [team=vision]
  register: services

- name: Those that do not serve, and why
  ansible.builtin.debug:
    msg: "{{ services.services | rejectattr('serving') | items2dict(key_name='name', value_name='reason') }}"
"""

RETURN = r"""
services:
  description: The facts about each service that was found.
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
"""

from ansible_collections.kuberay.core.plugins.module_utils._options.service import SERVICE_INFO
from ansible_collections.kuberay.core.plugins.module_utils._run.module import run_module
from ansible_collections.kuberay.core.plugins.module_utils._run.service_info import run_service_info


def main() -> None:
    """The module's entry."""
    run_module(run_service_info, SERVICE_INFO)


if __name__ == "__main__":
    main()
