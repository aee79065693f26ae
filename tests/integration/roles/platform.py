# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the roles are tested: charts of the lab's own, and plays that bring them over a wire."""

from __future__ import annotations

import base64
import functools
import gzip
import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.integration.playbook import Play, Run
from tests.integration.wire import Request, Wire
from tests.lab import build, crds, helm_charts
from tests.lab.api import Api
from tests.lab.lab import Lab
from tests.lab.processes import wait_until
from tests.lab.schema import Kubernetes

Json = dict[str, Any]
OPERATOR, APISERVER = "kuberay_operator", "kuberay_apiserver"
NEW, OLD, LATER, LATER_FIELD = helm_charts.NEWEST, helm_charts.OLDER, helm_charts.LATER, helm_charts.LATER_FIELD
CRDS, RELEASE = "Bring the chart's CRDs", "Bring the release"
# Programs of the lab.
HELM_4 = "helm4"
HELMS = ("helm", HELM_4)
FACT = "fact"
ANYTHING: Json = {"x-kubernetes-preserve-unknown-fields": True}


class Platform:
    """A namespace of one's own, charts, and runs of the roles."""

    def __init__(self, lab: Lab, api: Api, wire: Wire, folder: Path, namespace: str) -> None:
        self.lab, self.api, self.wire, self.folder, self.namespace = lab, api, wire, folder, namespace
        self.kubeconfig = wire.write_kubeconfig(folder / "kubeconfig")
        self._count = 0

    def chart(self, name: str = "kuberay-operator", version: str = NEW, crds: list[Json] | None = None) -> Path:
        """A folder with one of the lab's charts; ``crds`` are those of its version if left out."""
        self._count += 1
        target = self.folder / f"chart-{self._count}" / name
        own = self.crds(version) if crds is None else crds
        helm_charts.write(target, name, version, own if name == helm_charts.OPERATOR else [])
        return target

    def crds(self, version: str = NEW) -> list[Json]:
        """Those of the lab, flat, or what was there of them in an older version: a kind and a field less."""
        return helm_charts.crds_of(version, _flat_crds(self.api))

    def whole_crds(self) -> list[Json]:
        """As large as KubeRay's: with all that a pod may have."""
        return list(crds.condensed(Kubernetes(self.api.get)).values())

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
        return self._play([_include("the role", role, self._told(variables, role)), _show(role)], path, **options)

    def succeed(self, variables: Mapping[str, Any], role: str = OPERATOR, **options: Any) -> Run:
        """Run a role that has to succeed."""
        run = self.run(variables, role, **options)
        assert run.code == 0, str(run)
        return run

    def succeed_twice(self, variables: Mapping[str, Any], role: str = OPERATOR, **options: Any) -> tuple[Run, Run]:
        """Run a role twice in one play, which has to succeed."""
        told = self._told(variables, role)
        tasks = [_include("the role", role, told), _show(role), _include("the role again", role, told), _show(role)]
        run = self._play(tasks, None, **options)
        assert run.code == 0, str(run)
        first = [outcome.name for outcome in run.outcomes].index(FACT) + 1
        return replace(run, outcomes=run.outcomes[:first]), replace(run, outcomes=run.outcomes[first:])

    def predict_and_do(self, variables: Mapping[str, Any], role: str = OPERATOR) -> tuple[Run, Run]:
        """In check mode, for real, and again: the first tells what the second does, and the third has nothing to do."""
        before = self.versions()
        check = self.succeed(variables, role, check=True, diff=True)
        assert (self.written(check), self.versions()) == ([], before)
        done, again = self.succeed_twice(variables, role, diff=True)
        assert changed(check) == changed(done)
        assert check[FACT].result == done[FACT].result == again[FACT].result
        assert (changed(again), self.written(again)) == ([], [])
        return check, done

    def refusals(self, wishes: Mapping[str, Mapping[str, Any]], role: str = OPERATOR) -> Run:
        """Run a role for each wish in one play: the outcome of the wish's name has the message that it failed with."""
        tasks = [
            {
                "name": f"block of {name}",
                "block": [
                    _include(f"the role for {name}", role, self._told(wish, role)),
                    {"name": name, "ansible.builtin.debug": {"msg": "not refused"}},
                ],
                "rescue": [{"name": name, "ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}}],
            }
            for name, wish in wishes.items()
        ]
        return self._play(tasks, None)

    def run_book(self, book: Path, charts: Mapping[str, Path], variables: Mapping[str, Any]) -> Run:
        """Run a playbook of roles with these charts, {role: folder}; further variables by their whole names."""
        told = [self._told({"chart": str(chart)}, role) for role, chart in charts.items()]
        whole = {name: value for own in [*told, variables] for name, value in own.items()}
        return self._play([], None, {"KUBECONFIG": str(self.kubeconfig)}, books=[str(book)], variables=whole)

    def _told(self, variables: Mapping[str, Any], role: str) -> Json:
        own = {"kubeconfig": str(self.kubeconfig), "namespace": self.namespace, "wait_timeout": 120, **variables}
        return {f"{role}_{name}": value for name, value in own.items() if value is not None}

    def _play(self, tasks: list[Json], path: str | None, more: Json | None = None, **options: Any) -> Run:
        self._count += 1
        environment = {"PATH": path if path is not None else self.lab.environment()["PATH"], **(more or {})}
        return Play(self.folder / f"run-{self._count}", tasks, environment=environment, **options).run()

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
        there = {name: self.crd(name) for name in _flat_crds(self.api)}
        return {name: crd["metadata"]["resourceVersion"] for name, crd in there.items() if crd}

    def forget_crds(self) -> None:
        """As on a cluster that KubeRay has never been on."""
        for name in _flat_crds(self.api):
            self.api.request("DELETE", f"{crds.CRDS}/{name}")
        assert wait_until(lambda: not self.versions(), 60)

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


@functools.cache
def _flat_crds(api: Api) -> dict[str, Json]:
    """The lab's CRDs, {name: object}, with anything in the fields of spec and status: megabytes less for every play."""
    named = crds.condensed(Kubernetes(api.get))
    for crd in named.values():
        for version in crd["spec"]["versions"]:
            fields = version["schema"]["openAPIV3Schema"]["properties"]
            names = fields["spec"]["properties"]
            fields["spec"] = {"type": "object", "properties": dict.fromkeys(names, ANYTHING)}
            fields["status"] = {"type": "object", **ANYTHING}
    return named


def _include(name: str, role: str, variables: Json) -> Json:
    return {"name": name, "ansible.builtin.include_role": {"name": f"kuberay.core.{role}"}, "vars": variables}


def _show(role: str) -> Json:
    return {"name": FACT, "ansible.builtin.debug": {"var": role}}


def _changes(request: Request) -> bool:
    """Without the patches of kubernetes.core, which it sends to see from the answer whether there was a change.

    Of CRDs it is asked for no such patches.
    """
    asks = request.method == "PATCH" and request.user_agent.startswith("OpenAPI-Generator")
    asks = asks and request.kind != "customresourcedefinitions"
    return request.mutating and not request.dry_run and request.status < 300 and not asks
