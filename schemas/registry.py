"""The eight record types by name; a new type is a model of its own module and one line here."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from schemas import budget_facts, indicators, issues, projects, reports, score_lines, survey_answers, tasks
from schemas.fields import FieldInfo, Record, fields_of
from schemas.relations import Relation
from schemas.similarity import Similarity

SCHEMA_VERSION = 1
"""Raised when a record type changes so that stored records must be read again."""


@dataclass(frozen=True, slots=True)
class RecordType:
    """A record type: its name in JSON and SQL, its model, what it promises and how it is matched."""

    name: str
    term: str
    model: type[Record]
    relations: tuple[Relation, ...]
    similarity: Similarity
    label_field: str
    exact_fields: frozenset[str] = frozenset()

    @property
    def fields(self) -> tuple[FieldInfo, ...]:
        """The fields in their order, without the quote."""
        return fields_of(self.model)


def _type(
    name: str, term: str, model: type[Record], module: ModuleType, label_field: str, exact: tuple[str, ...] = ()
) -> RecordType:
    return RecordType(name, term, model, module.RELATIONS, module.SIMILARITY, label_field, frozenset(exact))


RECORD_TYPES: dict[str, RecordType] = {
    t.name: t
    for t in (
        _type("reports", "报告", reports.Report, reports, "title", ("score", "max_score")),
        _type("budget_facts", "收支事实", budget_facts.BudgetFact, budget_facts, "path"),
        _type("projects", "项目", projects.Project, projects, "name"),
        _type("indicators", "绩效指标", indicators.Indicator, indicators, "level3", ("weight", "score")),
        _type("score_lines", "得分汇总", score_lines.ScoreLine, score_lines, "name", ("weight", "score")),
        _type("tasks", "年度任务", tasks.Task, tasks, "task"),
        _type("issues", "问题和建议", issues.Issue, issues, "text"),
        _type(
            "survey_answers",
            "问卷结果",
            survey_answers.SurveyAnswer,
            survey_answers,
            "option",
            ("count", "respondents"),
        ),
    )
}
