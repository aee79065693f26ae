# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables: aligned for a terminal, and as reStructuredText for the docs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = ".. The tables of make bench begin here.", ".. The tables of make bench end here."


@dataclass(frozen=True)
class Table:
    """A table of texts; columns after the first ``words`` hold numbers."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int = 1

    def aligned(self) -> str:
        """For a terminal."""
        lines = [self.head, *self.rows]
        widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
        shown = ["  ".join(map(self._cell, range(len(widths)), widths, line)).rstrip() for line in lines]
        return "\n".join([self.title, "-" * len(self.title), *shown])

    def _cell(self, column: int, width: int, text: str) -> str:
        return text.ljust(width) if column < self.words else text.rjust(width)

    def rst(self) -> str:
        """As a list-table."""
        lines = [f".. list-table:: {self.title}", "   :header-rows: 1", ""]
        for row in (self.head, *self.rows):
            lines += [f"   {'*' if not number else ' '} - {cell}".rstrip() for number, cell in enumerate(row)]
        return "\n".join(lines)


def put_into(page: Path, tables: Sequence[Table]) -> None:
    """Replace what stands between the page's two marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, mark, after = rest.partition(END)
    assert mark, f"{page} does not have the two marks"
    parts = [before + BEGIN, *(table.rst() for table in tables), END + after]
    page.write_text("\n\n".join(parts), encoding="utf-8")
