"""``projects``: one per project (项目/专项资金) with money of its own."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.fields import Label, LabelField, MoneyField, QuantityField, Record, Sort, TextField
from schemas.relations import AtMost, Ratio, Sum
from schemas.similarity import Similarity


class FundLevel(StrEnum):
    """Whose money a project spends."""

    OWN = "own"
    SUPERIOR = "superior"


class Project(Record):
    """A project: its budget, its spending, what it did and what came of it."""

    section: TextField = Field(default=None, title="所在章节", description="heading or table caption it stands under")
    seq: LabelField = Field(default=None, title="序号", description="bare number as printed, e.g. 1 or 2.1, else null")
    name: Label = Field(title="项目名称", min_length=1, description="name as printed, without list marks")
    fund_level: Annotated[FundLevel | None, Sort.CODE] = Field(
        default=None, title="资金级次", description="own 本级资金, superior 上级资金, null where the text does not say"
    )
    initial_budget: MoneyField = Field(default=None, title="年初预算数", description="budget at the start of the year")
    supplementary_budget: MoneyField = Field(default=None, title="追加预算数", description="budget added in the year")
    full_year_budget: MoneyField = Field(default=None, title="全年预算数", description="budget of the whole year")
    fiscal_appropriation: MoneyField = Field(default=None, title="财政拨款", description="of it from the treasury")
    other_funds: MoneyField = Field(default=None, title="其他资金", description="of it from other sources")
    executed: MoneyField = Field(default=None, title="全年执行数", description="amount spent")
    execution_rate: QuantityField = Field(default=None, title="执行率", description="stated rate of execution")
    satisfaction: QuantityField = Field(default=None, title="满意度", description="satisfaction of those served")
    implementation: TextField = Field(default=None, title="实施情况", description="what was done, verbatim")
    outcome: TextField = Field(default=None, title="产生的效益", description="what came of it, verbatim")
    unfinished_reason: TextField = Field(default=None, title="未完成原因", description="why it is unfinished, verbatim")
    status: TextField = Field(default=None, title="完成情况", description="cell of 备注 or 完成情况, verbatim")


RELATIONS = (
    Ratio("execution_rate", stated="execution_rate", part="executed", whole="full_year_budget"),
    Sum(
        "budget_parts",
        total="full_year_budget",
        parts=("fiscal_appropriation", "other_funds"),
        may_be_absent=("other_funds",),
    ),
    Sum("budget_build_up", total="full_year_budget", parts=("initial_budget", "supplementary_budget")),
    AtMost("executed_within_budget", low="executed", high="full_year_budget"),
)
SIMILARITY = Similarity((("name", 5), ("section", 1), ("seq", 1)), span=2, threshold=0.6)
