# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the ray.io and core/v1 schemas say that a plain mapping does not show: list keys and quantities.

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
    (``item`` is each member), with ``key_defaults`` for a key that may be left out; ``quantity`` marks a quantity.
    """

    fields: Mapping[str, Node] = field(default_factory=dict)
    each: Node | None = None
    keys: tuple[str, ...] = ()
    key_defaults: Mapping[str, Any] = field(default_factory=dict)
    item: Node | None = None
    quantity: bool = False

    def child(self, name: str) -> Node:
        """The node of a mapping's key."""
        return self.fields.get(name) or self.each or PLAIN

    def member(self) -> Node:
        """The node of a keyed list's members."""
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


def mapping(**fields: Node) -> Node:
    """A mapping with these known children."""
    return Node(fields=fields)


def each(node: Node) -> Node:
    """A mapping all of whose values are of one sort."""
    return Node(each=node)


def keyed(*keys: str, item: Node | None = None, **defaults: Any) -> Node:
    """A list whose members are told apart by ``keys``."""
    return Node(keys=keys, item=item, key_defaults=defaults)


RESOURCES = mapping(limits=each(QUANTITY), requests=each(QUANTITY), claims=keyed("name"))
_DIVISOR = mapping(valueFrom=mapping(resourceFieldRef=mapping(divisor=QUANTITY)))
_CONTAINERS = keyed(
    "name",
    item=mapping(
        env=keyed("name", item=_DIVISOR),
        ports=keyed("containerPort", "protocol", protocol="TCP"),
        resources=RESOURCES,
        volumeMounts=keyed("mountPath"),
        volumeDevices=keyed("devicePath"),
    ),
)
_VOLUMES = keyed(
    "name",
    item=mapping(
        emptyDir=mapping(sizeLimit=QUANTITY),
        ephemeral=mapping(volumeClaimTemplate=mapping(spec=mapping(resources=RESOURCES))),
    ),
)
POD_TEMPLATE = mapping(
    spec=mapping(
        containers=_CONTAINERS,
        initContainers=_CONTAINERS,
        ephemeralContainers=_CONTAINERS,
        volumes=_VOLUMES,
        imagePullSecrets=keyed("name"),
        hostAliases=keyed("ip"),
        resourceClaims=keyed("name"),
        schedulingGates=keyed("name"),
        topologySpreadConstraints=keyed("topologyKey", "whenUnsatisfiable"),
        overhead=each(QUANTITY),
        resources=RESOURCES,
    )
)
CLUSTER_SPEC = mapping(
    headGroupSpec=mapping(
        template=POD_TEMPLATE,
        headService=mapping(spec=mapping(ports=keyed("port", "protocol", protocol="TCP"))),
    ),
    workerGroupSpecs=keyed("groupName", item=mapping(template=POD_TEMPLATE)),
    autoscalerOptions=mapping(resources=RESOURCES, env=keyed("name", item=_DIVISOR), volumeMounts=keyed("mountPath")),
    gcsFaultToleranceOptions=mapping(storage=mapping(size=QUANTITY)),
    networkPolicy=mapping(workerGroups=keyed("groupName")),
)
RAY_CLUSTER = mapping(spec=CLUSTER_SPEC)
