# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What helm_release sees and shows, with kubernetes.core's modules played by a table."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from ansible.plugins.action import ActionBase
from ansible_collections.kuberay.core.plugins.action import helm_release

Json = dict[str, Any]
CHART = "kuberay-operator-1.7.0"
THING: Json = {"kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"b": "c"}}
HOOK: Json = {"kind": "Job", "metadata": {"name": "h", "annotations": {"helm.sh/hook": "test"}}}
VALUES: Json = {"replicas": 2}


class _Played:
    """An action whose modules answer from a table; ``asked`` is what they were given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, arguments: Json, answers: Json) -> None:
        self.asked: list[tuple[str, Json]] = []
        self.answers = answers
        monkeypatch.setattr(ActionBase, "run", lambda *_args, **_rest: {})
        self._task = SimpleNamespace(args=arguments)
        self._connection = SimpleNamespace(transport="local")

    def _execute_module(self, module_name: str, module_args: Json, **_rest: Any) -> Json:
        self.asked.append((module_name.rpartition(".")[2], module_args))
        answer: Json = self.answers[module_name.rpartition(".")[2]]
        return dict(answer)


def _release(monkeypatch: pytest.MonkeyPatch, live: Json | None, **arguments: Any) -> tuple[Json, Json]:
    """The result, and the values that Helm's module was given."""
    options = {"release_name": "r", "release_namespace": "n", "release_values": dict(VALUES)}
    answers = {"helm_info": {"status": live} if live else {}, "helm": {"changed": True}}
    asked = {"chart": CHART, "options": options, **arguments}
    action = type("Played", (_Played, helm_release.ActionModule), {})(monkeypatch, asked, answers)
    return action.run(), action.asked[1][1]["release_values"]


def _live(values: Json | None = None, *things: Json) -> Json:
    return {
        "chart": CHART,
        "revision": 4,
        "release_values": VALUES if values is None else values,
        "manifest": [*things],
    }


@pytest.mark.parametrize(
    ("live", "arguments", "mark"),
    [
        (None, {}, None),
        (_live(None, THING), {}, None),
        (_live(None, THING), {"rendered": yaml.safe_dump_all([HOOK, THING])}, None),
        (_live(None, THING), {"rendered": yaml.safe_dump({**THING, "data": {}})}, "4"),
        (_live({**VALUES, helm_release.MARK: "2"}, THING), {"rendered": yaml.safe_dump(THING)}, "2"),
        (_live({**VALUES, helm_release.MARK: "2"}, THING), {"rendered": yaml.safe_dump({**THING, "data": {}})}, None),
        (_live({"replicas": 1}, THING), {"rendered": yaml.safe_dump({**THING, "data": {}})}, None),
        ({**_live(None, THING), "chart": "other-1.0.0"}, {"rendered": "{}"}, None),
        (_live(None, THING), {"rendered": yaml.safe_dump(THING), "renew": True}, "4"),
    ],
)
def test_values_differ_where_only_the_objects_do(
    monkeypatch: pytest.MonkeyPatch, live: Json | None, arguments: Json, mark: str | None
) -> None:
    _, values = _release(monkeypatch, live, **arguments)
    assert values == (VALUES if mark is None else {**VALUES, helm_release.MARK: mark})


def test_the_diff_shows_values_but_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = _release(monkeypatch, _live({"env": {"SECURITY_TOKEN": "12345"}, "token": "hidden text"}))
    assert "replicas: 2" in result["diff"]["after"]
    assert "hidden text" not in str(result)


class _Text(str):
    """Such as ansible-core 2.16 has in place of texts."""

    __slots__ = ()


def test_the_diff_takes_ansibles_own_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    live = _live({"image": _Text("old")})
    result, _ = _release(monkeypatch, {**live, "chart": _Text("kuberay-operator-1.5.1")}, chart=_Text(CHART))
    assert "image: old" in result["diff"]["before"]
