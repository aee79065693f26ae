# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of KubeRay's own RayCluster, one by one, on a simulated API server: set, changed, left out.

After each step the object has to be what the same wish makes from nothing, and the same wish again has to change
nothing: neither on the object as the server holds it, nor after somebody else has said it in another way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._plan.cluster import plan_cluster
from ansible_collections.kuberay.core.plugins.module_utils._plan.plan import RECORD_PATH, Plan

from tests.fields.exceptions import IMMUTABLE, NEEDED, WRITTEN_BACK, is_among
from tests.fields.meaning import meaning
from tests.fields.schema import Field
from tests.fields.server import Refused
from tests.fields.values import LEFT_OUT, put, said_as_text, samples
from tests.lab.operator.rewrite import rewrite
from tests.unit.simulated import BOTH, HEAD, blocks, made, needs_kuberays_own, plan, run, schema, sent_back, wished

pytestmark = pytest.mark.thorough
Json = dict[str, Any]


BLOCKS = blocks()


@needs_kuberays_own
@pytest.mark.parametrize("block", BLOCKS or ["none"])
def test_every_field_is_set_changed_and_removed_and_nothing_else_is(block: str) -> None:
    problems = [problem for field in BLOCKS[block] for problem in _Life(field).problems()]
    assert not problems, "\n".join(problems)


def _told(plan: Plan) -> list[Json]:
    """The reasons of a plan, without the bookkeeping."""
    return [reason for reason in plan.reasons() if reason["path"] != RECORD_PATH]


def _says_nothing(value: Any) -> bool:
    """Whether a value is empty to its ends."""
    return all(map(_says_nothing, value.values())) if isinstance(value, dict) else value in (None, "", [])


class _Life:
    """One field's life, and what went wrong in it."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._base = BOTH if field.path[0] == "workerGroupSpecs" else HEAD
        self._server = made(self._base)

    def problems(self) -> Iterator[str]:
        """What went wrong, in words."""
        values = samples(self._field)
        if is_among(self._field, NEEDED):
            yield from self._needed()
            values = [value for value in values if value]
        if is_among(self._field, IMMUTABLE):
            yield from self._refused(values[1])
            values = values[:1]
        for turn, value in enumerate(values):
            yield from self._step(f"{value!r}", self._wish(value))
            yield from self._same(f"{value!r}", value, said_as_text(self._field, value))
            if turn % 2 == 0:
                # The next change comes upon an object that somebody has sent back.
                self._server.live = sent_back(self._server.live)
        if not self._field.required and not is_among(self._field, NEEDED):
            yield from self._step("without it", self._wish(LEFT_OUT))
            yield from self._same("without it", LEFT_OUT, None)
        yield from self._step("without what is around it", self._base)

    def _wish(self, value: Any) -> Json:
        wish: Json = put(self._base, schema(), self._field.path, value)
        return wish

    def _step(self, name: str, spec: Json) -> Iterator[str]:
        """Bring the object there, and look at it from all sides."""
        server, wanted = self._server, meaning(made(spec).live["spec"], schema())
        before = meaning(server.live["spec"], schema())
        carried_out = run(server, spec)
        is_written_back = name.startswith("without") and is_among(self._field, WRITTEN_BACK)
        after = meaning(server.live["spec"], schema())
        if is_written_back:
            after = {key: value for key, value in after.items() if value is not False}
        if after != wanted:
            yield f"{self._field}, {name}: {after} is not {wanted}"
        told = _told(carried_out)
        if before == wanted:
            told = [one for one in told if not (_says_nothing(one["from"]) and _says_nothing(one["to"]))]
        if bool(told) != (before != wanted) and not is_written_back:
            yield f"{self._field}, {name}: told {told}"
        yield from self._unchanged(name, spec)

    def _unchanged(self, name: str, spec: Json) -> Iterator[str]:
        """The same wish changes nothing, however the object is spelled meanwhile."""
        live = self._server.live
        others = {"as it is": live, "as the operator writes it": rewrite(live), "sent back": sent_back(live)}
        wish = wished(spec, live)
        for how, other in others.items():
            if how == "as it is" or other != live:
                again = plan_cluster(other, wish, purge=True)
                if again.changed:
                    yield f"{self._field}, {name}, {how}: {again.reasons()}"

    def _same(self, name: str, value: Any, other: Any) -> Iterator[str]:
        """Another way of saying a value is the same wish."""
        if type(value) is not type(other) or value != other:
            again = plan(self._server.live, self._wish(other))
            if again.changed:
                yield f"{self._field}, {name} said as {other!r}: {again.reasons()}"

    def _refused(self, value: Any) -> Iterator[str]:
        try:
            run(made(self._wish(samples(self._field)[0])), self._wish(value))
        except Refused:
            return
        yield f"{self._field} is not immutable: it needs no exception"

    def _needed(self) -> Iterator[str]:
        try:
            wished(self._wish(LEFT_OUT), self._server.live)
        except OptionError:
            return
        yield f"{self._field} may be left out: it needs no exception"
