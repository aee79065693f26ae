# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many objects in one task: made, found unchanged, changed, refused and deleted, by as few requests as that takes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import yaml

from tests.integration.modules.room import Stage, written
from tests.integration.modules.words import CHECK, DIFF, MAY_FAIL, NO_IMAGE, apply, greets, job_manifest, manifest
from tests.integration.playbook import Play, Run
from tests.integration.wire import Request

Json = dict[str, Any]
CHECK_OR_FAIL: Json = {**CHECK, **MAY_FAIL}
SECRET = "planted-password-7c1f"


def clusters(way: str, count: int = 6, **spec: Any) -> list[Json]:
    """Clusters of one task."""
    found = [manifest(f"{short(way)}-{number}", "small") for number in range(count)]
    for one in found:
        one["spec"].update(spec)
    return found


def short(way: str) -> str:
    return way.split()[0]


def scaled(thing: Json, replicas: Any) -> Json:
    """The same cluster with another number of workers."""
    copy: Json = yaml.safe_load(yaml.safe_dump(thing))
    copy["spec"]["workerGroupSpecs"][0]["replicas"] = replicas
    return copy


def ray(kind: str, name: str, spec: Json) -> Json:
    """An object of KubeRay's."""
    return {"apiVersion": "ray.io/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def counted(requests: list[Request]) -> Counter[str]:
    """Methods and kinds; a watch is told apart."""
    return Counter(f"{'WATCH' if one.watching else one.method} {one.kind}" for one in requests)


def named(run: Run, task: str) -> dict[str, Json]:
    """What became of each object, by name."""
    return {one["name"]: one for one in run[task]["results"]}


@pytest.fixture(scope="module")
def fleet(stage: Stage, way: str) -> Run:
    """The life of a fleet."""
    many = clusters(way)
    job, bad = (
        job_manifest(f"{short(way)}-good", "python -c 'print(6 * 7)'"),
        job_manifest(f"{short(way)}-bad", 'python -c \'raise SystemExit("spilt" + " milk")\''),
    )
    listing = {"apiVersion": "v1", "kind": "List", "items": [{"kind": "RayClusterList", "items": many}]}
    text = "---\n".join(yaml.safe_dump(one) for one in [scaled(many[0], 2), *many[1:5], scaled(many[5], 3)])
    return stage.succeed(
        apply("predict", *many, keywords=CHECK),
        apply("make", *many, job),
        apply("again", definition=listing),
        apply("predict a change", keywords=CHECK, definition=text),
        apply("change", keywords=DIFF, definition=text),
        apply("jobs", job, bad, keywords=MAY_FAIL),
        apply("jobs again", job, bad, keywords=MAY_FAIL),
        apply("predict the end", *many, keywords=CHECK, state="absent"),
        apply("delete", *many, job, bad, state="absent"),
        apply("delete again", *many, job, bad, state="absent"),
        way=way,
    )


def test_all_are_made_and_waited_for(fleet: Run) -> None:
    made = fleet["make"]
    assert (made["changed"], made["counts"]["create"], made["counts"]["failed"]) == (True, 7, 0)
    assert {one["cluster"]["state"] for one in made["results"] if "cluster" in one} == {"ready"}
    assert made["results"][-1]["job"]["state"] == "succeeded"
    assert [one["error"] for one in made["results"]] == [None] * 7


def test_results_come_in_the_order_of_the_manifests(fleet: Run, way: str, stage: Stage) -> None:
    told = [(one["kind"], one["namespace"], one["name"]) for one in fleet["make"]["results"]]
    expected = [("RayCluster", f"{short(way)}-{number}") for number in range(6)] + [("RayJob", f"{short(way)}-good")]
    assert told == [(kind, stage.room.name, name) for kind, name in expected]


def test_what_is_unchanged_costs_one_list(fleet: Run, stage: Stage) -> None:
    again = fleet["again"]
    assert (again["changed"], again["counts"]["none"], len(again["results"])) == (False, 6, 6)
    assert counted(stage.requests(fleet, "again")) == {"GET rayclusters": 1}


def test_check_mode_writes_nothing_and_predicts_what_comes(fleet: Run, stage: Stage) -> None:
    for predicted, came in (("predict", "make"), ("predict a change", "change"), ("predict the end", "delete")):
        assert written(stage.requests(fleet, predicted)) == [], predicted
        foreseen, happened = named(fleet, predicted), named(fleet, came)
        for name, one in foreseen.items():
            same = {key: happened[name][key] for key in ("action", "changed", "reasons")}
            assert {key: one[key] for key in same} == same, (predicted, name)


def test_only_what_differs_is_written(fleet: Run, way: str, stage: Stage) -> None:
    change, name = fleet["change"], short(way)
    assert {action: count for action, count in change["counts"].items() if count} == {"none": 4, "patch": 2}
    assert named(fleet, "change")[f"{name}-5"]["reasons"] == [
        {"path": "spec.workerGroupSpecs[small].replicas", "from": 1, "to": 3}
    ]
    assert named(fleet, "change")[f"{name}-5"]["cluster"]["workers"]["ready"] == 3
    assert [one["after_header"] for one in change["diff"]] == [
        f"RayCluster {stage.room.name}/{name}-0",
        f"RayCluster {stage.room.name}/{name}-5",
    ]
    assert len(written(stage.requests(fleet, "change"))) == 2


@pytest.mark.parametrize(("task", "writes"), [("make", {"POST rayclusters": 6, "POST rayjobs": 1}), ("delete", {})])
def test_all_are_waited_for_by_one_watch_of_each_sort(fleet: Run, stage: Stage, task: str, writes: Json) -> None:
    requests = counted(stage.requests(fleet, task))
    assert {what: requests[what] for what in writes} == writes
    # A watch that ends is begun anew.
    seconds = fleet[task].ended - fleet[task].began
    for kind in ("rayclusters", "rayjobs"):
        assert 1 <= requests[f"WATCH {kind}"] <= 1 + seconds / 30, kind
    # Those of clusters, and of what submits jobs.
    assert 1 <= requests["WATCH pods"] <= 2 * (1 + seconds / 30)


def test_a_job_that_failed_is_a_failure_of_its_own(fleet: Run, way: str) -> None:
    for task in ("jobs", "jobs again"):
        jobs, bad = fleet[task], named(fleet, task)[f"{short(way)}-bad"]
        assert (jobs.status, jobs["counts"]["failed"], jobs["error"]["kind"]) == ("failed", 1, "some_failed"), task
        assert bad["error"]["kind"] == "job_failed"
        assert "1 of 2 objects failed" in jobs.message
        assert "spilt milk" in jobs.message
        assert "spilt milk" in bad["job"]["log"]
        assert named(fleet, task)[f"{short(way)}-good"]["job"]["state"] == "succeeded"
    assert fleet["jobs again"]["changed"] is False


def test_all_are_deleted(fleet: Run, stage: Stage, way: str) -> None:
    assert (fleet["delete"]["counts"]["delete"], fleet["delete again"]["changed"]) == (8, False)
    assert {one["action"] for one in fleet["delete again"]["results"]} == {"none"}
    for number in range(6):
        assert stage.room.get(f"{short(way)}-{number}") is None
        assert stage.room.pods(f"{short(way)}-{number}") == {}


@pytest.fixture(scope="module")
def troubles(stage: Stage, way: str) -> Run:
    """Lists in which something is wrong."""
    name = f"bad-{short(way)}"
    good, other = manifest(f"{name}-good", "small"), manifest(f"{name}-other", "small")
    refused = scaled(manifest(f"{name}-refused", "small"), 1)
    refused["spec"]["workerGroupSpecs"][0]["minReplicas"] = 9
    typo = manifest(f"{name}-typo", "small")
    typo["spec"]["workerGroups"] = []
    typo["spec"]["headGroupSpec"]["template"]["spec"]["containers"][0]["env"] = [
        {"name": "DB_PASSWORD", "value": SECRET}
    ]
    stuck = manifest(f"{name}-stuck", "small")
    stuck["spec"]["headGroupSpec"]["template"]["metadata"] = {"annotations": NO_IMAGE}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}}
    nameless = {**other, "metadata": {"generateName": "some-"}}
    quick = {"fail_fast": True, "parallel": 1}
    return stage.succeed(
        apply("foreign", good, service, {"apiVersion": "v1"}, keywords=MAY_FAIL),
        apply("twice", good, other, good, keywords=MAY_FAIL),
        apply("generated", good, nameless, keywords=MAY_FAIL),
        apply("wrong version", good, {**other, "apiVersion": "ray.io/v2"}, keywords=MAY_FAIL),
        apply("no list", definition=[good, 3], keywords=MAY_FAIL),
        apply("both", good, src="x.yml", definition=[good], keywords=MAY_FAIL),
        apply("none at a time", good, parallel=0, keywords=MAY_FAIL),
        apply("fast", good, refused, keywords=MAY_FAIL, **quick),
        apply("fast and stuck", stuck, keywords=MAY_FAIL, **quick),
        apply("fast, refused by the server", typo, good, other, keywords=MAY_FAIL, validate="off", **quick),
        apply("slow", refused, typo, good, other, keywords=MAY_FAIL),
        apply("patch nothing", good, manifest(f"{name}-nobody"), state="patched", keywords=MAY_FAIL),
        apply("tidy", good, other, stuck, state="absent", wait=False),
        way=way,
    )


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("foreign", ["definition[1].kind: Service web", "definition[2].kind: there is none", "kubernetes.core.k8s"]),
        ("twice", ["definition[2]: RayCluster", "is there twice", "definition[0]"]),
        ("generated", ["definition[1].metadata.generateName: cannot be set"]),
        ("wrong version", ["definition[1].apiVersion: 'ray.io/v2'"]),
        ("no list", ["definition[1]: a manifest (a mapping)"]),
        ("both", ["mutually exclusive", "definition", "src", "template"]),
        ("none at a time", ["parallel: 0"]),
    ],
)
def test_a_list_that_cannot_be_meant_is_refused_before_anything_is_sent(
    troubles: Run, stage: Stage, task: str, words: list[str]
) -> None:
    assert troubles[task].status == "failed"
    for word in words:
        assert word in troubles[task].message
    assert stage.requests(troubles, task) == []


def test_one_bad_object_does_not_stop_the_others(troubles: Run, stage: Stage, way: str) -> None:
    name, slow = f"bad-{short(way)}", troubles["slow"]
    told = named(troubles, "slow")
    assert (slow["counts"]["create"], slow["counts"]["failed"], slow["changed"]) == (2, 2, True)
    assert slow.message.startswith("2 of 4 objects failed: the operator would refuse RayCluster")
    assert "minReplicas 9 is above maxReplicas 5" in told[f"{name}-refused"]["error"]["message"]
    assert "workerGroups" in told[f"{name}-typo"]["error"]["message"]
    for one in ("good", "other"):
        assert told[f"{name}-{one}"]["cluster"]["state"] == "ready"
    assert stage.room.get(f"{name}-refused") is None


def test_fail_fast_writes_nothing_where_one_is_refused(troubles: Run, stage: Stage, way: str) -> None:
    assert troubles["fast"]["changed"] is False
    assert written(stage.requests(troubles, "fast")) == []
    good = named(troubles, "fast")[f"bad-{short(way)}-good"]
    assert good["error"]["kind"] == "stopped"
    assert "failed and fail_fast is set" in good["error"]["message"]
    assert troubles["fast"].message.startswith("2 of 2 objects failed: the operator would refuse")


def test_fail_fast_begins_nothing_after_a_failure(troubles: Run, stage: Stage, way: str) -> None:
    task = "fast, refused by the server"
    assert [one["error"]["kind"] for one in troubles[task]["results"]] == ["api", "stopped", "stopped"]
    assert counted(stage.requests(troubles, task))["POST rayclusters"] == 1
    assert "cannot become ready: pod" in troubles["fast and stuck"].message


def test_what_is_not_there_cannot_be_patched(troubles: Run, way: str) -> None:
    told = named(troubles, "patch nothing")
    assert told[f"bad-{short(way)}-nobody"]["error"]["kind"] == "not_found"
    assert told[f"bad-{short(way)}-good"]["error"] is None


@pytest.fixture(scope="module")
def every_kind(stage: Stage) -> Run:
    """What the operator has further controllers for: a service that answers, one that sleeps, and a cron job."""
    cluster = manifest("any")["spec"]
    spec: Json = {"serveConfigV2": yaml.safe_dump(greets()), "rayClusterConfig": cluster}
    job = job_manifest("any", "python -c 'print(7)'")["spec"]
    things = [
        ray("RayService", "answers", spec),
        ray("RayService", "sleeps", {**spec, "suspend": True}),
        ray("RayCronJob", "nightly", {"schedule": "0 3 * * *", "jobTemplate": job}),
    ]
    louder = ray("RayService", "answers", {**spec, "serveConfigV2": yaml.safe_dump(greets("louder"))})
    return stage.succeed(
        apply("make", *things),
        apply("again", *things),
        apply("change", louder, *things[1:]),
        apply("delete", *things, state="absent"),
    )


def test_every_kind_goes_its_own_way(every_kind: Run) -> None:
    made, changed = (named(every_kind, task) for task in ("make", "change"))
    states = [made[name][kind]["state"] for name, kind in (("answers", "service"), ("sleeps", "service"))]
    assert [*states, made["nightly"]["cronjob"]["state"]] == ["ready", "suspended", "scheduled"]
    assert (made["answers"]["rollout"], changed["answers"]["rollout"]) == ("new_cluster", "in_place")
    assert changed["answers"]["service"]["state"] == "ready"
    for task, counts in {
        "make": {"create": 3},
        "again": {"none": 3},
        "change": {"none": 2, "patch": 1},
        "delete": {"delete": 3},
    }.items():
        assert {action: count for action, count in every_kind[task]["counts"].items() if count} == counts, task


def test_every_kind_that_is_unchanged_costs_its_list(every_kind: Run, stage: Stage) -> None:
    requests = counted(stage.requests(every_kind, "again"))
    assert requests == {"GET rayservices": 1, "GET raycronjobs": 1}


def test_no_secret_is_told(troubles: Run) -> None:
    assert SECRET not in troubles.stdout + troubles.stderr + str([outcome.result for outcome in troubles.outcomes])


def sources(stage: Stage, way: str) -> Play:
    """The same objects from files, folders and templates."""
    name = f"src-{short(way)}"
    one, two, three = (manifest(f"{name}-{number}", "small") for number in range(3))
    prepared = stage.prepare(
        [
            apply("folder", src="fleet", wait=False),
            apply("files", src=["fleet/b.yaml", "{{ 'fleet/a.yml' }}"]),
            apply("template", template="fleet.yml.j2", wait=False, keywords={"vars": {"numbers": [0, 1, 2]}}),
            apply(
                "templates",
                template=[
                    "fleet.yml.j2",
                    {"path": "marked.yml.j2", "variable_start_string": "[[", "variable_end_string": "]]"},
                ],
                wait=False,
                keywords={"vars": {"numbers": [0]}},
            ),
            apply("inline", one, two, three, wait=False),
            apply("nothing", template="fleet.yml.j2", keywords={"vars": {"numbers": []}}),
            apply("no folder", src=["fleet", "nowhere"], keywords=MAY_FAIL),
            apply("empty folder", src="empty", keywords=MAY_FAIL),
            apply("no yaml", src="broken", keywords=MAY_FAIL),
            apply("undefined", template="fleet.yml.j2", keywords=MAY_FAIL),
            apply("no such word", template={"path": "fleet.yml.j2", "colour": "red"}, keywords=MAY_FAIL),
            apply("tidy", src="fleet", state="absent", wait=False),
        ],
        way,
    )
    for path, content in {
        "files/fleet/a.yml": yaml.safe_dump_all([one, two], explicit_start=True),
        "files/fleet/b.yaml": yaml.safe_dump(three),
        "files/fleet/README.md": "no manifest",
        "files/empty/.hidden.yml": "a: [",
        "files/broken/a.yml": "a: 1\n",
        "files/broken/b.yml": f"a: [{SECRET}",
        "templates/fleet.yml.j2": "{% for number in numbers %}\n---\n{% include 'one.j2' %}\n\n{% endfor %}\n",
        "templates/one.j2": yaml.safe_dump({**one, "metadata": {"name": f"{name}-{{{{ number }}}}"}}),
        "templates/marked.yml.j2": yaml.safe_dump({**one, "metadata": {"name": f"{name}-[[ 1 + 1 ]]"}}),
    }.items():
        file = prepared.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return prepared


@pytest.fixture(scope="module")
def read(stage: Stage, way: str) -> Run:
    run = sources(stage, way).run()
    assert run.code == 0, str(run)
    return run


def test_a_folder_is_read_in_the_order_of_its_files(read: Run, way: str) -> None:
    names = [f"src-{short(way)}-{number}" for number in range(3)]
    assert [one["name"] for one in read["folder"]["results"]] == names
    assert [one["name"] for one in read["files"]["results"]] == [names[2], names[0], names[1]]
    assert (read["folder"]["counts"]["create"], read["tidy"]["counts"]["delete"]) == (3, 3)


@pytest.mark.contract
@pytest.mark.parametrize(
    ("task", "count"), [("files", 3), ("template", 3), ("templates", 2), ("inline", 3), ("nothing", 0)]
)
def test_the_same_objects_from_elsewhere_are_unchanged(read: Run, task: str, count: int) -> None:
    assert (read[task]["changed"], read[task]["counts"]["none"], len(read[task]["results"])) == (False, count, count)


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("no folder", ["src: nowhere cannot be read"]),
        ("empty folder", ["src: there is no file named *.yml, *.yaml, *.json in", "empty"]),
        ("no yaml", ["broken/b.yml: is not YAML (line "]),
        ("undefined", ["template:", "fleet.yml.j2 cannot be rendered", "numbers"]),
        ("no such word", ["template.colour"]),
    ],
)
def test_a_file_that_cannot_be_used_is_told_by_its_name(read: Run, stage: Stage, task: str, words: list[str]) -> None:
    for word in words:
        assert word in read[task].message
    assert SECRET not in str(read)
    assert stage.requests(read, task) == []
