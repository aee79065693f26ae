# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's programs: how each is called, and how it says that it is ready."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab import build
from tests.lab.layout import Layout

STAND_IN = "stand-in"
NONE = "none"
# Beyond KubeRay's own defaults: RayCronJobs are off there.
FEATURE_GATES = "RayCronJob=true"
# The names of the ports to choose. A program's own port has its name.
PORTS = (
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kwok",
    "kubelet",
    "operator",
    "operator-metrics",
    "apiserver",
    "apiserver-rpc",
)
# The node agents never report to a real clock: a node is given up only after this long.
NEVER = "8760h"
SERVICE_RANGE = "10.96.0.0/16"
# The CRDs keep the API server's garbage collector busier than the API server.
ENVIRONMENT = {"kube-apiserver": {"GOGC": "200"}}


@dataclass(frozen=True)
class Program:
    """A program, its arguments, and the address (of the loopback) that answers 200 once it is ready."""

    name: str
    command: list[str | Path]
    health: str = ""
    environment: dict[str, str] = field(default_factory=dict)


def control_plane(layout: Layout, ports: Mapping[str, int]) -> dict[str, Program]:
    """Everything that is not KubeRay's, in the order in which it is started."""
    pki = layout.pki
    serving = [
        "--bind-address=127.0.0.1",
        f"--tls-cert-file={pki.crt('server')}",
        f"--tls-private-key-file={pki.key('server')}",
        "--profiling=false",
    ]
    client = [
        f"--kubeconfig={layout.kubeconfig}",
        "--leader-elect=false",
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
    ]
    arguments: dict[str, tuple[str, list[str]]] = {
        "etcd": (
            f"http://127.0.0.1:{ports['etcd']}/readyz",
            [
                "--name=lab",
                f"--data-dir={layout.store}",
                f"--listen-client-urls=http://127.0.0.1:{ports['etcd']}",
                f"--advertise-client-urls=http://127.0.0.1:{ports['etcd']}",
                "--listen-peer-urls=http://127.0.0.1:0",
                # A killed process loses nothing that it has written; only a machine that loses power does.
                "--unsafe-no-fsync",
                "--log-level=warn",
            ],
        ),
        "kube-apiserver": (
            f"https://127.0.0.1:{ports['kube-apiserver']}/readyz",
            [
                *serving,
                f"--secure-port={ports['kube-apiserver']}",
                "--advertise-address=127.0.0.1",
                # No endpoints for the service "kubernetes": they may not be loopback addresses.
                "--endpoint-reconciler-type=none",
                f"--etcd-servers=http://127.0.0.1:{ports['etcd']}",
                f"--client-ca-file={pki.crt('ca')}",
                "--authorization-mode=RBAC",
                f"--service-cluster-ip-range={SERVICE_RANGE}",
                "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
                f"--service-account-key-file={pki.folder / 'service-account.pub'}",
                f"--service-account-signing-key-file={pki.key('service-account')}",
                "--kubelet-preferred-address-types=InternalIP",
                f"--egress-selector-config-file={layout.egress}",
                "--allow-privileged",
                "--enable-priority-and-fairness=false",
            ],
        ),
        "kube-controller-manager": (
            f"https://127.0.0.1:{ports['kube-controller-manager']}/healthz",
            [
                *client,
                *serving,
                f"--secure-port={ports['kube-controller-manager']}",
                f"--root-ca-file={pki.crt('ca')}",
                f"--cluster-signing-cert-file={pki.crt('ca')}",
                f"--cluster-signing-key-file={pki.key('ca')}",
                f"--service-account-private-key-file={pki.key('service-account')}",
                f"--node-monitor-grace-period={NEVER}",
            ],
        ),
        "kube-scheduler": (
            f"https://127.0.0.1:{ports['kube-scheduler']}/healthz",
            [*client, *serving, f"--secure-port={ports['kube-scheduler']}"],
        ),
        "kwok": (
            f"http://127.0.0.1:{ports['kwok']}/readyz",
            [
                f"--kubeconfig={layout.kubeconfig}",
                *(f"--config={file}" for file in sorted((Path(__file__).parent / "kwok").glob("*.yaml"))),
                "--manage-all-nodes",
                "--node-ip=127.0.0.1",
                f"--node-port={ports['kwok']}",
                f"--server-address=127.0.0.1:{ports['kwok']}",
                f"--tls-cert-file={pki.crt('server')}",
                f"--tls-private-key-file={pki.key('server')}",
            ],
        ),
    }
    plan = {
        name: Program(name, [build.program(name), *given], health, ENVIRONMENT.get(name, {}))
        for name, (health, given) in arguments.items()
    }
    return {**plan, "kubelet": kubelet(layout, ports)}


def kubelet(layout: Layout, ports: Mapping[str, int]) -> Program:
    """What answers for the pods of Ray heads, and runs those that submit jobs."""
    port = ports["kubelet"]
    command: list[str | Path] = [sys.executable, "-m", "tests.lab.kubelet", str(port), layout.data]
    return Program("kubelet", command, f"http://127.0.0.1:{port}/readyz")


def operator(choice: str, gates: str, layout: Layout, ports: Mapping[str, int]) -> Program | None:
    """The operator: the stand-in, a real KubeRay manager binary, or none."""
    if choice == NONE:
        return None
    environment = {"KUBECONFIG": str(layout.kubeconfig)}
    gated = f"--feature-gates={gates}"
    if choice == STAND_IN:
        module = [sys.executable, "-m", "tests.lab.operator"]
        return Program("operator", [*module, "--kubeconfig", layout.kubeconfig, gated], environment=environment)
    return Program(
        "operator",
        [
            Path(choice),
            "--enable-leader-election=false",
            # It runs outside of the cluster: Ray's dashboards are reached through the API server.
            "--use-kubernetes-proxy",
            gated,
            f"--metrics-addr=127.0.0.1:{ports['operator-metrics']}",
            f"--health-probe-bind-address=127.0.0.1:{ports['operator']}",
        ],
        f"http://127.0.0.1:{ports['operator']}/readyz",
        environment,
    )


def apiserver(choice: str, arguments: str, layout: Layout, ports: Mapping[str, int]) -> Program | None:
    """KubeRay's APIServer, V1 and V2 on one port: the stand-in, a real program, or none."""
    if choice == NONE:
        return None
    port, more = ports["apiserver"], shlex.split(arguments)
    health = f"http://127.0.0.1:{port}/healthz"
    if choice == STAND_IN:
        module = [sys.executable, "-m", "tests.lab.apiserver"]
        return Program("apiserver", [*module, str(port), layout.data, *more], health)
    # It dials its own gRPC at localhost and this text: an address cannot stand in it.
    own = [f"--httpPortFlag=127.0.0.1:{port}", f"--rpcPortFlag=:{ports['apiserver-rpc']}"]
    return Program("apiserver", [Path(choice), *own, *more], health, {"KUBECONFIG": str(layout.kubeconfig)})
