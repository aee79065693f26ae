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
  ray_version:
    description: The version of Ray, such as V("2.52.0"). Quote it, because YAML takes C(1.10) for C(1.1).
    type: raw
  image:
    description:
      - The Ray image of all groups; C(rayproject/ray:) with O(ray_version) if left out. With O(state=patched) an image
        alone is meant for every group.
    type: str
  head_group:
    description: The head. Left out, it is a pod with the image and nothing else.
    type: dict
    suboptions:
      compute_template: &compute_template
        description:
          - The compute template that the group's Ray container is sized by. It has to be in the same namespace.
          - Clusters copy a template when they are made. A group that was made from this template keeps its copy, even
            where the template has changed since.
        type: str
      resources: &resources
        description:
          - What the Ray container asks for, as a mapping of resource names to quantities, for requests and limits
            alike; or a mapping of V(requests) and V(limits) to such mappings.
          - V(gpu) stands for V(nvidia.com/gpu), or for the name in V(gpu_accelerator). Memory needs a unit.
        type: dict
      image: &image
        description: The Ray image of this group; O(image) if left out.
        type: str
      image_pull_policy: &image_pull_policy
        description: When to pull the image.
        type: str
        choices: [Always, IfNotPresent, Never]
      image_pull_secret: &image_pull_secret
        description: The name of the Secret to pull the image with.
        type: str
      ray_start_params: &ray_start_params
        description: Parameters of C(ray start), such as V(num-cpus). Numbers with a fraction need quotes.
        type: dict
      env: &env
        description:
          - Environment variables of the Ray container. A value is a text, or a source in the words of the Kubernetes
            API, such as a mapping with C(secretKeyRef).
        type: dict
      env_from: &env_from
        description: ConfigMaps and Secrets that become environment variables as a whole.
        type: list
        elements: dict
        suboptions:
          config_map:
            description: The name of a ConfigMap.
            type: str
          secret:
            description: The name of a Secret.
            type: str
          prefix:
            description: What the variables' names begin with.
            type: str
      volumes: &volumes
        description: Volumes of the pods, each mounted in the Ray container under its own name.
        type: list
        elements: dict
        suboptions:
          name:
            description: The name of the volume.
            type: str
            required: true
          mount_path:
            description: Where it is mounted.
            type: str
            required: true
          volume_type:
            description: What it is.
            type: str
            required: true
            choices: [persistent_volume_claim, host_path, ephemeral, configmap, secret, empty_dir]
          source:
            description: The name of the claim, ConfigMap or Secret, or the path on the host.
            type: str
          read_only:
            description: Whether it is mounted for reading only.
            type: bool
          host_path_type:
            description: What V(host_path) leads to; V(directory) if left out.
            type: str
            choices: [directory, file]
          mount_propagation_mode:
            description: How mounts below it propagate.
            type: str
            choices: [none, host_to_container, bidirectional]
          storage_class_name:
            description: The storage class of an V(ephemeral) volume.
            type: str
          access_mode:
            description: The access mode of an V(ephemeral) volume; V(RWO) if left out.
            type: str
            choices: [RWO, ROX, RWX]
          storage:
            description: The size of an V(ephemeral) volume, or the most that an V(empty_dir) may hold.
            type: str
          items:
            description: Which keys of a V(configmap) or V(secret) become which files; all of them if left out.
            type: dict
      security_context: &security_context
        description: The security context of the Ray container, in the words of the Kubernetes API.
        type: dict
      service_account: &service_account
        description: The service account of the pods.
        type: str
      node_selector: &node_selector
        description: The node labels that the pods need.
        type: dict
      tolerations: &tolerations
        description: The taints that the pods tolerate, besides those of the compute template.
        type: list
        elements: dict
        suboptions:
          key:
            description: The taint's key.
            type: str
          operator:
            description: How the value is compared.
            type: str
            choices: [Exists, Equal]
          value:
            description: The taint's value.
            type: str
          effect:
            description: The taint's effect; every effect if left out.
            type: str
            choices: [NoSchedule, PreferNoSchedule, NoExecute]
          toleration_seconds:
            description: How long a V(NoExecute) taint is tolerated.
            type: int
      labels: &labels
        description: Labels of the pods.
        type: dict
      annotations: &annotations
        description: Annotations of the pods.
        type: dict
      template: &template
        description:
          - A pod template in the words of the Kubernetes API, under the typed options. Its first container is Ray's.
        type: dict
      service_type:
        description: The type of the head service.
        type: str
        choices: [ClusterIP, NodePort, LoadBalancer]
      enable_ingress:
        description: Whether the operator makes an Ingress for the head service.
        type: bool
  worker_groups:
    description:
      - The worker groups, matched by their names. Left out, groups that others made stay as they are.
    type: list
    elements: dict
    suboptions:
      group_name:
        description: The name of the group.
        type: str
        required: true
      replicas:
        description:
          - How many workers the group has. With O(enable_in_tree_autoscaling) this is where it starts; later the
            number belongs to the autoscaler as long as it is within O(worker_groups[].min_replicas) and
            O(worker_groups[].max_replicas).
        type: int
      min_replicas:
        description: The fewest workers.
        type: int
      max_replicas:
        description: The most workers.
        type: int
      num_of_hosts:
        description: How many pods a worker is made of.
        type: int
      compute_template: *compute_template
      resources: *resources
      image: *image
      image_pull_policy: *image_pull_policy
      image_pull_secret: *image_pull_secret
      ray_start_params: *ray_start_params
      env: *env
      env_from: *env_from
      volumes: *volumes
      security_context: *security_context
      service_account: *service_account
      node_selector: *node_selector
      tolerations: *tolerations
      labels: *labels
      annotations: *annotations
      template: *template
  enable_in_tree_autoscaling:
    description: Whether Ray's autoscaler sets the number of workers.
    type: bool
  autoscaler_options:
    description: How Ray's autoscaler runs; its container stands in the head pod.
    type: dict
    suboptions:
      version:
        description: The version of the autoscaler.
        type: str
        choices: [v1, v2]
      idle_timeout_seconds:
        description: How long a worker may be idle before it is removed.
        type: int
      upscaling_mode:
        description: How fast workers are added.
        type: str
        choices: [Default, Aggressive, Conservative]
      image:
        description: The image of its container.
        type: str
      image_pull_policy:
        description: When to pull that image.
        type: str
        choices: [Always, IfNotPresent, Never]
      resources: *resources
      env: *env
      env_from: *env_from
      security_context: *security_context
  head_service_annotations:
    description: Annotations of the head service.
    type: dict
  gcs_fault_tolerance_options:
    description: Where the head keeps its state, so that it survives the head pod.
    type: dict
    suboptions:
      redis_address:
        description: The address of a Redis.
        type: str
      redis_username:
        description: The user at that Redis, as a mapping with C(value) or C(valueFrom).
        type: dict
      redis_password:
        description: The password at that Redis, as a mapping with C(value) or, better, C(valueFrom) a Secret.
        type: dict
      external_storage_namespace:
        description: What the cluster's keys are kept under; its UID if left out.
        type: str
      backend:
        description: What keeps the state. It cannot be changed later.
        type: str
        choices: [redis, rocksdb]
      storage:
        description: The claim that the V(rocksdb) backend writes to, in the words of the RayCluster.
        type: dict
  auth_options:
    description: Whether clients need a token.
    type: dict
    suboptions:
      mode:
        description: The mode; V(token) needs Ray 2.52 or later.
        type: str
        choices: [disabled, token]
      secret_name:
        description: The name of the Secret with the token; the operator makes one if left out.
        type: str
      enable_k8s_token_auth:
        description: Whether Kubernetes' own tokens are taken.
        type: bool
  upgrade_strategy:
    description: What a change of the spec does to running pods.
    type: dict
    suboptions:
      type:
        description: With V(Recreate) the operator makes all pods anew; with V(None) they keep the old template.
        type: str
        choices: [Recreate, "None"]
  managed_by:
    description: Who looks after the cluster. It cannot be changed later.
    type: str
    choices: [ray.io/kuberay-operator, kueue.x-k8s.io/multikueue]
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
  - kuberay.core.state
  - kuberay.core.wait
  - kuberay.core.connection
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
        that.
      type: dict
      returned: always
    workers:
      description:
        - Numbers of worker pods. V(wanted) is computed from the spec; V(desired), V(available), V(ready), V(min) and
          V(max) are the status' own, which lag behind.
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
      description: The sums of V(cpu), V(memory), V(gpu) and V(tpu) that its pods ask for, as quantities.
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
