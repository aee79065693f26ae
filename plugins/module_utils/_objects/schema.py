# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the ray.io and core/v1 schemas say that a plain mapping does not show: list keys, quantities, shapes.

Source: the CRDs of KubeRay 1.7 and Kubernetes' PodTemplateSpec. Lists that are not named here are atomic.
Worker groups are one atomic list to Kubernetes; the collection matches them by groupName.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Node:
    """One place in an object.

    ``fields`` are known children of a mapping, ``each`` the child of every other key; ``keys`` make a list a keyed one
    (``item`` is each member), ``ordered`` tells that its order means something; ``quantity`` marks a quantity,
    ``count`` a whole number, ``text`` a text that says something even when empty, ``yaml`` a text that is compared by
    what it holds. ``defaults`` are what stands in a mapping for a key that is left out, and what the server or the
    operator may write there; ``one_of`` are the keys of a mapping of which it takes one only.
    """

    fields: Mapping[str, Node] = field(default_factory=dict)
    each: Node | None = None
    keys: tuple[str, ...] = ()
    ordered: bool = False
    item: Node | None = None
    quantity: bool = False
    count: bool = False
    text: bool = False
    yaml: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()

    @property
    def shape(self) -> type | None:
        """What stands here: a mapping, a list, or None where anything may."""
        return list if self.keys or self.item else dict if self.fields or self.each else None

    @property
    def is_map(self) -> bool:
        """Whether the keys are the user's own, as those of labels are: empty it says nothing, unlike a block."""
        return self.each is not None and (self.each.text or self.each.quantity)

    def child(self, name: str) -> Node:
        """The node of a mapping's key."""
        return self.fields.get(name) or self.each or PLAIN

    def member(self) -> Node:
        """The node of a list's members."""
        return self.item or PLAIN

    def index(self, members: Any) -> dict[str, Any] | None:
        """A keyed list's members by key, in their order; None where they cannot be told apart: one value then."""
        if not self.keys or not isinstance(members, list):
            return None
        found = {}
        for member in members:
            key = self._key(member) if isinstance(member, dict) else None
            if key is None:
                return None
            found[key] = member
        return found if len(found) == len(members) else None

    def _key(self, member: Mapping[str, Any]) -> str | None:
        defaults = self.member().defaults
        parts = [defaults.get(key) if member.get(key) in (None, "") else member[key] for key in self.keys]
        return None if parts[0] is None else "/".join(map(str, parts))


PLAIN = Node()
QUANTITY = Node(quantity=True)
COUNT = Node(count=True)
TEXT = Node(text=True)
YAML = Node(yaml=True)
# What maxReplicas is where it is left out.
MOST_REPLICAS = 2147483647


def mapping(**fields: Node) -> Node:
    """A mapping with these known children."""
    return Node(fields=fields)


def alternatives(**fields: Node) -> Node:
    """A mapping that takes one of these children only."""
    return Node(fields=fields, one_of=tuple(fields))


def each(node: Node) -> Node:
    """A mapping all of whose values are of one sort."""
    return Node(each=node)


def keyed(*keys: str, item: Node | None = None, **defaults: Any) -> Node:
    """A list whose members are told apart by ``keys``; ``defaults`` are those of its members."""
    return Node(keys=keys, item=replace(item or MAPPING, defaults=defaults) if defaults else item or MAPPING)


def ordered(*keys: str, item: Node) -> Node:
    """Such a list whose order means something."""
    return replace(keyed(*keys, item=item), ordered=True)


def listed(item: Node) -> Node:
    """A list without keys, one value as a whole."""
    return Node(item=item)


def defaulted(node: Node, **defaults: Any) -> Node:
    """A mapping with these defaults."""
    return replace(node, defaults=defaults)


MAPPING = each(PLAIN)
TEXTS = each(TEXT)
RESOURCES = mapping(limits=each(QUANTITY), requests=each(QUANTITY), claims=keyed("name"))
_REFERENCE = defaulted(MAPPING, name="")
_RESOURCE_FIELD = defaulted(mapping(divisor=QUANTITY), divisor="0")
ENV_SOURCE = alternatives(
    configMapKeyRef=_REFERENCE,
    secretKeyRef=_REFERENCE,
    fileKeyRef=defaulted(MAPPING, optional=False),
    fieldRef=MAPPING,
    resourceFieldRef=_RESOURCE_FIELD,
)
_VALUE = alternatives(value=PLAIN, valueFrom=ENV_SOURCE)
_ENV = keyed("name", item=_VALUE)
_ENV_FROM = listed(mapping(configMapRef=_REFERENCE, secretRef=_REFERENCE))
_METADATA = mapping(labels=TEXTS, annotations=TEXTS)
_SELECTOR = mapping(matchLabels=TEXTS)
_POD_TERM = mapping(labelSelector=_SELECTOR, namespaceSelector=_SELECTOR)
_POD_AFFINITY = mapping(
    requiredDuringSchedulingIgnoredDuringExecution=listed(_POD_TERM),
    preferredDuringSchedulingIgnoredDuringExecution=listed(mapping(podAffinityTerm=_POD_TERM)),
)
_HANDLERS = {"exec": MAPPING, "httpGet": MAPPING, "tcpSocket": MAPPING}
_PROBE = replace(
    mapping(**_HANDLERS, grpc=defaulted(MAPPING, service="")), one_of=("exec", "grpc", "httpGet", "tcpSocket")
)
_HANDLER = alternatives(**_HANDLERS, sleep=MAPPING)
# The first container is Ray's, and init containers run one after the other.
_CONTAINERS = ordered(
    "name",
    item=mapping(
        env=_ENV,
        envFrom=_ENV_FROM,
        ports=keyed("containerPort", "protocol", protocol="TCP"),
        resources=RESOURCES,
        volumeMounts=keyed("mountPath"),
        volumeDevices=keyed("devicePath"),
        livenessProbe=_PROBE,
        readinessProbe=_PROBE,
        startupProbe=_PROBE,
        lifecycle=mapping(postStart=_HANDLER, preStop=_HANDLER),
        restartPolicyRules=listed(mapping(exitCodes=mapping(values=listed(COUNT)))),
    ),
)
_WITH_SECRET = mapping(secretRef=_REFERENCE)
_DOWNWARD = mapping(items=listed(mapping(resourceFieldRef=_RESOURCE_FIELD)))
_CLAIM = mapping(
    metadata=_METADATA,
    # An empty class is another wish than none: no volume is made for it then.
    spec=mapping(resources=RESOURCES, selector=_SELECTOR, storageClassName=TEXT),
)
_SOURCES = {
    "awsElasticBlockStore": MAPPING,
    "azureDisk": defaulted(MAPPING, fsType="ext4", readOnly=False),
    "azureFile": MAPPING,
    "cephfs": _WITH_SECRET,
    "cinder": _WITH_SECRET,
    "configMap": _REFERENCE,
    "csi": mapping(volumeAttributes=TEXTS, nodePublishSecretRef=_REFERENCE),
    "downwardAPI": _DOWNWARD,
    "emptyDir": mapping(sizeLimit=QUANTITY),
    "ephemeral": mapping(volumeClaimTemplate=_CLAIM),
    "fc": MAPPING,
    "flexVolume": mapping(options=TEXTS, secretRef=_REFERENCE),
    "flocker": MAPPING,
    "gcePersistentDisk": MAPPING,
    "gitRepo": MAPPING,
    "glusterfs": MAPPING,
    "hostPath": MAPPING,
    "image": MAPPING,
    "iscsi": defaulted(_WITH_SECRET, iscsiInterface="default"),
    "nfs": MAPPING,
    "persistentVolumeClaim": MAPPING,
    "photonPersistentDisk": MAPPING,
    "portworxVolume": MAPPING,
    "projected": mapping(
        sources=listed(
            mapping(
                clusterTrustBundle=mapping(labelSelector=_SELECTOR),
                configMap=_REFERENCE,
                downwardAPI=_DOWNWARD,
                podCertificate=mapping(userAnnotations=TEXTS),
                secret=_REFERENCE,
            )
        )
    ),
    "quobyte": MAPPING,
    "rbd": defaulted(_WITH_SECRET, keyring="/etc/ceph/keyring", pool="rbd", user="admin"),
    "scaleIO": defaulted(_WITH_SECRET, fsType="xfs", storageMode="ThinProvisioned"),
    "secret": MAPPING,
    "storageos": _WITH_SECRET,
    "vsphereVolume": MAPPING,
}
# Kubernetes has no key for tolerations. Their order means nothing, and others add some: Kueue those of its flavours.
_TOLERATIONS = keyed("key", "operator", "value", "effect", key="", operator="Equal", value="", effect="")
POD_TEMPLATE = mapping(
    metadata=_METADATA,
    spec=mapping(
        affinity=mapping(podAffinity=_POD_AFFINITY, podAntiAffinity=_POD_AFFINITY),
        nodeSelector=TEXTS,
        containers=_CONTAINERS,
        initContainers=_CONTAINERS,
        ephemeralContainers=_CONTAINERS,
        volumes=keyed("name", item=alternatives(**_SOURCES)),
        imagePullSecrets=keyed("name", name=""),
        hostAliases=keyed("ip"),
        resourceClaims=keyed("name", item=alternatives(resourceClaimName=PLAIN, resourceClaimTemplateName=PLAIN)),
        schedulingGates=keyed("name"),
        tolerations=_TOLERATIONS,
        topologySpreadConstraints=keyed("topologyKey", "whenUnsatisfiable", item=mapping(labelSelector=_SELECTOR)),
        overhead=each(QUANTITY),
        resources=RESOURCES,
    ),
)
_GROUP: dict[str, Node] = {"template": POD_TEMPLATE, "rayStartParams": TEXTS, "labels": TEXTS, "resources": TEXTS}
_SERVICE = mapping(
    metadata=_METADATA,
    spec=mapping(selector=TEXTS, ports=keyed("port", "protocol", protocol="TCP")),
    status=mapping(conditions=keyed("type")),
)
_PEERS = listed(mapping(podSelector=_SELECTOR, namespaceSelector=_SELECTOR))
_RULES = {"ingressRules": listed(mapping(**{"from": _PEERS})), "egressRules": listed(mapping(to=_PEERS))}
CLUSTER_SPEC = mapping(
    headGroupSpec=mapping(
        **_GROUP,
        headService=_SERVICE,
    ),
    workerGroupSpecs=keyed(
        "groupName",
        item=defaulted(
            mapping(**_GROUP, replicas=COUNT, minReplicas=COUNT, maxReplicas=COUNT, numOfHosts=COUNT),
            replicas=0,
            minReplicas=0,
            maxReplicas=MOST_REPLICAS,
            numOfHosts=1,
            priority=0,
        ),
    ),
    headServiceAnnotations=TEXTS,
    autoscalerOptions=mapping(resources=RESOURCES, env=_ENV, envFrom=_ENV_FROM, volumeMounts=keyed("mountPath")),
    gcsFaultToleranceOptions=mapping(
        redisUsername=_VALUE, redisPassword=_VALUE, storage=mapping(size=QUANTITY, storageClassName=TEXT)
    ),
    historyServerOptions=mapping(collectorOptions=mapping(resources=RESOURCES, env=_ENV)),
    networkPolicy=defaulted(
        mapping(
            head=mapping(**_RULES), worker=mapping(**_RULES), workerGroups=keyed("groupName", item=mapping(**_RULES))
        ),
        mode="DenyAll",
    ),
    upgradeStrategy=MAPPING,
)
RAY_CLUSTER = mapping(metadata=_METADATA, spec=CLUSTER_SPEC)
JOB_SPEC = defaulted(
    mapping(
        clusterSelector=TEXTS,
        deletionStrategy=mapping(
            deletionRules=listed(mapping(condition=defaulted(MAPPING, ttlSeconds=0))),
            onSuccess=MAPPING,
            onFailure=MAPPING,
        ),
        # A JSON text, which is YAML.
        entrypointResources=YAML,
        metadata=TEXTS,
        rayClusterSpec=CLUSTER_SPEC,
        runtimeEnvYAML=YAML,
        submitterConfig=MAPPING,
        submitterPodTemplate=POD_TEMPLATE,
    ),
    backoffLimit=0,
    submissionMode="K8sJobMode",
    ttlSecondsAfterFinished=0,
)
RAY_JOB = mapping(metadata=_METADATA, spec=JOB_SPEC)
SERVICE_SPEC = mapping(
    rayClusterConfig=CLUSTER_SPEC,
    serveConfigV2=YAML,
    serveService=_SERVICE,
    upgradeStrategy=mapping(clusterUpgradeOptions=defaulted(MAPPING, maxSurgePercent=100)),
)
RAY_SERVICE = mapping(metadata=_METADATA, spec=SERVICE_SPEC)
CRON_JOB_SPEC = mapping(jobTemplate=JOB_SPEC)
RAY_CRON_JOB = mapping(metadata=_METADATA, spec=CRON_JOB_SPEC)
# The ConfigMap behind a compute template.
COMPUTE_TEMPLATE = mapping(metadata=_METADATA, data=TEXTS)
