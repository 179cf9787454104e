"""``reports``: one per report inside the document."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.fields import LabelField, NumberField, Record, Sort, TextField
from schemas.relations import AtMost, FindingKind, Grade
from schemas.similarity import Similarity
from schemas.values import FIRST_YEAR, LAST_YEAR


class ReportKind(StrEnum):
    """Who evaluates what."""

    OVERALL = "overall_self_evaluation"
    SPECIAL_FUND = "special_fund_self_evaluation"
    THIRD_PARTY = "third_party_evaluation"


class Report(Record):
    """A report (报告): its title, department, year, and the score and grade that it gives."""

    kind: Annotated[ReportKind, Sort.CODE] = Field(
        title="报告类型",
        description="overall_self_evaluation 部门整体支出自评, special_fund_self_evaluation 专项或项目资金自评, "
        "third_party_evaluation 第三方或财政评价",
    )
    title: TextField = Field(default=None, title="标题", description="title as printed, line breaks removed")
    department: LabelField = Field(default=None, title="被评价单位", description="department as in title or cover")
    evaluator: LabelField = Field(
        default=None, title="评价机构", description="third party that evaluates; null for a self-evaluation"
    )
    fiscal_year: Annotated[int | None, Sort.YEAR] = Field(
        default=None, ge=FIRST_YEAR, le=LAST_YEAR, title="评价年度", description="year under evaluation"
    )
    score: NumberField = Field(default=None, title="得分", description="overall score that the report gives")
    max_score: NumberField = Field(default=None, title="满分", description="full marks of that score, where printed")
    grade: LabelField = Field(default=None, title="等级", description="优 良 中 差 as printed, without quotes")
    issued_on: Annotated[str | None, Sort.DATE] = Field(
        default=None,
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        title="日期",
        description="date of the report, as YYYY-MM-DD",
    )


RELATIONS = (
    AtMost("score_within_maximum", "score", "max_score", FindingKind.SCORE_SUM),
    # 财预〔2020〕10号: 90（含）-100分为优、80（含）-90分为良、60（含）-80分为中、60分以下为差
    Grade("grade_in_band", "score", "grade", "max_score", (("优", 90), ("良", 80), ("中", 60), ("差", 0))),
)
SIMILARITY = Similarity((("title", 2), ("department", 1), ("score", 1), ("kind", 1)), span=1, threshold=0.4)
