# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values in raw fields, each of the type that its schema wants: ``replicas: "3"``, from a survey, is meant as 3.

The names below are those of the RayCluster and pod template schemas that are not texts. A name means one type there,
but for the few in EITHER. A test compares them with KubeRay's own CRDs.
"""

from __future__ import annotations

import re
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.text import text
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

INTEGERS = frozenset(
    [
        "activeDeadlineSeconds",
        "containerPort",
        "defaultMode",
        "endPort",
        "expirationSeconds",
        "failureThreshold",
        "fsGroup",
        "healthCheckNodePort",
        "hostPort",
        "idleTimeoutSeconds",
        "initialDelaySeconds",
        "lun",
        "maxExpirationSeconds",
        "maxReplicas",
        "maxSkew",
        "minDomains",
        "minReplicas",
        "nodePort",
        "numOfHosts",
        "observedGeneration",
        "partition",
        "periodSeconds",
        "priority",
        "replicas",
        "runAsGroup",
        "runAsUser",
        "seconds",
        "successThreshold",
        "supplementalGroups",
        "terminationGracePeriodSeconds",
        "timeoutSeconds",
        "tolerationSeconds",
        "weight",
    ]
)
BOOLEANS = frozenset(
    [
        "allocateLoadBalancerNodePorts",
        "allowPrivilegeEscalation",
        "automountServiceAccountToken",
        "chapAuthDiscovery",
        "chapAuthSession",
        "enableInTreeAutoscaling",
        "enableIngress",
        "enableK8sTokenAuth",
        "enableServiceLinks",
        "enabled",
        "hostIPC",
        "hostNetwork",
        "hostPID",
        "hostProcess",
        "hostUsers",
        "optional",
        "privileged",
        "publishNotReadyAddresses",
        "readOnly",
        "readOnlyRootFilesystem",
        "runAsNonRoot",
        "setHostnameAsFQDN",
        "shareProcessNamespace",
        "sslEnabled",
        "stdin",
        "stdinOnce",
        "suspend",
        "tty",
    ]
)
# A text or a number, depending on where: digits become a number, other texts stay.
EITHER = frozenset({"mode", "port", "targetPort"})
# Texts that YAML likes to take for something else.
_TEXTS = frozenset({"rayVersion", "value"})
_BOOLEAN_TEXTS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def typed(name: str, value: Any, path: str) -> Any:
    """The value of the field ``name`` as its schema wants it; OptionError with the path where it cannot be meant so."""
    if name in INTEGERS:
        return integer(value, path)
    if name in BOOLEANS:
        return _boolean(value, path)
    if name in EITHER:
        return int(value) if isinstance(value, str) and value.isdigit() else value
    return text(value, path) if name in _TEXTS else value


def integer(value: Any, path: str) -> int:
    """A whole number, which may have come as a text."""
    if isinstance(value, bool) or not re.fullmatch(r"\s*[+-]?[0-9]+\s*", str(value)):
        raise OptionError(f"{path}: {value!r} is not a whole number")
    return int(value)


def _boolean(value: Any, path: str) -> bool:
    if isinstance(value, bool):
        return value
    meant = _BOOLEAN_TEXTS.get(str(value).lower())
    if meant is None:
        raise OptionError(f"{path}: true or false is needed, not {value!r}")
    return meant
