# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the overlay knows from the schema: defaults, what stands inside lists, and what excludes what."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._objects.overlay import overlay
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import make_record
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import CLUSTER_SPEC, JOB_SPEC, POD_TEMPLATE

Json = dict[str, Any]


def _pod(**spec: Any) -> Json:
    return {"spec": spec}


GPU, SPOT = {"key": "gpu", "operator": "Exists"}, {"key": "spot", "value": "x", "effect": "NoExecute"}


def test_a_toleration_of_others_stays_beside_ours_and_ours_goes_with_the_wish() -> None:
    record = make_record(_pod(tolerations=[GPU]), POD_TEMPLATE, _pod(), None)
    both = _pod(tolerations=[SPOT, GPU])
    assert overlay(both, _pod(tolerations=[GPU]), POD_TEMPLATE, record) == both
    assert overlay(both, _pod(), POD_TEMPLATE, record) == _pod(tolerations=[SPOT])


def test_a_toleration_is_told_apart_by_all_that_it_tolerates() -> None:
    live = _pod(tolerations=[SPOT])
    assert overlay(live, _pod(tolerations=[{**SPOT, "operator": "Equal"}]), POD_TEMPLATE, None) == _pod(
        tolerations=[{**SPOT, "operator": "Equal"}]
    )
    other = {**SPOT, "effect": "NoSchedule"}
    assert overlay(live, _pod(tolerations=[other]), POD_TEMPLATE, None) == _pod(tolerations=[SPOT, other])
    at_once = _pod(tolerations=[{**SPOT, "tolerationSeconds": 0}])
    record = make_record(live, POD_TEMPLATE, None, None)
    assert overlay(live, at_once, POD_TEMPLATE, record) == at_once


def _term(**fields: Any) -> Json:
    terms = [{"topologyKey": "z", **fields}]
    return _pod(affinity={"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}})


@pytest.mark.parametrize("meant", [{"labelSelector": {}}, {"seconds": 0}, {"optional": False}])
def test_a_false_a_zero_and_a_block_inside_a_list_without_keys_mean_something(meant: Json) -> None:
    record = make_record(_term(), POD_TEMPLATE, None, None)
    assert overlay(_term(), _term(**meant), POD_TEMPLATE, record) == _term(**meant)
    assert overlay(_term(**meant), _term(), POD_TEMPLATE, record) == _term()


@pytest.mark.parametrize(
    "empty",
    [{"namespaces": []}, {"mismatch": ""}, {"labelSelector": {"matchLabels": {}, "matchExpressions": []}}],
)
def test_what_the_server_drops_as_empty_inside_a_list_without_keys_is_no_change(empty: Json) -> None:
    live = _term(**{key: {} for key in empty if key == "labelSelector"})
    assert overlay(live, _term(**empty), POD_TEMPLATE, make_record(_term(**empty), POD_TEMPLATE, None, None)) == live


def test_what_the_operator_adds_inside_a_list_without_keys_is_no_change() -> None:
    def items(**more: Any) -> Json:
        source = {"resourceFieldRef": {"resource": "limits.cpu", **more}}
        return _pod(volumes=[{"name": "v", "downwardAPI": {"items": [{"path": "cpu", **source}]}}])

    live = items(divisor="0")
    assert overlay(live, items(), POD_TEMPLATE, make_record(items(), POD_TEMPLATE, None, None)) == live
    assert overlay(live, items(divisor="1m"), POD_TEMPLATE, None) == items(divisor="1m")


# What stands there: the wish for a block, and the block as the server and the operator fill it.
_FILLED: list[tuple[Json, Json]] = [
    ({"networkPolicy": {"head": {"ingressRules": [{}]}}}, {"networkPolicy": {"mode": "DenyAll"}}),
    (
        {"gcsFaultToleranceOptions": {"redisPassword": {"valueFrom": {"secretKeyRef": {"key": "k"}}}}},
        {"gcsFaultToleranceOptions": {"redisPassword": {"valueFrom": {"secretKeyRef": {"name": ""}}}}},
    ),
    (
        {"headGroupSpec": {"headService": {"spec": {"type": "NodePort"}}}},
        {"headGroupSpec": {"headService": {"metadata": {}, "status": {"loadBalancer": {}}}}},
    ),
]


@pytest.mark.parametrize(("wish", "filled"), _FILLED)
def test_what_the_server_put_into_our_block_goes_with_it(wish: Json, filled: Json) -> None:
    live = overlay(filled, wish, CLUSTER_SPEC, None)
    record = make_record(wish, CLUSTER_SPEC, {}, None)
    assert overlay(live, wish, CLUSTER_SPEC, record) == live
    assert overlay(live, {}, CLUSTER_SPEC, record) == {}


def test_what_others_put_into_our_block_beside_the_defaults_stays() -> None:
    record = make_record({"networkPolicy": {"head": {}}}, CLUSTER_SPEC, None, None)
    theirs = {"networkPolicy": {"mode": "DenyAllEgress"}}
    assert overlay({"networkPolicy": {"head": {}, **theirs["networkPolicy"]}}, {}, CLUSTER_SPEC, record) == theirs


def test_a_default_inside_a_list_without_keys_is_no_change() -> None:
    def job(**condition: Any) -> Json:
        rule = {"policy": "DeleteCluster", "condition": {"jobStatus": "SUCCEEDED", **condition}}
        return {"deletionStrategy": {"deletionRules": [rule]}}

    live = job(ttlSeconds=0)
    assert overlay(live, job(), JOB_SPEC, make_record(job(), JOB_SPEC, None, None)) == live
    assert overlay(live, job(ttlSeconds=5), JOB_SPEC, None) == job(ttlSeconds=5)


def test_a_default_that_is_no_longer_said_is_no_change() -> None:
    group = {"groupName": "a", "replicas": 0, "priority": 0}
    live = {"networkPolicy": {"mode": "DenyAll"}, "workerGroupSpecs": [group]}
    record = make_record(live, CLUSTER_SPEC, None, None)
    wish: Json = {"networkPolicy": {}, "workerGroupSpecs": [{"groupName": "a"}]}
    assert overlay(live, wish, CLUSTER_SPEC, record) == live


def test_an_empty_text_does_not_fight_with_the_default() -> None:
    def volume(**source: str) -> Json:
        return _pod(volumes=[{"name": "v", "rbd": {"image": "i", **source}}])

    assert overlay(volume(pool="rbd"), volume(pool=""), POD_TEMPLATE, None) == volume(pool="rbd")
    assert overlay(volume(pool="other"), volume(pool=""), POD_TEMPLATE, None) == volume(pool="")


_PROBE = {"periodSeconds": 5}


@pytest.mark.parametrize(
    ("live", "wish", "left"),
    [
        (
            {"env": [{"name": "A", "value": "1"}]},
            {"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "p"}}}]},
            {"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "p"}}}]},
        ),
        (
            {"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}]},
            {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}}]},
            {"env": [{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}}]},
        ),
        (
            {"livenessProbe": {"grpc": {"port": 1, "service": ""}, **_PROBE}},
            {"livenessProbe": {"exec": {"command": ["true"]}}},
            {"livenessProbe": {"exec": {"command": ["true"]}, **_PROBE}},
        ),
        (
            {"lifecycle": {"preStop": {"sleep": {"seconds": 1}}}},
            {"lifecycle": {"preStop": {"exec": {"command": ["true"]}}}},
            {"lifecycle": {"preStop": {"exec": {"command": ["true"]}}}},
        ),
    ],
)
def test_one_of_several_takes_the_place_of_another(live: Json, wish: Json, left: Json) -> None:
    def pod(container: Json) -> Json:
        return _pod(containers=[{"name": "ray", **container}])

    assert overlay(pod(live), pod(wish), POD_TEMPLATE, None) == pod(left)
    assert overlay(pod(live), pod({}), POD_TEMPLATE, None) == pod(live)


def test_a_volume_has_one_source() -> None:
    rbd, empty = {"name": "v", "rbd": {"image": "i", "pool": "rbd"}}, {"name": "v", "emptyDir": {}}
    nfs = {"name": "w", "nfs": {"server": "s", "path": "p"}}
    assert overlay(_pod(volumes=[rbd, nfs]), _pod(volumes=[empty]), POD_TEMPLATE, None) == _pod(volumes=[empty, nfs])


def test_no_storage_class_is_another_wish_than_the_default_one() -> None:
    def claim(**fields: Any) -> Json:
        template = {"spec": {"accessModes": ["ReadWriteOnce"], **fields}}
        return _pod(volumes=[{"name": "v", "ephemeral": {"volumeClaimTemplate": template}}])

    assert overlay(claim(), claim(storageClassName=""), POD_TEMPLATE, None) == claim(storageClassName="")


def _containers(*names: str) -> Json:
    return _pod(containers=[{"name": name} for name in names])


@pytest.mark.parametrize(
    ("ours", "live", "wish", "target"),
    [
        # Ray's container is the first one, whatever others have put beside the one that it takes the place of.
        (["ray"], ["ray", "theirs"], ["other"], ["other", "theirs"]),
        (["ray", "side"], ["ray", "side", "theirs"], ["other"], ["other", "theirs"]),
        (["ray"], ["theirs", "ray"], ["other"], ["theirs", "other"]),
        (["ray"], ["ray", "theirs"], ["ray", "new"], ["ray", "theirs", "new"]),
        (["a", "b"], ["a", "theirs", "b"], ["b", "a"], ["b", "theirs", "a"]),
        (["a"], ["a", "theirs"], ["first", "a"], ["first", "theirs", "a"]),
        ([], ["theirs"], ["new"], ["theirs", "new"]),
    ],
)
def test_containers_stand_in_the_order_of_the_wish(
    ours: list[str], live: list[str], wish: list[str], target: list[str]
) -> None:
    record = make_record(_containers(*ours), POD_TEMPLATE, None, None)
    assert overlay(_containers(*live), _containers(*wish), POD_TEMPLATE, record) == _containers(*target)
