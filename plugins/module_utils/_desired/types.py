# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values in raw fields, each of the type that its schema wants: ``replicas: "3"``, from a survey, is meant as 3.

The names below are those of the schemas of KubeRay's kinds and of pod templates that are not texts. A name means one
type there, but for the few in EITHER. A test compares them with KubeRay's own CRDs.
"""

from __future__ import annotations

import math
import re
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._desired.text import text
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError

INTEGERS = frozenset(
    [
        "activeDeadlineSeconds",
        "backoffLimit",
        "containerPort",
        "defaultMode",
        "deploymentUnhealthySecondThreshold",
        "endPort",
        "expirationSeconds",
        "failureThreshold",
        "fsGroup",
        "healthCheckNodePort",
        "hostPort",
        "idleTimeoutSeconds",
        "initialDelaySeconds",
        "intervalSeconds",
        "lun",
        "maxExpirationSeconds",
        "maxReplicas",
        "maxSkew",
        "maxSurgePercent",
        "minDomains",
        "minReplicas",
        "nodePort",
        "numOfHosts",
        "observedGeneration",
        "partition",
        "periodSeconds",
        "preRunningDeadlineSeconds",
        "priority",
        "rayClusterDeletionDelaySeconds",
        "replicas",
        "runAsGroup",
        "runAsUser",
        "seconds",
        "serviceUnhealthySecondThreshold",
        "stepSizePercent",
        "successThreshold",
        "supplementalGroups",
        "terminationGracePeriodSeconds",
        "timeoutSeconds",
        "tolerationSeconds",
        "ttlSeconds",
        "ttlSecondsAfterFinished",
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
        "excludeHeadPodFromServeSvc",
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
        "shutdownAfterJobFinishes",
        "sslEnabled",
        "stdin",
        "stdinOnce",
        "suspend",
        "tty",
    ]
)
NUMBERS = frozenset({"entrypointNumCpus", "entrypointNumGpus"})
# A text or a number, depending on where: digits become a number, other texts stay.
EITHER = frozenset({"mode", "port", "targetPort"})
# Texts that YAML likes to take for something else.
_TEXTS = frozenset(
    ["args", "command", "entrypoint", "entrypointResources", "jobId", "rayVersion", "runtimeEnvYAML", "value", "values"]
)
_BOOLEAN_TEXTS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def typed(name: str, value: Any, path: str) -> Any:
    """The value of the field ``name`` as its schema wants it; OptionError with the path where it cannot be meant so."""
    if name in INTEGERS:
        return integer(value, path)
    if name in BOOLEANS:
        return _boolean(value, path)
    if name in NUMBERS:
        return number(value, path)
    if name in EITHER:
        return int(value) if isinstance(value, str) and value.isdigit() else value
    return text(value, path) if name in _TEXTS else value


def integer(value: Any, path: str) -> int:
    """A whole number, which may have come as a text."""
    if isinstance(value, bool) or not re.fullmatch(r"\s*[+-]?[0-9]+\s*", str(value)):
        raise OptionError(f"{path}: {value!r} is not a whole number")
    return int(value)


def number(value: Any, path: str) -> float:
    """A number, which may have come as a text; a whole one as an integer."""
    try:
        amount = float(value)
    except (TypeError, ValueError):
        amount = math.nan
    if isinstance(value, bool) or not math.isfinite(amount):
        raise OptionError(f"{path}: {value!r} is not a number")
    return int(amount) if amount.is_integer() else amount


def _boolean(value: Any, path: str) -> bool:
    if isinstance(value, bool):
        return value
    meant = _BOOLEAN_TEXTS.get(str(value).lower())
    if meant is None:
        raise OptionError(f"{path}: true or false is needed, not {value!r}")
    return meant
