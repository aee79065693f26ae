# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields of a RayCluster that cannot go through the same life as all others, each with the reason."""

from __future__ import annotations

from tests.fields.schema import MEMBER, Field, Path

# The API server refuses another value, once there is one.
IMMUTABLE: dict[Path, str] = {
    ("managedBy",): "its rule in the CRD says self == oldSelf",
    ("gcsFaultToleranceOptions", "backend"): "its rule in the CRD says self == oldSelf",
}
# Leaving it out is refused before anything is sent.
NEEDED: dict[Path, str] = {
    ("template", "spec", "containers", MEMBER, "image"): "no pod can start without an image",
}
# Leaving it out writes the value that it had when it was absent.
WRITTEN_BACK: dict[Path, str] = {
    ("suspend",): "the operator resumes on an explicit false only",
}


# Fields of one object of which only one group may be there; () stands for each field by itself, but for the key.
# {the path's end: (the groups, why)}
EXCLUDING: dict[Path, tuple[tuple[tuple[str, ...], ...], str]] = {
    ("env", MEMBER): ((("value",), ("valueFrom",)), "a variable has one value"),
    ("redisUsername",): ((("value",), ("valueFrom",)), "a variable has one value"),
    ("redisPassword",): ((("value",), ("valueFrom",)), "a variable has one value"),
    ("valueFrom",): ((), "a variable has one source"),
    ("envFrom", MEMBER): ((("configMapRef",), ("secretRef",)), "a member is one source"),
    ("volumes", MEMBER): ((), "a volume has one source"),
    ("sources", MEMBER): ((), "a member is one source"),
    ("items", MEMBER): ((("fieldRef",), ("resourceFieldRef",), ("key",)), "a file has one source"),
    ("livenessProbe",): ((("exec",), ("grpc",), ("httpGet",), ("tcpSocket",)), "a probe has one handler"),
    ("readinessProbe",): ((("exec",), ("grpc",), ("httpGet",), ("tcpSocket",)), "a probe has one handler"),
    ("startupProbe",): ((("exec",), ("grpc",), ("httpGet",), ("tcpSocket",)), "a probe has one handler"),
    ("postStart",): ((), "a hook has one handler"),
    ("preStop",): ((), "a hook has one handler"),
    ("resourceClaims", MEMBER): (
        (("resourceClaimName",), ("resourceClaimTemplateName",)),
        "a claim is there or is made from a template",
    ),
    ("gcsFaultToleranceOptions",): (
        (("redisAddress", "redisUsername", "redisPassword", "externalStorageNamespace"), ("storage",)),
        "state is kept in Redis or in a volume",
    ),
    ("storage",): (
        (("claimName",), ("size", "storageClassName", "accessModes")),
        "a claim is there or is made by the operator",
    ),
    ("to", MEMBER): ((("ipBlock",), ("podSelector", "namespaceSelector")), "a peer is a block of addresses or pods"),
    ("from", MEMBER): ((("ipBlock",), ("podSelector", "namespaceSelector")), "a peer is a block of addresses or pods"),
}


def is_among(field: Field, table: dict[Path, str]) -> bool:
    """Whether a field stands in a table, which names the ends of paths; one step alone is a whole path."""
    return any(field.path == end if len(end) == 1 else field.path[-len(end) :] == end for end in table)
