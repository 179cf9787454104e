"""Benchmarks: large documents with their records: sentences of facts and numbered projects that all add up."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

from pipeline.flow import Document, Draft, Grounded, Layout, Segment
from schemas.budget_facts import BudgetFact, Measure
from schemas.projects import Project
from schemas.values import Literal, Money, Quantity, Span, UnitSource

_TEN = 10


class Maker:
    """Text and records written side by side."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.place = 0
        self.records: list[Grounded] = []

    def write(self, text: str) -> int:
        """Adds text; where it begins."""
        self.pieces.append(text)
        self.place += len(text)
        return self.place - len(text)

    def literal(self, field: str, value: str, unit: str, place: int) -> Literal:
        """The literal of a number at a place."""
        decimals = len(value.partition(".")[2])
        exponent = 4 if unit == "万元" else None
        span = Span(place, place + len(value))
        return Literal(field, value, Decimal(value), decimals, unit, span, UnitSource.ADJACENT, None, exponent, False)  # noqa: FBT003

    def keep(self, record: BudgetFact | Project, start: int, literals: tuple[Literal, ...]) -> None:
        """Adds a record."""
        kind = "projects" if isinstance(record, Project) else "budget_facts"
        span = Span(start, start + len(record.quote))
        self.records.append(
            Grounded(f"{len(self.records):x}", Draft(kind, record, "r1", ""), span, literals, Decimal(1))
        )

    def fact(self, path: tuple[str, ...], measure: Measure, value: str, unit: str = "万元") -> None:
        """Writes “label value unit” and keeps its fact."""
        label = path[-1]
        start = self.write(f"{label}{value}{unit}")
        record = BudgetFact(
            path=path, measure=measure, year=2022, value=value, unit=unit, quote=f"{label}{value}{unit}"
        )
        self.keep(record, start, (self.literal("value", value, unit, start + len(label)),))

    def project(self, section: str, number: int, name: str, value: str) -> None:
        """Writes a project with its budget, spending and rate."""
        head = f"{number}.{name}：全年预算数"
        start = self.write(head)
        first = self.write(value)
        self.write("万元，全年执行数")
        second = self.write(value)
        self.write("万元，执行率")
        third = self.write("100")
        self.write("%。\n")
        money = Money(value=value, unit="万元")
        rate = Quantity(text="100%", value="100", unit="%")
        record = Project(
            section=section,
            seq=str(number),
            name=name,
            full_year_budget=money,
            executed=money,
            execution_rate=rate,
            quote=head,
        )
        literals = (
            self.literal("full_year_budget", value, "万元", first),
            self.literal("executed", value, "万元", second),
            self.literal("execution_rate", "100", "%", third),
        )
        self.keep(record, start, literals)


def large(records: int) -> tuple[Document, Layout, tuple[Grounded, ...]]:
    """A document of a number of records: half of them facts in sentences with a head and parts, half projects."""
    maker = Maker()
    for i in range(records // _TEN):
        staff, rest = 100 + i % 977, 50 + i % 331
        subject = f"科目{i}支出"
        maker.fact((subject,), Measure.FULL_YEAR_BUDGET, f"{staff + rest}.50")
        maker.write("，")
        maker.fact((subject,), Measure.EXECUTED, f"{staff + rest}.50")
        maker.write("，其中")
        maker.fact((subject, "人员经费"), Measure.EXECUTED, f"{staff}.25")
        maker.write("、")
        maker.fact((subject, "公用经费"), Measure.EXECUTED, f"{rest}.25")
        maker.write("，")
        maker.fact((f"{subject}执行率",), Measure.RATE, "100", "%")
        maker.write("。\n")
        for k in range(_TEN // 2):
            maker.project(f"节{i}", k + 1, f"项目{i}号{k}", f"{staff}.00")
    text = "".join(maker.pieces)
    sha = hashlib.sha256(text.encode()).hexdigest()
    layout = Layout((), (Segment("r1", None, (Span(0, len(text)),)),), ())
    return Document(sha[:16], "made", Path("made.txt"), sha, "utf-8", text), layout, tuple(maker.records)
