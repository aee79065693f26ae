# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every field of the ray.io CRDs from KubeRay 1.0 to 1.7, as data.

Source: the CRDs of each release. What is Kubernetes' own (pod templates, services, environments, network rules) is not
looked into: its fields come and go with Kubernetes. Tests compare this with the CRDs.
"""

from __future__ import annotations

from ansible_collections.kuberay.core.plugins.module_utils._lint.fields import (
    ANY,
    LIST,
    MAPPING,
    NUMBER,
    SWITCH,
    TEXT,
    TEXT_LIST,
    TEXTS,
    WHOLE,
    Field,
    also_in_alpha,
    at_least,
    filled,
    listed,
    mapping,
    needed,
    one_of,
    since,
    until,
)
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import MOST_REPLICAS

_MANAGED_BY = one_of("ray.io/kuberay-operator", "kueue.x-k8s.io/multikueue")
_CREDENTIAL = mapping(value=TEXT, valueFrom=MAPPING)
_NETWORK_RULES = {"ingressRules": LIST, "egressRules": LIST}
_GROUP = {
    # That a container is in it is a rule of its own.
    "template": MAPPING,
    "rayStartParams": TEXTS,
    "resources": since("1.5", TEXTS),
    "labels": since("1.5", TEXTS),
}

CLUSTER_SPEC = mapping(
    rayVersion=TEXT,
    suspend=also_in_alpha(since("1.1", SWITCH)),
    managedBy=since("1.3", _MANAGED_BY),
    enableInTreeAutoscaling=SWITCH,
    headServiceAnnotations=TEXTS,
    autoscalerOptions=mapping(
        version=since("1.4", one_of("v1", "v2")),
        upscalingMode=one_of("Default", "Aggressive", "Conservative"),
        idleTimeoutSeconds=WHOLE,
        image=TEXT,
        imagePullPolicy=TEXT,
        command=since("1.7", TEXT_LIST),
        args=since("1.7", TEXT_LIST),
        resources=MAPPING,
        securityContext=MAPPING,
        env=LIST,
        envFrom=LIST,
        volumeMounts=LIST,
    ),
    gcsFaultToleranceOptions=since(
        "1.3",
        mapping(
            backend=since("1.7", one_of("redis", "rocksdb")),
            redisAddress=since("1.3", TEXT),
            redisUsername=since("1.3", _CREDENTIAL),
            redisPassword=since("1.3", _CREDENTIAL),
            externalStorageNamespace=since("1.3", TEXT),
            storage=since(
                "1.7",
                mapping(
                    claimName=TEXT,
                    size=ANY,
                    storageClassName=TEXT,
                    accessModes=TEXT_LIST,
                    subPath=TEXT,
                    deletionPolicy=one_of("DeleteWithCluster", "Retain"),
                ),
            ),
        ),
    ),
    authOptions=since(
        "1.5.1",
        mapping(
            mode=one_of("disabled", "token"),
            secretName=since("1.6", TEXT),
            enableK8sTokenAuth=since("1.6", SWITCH),
        ),
    ),
    upgradeStrategy=since("1.6", mapping(type=one_of("Recreate", "None"))),
    tlsOptions=since("1.7", mapping(enabled=SWITCH)),
    networkPolicy=since(
        "1.7",
        mapping(
            mode=filled("DenyAll", one_of("DenyAll", "DenyAllIngress", "DenyAllEgress")),
            head=mapping(**_NETWORK_RULES),
            worker=mapping(**_NETWORK_RULES),
            workerGroups=listed("groupName", groupName=needed(TEXT), **_NETWORK_RULES),
        ),
    ),
    historyServerOptions=since(
        "1.7",
        mapping(collectorOptions=mapping(image=TEXT, imagePullPolicy=TEXT, resources=MAPPING, env=LIST)),
    ),
    headGroupSpec=mapping(
        **_GROUP,
        serviceType=TEXT,
        headService=MAPPING,
        enableIngress=SWITCH,
        replicas=until("1.1", WHOLE),
        ingressOptions=since(
            "1.7",
            mapping(
                host=TEXT,
                path=TEXT,
                pathType=one_of("Exact", "Prefix", "ImplementationSpecific"),
                tls=LIST,
            ),
        ),
    ),
    workerGroupSpecs=listed(
        "groupName",
        **_GROUP,
        groupName=TEXT,
        replicas=filled(0, WHOLE),
        minReplicas=filled(0, WHOLE),
        maxReplicas=filled(MOST_REPLICAS, WHOLE),
        numOfHosts=since("1.1", filled(1, WHOLE)),
        suspend=since("1.3", SWITCH),
        idleTimeoutSeconds=since("1.3", WHOLE),
        priority=since("1.7", filled(0, WHOLE)),
        scaleStrategy=mapping(workersToDelete=TEXT_LIST),
    ),
)

_POLICY = one_of("DeleteCluster", "DeleteWorkers", "DeleteSelf", "DeleteNone")

JOB_SPEC = mapping(
    entrypoint=TEXT,
    rayClusterSpec=CLUSTER_SPEC,
    clusterSelector=TEXTS,
    # Free text to the CRD, and to the operator too, which then does nothing.
    submissionMode=since("1.1", filled("K8sJobMode", TEXT)),
    runtimeEnvYAML=TEXT,
    runtimeEnv=until("1.1", TEXT),
    jobId=TEXT,
    metadata=TEXTS,
    entrypointNumCpus=NUMBER,
    entrypointNumGpus=NUMBER,
    entrypointResources=TEXT,
    submitterPodTemplate=MAPPING,
    submitterConfig=since("1.2", mapping(backoffLimit=WHOLE)),
    backoffLimit=since("1.2", filled(0, WHOLE)),
    activeDeadlineSeconds=since("1.1", WHOLE),
    preRunningDeadlineSeconds=since("1.6", at_least(1, WHOLE)),
    shutdownAfterJobFinishes=SWITCH,
    ttlSecondsAfterFinished=filled(0, WHOLE),
    suspend=SWITCH,
    managedBy=since("1.3", _MANAGED_BY),
    deletionPolicy=since("1.3", until("1.5", _POLICY)),
    deletionStrategy=since(
        "1.5",
        mapping(
            onSuccess=mapping(policy=_POLICY),
            onFailure=mapping(policy=_POLICY),
            deletionRules=listed(
                "-",
                policy=needed(_POLICY),
                condition=needed(
                    mapping(
                        jobStatus=one_of("SUCCEEDED", "FAILED"),
                        jobDeploymentStatus=since("1.6", one_of("Failed")),
                        ttlSeconds=filled(0, at_least(0, WHOLE)),
                    )
                ),
            ),
        ),
    ),
)

SERVICE_SPEC = mapping(
    serveConfigV2=TEXT,
    serveConfig=until("1.1", MAPPING),
    rayClusterConfig=needed(CLUSTER_SPEC),
    serveService=MAPPING,
    upgradeStrategy=since(
        "1.3",
        mapping(
            # Free text to the CRD; the operator's own rule names what it takes.
            type=TEXT,
            clusterUpgradeOptions=since(
                "1.5",
                mapping(
                    maxSurgePercent=filled(100, WHOLE),
                    stepSizePercent=needed(WHOLE),
                    intervalSeconds=needed(WHOLE),
                    gatewayClassName=needed(TEXT),
                ),
            ),
        ),
    ),
    excludeHeadPodFromServeSvc=since("1.3", SWITCH),
    rayClusterDeletionDelaySeconds=since("1.5", at_least(0, WHOLE)),
    managedBy=since("1.6", _MANAGED_BY),
    suspend=since("1.7", SWITCH),
    serviceUnhealthySecondThreshold=WHOLE,
    deploymentUnhealthySecondThreshold=WHOLE,
)

CRON_JOB_SPEC = mapping(
    schedule=needed(TEXT),
    jobTemplate=needed(JOB_SPEC),
    suspend=SWITCH,
    timeZone=since("1.7", TEXT),
)


def whole(spec: Field) -> Field:
    """An object with this spec. Its metadata are Kubernetes' own, its status the operator's."""
    return mapping(apiVersion=TEXT, kind=TEXT, metadata=MAPPING, spec=spec, status=MAPPING)
