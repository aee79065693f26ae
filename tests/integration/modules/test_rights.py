# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rights that the collection gives its users are those that its modules ask for.

That they are enough is shown by every other file here: its plays run with them (see room.Stage).
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.guides import FOLDER
from tests.integration.modules.held import held_template
from tests.integration.modules.room import CALLER, Stage, collections_roles
from tests.integration.modules.words import (
    IMAGE,
    MAY_FAIL,
    apply,
    cronjob,
    cronjob_info,
    greets,
    group,
    info,
    job,
    job_info,
    job_manifest,
    manage,
    manage_template,
    manifest,
    service,
    service_info,
    template_info,
    wish,
)
from tests.integration.playbook import Run
from tests.integration.wire import Request

Json = dict[str, Any]
Right = tuple[str, str, str]
ABSENT, NOW = {"state": "absent", "wait": False}, {"wait": False}
ALL_GATHERED = {"gather": ["events", "pods", "external"]}
SUBMITTER = {"name": "submitter", "image": IMAGE, "command": ["sh", "-c", "exit 7"]}
OTHERS = "kueue.x-k8s.io/multikueue"
VERBS = {"POST": "create", "PATCH": "patch", "PUT": "update", "DELETE": "delete"}


def granted(*but: str) -> set[Right]:
    """What the roles allow, less those named."""
    rules = [rule for role in collections_roles() if role["metadata"]["name"] not in but for rule in role["rules"]]
    return {
        (group_, resource, verb)
        for rule in rules
        for group_ in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def asked(request: Request) -> Right:
    """The right that a request needs: its group, resource and verb."""
    parts = request.path.strip("/").split("/")
    group_, rest = ("", parts[2:]) if parts[0] == "api" else (parts[1], parts[3:])
    plural, *below = rest[2:] if rest[0] == "namespaces" else rest
    resource = "/".join([plural, *below[1:2]])
    reads = "get" if below else "watch" if request.watching else "list"
    return group_, resource, VERBS.get(request.method, reads)


@pytest.fixture(scope="module")
def everything(stage: Stage) -> Run:
    """All that the modules do, of each kind."""
    ingress = {"enable_ingress": True}
    tasks = [
        manage_template("template", "small", cpu=1, memory=2),
        manage_template("template changed", "small", cpu=2, memory=2),
        template_info("templates"),
        manage(
            "cluster",
            "shared",
            **wish(group("few", 0, compute_template="small"), head=ingress),
            **ALL_GATHERED,
            wait_for="dashboard",
        ),
        manage("cluster changed", "shared", **wish(group("few", 0, max_replicas=4), head=ingress)),
        # Nobody makes an Ingress for this one: it may have a Route.
        manage("another's", "another", spec={"managedBy": OTHERS}, **wish(head=ingress), **NOW, **ALL_GATHERED),
        manage("another's gone", "another", **ABSENT),
        info("clusters"),
        job(
            "job",
            "fails",
            MAY_FAIL,
            entrypoint="true",
            submitter_config={"backoff_limit": 0},
            submitter_pod_template={"spec": {"restartPolicy": "Never", "containers": [SUBMITTER]}},
            suspend=False,
        ),
        job_info("jobs", gather=["log", "events"]),
        job("job gone", "fails", state="absent"),
        service("service", "shop", **NOW),
        service("service changed", "shop", serve_config=greets("welcome"), **NOW),
        service_info("services", gather=["events", "external"]),
        service("service gone", "shop", state="absent"),
        cronjob("cron job", "nightly"),
        cronjob("cron job changed", "nightly", schedule="30 3 * * *"),
        cronjob_info("cron jobs", gather=["jobs"]),
        cronjob("cron job gone", "nightly", **ABSENT),
        apply("many", manifest("one", "small"), job_manifest("two", "python -c 'print(7)'"), wait_timeout=600),
        apply("many changed", job_manifest("two", "python -c 'print(7)'", labels={"a": "b"}), **NOW),
        apply("many gone", manifest("one", "small"), job_manifest("two", "true"), **ABSENT),
        manage("cluster gone", "shared", **ABSENT),
        manage_template("template gone", "small", state="absent"),
        manage_template("template held", "held", cpu=2, memory=1),
    ]
    with held_template(stage, "held"):
        return stage.succeed(*tasks)


def test_nothing_is_asked_that_is_not_granted_and_nothing_is_granted_that_is_not_asked(
    stage: Stage, everything: Run
) -> None:
    began, ended = everything.outcomes[0].began, everything.outcomes[-1].ended
    found = {asked(request) for request in stage.wire.between(began, ended) if stage.room.name in request.path}
    assert found == granted(CALLER)


def test_the_guide_names_every_right() -> None:
    text = (FOLDER / "guide_rights.rst").read_text(encoding="utf-8")
    for _group, resource, _verb in granted():
        assert f"``{resource}``" in text
    for role in collections_roles():
        assert f"``{role['metadata']['name']}``" in text
