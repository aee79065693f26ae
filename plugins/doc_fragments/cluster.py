# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that describe a Ray cluster: of kuberay_cluster, and below C(cluster) of the modules that embed one."""

from __future__ import annotations

from textwrap import indent

_OPTIONS = r"""
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
"""

_SPEC = """
spec:
  description: Fields of the cluster's spec in its own words, laid over what the other options of the cluster say.
  type: dict
"""

_EMBEDDED = """
cluster:
  description: The Ray cluster that is made for it, described by the options of M(kuberay.core.kuberay_cluster).
  type: dict
  suboptions:
"""
# References are below ``cluster`` then, but for what is the task's own.
_BELOW = (_OPTIONS + _SPEC).replace("O(", "O(cluster.").replace("O(cluster.state", "O(state")


class ModuleDocFragment:
    """Included as kuberay.core.cluster, and as kuberay.core.cluster.embedded."""

    # Annotated: ansible-test takes plain assignments for literals.
    DOCUMENTATION: str = "options:" + indent(_OPTIONS, "  ")
    EMBEDDED: str = "options:" + indent(_EMBEDDED + indent(_BELOW, "    "), "  ")
