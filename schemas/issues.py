"""``issues``: problems found and recommendations made."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.fields import LabelField, Record, Sort, Text
from schemas.similarity import Similarity


class IssueKind(StrEnum):
    """Whether something is found wrong or proposed."""

    PROBLEM = "problem"
    RECOMMENDATION = "recommendation"


class Issue(Record):
    """A problem (存在的问题) or a recommendation (建议、改进措施)."""

    kind: Annotated[IssueKind, Sort.CODE] = Field(
        title="类型", description="problem 问题, recommendation 建议或改进措施"
    )
    category: LabelField = Field(default=None, title="类别", description="group it stands in as printed, else null")
    title: LabelField = Field(default=None, title="小标题", description="its own heading as printed, else null")
    text: Text = Field(
        title="内容", min_length=1, description="the whole statement, verbatim, without 一是 and list marks"
    )


RELATIONS = ()
SIMILARITY = Similarity((("text", 4), ("title", 1), ("kind", 1)), span=2, threshold=0.55)
