# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the roles are tested: charts of the lab's own, and plays that bring them over a wire."""

from __future__ import annotations

import base64
import gzip
import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.integration.playbook import Play, Run
from tests.integration.wire import Request, Wire
from tests.lab import build, crds
from tests.lab.api import Api
from tests.lab.lab import Lab
from tests.lab.processes import wait_until
from tests.lab.schema import Kubernetes

Json = dict[str, Any]
CHARTS = Path(crds.__file__).parent / "charts"
OPERATOR, APISERVER = "kuberay_operator", "kuberay_apiserver"
NEW, OLD = "1.7.0", "1.5.1"
# A kind, and a field of clusters, that came after 1.5.
LATER, LATER_FIELD = "raycronjobs.ray.io", "upgradeStrategy"
CRDS, RELEASE = "Bring the chart's CRDs", "Bring the release"


class Platform:
    """A namespace of one's own, charts, and runs of the roles."""

    def __init__(self, lab: Lab, api: Api, wire: Wire, folder: Path, namespace: str) -> None:
        self.lab, self.api, self.wire, self.folder, self.namespace = lab, api, wire, folder, namespace
        self.kubeconfig = wire.write_kubeconfig(folder / "kubeconfig")
        self._count = 0

    def chart(self, name: str = "kuberay-operator", version: str = NEW, **documents: Any) -> Path:
        """A folder with one of the lab's charts; ``crds`` are those of its version if left out."""
        self._count += 1
        target = self.folder / f"chart-{self._count}" / name
        shutil.copytree(CHARTS / name, target)
        _replace(target / "Chart.yaml", f"version: {NEW}", f"version: {version}")
        _replace(target / "values.yaml", f"tag: v{NEW}", f"tag: v{version}")
        if name == "kuberay-operator":
            own = documents.get("crds", self.crds(version))
            (target / "crds").mkdir()
            (target / "crds" / "all.yaml").write_text(yaml.safe_dump_all(own), encoding="utf-8")
        return target

    def crds(self, version: str = NEW) -> list[Json]:
        """The lab's CRDs, or what was there of them in an older version: a kind and a field less."""
        named = crds.condensed(Kubernetes(self.api.get))
        if version != NEW:
            del named[LATER]
            for one in named["rayclusters.ray.io"]["spec"]["versions"]:
                one["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"].pop(LATER_FIELD, None)
        return list(named.values())

    def archive(self, chart: Path, target: Path) -> Path:
        """The chart as an archive."""
        told = subprocess.run(
            [build.program("helm"), "package", chart, "--destination", target],
            capture_output=True,
            text=True,
            check=True,
        )
        return Path(told.stdout.strip().rpartition(" ")[2])

    def run(self, variables: Mapping[str, Any], role: str = OPERATOR, path: str | None = None, **options: Any) -> Run:
        """Run a role; its variables without its prefix."""
        self._count += 1
        own = {"kubeconfig": str(self.kubeconfig), "namespace": self.namespace, "wait_timeout": 120, **variables}
        told = {f"{role}_{name}": value for name, value in own.items() if value is not None}
        tasks: list[Json] = [
            {"name": "the role", "ansible.builtin.include_role": {"name": f"kuberay.core.{role}"}, "vars": told},
            {"name": "fact", "ansible.builtin.debug": {"var": role}},
        ]
        environment = {"PATH": path if path is not None else self.lab.environment()["PATH"]}
        return Play(self.folder / f"run-{self._count}", tasks, environment=environment, **options).run()

    def succeed(self, variables: Mapping[str, Any], role: str = OPERATOR, **options: Any) -> Run:
        """Run a role that has to succeed."""
        run = self.run(variables, role, **options)
        assert run.code == 0, str(run)
        return run

    def written(self, run: Run) -> list[str]:
        """What the run has changed."""
        asked = self.wire.between(run.outcomes[0].began, run.outcomes[-1].ended)
        return [str(one) for one in asked if _changes(one)]

    def deployment(self, name: str = "kuberay-operator") -> Any:
        """A deployment of the namespace, or None."""
        return self.api.get(f"/apis/apps/v1/namespaces/{self.namespace}/deployments/{name}")

    def container(self, name: str = "kuberay-operator") -> Json:
        """Its container."""
        container: Json = self.deployment(name)["spec"]["template"]["spec"]["containers"][0]
        return container

    def crd(self, name: str) -> Any:
        """A CRD, or None."""
        return self.api.get(f"{crds.CRDS}/{name}")

    def versions(self) -> dict[str, str]:
        """Which of the CRDs are there, and the versions of these objects, which every change changes."""
        there = {crd["metadata"]["name"]: self.crd(crd["metadata"]["name"]) for crd in self.crds()}
        return {name: crd["metadata"]["resourceVersion"] for name, crd in there.items() if crd}

    def forget_crds(self) -> None:
        """As on a cluster that KubeRay has never been on."""
        for crd in self.crds():
            self.api.request("DELETE", f"{crds.CRDS}/{crd['metadata']['name']}")
        names = [crd["metadata"]["name"] for crd in self.crds()]
        assert wait_until(lambda: not any(map(self.crd, names)), 60)

    def get_stuck(self, status: str, revision: int) -> None:
        """Leave the release as a run that was killed leaves it: with a record of an attempt that has no end."""
        place = f"/api/v1/namespaces/{self.namespace}/secrets"
        name = "sh.helm.release.v1.kuberay-operator.v"
        secret = self.api.get(f"{place}/{name}1")
        release = json.loads(gzip.decompress(base64.b64decode(base64.b64decode(secret["data"]["release"]))))
        release["info"]["status"], release["version"] = status, revision
        packed = base64.b64encode(base64.b64encode(gzip.compress(json.dumps(release).encode()))).decode()
        labels = {**secret["metadata"]["labels"], "status": status, "version": str(revision)}
        made = {"metadata": {"name": f"{name}{revision}", "labels": labels}, "data": {"release": packed}}
        self.api.request("DELETE", f"{place}/{name}{revision}")
        code, body = self.api.request("POST", place, {**made, "type": secret["type"]})
        assert code == 201, body


def changed(run: Run) -> list[str]:
    """The tasks that have, or would have, changed something."""
    told = [outcome.name.rpartition(" : ")[2] for outcome in run.outcomes if outcome.result.get("changed")]
    return list(dict.fromkeys(told))


def diffs(run: Run) -> str:
    """What ``--diff`` has shown."""
    return "\n".join(line for line in run.stdout.splitlines() if line.startswith(("+", "-")))


def message(run: Run) -> str:
    """What the run has ended with."""
    assert run.code != 0, str(run)
    return [outcome.message for outcome in run.outcomes if outcome.failed and outcome.message][-1]


def _changes(request: Request) -> bool:
    """Without the patches of kubernetes.core, which it sends to see from the answer whether there was a change."""
    asks = request.method == "PATCH" and request.user_agent.startswith("OpenAPI-Generator")
    return request.mutating and not request.dry_run and request.status < 300 and not asks


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
