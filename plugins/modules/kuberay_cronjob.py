#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kuberay_cronjob
short_description: Run Ray jobs on a schedule on Kubernetes
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Creates, changes and deletes a C(RayCronJob) of the KubeRay operator, which makes a C(RayJob) each time its schedule
    comes round. It needs KubeRay 1.6 or later, with the operator's feature gate C(RayCronJob) switched on.
  - Nothing tells whether that gate is on before the first job was made, so that a warning says so until then.
  - Jobs that are there are never changed, and never deleted before the cron job is. Give them
    C(shutdown_after_job_finishes), or they leave their clusters behind.
  - What others set on the object stays. What this module set in an earlier run and the task no longer says is removed.
  - Rules that the operator would refuse the schedule or the job by are checked before anything is sent.
options:
  labels:
    description: Labels of the RayCronJob.
    type: dict
  annotations:
    description: Annotations of the RayCronJob.
    type: dict
  schedule:
    description:
      - When it runs, as five fields of cron (V(30 2 * * 1-5)), or as a word such as V(@daily) or V(@every 6h).
      - The operator reckons from the last run by what the schedule says now. Where that means that runs were missed, it
        makes up for all of them (KubeRay 1.6 for one), and a warning says how many that will be.
    type: str
  time_zone:
    description: The time zone of the schedule, such as V(Europe/Zurich); the operator's own if left out. KubeRay 1.7.
    type: str
  suspend:
    description:
      - V(true) makes no further jobs; those that are there go on. With V(false), or left out, it goes on, and what was
        missed is made up for.
    type: bool
  spec:
    description:
      - Fields of the C(RayCronJob)'s C(spec) in its own words, laid over what the other options say. Mappings are
        merged key by key, lists by the key of their items.
    type: dict
  wait_for:
    description:
      - V(created) is reached when the object is there, V(scheduled) when the operator has made a job for it.
    type: str
    choices: [created, scheduled]
    default: created
  wait_timeout:
    description:
      - The most seconds to wait; 300 if left out. The object is left as it is when they are over.
  gather:
    description:
      - Facts that cost requests of their own; a wait or a failure that read them anyway returns them too.
      - V(events) is one request, V(jobs) one for each 500 jobs.
    choices: [events, jobs]
extends_documentation_fragment:
  - kuberay.core.job.embedded
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
  - module: kuberay.core.kuberay_cronjob_info
  - module: kuberay.core.kuberay_job
"""

EXAMPLES = r"""
- name: A report every night, each on a cluster of its own that goes with it
  kuberay.core.kuberay_cronjob:
    name: report
    namespace: ray
    schedule: "30 2 * * *"
    time_zone: Europe/Zurich
    job:
      entrypoint: python -c "print('the report')"
      active_deadline_seconds: 7200
      shutdown_after_job_finishes: true
      cluster:
        ray_version: "2.52.0"
        head_group:
          resources: {cpu: 1, memory: 2Gi}
        worker_groups:
          - group_name: small
            replicas: 1
            resources: {cpu: 1, memory: 1Gi}
  register: report

- name: When it runs next
  ansible.builtin.debug:
    msg: "{{ report.cronjob.next_run }}"

- name: Not during the holidays
  kuberay.core.kuberay_cronjob:
    name: report
    namespace: ray
    state: patched
    suspend: true

- name: Delete it with all its jobs
  kuberay.core.kuberay_cronjob:
    name: report
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
  sample: [{path: "spec.schedule", from: "0 2 * * *", to: "30 2 * * *"}]
cronjob:
  description: The facts about the cron job; null where there is none. In check mode, as it would be.
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
        - One of V(scheduled), V(suspended), V(overdue) (its time has come, and no job was made), V(refused) (by the
          operator) and V(deleting).
      type: str
      sample: scheduled
      returned: always
    reason:
      description: Why it runs no jobs, where that is known.
      type: str
      returned: always
    schedule:
      description: When it runs.
      type: str
      returned: always
    time_zone:
      description: The time zone of the schedule; null for the operator's own.
      type: str
      returned: always
    suspended:
      description: Whether it is suspended.
      type: bool
      returned: always
    last_run:
      description: The time that it made a job for last; null before the first.
      type: str
      returned: always
    next_run:
      description:
        - When the schedule comes round next, in UTC. It is reckoned here, and without a time zone in UTC, which the
          operator's own time zone is unless it was told otherwise.
        - Null where it is suspended, where this machine does not know the time zone, and where it never comes.
      type: str
      sample: "2026-01-31T02:00:00Z"
      returned: always
    jobs:
      description:
        - The jobs that it has made, the youngest first, with V(name), V(state), V(status), V(finished), V(succeeded),
          V(reason), V(cluster_name), and when they were V(scheduled), V(started) and V(ended); null unless they were
          asked for. M(kuberay.core.kuberay_job_info) tells more about them.
      type: list
      elements: dict
      returned: always
    events:
      description: Its events with V(type), V(reason), V(message), V(time) and V(count); null where they were not read.
      type: list
      elements: dict
      returned: always
    times:
      description:
        - When it was V(created) and V(deleted).
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

from ansible_collections.kuberay.core.plugins.module_utils._options.cron_job import CRON_JOB
from ansible_collections.kuberay.core.plugins.module_utils._run.cron_job import run_cron_job
from ansible_collections.kuberay.core.plugins.module_utils._run.module import run_module


def main() -> None:
    """The module's entry."""
    run_module(run_cron_job, CRON_JOB)


if __name__ == "__main__":
    main()
