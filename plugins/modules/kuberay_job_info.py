#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kuberay_job_info
short_description: Read Ray jobs on Kubernetes
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Returns the status of one C(RayJob), of those in a namespace, of all, or of a selection.
options:
  gather:
    description:
      - Facts that cost requests of their own, for each job.
      - V(events) is one request, V(pods) two, V(log) one to three. The log comes from the dashboard of the cluster
        through the service proxy of the Kubernetes API, or from the pod that submitted the job.
    choices: [events, pods, log]
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
  - module: kuberay.core.kuberay_job
"""

EXAMPLES = r"""
- name: One job with the end of its log
  kuberay.core.kuberay_job_info:
    name: count
    namespace: ray
    gather: [log]
  register: found

- name: Jobs of a team that have failed
  kuberay.core.kuberay_job_info:
    all_namespaces: true
    label_selectors: [team=vision]
  register: jobs

- name: Their names
  ansible.builtin.debug:
    msg: "{{ jobs.jobs | selectattr('state', 'equalto', 'failed') | map(attribute='name') | list }}"
"""

RETURN = r"""
jobs:
  description: The facts about each job that was found.
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
"""

from ansible_collections.kuberay.core.plugins.module_utils._options.job import JOB_INFO
from ansible_collections.kuberay.core.plugins.module_utils._run.job_info import run_job_info
from ansible_collections.kuberay.core.plugins.module_utils._run.module import run_module


def main() -> None:
    """The module's entry."""
    run_module(run_job_info, JOB_INFO)


if __name__ == "__main__":
    main()
