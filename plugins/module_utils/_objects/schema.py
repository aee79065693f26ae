# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the ray.io and core/v1 schemas say that a plain mapping does not show: list keys, quantities, shapes.

Source: the CRDs of KubeRay 1.7 and Kubernetes' PodTemplateSpec. Lists that are not named here are atomic.
Worker groups are one atomic list to Kubernetes; the collection matches them by groupName.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Node:
    """One place in an object.

    ``fields`` are known children of a mapping, ``each`` the child of every other key; ``keys`` make a list a keyed one
    (``item`` is each member), with ``key_defaults`` for a key that may be left out; ``quantity`` marks a quantity,
    ``count`` a whole number that the collection reckons with, ``text`` a text that says something even when empty.
    """

    fields: Mapping[str, Node] = field(default_factory=dict)
    each: Node | None = None
    keys: tuple[str, ...] = ()
    key_defaults: Mapping[str, Any] = field(default_factory=dict)
    item: Node | None = None
    quantity: bool = False
    count: bool = False
    text: bool = False

    @property
    def shape(self) -> type | None:
        """What stands here: a mapping, a list, or None where anything may."""
        return list if self.keys or self.item else dict if self.fields or self.each else None

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
            if not isinstance(member, Mapping) or member.get(self.keys[0]) is None:
                return None
            found["/".join(str(member.get(key, self.key_defaults.get(key))) for key in self.keys)] = member
        return found if len(found) == len(members) else None


PLAIN = Node()
QUANTITY = Node(quantity=True)
COUNT = Node(count=True)
# What maxReplicas is where it is left out.
MOST_REPLICAS = 2147483647


def mapping(**fields: Node) -> Node:
    """A mapping with these known children."""
    return Node(fields=fields)


def each(node: Node) -> Node:
    """A mapping all of whose values are of one sort."""
    return Node(each=node)


def keyed(*keys: str, item: Node | None = None, **defaults: Any) -> Node:
    """A list whose members are told apart by ``keys``."""
    return Node(keys=keys, item=item or MAPPING, key_defaults=defaults)


def listed(item: Node) -> Node:
    """A list without keys, one value as a whole."""
    return Node(item=item)


MAPPING = each(PLAIN)
TEXTS = each(Node(text=True))
RESOURCES = mapping(limits=each(QUANTITY), requests=each(QUANTITY), claims=keyed("name"))
ENV_SOURCE = mapping(resourceFieldRef=mapping(divisor=QUANTITY))
_ENV = keyed("name", item=mapping(valueFrom=ENV_SOURCE))
_METADATA = mapping(labels=TEXTS, annotations=TEXTS)
_SELECTOR = mapping(matchLabels=TEXTS)
_POD_TERM = mapping(labelSelector=_SELECTOR, namespaceSelector=_SELECTOR)
_POD_AFFINITY = mapping(
    requiredDuringSchedulingIgnoredDuringExecution=listed(_POD_TERM),
    preferredDuringSchedulingIgnoredDuringExecution=listed(mapping(podAffinityTerm=_POD_TERM)),
)
_CONTAINERS = keyed(
    "name",
    item=mapping(
        env=_ENV,
        ports=keyed("containerPort", "protocol", protocol="TCP"),
        resources=RESOURCES,
        volumeMounts=keyed("mountPath"),
        volumeDevices=keyed("devicePath"),
    ),
)
_VOLUMES = keyed(
    "name",
    item=mapping(
        csi=mapping(volumeAttributes=TEXTS),
        emptyDir=mapping(sizeLimit=QUANTITY),
        ephemeral=mapping(
            volumeClaimTemplate=mapping(metadata=_METADATA, spec=mapping(resources=RESOURCES, selector=_SELECTOR))
        ),
        flexVolume=mapping(options=TEXTS),
        projected=mapping(
            sources=listed(
                mapping(
                    clusterTrustBundle=mapping(labelSelector=_SELECTOR),
                    podCertificate=mapping(userAnnotations=TEXTS),
                )
            )
        ),
    ),
)
POD_TEMPLATE = mapping(
    metadata=_METADATA,
    spec=mapping(
        affinity=mapping(podAffinity=_POD_AFFINITY, podAntiAffinity=_POD_AFFINITY),
        nodeSelector=TEXTS,
        containers=_CONTAINERS,
        initContainers=_CONTAINERS,
        ephemeralContainers=_CONTAINERS,
        volumes=_VOLUMES,
        imagePullSecrets=keyed("name"),
        hostAliases=keyed("ip"),
        resourceClaims=keyed("name"),
        schedulingGates=keyed("name"),
        topologySpreadConstraints=keyed("topologyKey", "whenUnsatisfiable", item=mapping(labelSelector=_SELECTOR)),
        overhead=each(QUANTITY),
        resources=RESOURCES,
    ),
)
_GROUP: dict[str, Node] = {"template": POD_TEMPLATE, "rayStartParams": TEXTS, "labels": TEXTS, "resources": TEXTS}
_PEERS = listed(mapping(podSelector=_SELECTOR, namespaceSelector=_SELECTOR))
_RULES = {"ingressRules": listed(mapping(**{"from": _PEERS})), "egressRules": listed(mapping(to=_PEERS))}
CLUSTER_SPEC = mapping(
    headGroupSpec=mapping(
        **_GROUP,
        headService=mapping(
            metadata=_METADATA, spec=mapping(selector=TEXTS, ports=keyed("port", "protocol", protocol="TCP"))
        ),
    ),
    workerGroupSpecs=keyed(
        "groupName",
        item=mapping(**_GROUP, replicas=COUNT, minReplicas=COUNT, maxReplicas=COUNT, numOfHosts=COUNT),
    ),
    headServiceAnnotations=TEXTS,
    autoscalerOptions=mapping(resources=RESOURCES, env=_ENV, volumeMounts=keyed("mountPath")),
    gcsFaultToleranceOptions=mapping(storage=mapping(size=QUANTITY)),
    historyServerOptions=mapping(collectorOptions=mapping(resources=RESOURCES)),
    networkPolicy=mapping(
        head=mapping(**_RULES), worker=mapping(**_RULES), workerGroups=keyed("groupName", item=mapping(**_RULES))
    ),
    upgradeStrategy=MAPPING,
)
RAY_CLUSTER = mapping(metadata=_METADATA, spec=CLUSTER_SPEC)
JOB_SPEC = mapping(
    clusterSelector=TEXTS,
    deletionStrategy=mapping(deletionRules=listed(mapping(condition=MAPPING)), onSuccess=MAPPING, onFailure=MAPPING),
    metadata=TEXTS,
    rayClusterSpec=CLUSTER_SPEC,
    submitterConfig=MAPPING,
    submitterPodTemplate=POD_TEMPLATE,
)
RAY_JOB = mapping(metadata=_METADATA, spec=JOB_SPEC)
# The ConfigMap behind a compute template.
COMPUTE_TEMPLATE = mapping(metadata=_METADATA, data=TEXTS)
