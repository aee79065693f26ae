#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kuberay_job
short_description: Run Ray jobs on Kubernetes
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Creates, changes and deletes a C(RayJob) of the KubeRay operator, waits until it is finished, and returns its status
    and the end of its log. The task fails where the job failed.
  - A job is one shot. A second run with the same options finds the job, waits for it if it is still under way, and
    starts nothing, whatever became of it; O(rerun) says otherwise.
  - What others set on the object stays. What this module set in an earlier run and the task no longer says is removed.
  - Rules that the operator would refuse the job by are checked before anything is sent.
options:
  labels:
    description: Labels of the RayJob.
    type: dict
  annotations:
    description: Annotations of the RayJob.
    type: dict
  suspend:
    description:
      - V(true) keeps the job from starting, or deletes its cluster and leaves the job for later; V(false) lets it start
        from the beginning. The task waits for the job to be asleep, or for O(wait_for).
      - A job that Kueue manages (label C(kueue.x-k8s.io/queue-name)) keeps what Kueue says.
      - The operator needs O(shutdown_after_job_finishes=true) for it.
    type: bool
  spec:
    description:
      - Fields of the C(RayJob)'s C(spec) in its own words, laid over what the other options say. Mappings are merged
        key by key, lists by the key of their items.
    type: dict
  rerun:
    description:
      - When a job that is there is deleted and run again. It then meets neither the pods nor the submitter of its
        predecessor, because the task waits until those are gone.
      - V(never) leaves it alone. A change that it does not take fails then.
      - V(on_failure) runs a job again that has failed or was stopped, V(always) one that is finished. A job that is
        still under way is joined, because the run that began it may have been cancelled.
      - V(on_change) runs it again where something has changed that it does not take, finished or not.
    type: str
    choices: [never, on_failure, on_change, always]
    default: never
  fail_on_job_failure:
    description: Whether the task fails where the job failed, was refused or was stopped.
    type: bool
    default: true
  wait_for:
    description:
      - V(created) is reached when the object is there, V(running) when Ray runs the job or has done so, and
        V(finished) when nothing more will come of it.
    type: str
    choices: [created, running, finished]
    default: finished
  wait_timeout:
    description:
      - The most seconds to wait; 3600 if left out, and 300 with O(state=absent). The job goes on when they are over; a
        limit that must hold is O(active_deadline_seconds).
  gather:
    description:
      - Facts that cost requests of their own; a wait or a failure that read them anyway returns them too.
      - V(events) is one request, V(pods) two, V(log) one to three. The log comes from the dashboard of the cluster
        through the service proxy of the Kubernetes API, or from the pod that submitted the job.
    choices: [events, pods, log]
extends_documentation_fragment:
  - kuberay.core.job
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
  - module: kuberay.core.kuberay_job_info
  - module: kuberay.core.kuberay_cluster
"""

EXAMPLES = r"""
- name: A job on a cluster of its own, which goes when the job is finished
  kuberay.core.kuberay_job:
    name: count
    namespace: ray
    entrypoint: python -c "import ray; ray.init(); print(sum(range(10)))"
    shutdown_after_job_finishes: true
    ttl_seconds_after_finished: 600
    active_deadline_seconds: 3600
    cluster:
      ray_version: "2.52.0"
      head_group:
        resources: {cpu: 1, memory: 2Gi}
      worker_groups:
        - group_name: small
          replicas: 1
          resources: {cpu: 1, memory: 1Gi}
  register: count

- name: What it printed last
  ansible.builtin.debug:
    msg: "{{ count.job.log.splitlines()[-1] }}"

- name: The same job every night, with what is new in the runtime environment
  kuberay.core.kuberay_job:
    name: nightly
    namespace: ray
    rerun: always
    entrypoint: python -c "import os; print(os.environ['DAY'])"
    runtime_env:
      env_vars: {DAY: "2026-01-31"}
    submission_mode: HTTPMode
    cluster:
      ray_version: "2.52.0"

- name: Look at a job that may have failed
  kuberay.core.kuberay_job:
    name: fails
    namespace: ray
    entrypoint: python -c "raise SystemExit(3)"
    cluster:
      ray_version: "2.52.0"
    fail_on_job_failure: false
  register: looked

- name: Delete the job with its cluster, and wait until its pods are gone
  kuberay.core.kuberay_job:
    name: count
    namespace: ray
    state: absent
"""

RETURN = r"""
action:
  description:
    - What was done, or in check mode would be; one of V(none), V(create), V(patch), V(recreate) and V(delete).
  type: str
  returned: always
  sample: create
reasons:
  description: Why; every path that differed, with its value before (V(from)) and after (V(to)). V($) is the whole
    object.
  type: list
  elements: dict
  returned: always
  sample: [{path: "spec.ttlSecondsAfterFinished", from: 0, to: 600}]
job:
  description: The facts about the job; null where there is none. In check mode, as it would be.
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
        - One of V(provisioning), V(waiting) (for somebody to submit it), V(running), V(retrying), V(suspending),
          V(suspended), V(succeeded), V(stopped), V(failed), V(refused) (by the operator) and V(deleting).
      type: str
      sample: succeeded
      returned: always
    status:
      description:
        - Ray's own status, V(PENDING), V(RUNNING), V(STOPPED), V(SUCCEEDED) or V(FAILED); empty before Ray knows the
          job, and not changed by a deadline.
      type: str
      sample: SUCCEEDED
      returned: always
    deployment_status:
      description: The operator's status, such as V(Initializing), V(Running), V(Complete) or V(Failed).
      type: str
      sample: Complete
      returned: always
    finished:
      description: Whether nothing more will come of it.
      type: bool
      returned: always
    succeeded:
      description: Whether it came to its good end.
      type: bool
      returned: always
    suspended:
      description: Whether it is suspended.
      type: bool
      returned: always
    reason:
      description:
        - Why it failed, in a word of the operator's such as V(AppFailed) or V(DeadlineExceeded); or what keeps it from
          running, where that is known.
      type: str
      returned: always
    message:
      description: What the operator says about it. For a job that failed it holds the end of the log.
      type: str
      returned: always
    submission_id:
      description: What Ray calls the job.
      type: str
      returned: always
    submission_mode:
      description: How it comes to Ray.
      type: str
      returned: always
    entrypoint:
      description: The command.
      type: str
      returned: always
    cluster_name:
      description: The RayCluster that it runs on, or ran on last.
      type: str
      returned: always
    owns_cluster:
      description: Whether that cluster was made for it.
      type: bool
      returned: always
    dashboard:
      description: The URL of that cluster's dashboard inside Kubernetes; null before the job runs, and through
        O(api=apiserver_v1).
      type: str
      returned: always
    attempts:
      description: How many attempts have V(succeeded) and V(failed), which are null through O(api=apiserver_v1), and
        the V(limit) of them.
      type: dict
      returned: always
    log:
      description:
        - The last 100 lines of its log, for a job that a wait saw at its end, or with O(gather) of V(log); null where
          nothing has it any more.
      type: str
      returned: always
    events:
      description: Its events with V(type), V(reason), V(message), V(time) and V(count); null where they were not read.
      type: list
      elements: dict
      returned: always
    pods:
      description:
        - Its submitter's and its own cluster's pods with V(name), V(group), V(phase), V(ready), V(leaving), V(ip) and
          V(node); null where they were not read.
      type: list
      elements: dict
      returned: always
    times:
      description:
        - When it was V(created), V(deleted), V(started) and V(ended); V(ray_started) and V(ray_ended) are Ray's own
          times.
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

from ansible_collections.kuberay.core.plugins.module_utils._options.job import JOB
from ansible_collections.kuberay.core.plugins.module_utils._run.job import run_job
from ansible_collections.kuberay.core.plugins.module_utils._run.module import run_module


def main() -> None:
    """The module's entry."""
    run_module(run_job, JOB)


if __name__ == "__main__":
    main()
