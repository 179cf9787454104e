"""Checking: questionnaires: the answers to a question of which each respondent chose one, against the respondents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import check_ratio, check_sum, exactly, ratio_value
from pipeline.checking.scene import Figure, Item, Scene, digits
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, Severity
from schemas.relations import FindingKind
from schemas.survey_answers import SurveyAnswer

_QUESTION = 120
"""Characters before a question's first option in which its kind (单选) is told."""
_BEARING = 2
"""Questions of a survey whose answers make up its respondents, which show that each asks for one answer."""
_NEAR = 10
"""Answers that miss the respondents by less than a tenth of them miss them by mistake, and by no second choice."""
_HUNDRED = exactly(Decimal(100))


class Question(NamedTuple):
    """A question with its options, their counts and its respondents."""

    members: Sequence[Item]
    counts: Sequence[Figure]
    respondents: Figure

    @property
    def computed(self) -> Decimal:
        """All its answers."""
        return sum((c.interval.value for c in self.counts), start=Decimal(0))

    @property
    def fits(self) -> bool:
        """Whether its answers make up its respondents."""
        return self.computed == self.respondents.interval.value


def check_answers(scene: Scene) -> Iterator[Finding]:
    """The answers to each question against its respondents.

    Precondition: every option has a count; and either the question is marked 单选 just before its first option and its
    shares add up to 100%, so that no option is missing, or two other questions of the survey add up and this one nearly
    does.
    """
    surveys: dict[tuple[str, str | None], list[Question]] = defaultdict(list)
    yield from _shares(scene)
    for members in _questions(scene):
        counts = [i.figures["count"] for i in members if "count" in i.figures]
        respondents = next((i.figures["respondents"] for i in members if "respondents" in i.figures), None)
        if respondents is not None and len(counts) == len(members) > 1:
            record = members[0].grounded.record
            assert isinstance(record, SurveyAnswer)
            surveys[(members[0].report, record.survey)].append(Question(members, counts, respondents))
    for questions in surveys.values():
        fitting = sum(q.fits for q in questions)
        for question in questions:
            if question.fits:
                continue
            if _is_marked(scene, question):
                yield _finding(question, FindingKind.COUNT, "survey_answers.single_choice")
            elif fitting >= _BEARING and _is_near(question):
                yield _finding(question, FindingKind.SUM, "survey_answers.as_others")


def _shares(scene: Scene) -> Iterator[Finding]:
    """Each option's share against its count and the respondents.

    Precondition: three quarters of the survey's options, and two at least, have the share that follows; 0 and 100% bear out
    nothing.
    """
    surveys: dict[tuple[str, str | None], list[tuple[Figure, Figure, Figure]]] = defaultdict(list)
    for item in scene.survey_answers:
        record = item.grounded.record
        assert isinstance(record, SurveyAnswer)
        share, count, all_counted = (item.figures.get(name) for name in ("share", "count", "respondents"))
        if share is None or count is None or all_counted is None or share.literal.unit not in {"%", "％"}:
            continue
        if share.interval.value not in {_HUNDRED.value, Decimal(0)}:
            surveys[(item.report, record.survey)].append((share, count, all_counted))
    for (report, _), rows in surveys.items():
        broken = [(s, c, n) for s, c, n in rows if check_ratio(s.interval, c.interval, n.interval).broken]
        if len(rows) - len(broken) >= _BEARING and len(broken) * 4 <= len(rows):
            yield from (_share(report, *row) for row in broken)


def _share(report: str, share: Figure, count: Figure, all_counted: Figure) -> Finding:
    decimals = max(2, share.literal.decimals)
    value = f"{ratio_value(count.interval.value, all_counted.interval.value, decimals)}%"
    stated = f"{digits(share)}%"
    return make(
        FindingKind.RATIO,
        "survey_answers.share",
        report,
        Text(
            f"{digits(count)}÷{digits(all_counted)}＝{value}，印为{stated}",
            f"{digits(count)} of {digits(all_counted)} are {value}, but {stated} is printed",
        ),
        stated=stated,
        computed=value,
        literals=[share.plays("stated"), count.plays("part"), all_counted.plays("whole")],
    )


def _is_marked(scene: Scene, question: Question) -> bool:
    members = question.members
    shares = [i.figures["share"].interval for i in members if "share" in i.figures]
    if len(shares) < len(members) or check_sum(_HUNDRED, shares).broken:
        return False
    return words().single_choice.search(scene.places.before(members[0].start, _QUESTION)) is not None


def _is_near(question: Question) -> bool:
    stated = question.respondents.interval.value
    return abs(question.computed - stated) * _NEAR < stated


def _questions(scene: Scene) -> Iterator[list[Item]]:
    """The options of each question: those that follow one another under one number."""
    members: list[Item] = []
    last: tuple[str, str | None, str | None] | None = None
    for item in scene.survey_answers:
        record = item.grounded.record
        assert isinstance(record, SurveyAnswer)
        question = (item.report, record.survey, record.question_no)
        if question != last and members:
            yield members
            members = []
        members.append(item)
        last = question
    if members:
        yield members


def _finding(question: Question, kind: FindingKind, relation: str) -> Finding:
    respondents, counts, computed = question.respondents, question.counts, str(question.computed)
    return make(
        kind,
        relation,
        question.members[0].report,
        Text(
            f"各选项人数{'＋'.join(digits(c) for c in counts)}＝{computed}，有效填写人次为{digits(respondents)}",
            f"the answers add up to {computed}, the respondents are {digits(respondents)}",
        ),
        stated=digits(respondents),
        computed=computed,
        severity=Severity.WARNING,
        literals=[respondents.plays("total"), *(c.plays("part") for c in counts)],
    )
