#!/usr/bin/python
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kuberay_cronjob_info
short_description: Read Ray cron jobs on Kubernetes
version_added: 0.1.0
author: the kuberay.core authors (@kuberay-core)
description:
  - Returns the status of one C(RayCronJob), of those in a namespace, of all, or of a selection.
options:
  gather:
    description:
      - Facts that cost requests of their own, for each cron job.
      - V(events) is one request, V(jobs) one for each 500 jobs.
    choices: [events, jobs]
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
  - module: kuberay.core.kuberay_cronjob
"""

EXAMPLES = r"""
- name: One cron job with the jobs that it made
  kuberay.core.kuberay_cronjob_info:
    name: report
    namespace: ray
    gather: [jobs]
  register: found

- name: Those of a team
  kuberay.core.kuberay_cronjob_info:
    all_namespaces: true
    label_selectors: [team=vision]
  register: nightly

- name: Those whose time has come and gone
  ansible.builtin.debug:
    msg: "{{ nightly.cronjobs | selectattr('state', 'equalto', 'overdue') | map(attribute='name') | list }}"
"""

RETURN = r"""
cronjobs:
  description: The facts about each cron job that was found.
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
"""

from ansible_collections.kuberay.core.plugins.module_utils._options.cron_job import CRON_JOB_INFO
from ansible_collections.kuberay.core.plugins.module_utils._run.cron_job_info import run_cron_job_info
from ansible_collections.kuberay.core.plugins.module_utils._run.module import run_module


def main() -> None:
    """The module's entry."""
    run_module(run_cron_job_info, CRON_JOB_INFO)


if __name__ == "__main__":
    main()
