"""``score_lines``: one per row of a score summary by first-level indicator, and its total row."""

from __future__ import annotations

from pydantic import Field

from schemas.fields import Label, NumberField, QuantityField, Record, TextField
from schemas.relations import AtMost, FindingKind, Ratio
from schemas.similarity import Similarity


class ScoreLine(Record):
    """A line of a score summary."""

    table: TextField = Field(default=None, title="所在表", description="caption or heading of the summary")
    name: Label = Field(title="指标", min_length=1, description="first-level indicator, or the total's label")
    weight: NumberField = Field(default=None, title="分值", description="full marks")
    score: NumberField = Field(default=None, title="得分", description="marks given")
    rate: QuantityField = Field(default=None, title="得分率", description="score in percent of the weight")


RELATIONS = (
    AtMost("score_within_weight", "score", "weight", FindingKind.SCORE_SUM),
    Ratio("score_rate", stated="rate", part="score", whole="weight"),
)
SIMILARITY = Similarity((("name", 4), ("table", 2), ("weight", 1), ("score", 1)), span=2, threshold=0.55)
