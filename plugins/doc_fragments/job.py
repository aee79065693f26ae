# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that describe a Ray job: of kuberay_job, and below C(job) of kuberay_cronjob."""

from __future__ import annotations

from textwrap import indent

from ansible_collections.kuberay.core.plugins.doc_fragments.cluster import ModuleDocFragment as Cluster

_OPTIONS = r"""
entrypoint:
  description: The command that Ray runs, such as V(python train.py).
  type: str
entrypoint_num_cpus:
  description: The CPUs that are reserved for the command.
  type: float
entrypoint_num_gpus:
  description: The GPUs that are reserved for the command.
  type: float
entrypoint_resources:
  description: Custom resources of Ray that are reserved for the command, as a mapping of names to numbers.
  type: raw
runtime_env:
  description:
    - Ray's runtime environment (C(pip), C(env_vars), C(working_dir) and so on), as a mapping or as a YAML text.
    - It is compared by what it says, so that another spelling is no change.
  type: raw
metadata:
  description: Metadata that Ray keeps with the job.
  type: dict
cluster_selector:
  description:
    - The labels of an existing RayCluster to run on, instead of O(cluster). The operator wants the label
      C(ray.io/cluster), which holds the cluster's name.
  type: dict
submission_mode:
  description:
    - How the job comes to Ray. V(K8sJobMode), which it is if left out, submits it from a Kubernetes Job,
      V(SidecarMode) from a container in the head pod, V(HTTPMode) from the operator itself.
    - With V(InteractiveMode) somebody else submits it, and its id is set as O(job_id) then. Until then, the task
      waits for the cluster only.
  type: str
  choices: [K8sJobMode, HTTPMode, InteractiveMode, SidecarMode]
submitter_config:
  description: How the Kubernetes Job submits.
  type: dict
  suboptions:
    backoff_limit:
      description: How often it tries again; 2 if left out.
      type: int
submitter_pod_template:
  description: The pod template of the Kubernetes Job, in the words of the Kubernetes API.
  type: dict
job_id:
  description: What Ray calls the job; the operator makes a name up if left out.
  type: str
backoff_limit:
  description: How often a job that failed is tried again, each time on a new cluster; 0 if left out.
  type: int
active_deadline_seconds:
  description: How long an attempt may take from its start. It holds on the server, whatever becomes of this task.
  type: int
pre_running_deadline_seconds:
  description: How long an attempt may take until the job is running.
  type: int
shutdown_after_job_finishes:
  description: Whether the job's cluster is deleted when the job is finished.
  type: bool
ttl_seconds_after_finished:
  description: How long the cluster stays after the job is finished, with O(shutdown_after_job_finishes=true).
  type: int
deletion_strategy:
  description: What is deleted, and when, after the job is finished; instead of O(shutdown_after_job_finishes).
  type: dict
  suboptions:
    deletion_rules:
      description: Rules, each with a policy and the end of the job that it is for.
      type: list
      elements: dict
      suboptions:
        policy:
          description: What is deleted.
          type: str
          choices: [DeleteCluster, DeleteWorkers, DeleteSelf, DeleteNone]
          required: true
        job_status:
          description: Ray's status that the rule is for.
          type: str
          choices: [SUCCEEDED, FAILED]
        job_deployment_status:
          description: The operator's status that the rule is for, instead of Ray's.
          type: str
          choices: [Failed]
        ttl_seconds:
          description: How long after the end of the job.
          type: int
    on_success:
      description: What is deleted after a success. The older way, which wants O(deletion_strategy.on_failure) too.
      type: str
      choices: [DeleteCluster, DeleteWorkers, DeleteSelf, DeleteNone]
    on_failure:
      description: What is deleted after a failure.
      type: str
      choices: [DeleteCluster, DeleteWorkers, DeleteSelf, DeleteNone]
managed_by:
  description: Who looks after the job. It cannot be changed later.
  type: str
  choices: [ray.io/kuberay-operator, kueue.x-k8s.io/multikueue]
"""

_SPEC = """
spec:
  description: Fields of the job's spec in its own words, laid over what the other options of the job say.
  type: dict
"""

_EMBEDDED = """
job:
  description: The job that is made each time, described by the options of M(kuberay.core.kuberay_job).
  type: dict
  suboptions:
"""
_BELOW = (_OPTIONS + _SPEC).replace("O(", "O(job.")
_CLUSTER = Cluster.EMBEDDED.removeprefix("options:").replace("O(cluster.", "O(job.cluster.")


class ModuleDocFragment:
    """Included as kuberay.core.job, and as kuberay.core.job.embedded."""

    # Annotated: ansible-test takes plain assignments for literals.
    DOCUMENTATION: str = "options:" + indent(_OPTIONS, "  ")
    EMBEDDED: str = "options:" + indent(_EMBEDDED + indent(_BELOW, "    "), "  ") + indent(_CLUSTER, "    ")
