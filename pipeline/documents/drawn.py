"""Documents: paragraphs and drawn tables in reading order, tables inside cells included, on their way to the text."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.documents.canonical import CanonicalWriter, DrawnCell

_LAYOUT_CELLS = 6
"""A table with tables inside and fewer filled cells than this places things on the page and holds no data."""
_LONG_CELL = 1_500
"""Characters of a cell that holds a report's prose rather than a table's entry."""


@dataclass(slots=True)
class Flow:
    """Paragraphs and tables of a page or of one cell."""

    items: list[str | DrawnTable] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """Its paragraphs."""
        return [item for item in self.items if isinstance(item, str)]

    @property
    def tables(self) -> list[DrawnTable]:
        """Its tables."""
        return [item for item in self.items if isinstance(item, DrawnTable)]

    def add(self, table: DrawnTable) -> None:
        """Adds a table, or the contents of its cells where it only places things on the page."""
        if table.is_layout:
            self.items += [item for _, inner in table.cells for item in inner.items]
        else:
            self.items.append(table)

    def write(self, writer: CanonicalWriter) -> None:
        """Writes everything in reading order; tables inside a table's cells follow it."""
        for item in self.items:
            if isinstance(item, str):
                writer.paragraph(item)
                continue
            for cell, inner in item.cells:
                cell.lines = inner.lines
            writer.table([cell for cell, _ in item.cells])
            for _, inner in item.cells:
                Flow([*inner.tables]).write(writer)


@dataclass(slots=True)
class DrawnTable:
    """The cells of a table with what stands in each."""

    cells: list[tuple[DrawnCell, Flow]] = field(default_factory=list)

    @property
    def is_layout(self) -> bool:
        """Whether the table only places things on the page."""
        filled = [flow for _, flow in self.cells if flow.items]
        if any(flow.tables for flow in filled):
            return len(filled) < _LAYOUT_CELLS
        return len(filled) <= 3 and any(
            len(flow.items) >= 8 and sum(map(len, flow.lines)) > _LONG_CELL for flow in filled
        )
