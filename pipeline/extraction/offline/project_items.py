"""Extraction, offline: ``projects`` stated as items or paragraphs of their own: a name, its labelled amounts, what was done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pipeline.extraction.offline.context import Context, words
from pipeline.extraction.offline.items import labelled
from pipeline.extraction.offline.leads import sections
from pipeline.extraction.offline.project_amounts import (
    MONEY_FIELDS,
    Amounts,
    labelled_field,
    read_clauses,
    states_money,
    without_label,
)
from pipeline.flow import Block, BlockKind, Draft, View
from pipeline.layout.lines import strip
from pipeline.layout.marks import mark_of
from pipeline.numerals import find_numerals, numeral_at
from schemas.projects import FundLevel, Project
from schemas.units import money_exponent
from schemas.values import Span
from schemas.word_files import load_vocabulary

_NAME = re.compile(r"(?:[^，,。；;：:（()）]|[（(][^（()）]{0,40}[）)]){2,60}")
_BEGUN = re.compile(
    r"(?!部门|我|本|该|全年|年初)[^，,。；;：:（()）\d]{4,40}(?:项目|工程|专项|专项资金|补助资金|经费)[：:，,]"
)
_BUDGETED = re.compile(
    r"(?!部门|我|本|该|全|年|项目|专项|其中)(?P<name>[^，,。；;：:\d]{5,40}?)预算(?:数|安排)?(?:为)?\s?[\d,]{1,12}(?:\.\d{1,6})?\s?[万亿]?元，"
    r"[^，。；\d]{0,16}\s?[\d,]{1,12}(?:\.\d{1,6})?\s?[万亿]?元，(?:预算|资金)?(?:执行|支付|支出|兑付)率"
)
_SPEAKS = re.compile(r"项目|专项|工程")
_SENTENCE = re.compile(r"[^。；;]+")
_CLAUSE = re.compile(r"(?:[^，,。；;（()）]|[（(][^（()）]{0,80}[）)])+")
_OWN_SCORE = re.compile(r"[^。元]{0,60}(?:得分|评分|得)为?\s?\d{1,3}(?:\.\d{1,2})?\s?分[^。\d]{0,30}[。；;，,]")
"""What a summary may begin with: how the project was scored (根据年初设定的绩效目标，项目自评得分为95分。)."""

_SATISFIED = re.compile(r"满意[度率]")
_SATISFACTION_LABEL = re.compile(r"(?:(?:服务|受益)对象)?满意[度率](?:达到?|为|是|[：:])?\s?")
"""What only says that a figure is the field's; whose satisfaction it is (群众满意度) is part of the phrase."""

_REASON_LABEL = re.compile(r"(?:未完成|偏差|未执行完)(?:的)?原因[：:]")
_BUDGETS = frozenset({"initial_budget", "full_year_budget"})
_TOLD = frozenset({"implementation", "outcome", "unfinished_reason", "status"})
_OF_MONEY = re.compile(r"资金|经费|结余|结转|到位|预算|支付|支出")
_SUPERIOR_FUND = re.compile(r"(?:省级|中央|上级|国家(?!级)).{0,12}(?:资金|补助|专项)|上级转移支付")
_OWN_FUND = re.compile(r"(?:本级|市级|县级|区级|州级).{0,8}(?:资金|补助|配套)")


@dataclass(frozen=True, slots=True)
class Stated:
    """A project as one block states it: its name, the rest behind the name, and the amounts of the rest."""

    name: View
    rest: View
    amounts: Amounts


@cache
def _vocabulary(section: str, name: str) -> re.Pattern[str]:
    entry = load_vocabulary("labels")[section][name]
    return re.compile(entry if isinstance(entry, str) else "|".join(entry))


def fund_named(name: str) -> FundLevel | None:
    """Whose money a project's own name says it is."""
    if _SUPERIOR_FUND.search(name):
        return FundLevel.SUPERIOR
    return FundLevel.OWN if _OWN_FUND.search(name) else None


def is_project_name(name: str, *, surely: bool = False) -> bool:
    """Whether words can name a project rather than a sort of money or the topic of a paragraph; ``surely`` asks for a
    word that only projects' names end in (项目, 工程, 专项资金 …)."""
    bare = re.sub(r"[（(][^（()）]*[）)]$", "", name.strip())
    if not 3 <= len(bare) <= 50 or _vocabulary("project_clauses", "no_project").search(bare):
        return False
    if any(money_exponent(n.unit) is not None for n in find_numerals(bare)):
        return False
    return not surely or _vocabulary("project_clauses", "project").search(bare) is not None


def stated_project(block: Block, section: str | None = None) -> Stated | None:
    """The project that a marked item states, or a paragraph below a heading that names it or that begins with a name and a
    colon or comma (防汛设备购置项目：全年预算…); None for other blocks.

    The item's first clause is the name and the next sentence begins with labelled amounts. Where no heading above it
    speaks of projects, the name must be a project's beyond doubt, and both its budget and its spending be stated.
    """
    if block.kind is BlockKind.ITEM and block.level >= 2:
        view = strip(block.view.part(len(block.mark), len(block.text)))
        match = _NAME.match(view.text)
        if match is None or match.end() >= len(view.text):
            return None
        above = block.path if section is None or section in block.path else (*block.path, section)
        if (bare := _amount_behind_name(view, match.end(), above)) is not None:
            return bare
        name, rest = _name_and_rest(view, match.end())
    elif block.kind is BlockKind.PARAGRAPH and len(block.path) >= 2 and (mark := mark_of(block.path[-1])):
        title = block.path[-1][len(mark.text) :].strip()
        name, rest, above = View(title, ()), block.view, block.path[:-1]
        if (found := _confirmed(name, rest, above, below_heading=True)) is not None:
            return found
        return _begun_with_name(block)
    else:
        return _begun_with_name(block) if block.kind is BlockKind.PARAGRAPH else None
    return _confirmed(name, rest, above, below_heading=False)


def _begun_with_name(block: Block) -> Stated | None:
    """The project of a paragraph without a mark: its name ends as projects' names do, its budget and spending follow."""
    match = _BEGUN.match(block.text)
    if match is None:
        return _begun_with_budget(block)
    name, rest = strip(block.view.part(0, match.end() - 1)), block.view.part(match.end(), len(block.text))
    return _confirmed(name, rest, (), below_heading=True)


def _begun_with_budget(block: Block) -> Stated | None:
    """“农机购置补贴预算90万元，兑付81万元，执行率90%，…”: the project of a paragraph that begins with name and budget and goes on
    with the spending and the rate."""
    match = _BUDGETED.match(block.text)
    if match is None:
        return None
    name, rest = strip(block.view.part(0, match.end("name"))), block.view.part(match.end("name"), len(block.text))
    return _confirmed(name, rest, (), below_heading=True)


def _name_and_rest(view: View, stop: int) -> tuple[View, View]:
    """A project's name and what is said of it: the first clause and what follows, or, where the first clause itself
    states an amount (“护林防火经费预算40万元”), the words before its label and the rest from there."""
    if any(money_exponent(n.unit) is not None for n in find_numerals(view.text, 0, stop)):
        first = next(n for n in find_numerals(view.text, 0, stop) if money_exponent(n.unit) is not None)
        name, field = without_label(view.text[: first.start])
        cut = len(name) if field is not None and view.text.startswith(name) else 0
        return strip(view.part(0, cut)), view.part(cut, len(view.text))
    return strip(view.part(0, stop)), view.part(stop + 1, len(view.text))


def _amount_behind_name(view: View, stop: int, above: tuple[str, ...]) -> Stated | None:
    """“防汛设备购置项目48万元，实际支出45万元”: the amount right behind the name is the budget that was spent from."""
    first = next((n for n in find_numerals(view.text, 0, stop) if money_exponent(n.unit) is not None), None)
    if first is None or without_label(view.text[: first.start])[1] is not None:
        return None
    name, rest = strip(view.part(0, first.start)), view.part(first.start, len(view.text))
    if not is_project_name(name.text, surely=not any(_SPEAKS.search(h) for h in above)):
        return None
    amounts = read_clauses(rest)
    if "executed" not in amounts.values or _BUDGETS & amounts.values.keys():
        return None
    own = numeral_at(rest.text, 0)
    if own is None:
        return None
    amounts.values["full_year_budget"] = amounts.places.money("full_year_budget", rest, own)
    amounts.first_money_stop = own.unit_stop
    return Stated(name, rest, amounts)


def _confirmed(name: View, rest: View, above: tuple[str, ...], *, below_heading: bool) -> Stated | None:
    spoken_of = any(_SPEAKS.search(h) for h in above)
    name = _without_suffix(name)
    if not is_project_name(name.text) or not _begins_with_money(rest.text):
        return None
    amounts = read_clauses(rest)
    rated = "execution_rate" in amounts.values and bool(_BUDGETS & amounts.values.keys()) and not below_heading
    if not (spoken_of or rated) and not is_project_name(name.text, surely=True):
        return None
    whole = "executed" in amounts.values and len(amounts.money_fields) >= 2
    if not amounts.money_fields or (not whole and (below_heading or not spoken_of)):
        return None
    return Stated(name, rest, amounts)


def _without_suffix(name: View) -> View:
    """防汛物资储备 of 防汛物资储备项目绩效自评综述."""
    suffix = _vocabulary("project_clauses", "name_suffix").search(name.text)
    return name.part(0, suffix.start()) if suffix else name


def _begins_with_money(text: str) -> bool:
    """Whether the first figure of a text is an amount that a project's label names, in its first sentence."""
    scored = _OWN_SCORE.match(text)
    text = text[scored.end() :] if scored else text
    numeral = next((n for n in find_numerals(text) if n.unit is not None), None)
    if numeral is None or money_exponent(numeral.unit) is None or "。" in text[: numeral.start]:
        return False
    return labelled_field(text[: numeral.start]) in MONEY_FIELDS


def read_items(context: Context) -> Iterator[tuple[Block, Draft]]:
    """The projects that items and paragraphs state, each with its block."""
    above = context.once(sections)
    headings: dict[str, Block] = {}
    seen: set[str] = set()
    for block in context.layout.blocks:
        if block.kind is BlockKind.HEADING:
            headings[block.text] = block
        if not states_money(block):
            continue
        found = stated_project(block, above[block.span.start])
        if found is None:
            continue
        if block.kind is BlockKind.ITEM or found.name.places:
            yield block, _draft(context, block, found, above[block.span.start])
        elif block.path[-1] not in seen and block.path[-1] in headings:
            seen.add(block.path[-1])
            yield block, _draft(context, headings[block.path[-1]], found, block.path[-2])


def _draft(context: Context, head: Block, found: Stated, section: str | None) -> Draft:
    amounts = found.amounts
    mark = mark_of(head.text)
    assert amounts.first_money_stop is not None
    quote = Span(head.span.start, found.rest.span(0, amounts.first_money_stop).stop)
    values = dict(amounts.values)
    satisfied = _satisfaction(found.rest)
    if satisfied is not None:
        values["satisfaction"] = amounts.places.quantity("satisfaction", satisfied)
    record = Project(
        quote=context.quote(quote),
        section=section,
        seq=mark.seq if mark else None,
        name=found.name.text,
        fund_level=fund_named(found.name.text) or (FundLevel.OWN if amounts.own_treasury else None),
        **values,
        **told(found.rest),
    )
    return context.draft("projects", record, quote, amounts.places.spans)


def _satisfaction(rest: View) -> View | None:
    """The clause that states how satisfied those are whom the project serves."""
    for match in _CLAUSE.finditer(rest.text):
        if _SATISFIED.search(match[0]) and any(n.unit in {"%", "％"} for n in find_numerals(match[0])):
            label = _SATISFACTION_LABEL.match(match[0])
            return strip(rest.part(match.start() + (label.end() if label else 0), match.end()))
    return None


def told(rest: View) -> Mapping[str, str | None]:
    """What the clauses of a project without amounts tell: what was done, what came of it, why it is unfinished.

    Each field is a run of neighbouring clauses of one sentence, verbatim; the first run of each sort is taken.
    """
    found: dict[str, str | None] = {
        name: words(view.text.strip().rstrip("；;"))
        for name, view in reversed(labelled(rest, "project_items"))
        if name in _TOLD
    }
    if found.keys() - {"unfinished_reason"}:
        return found
    label = _REASON_LABEL.search(rest.text)
    stop = label.start() if label else len(rest.text)
    if label:
        found["unfinished_reason"] = words(rest.text[label.end() :].rstrip("；;"))
    for sentence in _SENTENCE.finditer(rest.text, 0, stop):
        runs: list[tuple[str | None, int, int]] = []
        for match in _CLAUSE.finditer(rest.text, sentence.start(), sentence.end()):
            sort = _sort(match[0], runs[-1][0] if runs else None)
            leads = (
                sort == "implementation"
                and runs
                and runs[-1][0] is None
                and _is_work(rest.text[runs[-1][1] : runs[-1][2]])
            )
            if runs and (runs[-1][0] == sort or leads):
                runs[-1] = (sort, runs[-1][1], match.end())
            else:
                runs.append((sort, match.start(), match.end()))
        for name, start, end in runs:
            if name is not None and name not in found:
                found[name] = words(rest.text[start:end])
    return found


def _is_work(clauses: str) -> bool:
    """Whether clauses without a verb of work may tell of it, too: they name no money and nobody's satisfaction."""
    if (
        _SATISFIED.search(clauses)
        or _OF_MONEY.search(clauses)
        or clauses.lstrip("，,；; ").startswith(("截至", "截止", "其中"))
    ):
        return False
    return not any(money_exponent(n.unit) is not None or n.unit in {"%", "％"} for n in find_numerals(clauses))


def _sort(clause: str, before: str | None) -> str | None:
    """The field that a clause belongs to, None for a clause of amounts or satisfaction, and for what is none of them."""
    if _SATISFIED.search(clause) or any(
        money_exponent(n.unit) is not None or labelled_field(clause[max(n.start - 80, 0) : n.start])
        for n in find_numerals(clause)
    ):
        return None
    if _vocabulary("project_rest", "reason").search(clause):
        return "unfinished_reason"
    if _vocabulary("project_rest", "outcome").search(clause) or before == "outcome":
        return "outcome"
    if before == "implementation" and not _OF_MONEY.search(clause):
        return before
    if _vocabulary("project_rest", "implementation").search(clause) and not clause.startswith(("截至", "截止")):
        return None if _OF_MONEY.match(clause.strip()) else "implementation"
    return None
