# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A RayJob as V1's message of that name.

V1 has two fields besides that come to nothing: its server stores no entrypointNumGpus, and returns no
activeDeadlineSeconds.
"""

from __future__ import annotations

from ansible_collections.kuberay.core.plugins.module_utils._v1.amounts import amounts
from ansible_collections.kuberay.core.plugins.module_utils._v1.cluster import CLUSTER_SPEC, identity
from ansible_collections.kuberay.core.plugins.module_utils._v1.codec import Field, Own, field, message, only, sent

_CONTAINER = ("spec", "containers", 0)
SUBMITTER = message(
    field("image", *_CONTAINER, "image"),
    *amounts(*_CONTAINER, cpu="1", memory="1Gi"),
    Own((*_CONTAINER, "name"), ("ray-job-submitter",), shown=True),
    Own(("spec", "restartPolicy"), ("Never",), shown=True),
)
# The server takes no deadline that is not positive.
_POSITIVE = only(lambda value: isinstance(value, int) and value > 0)

JOB = message(
    *identity(),
    field("version", "spec", "rayClusterSpec", "rayVersion"),
    field("entrypoint", "spec", "entrypoint"),
    field("metadata", "spec", "metadata"),
    field("runtimeEnv", "spec", "runtimeEnvYAML"),
    field("shutdownAfterJobFinishes", "spec", "shutdownAfterJobFinishes"),
    field("clusterSelector", "spec", "clusterSelector"),
    field("clusterSpec", "spec", "rayClusterSpec", codec=CLUSTER_SPEC),
    field("ttlSecondsAfterFinished", "spec", "ttlSecondsAfterFinished"),
    field("jobSubmitter", "spec", "submitterPodTemplate", codec=SUBMITTER),
    field("entrypointNumCpus", "spec", "entrypointNumCpus"),
    field("entrypointResources", "spec", "entrypointResources"),
    field("activeDeadlineSeconds", "spec", "activeDeadlineSeconds", codec=_POSITIVE),
    # What comes back under this name is the id in the status.
    field("jobId", "spec", "jobId", codec=sent()),
    Own(("spec", "submissionMode"), ("K8sJobMode",), shown=True),
    Own(("spec", "backoffLimit"), (0,)),
    Own(("spec", "suspend"), (False,)),
    Own(("spec", "managedBy"), ("ray.io/kuberay-operator",)),
)
JOB_OUTPUTS: tuple[Field, ...] = (
    field("entrypointNumGpus", "spec", "entrypointNumGpus"),
    field("jobId", "status", "jobId"),
    field("createdAt", "metadata", "creationTimestamp"),
    field("deleteAt", "metadata", "deletionTimestamp"),
    field("jobStatus", "status", "jobStatus"),
    field("jobDeploymentStatus", "status", "jobDeploymentStatus"),
    field("message", "status", "message"),
    field("startTime", "status", "startTime"),
    field("endTime", "status", "endTime"),
    field("rayClusterName", "status", "rayClusterName"),
)
