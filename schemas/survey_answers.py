"""``survey_answers``: one per option row of a questionnaire."""

from __future__ import annotations

from pydantic import Field

from schemas.fields import CountField, Label, LabelField, QuantityField, Record, TextField
from schemas.relations import AtMost, FindingKind, Ratio
from schemas.similarity import Similarity


class SurveyAnswer(Record):
    """How many respondents chose an option."""

    survey: TextField = Field(default=None, title="问卷", description="title of the questionnaire")
    question_no: LabelField = Field(default=None, title="题号", description="bare number as printed")
    question: TextField = Field(default=None, title="题目", description="the question, verbatim, without its number")
    option: Label = Field(title="选项", min_length=1, description="the option as printed")
    count: CountField = Field(default=None, title="小计", description="how many chose it")
    share: QuantityField = Field(default=None, title="比例", description="their share as printed")
    respondents: CountField = Field(default=None, title="有效填写人次", description="valid answers to the question")


RELATIONS = (
    AtMost("count_within_respondents", "count", "respondents", FindingKind.COUNT),
    Ratio("share_of_respondents", stated="share", part="count", whole="respondents"),
)
SIMILARITY = Similarity((("option", 3), ("question_no", 2), ("question", 2), ("survey", 2), ("count", 1)), span=2)
