# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""KubeRay's feature gates that a spec may depend on. Nothing but the operator's command line tells their state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import NEWEST, Version, release


@dataclass(frozen=True)
class Gate:
    """A feature gate; ``on`` is the first version that has it on by default."""

    name: str
    on: Version | None = None

    def default(self, version: Version | None) -> bool:
        """Whether it is on where nobody says otherwise; of an unknown version, as in the newest."""
        return self.on is not None and self.on <= (version or NEWEST)


@dataclass(frozen=True)
class Needs:
    """What a rule needs a gate to be before it holds."""

    gate: Gate
    state: bool

    def certainty(self, version: Version | None, gates: Mapping[str, bool]) -> bool | None:
        """True where it is so, False where it may be, None where it is not.

        A default is believed as long as it lets a spec work: a gate that is off by default may well have been switched
        on by whoever uses it.
        """
        if self.gate.name in gates:
            return True if gates[self.gate.name] is self.state else None
        default = self.gate.default(version)
        if default:
            return True if self.state else None
        return False


DELETION_POLICY = Gate("RayJobDeletionPolicy", on=release("1.6"))
INCREMENTAL_UPGRADE = Gate("RayServiceIncrementalUpgrade", on=release("1.7"))
CRON_JOB = Gate("RayCronJob")
NETWORK_POLICY = Gate("RayClusterNetworkPolicy")
EMBEDDED_STORAGE = Gate("GCSFaultToleranceEmbeddedStorage")
MTLS = Gate("RayClusterMTLS")
HISTORY_SERVER = Gate("RayClusterHistoryServer")
GATES = (
    DELETION_POLICY,
    INCREMENTAL_UPGRADE,
    CRON_JOB,
    NETWORK_POLICY,
    EMBEDDED_STORAGE,
    MTLS,
    HISTORY_SERVER,
)


def parse_gates(gates: Any, path: str = "feature_gates") -> dict[str, bool]:
    """Gates as somebody wrote them down, name by name; OptionError where a state is neither true nor false."""
    if not isinstance(gates, Mapping):
        raise OptionError(f"{path}: a mapping of names to true or false is needed")
    for name, state in gates.items():
        if not isinstance(state, bool):
            raise OptionError(f"{path}.{name}: true or false is needed")
    return {str(name): state for name, state in gates.items()}


def only_on(gate: Gate) -> Needs:
    """For a rule that the operator asks only with the gate on."""
    return Needs(gate, True)


def only_off(gate: Gate) -> Needs:
    """For what the operator refuses, or leaves lying, with the gate off."""
    return Needs(gate, False)
