"""``indicators``: one per row of an indicator table (绩效指标)."""

from __future__ import annotations

from pydantic import Field

from schemas.fields import LabelField, NumberField, QuantityField, Record, TextField
from schemas.relations import AtMost, FindingKind
from schemas.similarity import Similarity


class Indicator(Record):
    """A performance indicator with its target, actual value, weight and score."""

    table: TextField = Field(default=None, title="所在表", description="caption or heading of the table")
    level1: LabelField = Field(
        default=None, title="一级指标", description="first-level name, carried down merged cells"
    )
    level2: LabelField = Field(default=None, title="二级指标", description="second-level name")
    level3: LabelField = Field(default=None, title="三级指标", description="third-level name")
    level4: LabelField = Field(default=None, title="四级指标", description="fourth-level name")
    target: QuantityField = Field(default=None, title="年度指标值", description="target")
    actual: QuantityField = Field(default=None, title="实际完成值", description="value reached")
    weight: NumberField = Field(default=None, title="分值", description="full marks of the row")
    score: NumberField = Field(default=None, title="得分", description="marks given")
    deviation_reason: TextField = Field(default=None, title="偏差原因", description="reason for deviation or deduction")


RELATIONS = (AtMost("score_within_weight", "score", "weight", FindingKind.SCORE_SUM),)
SIMILARITY = Similarity(
    ((("level4", "level3", "level2", "level1"), 4), ("table", 1), ("target", 1), ("actual", 1)), span=4, threshold=0.55
)
