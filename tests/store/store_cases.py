"""Builders of what the stations hand to the store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.flow import (
    Chunk,
    ChunkOutcome,
    Decision,
    Document,
    Draft,
    Extraction,
    Finding,
    FindingLiteral,
    Grounded,
    OutcomeStatus,
    Rejection,
    Severity,
    Status,
    Unclaimed,
    Verdict,
)
from pipeline.store import Reading, Store
from schemas.fields import Sort, fields_of
from schemas.registry import RECORD_TYPES
from schemas.relations import FindingKind
from schemas.units import money_exponent
from schemas.values import Literal, Span, UnitSource

TEXT = (
    "云台县工业局2022年度部门整体支出绩效自评报告\n"
    "全年预算数1566.73万元，全年执行数1204.30万元，预算完成率76.87%。\n"
    "1.磷石膏综合利用项目𠮷：全年预算数1798万元，全年执行数899.50万元，执行率50.03%。\n"
    "2.空置项目：全年预算数0万元，全年执行数0万元。\n"
    "产品合格率：目标≥95.50%，实际96%，分值10分，得分9.5分。\n"
    "另有结余12.5万元未列明。\n"
)


class Maker:
    """Builds documents, decisions, findings and readings by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def document(self, text: str = TEXT, name: str = "yuntai-2022", folder: str = "reports") -> Document:
        sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        path = self.folder / folder / f"{name}.txt"
        return Document(f"d{sha256[:15]}", name, path, sha256, "utf-8", text)

    def span(self, document: Document, printed: str) -> Span:
        start = document.text.index(printed)
        return Span(start, start + len(printed))

    def decision(
        self,
        document: Document,
        record_type: str,
        quote: str,
        *,
        status: Status = Status.ACCEPTED,
        report_id: str = "r1",
        record_id: str | None = None,
        chunk_id: str = "c1",
        **fields: Any,
    ) -> Decision:
        """A decided record; its figures stand in the text from the quote on, in the order of its fields."""
        model = RECORD_TYPES[record_type].model
        record = model.model_validate({**fields, "quote": quote})
        where = self.span(document, quote)
        literals: list[Literal] = []
        for info in fields_of(model):
            value = getattr(record, info.name)
            if value is None or info.sort not in {Sort.MONEY, Sort.QUANTITY, Sort.NUMBER}:
                continue
            number = value if isinstance(value, str) else value.value
            if number is None:
                continue
            unit = getattr(record, "unit", None) if isinstance(value, str) else value.unit
            at = document.text.index(number, literals[-1].span.stop if literals else where.start)
            span = Span(at, at + len(number))
            literals.append(self.literal(document, info.name, number, unit, span))
        key = f"{document.document_id}{record_type}{where}{quote}"
        grounded = Grounded(
            record_id or hashlib.sha256(key.encode()).hexdigest()[:16],
            Draft(record_type, record, report_id, chunk_id),
            where,
            tuple(literals),
            Decimal(1),
        )
        return Decision(grounded, status)

    def literal(self, document: Document, field: str, number: str, unit: str | None, span: Span) -> Literal:
        decimals = len(number.partition(".")[2])
        source = UnitSource.ADJACENT if unit else UnitSource.NONE
        unit_span = Span(span.stop, span.stop + len(unit)) if unit else None
        exponent = money_exponent(unit)
        printed = document.slice(span)
        return Literal(field, printed, Decimal(number), decimals, unit, span, source, unit_span, exponent, exact=False)

    def chunk(self, document: Document, chunk_id: str = "c1", index: int = 0) -> Chunk:
        whole = Span(0, len(document.text))
        return Chunk(chunk_id, index, "r1", whole, (), ("一、总体情况",), "", ("projects", "budget_facts"))

    def finding(self, decision: Decision, roles: Mapping[str, str], **changes: Any) -> Finding:
        """A ratio finding on the figures of a record: ``roles`` gives the part that each field plays."""
        literals = []
        for field, role in roles.items():
            literal = decision.grounded.literal(field)
            assert literal is not None
            literals.append(FindingLiteral(role, literal.span, literal.printed, decision.grounded.record_id, field))
        values: dict[str, Any] = {
            "kind": FindingKind.RATIO,
            "severity": Severity.ERROR,
            "verdict": Verdict.INCONSISTENT,
            "relation": "execution_rate",
            "report_id": "r1",
            "message": "执行率不符",
            "message_en": "The rate does not follow.",
            "stated": "50.03%",
            "computed": "50.0278%",
            "slack": Decimal("0.005"),
            "literals": tuple(literals),
        }
        return Finding(**{**values, **changes})

    def reading(
        self,
        document: Document,
        decisions: Sequence[Decision] = (),
        *,
        extractor: str = "offline",
        chunks: Sequence[Chunk] | None = None,
        extraction: Extraction | None = None,
        **parts: Any,
    ) -> Reading:
        chunks = [self.chunk(document)] if chunks is None else chunks
        outcome = OutcomeStatus.DONE if decisions else OutcomeStatus.EMPTY
        outcomes = tuple(ChunkOutcome(c.chunk_id, outcome, len(decisions)) for c in chunks)
        return Reading(document, chunks, extraction or Extraction(extractor, (), (), outcomes), decisions, **parts)

    def sample(self, document: Document | None = None, extractor: str = "offline") -> Reading:
        """A reading with a row for every table that a reading fills but llm_calls."""
        document = document or self.document()
        report = self.decision(
            document,
            "reports",
            "云台县工业局2022年度部门整体支出绩效自评报告",
            kind="overall_self_evaluation",
            title="云台县工业局2022年度部门整体支出绩效自评报告",
            department="云台县工业局",
            fiscal_year=2022,
        )
        facts = [
            self.decision(
                document, "budget_facts", quote, path=path, measure=measure, value=value, unit=unit, year=2022
            )
            for quote, path, measure, value, unit in (
                ("全年预算数1566.73万元", ("全年预算数",), "full_year_budget", "1566.73", "万元"),
                ("全年执行数1204.30万元", ("支出", "全年执行数"), "executed", "1204.30", "万元"),
                ("预算完成率76.87%", ("预算完成率",), "rate", "76.87", "%"),
            )
        ]
        gypsum = self.decision(
            document,
            "projects",
            "磷石膏综合利用项目𠮷：全年预算数1798万元，全年执行数899.50万元，执行率50.03%",
            name="磷石膏综合利用项目𠮷",
            full_year_budget={"value": "1798", "unit": "万元"},
            executed={"value": "899.50", "unit": "万元"},
            execution_rate={"text": "50.03%", "value": "50.03", "unit": "%"},
            status=Status.FLAGGED,
        )
        idle = self.decision(
            document,
            "projects",
            "空置项目：全年预算数0万元，全年执行数0万元",
            name="空置项目",
            full_year_budget={"value": "0", "unit": "万元"},
            executed={"value": "0", "unit": "万元"},
        )
        indicator = self.decision(
            document,
            "indicators",
            "产品合格率：目标≥95.50%，实际96%，分值10分，得分9.5分",
            level1="产出指标",
            level3="产品合格率",
            target={"text": "≥95.50%", "op": "≥", "value": "95.50", "unit": "%"},
            actual={"text": "96%", "value": "96", "unit": "%"},
            weight="10",
            score="9.5",
        )
        finding = self.finding(gypsum, {"execution_rate": "stated", "executed": "part", "full_year_budget": "whole"})
        left = self.span(document, "12.5")
        return self.reading(
            document,
            [report, *facts, gypsum, idle, indicator],
            extractor=extractor,
            rejections=(Rejection("tasks", "r1", "c1", "quote", "quote not found", '{"task": "x"}'),),
            findings=(finding,),
            unclaimed=(Unclaimed("money", left, "12.5", "c1"),),
        )


Dump = Callable[[Store], dict[str, list[tuple[Any, ...]]]]
