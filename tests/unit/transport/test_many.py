# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading many objects: which lists are read, how far, and what they answer."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.kuberay.core.plugins.module_utils._errors import ApiError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Page, Ref, Selection
from ansible_collections.kuberay.core.plugins.module_utils._transport.many import WORTH, Listed, listed

Json = dict[str, Any]


def thing(name: str) -> Json:
    return {"metadata": {"name": name}}


class Shelf:
    """Lists objects in the order of their names, as a server does; ``pages`` are the limits that were asked for."""

    name, default_namespace = "kubernetes", "ray"

    def __init__(self, *names: str, status: int = 0) -> None:
        self.names = sorted(names)
        self.status = status
        self.pages: list[int] = []
        self.reads: list[str] = []

    def page(self, _selection: Selection, limit: int, rest: str = "") -> Page:
        if self.status and len(self.pages) >= bool(rest):
            self.pages.append(limit)
            raise ApiError("no", status=self.status)
        self.pages.append(limit)
        begin = int(rest or 0)
        left = len(self.names) - begin - limit
        items = [thing(name) for name in self.names[begin : begin + limit]]
        return Page(items, str(begin + limit) if left > 0 else "", max(left, 0))

    def read(self, ref: Ref) -> Json:
        self.reads.append(ref.name)
        return {"read": "again"}

    def __getattr__(self, name: str) -> Any:
        return lambda *_arguments, **_options: name


def names(count: int, word: str = "n") -> list[str]:
    return [f"{word}{number:05}" for number in range(count)]


def read(shelf: Shelf, *wanted: str) -> dict[str, Any]:
    return listed(shelf, CLUSTER, "ray", wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize(("count", "pages"), [(2, 1), (20, 1), (300, 1), (500, 1), (501, 2), (1700, 4)])
def test_what_is_wanted_as_a_whole_is_read_by_full_pages(count: int, pages: int) -> None:
    shelf = Shelf(*names(count))
    assert read(shelf, *shelf.names) == {name: thing(name) for name in shelf.names}
    assert len(shelf.pages) == pages


def test_one_alone_is_not_listed() -> None:
    shelf = Shelf(*names(3))
    assert (read(shelf, "n00001"), shelf.pages) == ({}, [])


def test_what_a_whole_list_does_not_have_is_not_there() -> None:
    shelf = Shelf("a", "b")
    assert read(shelf, "a", "x", "y") == {"a": thing("a"), "x": None, "y": None}


def test_a_few_of_very_many_are_left_to_single_reads_after_a_short_page() -> None:
    shelf = Shelf(*names(10_000))
    assert read(shelf, "n00001", "n08000", "n09000") == {"n00001": thing("n00001")}
    assert shelf.pages == [3 * WORTH]


def test_a_list_is_left_when_all_are_found() -> None:
    shelf = Shelf(*names(10_000))
    assert len(read(shelf, *names(40))) == 40
    assert shelf.pages == [500]


def test_new_objects_beside_few_others_are_known_to_be_missing() -> None:
    shelf = Shelf(*names(30))
    assert read(shelf, *names(300, "new")) == dict.fromkeys(names(300, "new"))
    assert len(shelf.pages) == 1


@pytest.mark.parametrize("status", [403, 410])
def test_a_list_that_is_not_given_is_no_failure(status: int) -> None:
    assert read(Shelf(*names(3), status=status), *names(3)) == {}


def test_any_other_refusal_is_one() -> None:
    with pytest.raises(ApiError):
        read(Shelf(*names(3), status=404), *names(3))


def test_what_was_listed_answers_one_read() -> None:
    shelf, ref = Shelf(), Ref(CLUSTER, "ray", "a")
    transport = Listed(shelf, {str(ref): thing("a"), "RayCluster ray/b": None}, None)  # type: ignore[arg-type]
    assert transport.read(Ref(CLUSTER, "ray", "b")) is None
    assert [transport.read(ref), transport.read(ref)] == [thing("a"), {"read": "again"}]
    assert shelf.reads == ["a"]
