"""``budget_facts``: figures about the department's own money, people and assets."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from schemas.fields import LabelField, Record, Sort
from schemas.relations import Balance, FindingKind
from schemas.similarity import Similarity
from schemas.units import money_exponent
from schemas.values import FIRST_YEAR, LAST_YEAR, Number


class Measure(StrEnum):
    """What a budget fact measures."""

    INITIAL_BUDGET = "initial_budget"
    CARRIED_IN = "carried_in"
    SUPPLEMENTARY = "supplementary"
    REDUCTION = "reduction"
    ADJUSTMENT = "adjustment"
    FULL_YEAR_BUDGET = "full_year_budget"
    RECEIVED = "received"
    EXECUTED = "executed"
    CARRIED_OUT = "carried_out"
    CHANGE = "change"
    RATE = "rate"
    HEADCOUNT = "headcount"
    ASSETS = "assets"


_AMOUNTS = frozenset(Measure) - {Measure.CHANGE, Measure.RATE, Measure.HEADCOUNT, Measure.ASSETS}
"""The measures that are always amounts of money."""


def can_be_in(measure: Measure, unit: str | None) -> bool:
    """Whether a figure of a measure can have a unit: 2.6万亩 were never received."""
    return measure not in _AMOUNTS or unit is None or money_exponent(unit) is not None


class BudgetFact(Record):
    """One figure of the department: budget, income, expenditure, balance, change, rate, headcount or assets."""

    path: Annotated[tuple[str, ...], Sort.LABELS] = Field(
        min_length=1,
        title="科目路径",
        description='labels from general to specific as printed, e.g. ["支出", "基本支出", "人员经费"], without list '
        "marks and 其中; start with 收入, 支出, 预算, 三公经费, 政府采购, 人员, 资产, 结转结余 or 资金 where the first "
        "printed label does not say it already",
    )
    measure: Annotated[Measure, Sort.CODE] = Field(
        title="口径",
        description="initial_budget 年初预算, carried_in 年初结转, supplementary 追加, reduction 调减, adjustment 调整净额, "
        "full_year_budget 全年或调整后预算, received 收入/到位/下达, executed 支出/执行/决算, carried_out 年末结转结余, "
        "change 增减额, rate 比率或增幅, headcount 人数, assets 资产",
    )
    year: Annotated[int | None, Sort.YEAR] = Field(
        default=None,
        ge=FIRST_YEAR,
        le=LAST_YEAR,
        title="年度",
        description="the fiscal year unless the text says another",
    )
    org: LabelField = Field(
        default=None, title="单位", description="sub-unit the figure belongs to, as printed, else null"
    )
    value: Annotated[Number, Sort.NUMBER] = Field(title="数值", description="the number exactly as printed")
    unit: Annotated[str | None, Sort.LABEL] = Field(
        default=None,
        title="计量单位",
        description="unit printed with the number or declared by header or caption, else null",
    )

    @model_validator(mode="after")
    def _is_money(self) -> Self:
        if not can_be_in(self.measure, self.unit):
            raise ValueError(f"{self.measure} is an amount of money, {self.unit} is no unit of it")
        return self


RELATIONS = (
    Balance(
        "full_year_build_up",
        total="full_year_budget",
        plus=("initial_budget", "carried_in", "supplementary"),
        minus=("reduction",),
        may_be_absent=("carried_in", "reduction"),
        may_be_included=("carried_in",),
    ),
    Balance(
        "full_year_adjusted",
        total="full_year_budget",
        plus=("initial_budget", "carried_in", "adjustment"),
        may_be_absent=("carried_in",),
        may_be_included=("carried_in",),
    ),
    Balance(
        "carried_out_of_budget",
        total="carried_out",
        plus=("full_year_budget",),
        minus=("executed",),
        kind=FindingKind.DIFFERENCE,
    ),
    Balance(
        "carried_out_of_income",
        total="carried_out",
        plus=("carried_in", "received"),
        minus=("executed",),
        may_be_absent=("carried_in",),
        may_be_included=("carried_in",),
        kind=FindingKind.DIFFERENCE,
    ),
)
SIMILARITY = Similarity((("path", 4), ("measure", 2), ("year", 1), ("org", 1), ("value", 3)), span=4, threshold=0.58)
