"""``tasks``: annual tasks and overall goals stated as text."""

from __future__ import annotations

from pydantic import Field

from schemas.fields import LabelField, Record, Text, TextField
from schemas.similarity import Similarity


class Task(Record):
    """An annual task (年度工作任务) or overall goal, and how far it was reached."""

    section: TextField = Field(default=None, title="所在章节", description="heading or table it stands under")
    seq: LabelField = Field(default=None, title="序号", description="bare number as printed, else null")
    task: Text = Field(title="任务", min_length=1, description="the task, verbatim")
    completion: TextField = Field(default=None, title="完成情况", description="how far it was reached, verbatim")
    reason: TextField = Field(default=None, title="未完成原因", description="why it was not, verbatim")


RELATIONS = ()
SIMILARITY = Similarity((("task", 5), ("section", 1), ("seq", 1)), span=2, threshold=0.6)
