# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ray.io kinds that the collection manages, as data."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import RAY_CLUSTER, Node

GROUP = "ray.io"
# What objects are written through wherever it is served; the older one is for KubeRay 0.6, which has no other.
API_VERSION, OLD_API_VERSION = f"{GROUP}/v1", f"{GROUP}/v1alpha1"


@dataclass(frozen=True)
class Kind:
    """One kind: its names on the wire, the key of its facts in results, and what its schema says."""

    name: str
    plural: str
    result: str
    schema: Node


CLUSTER = Kind(name="RayCluster", plural="rayclusters", result="cluster", schema=RAY_CLUSTER)
