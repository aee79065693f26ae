# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any few fields of KubeRay's own RayCluster together, on a simulated API server and among other writers."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fields.exceptions import IMMUTABLE, NEEDED, WRITTEN_BACK, is_among
from tests.fields.meaning import dropped, meaning
from tests.fields.schema import Field
from tests.fields.values import put, samples
from tests.lab.operator.rewrite import rewrite
from tests.unit.others import added_to, after, without
from tests.unit.simulated import BOTH, every_field, made, needs_kuberays_own, plan, run, schema, sent_back, wished

pytestmark = pytest.mark.thorough
Json = dict[str, Any]
Values = dict[Field, Any]
PECULIAR = {**IMMUTABLE, **NEEDED, **WRITTEN_BACK}
FIELDS = {str(field): field for field in every_field() if not is_among(field, PECULIAR)} or {"none": Field((), {})}


@st.composite
def _values(draw: Any) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=6, unique=True))
    return {name: draw(st.sampled_from(samples(FIELDS[name]))) for name in names}


@st.composite
def _rewritten(draw: Any, live: Json) -> Json:
    """The object as it is, or after the operator or somebody else has sent all of it back."""
    how = draw(st.sampled_from([copy.deepcopy, rewrite, sent_back]))
    return dict(how(live))


def _spec(values: dict[str, Any]) -> Json:
    spec = copy.deepcopy(BOTH)
    for name, value in values.items():
        spec = put(spec, schema(), FIELDS[name].path, value)
    return spec


def _meant(live: Json) -> Any:
    """What an object asks for, without its zeros: the operator may have taken those."""
    return meaning(dropped(live["spec"], schema()), schema())


@needs_kuberays_own
@given(_values(), _values(), st.data())
def test_any_fields_are_set_changed_and_removed_among_other_writers(first: Json, second: Json, data: Any) -> None:
    server = made(_spec(first))
    added = data.draw(added_to(server.live, wished(_spec(first), None)))
    server.put(data.draw(_rewritten(after(server.live, added))))
    assert plan(server.live, _spec(first)).reasons() == []

    # Some of what was said is said again, maybe with another value; the rest is left out.
    again = data.draw(st.lists(st.sampled_from(sorted(first)), unique=True)) if first else []
    later = _spec({**{name: first[name] for name in again}, **second})
    run(server, later)
    kept = [one for one in added if one.is_to_stay(wished(later, None))]
    assert [one for one in kept if not one.holds(server.live)] == []
    assert _meant(without(server.live, kept)) == _meant(made(later).live)
    assert plan(data.draw(_rewritten(server.live)), later).reasons() == []
    server.live = without(server.live, kept)
    assert plan(server.live, later).reasons() == []
