"""Extraction, offline: what a figure of the department's own money or people is called, and what it measures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas.budget_facts import Measure
from schemas.values import squeeze
from schemas.word_files import load_vocabulary

HEADCOUNT_UNITS = frozenset({"人", "名"})
_QUOTED = re.compile(r"“([^”]*经费)”")
_NO_NAME = re.compile(r"[\d。，；]|[了着过]$|(?:用于|涉及|支持|每年|平均)")
_GRANTED = re.compile(r"批复(?=[^复]{0,12}\Z)|(?:下达|拨付|拨入)(?=[^达付入]{0,12}\Z)")
_SIDE = re.compile(r"年初(收入|支出)预算数?$")
_SPENT = re.compile(r"(?:全年|当年|本年|累计)(?:实际)?支出")
_REMARK = re.compile(r"[（(][^（()）]*[）)]\Z")
_SHORTEST = 4
_CARRIED = frozenset({Measure.CARRIED_IN, Measure.CARRIED_OUT})
_NO_SUBJECT = frozenset({"全年", "本年", "当年", "累计"})
_MOVED = re.compile(r"追加|(?:调减|追减|压减|核减)$")
_WHOLE_YEAR = re.compile(r"全年(?:收入|支出)$")
SHARE_UNITS = frozenset({"%", "％", "倍", "个百分点"})
_kept = lru_cache(maxsize=4096)
"""Labels come again, within a report and from one to the next; what a label says follows from its characters alone."""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    measures: tuple[tuple[Measure, re.Pattern[str], frozenset[str] | None], ...]
    after: tuple[tuple[Measure, re.Pattern[str]], ...]
    before: tuple[tuple[Measure, re.Pattern[str]], ...]
    accept: re.Pattern[str]
    reject: re.Pattern[str]
    headcount_reject: re.Pattern[str]
    prefix: re.Pattern[str]
    suffix: re.Pattern[str]
    unit: re.Pattern[str]
    own: re.Pattern[str]


@cache
def _vocabulary() -> _Vocabulary:
    data = load_vocabulary("labels")
    subjects, words = data["budget_subjects"], data["measure_words"]
    return _Vocabulary(
        measures=tuple(
            (Measure(m["measure"]), re.compile(m["pattern"]), frozenset(m["units"]) if "units" in m else None)
            for m in data["measures"]
        ),
        after=tuple((Measure(w["measure"]), re.compile(rf"(?:{'|'.join(w['after'])})\Z")) for w in words),
        before=tuple((Measure(w["measure"]), re.compile("|".join(w["before"]))) for w in words),
        accept=re.compile("|".join(subjects["accept"])),
        reject=re.compile("|".join(subjects["reject"])),
        headcount_reject=re.compile("|".join(subjects["headcount_reject"])),
        prefix=re.compile("|".join(f"(?:{p})" for p in data["trim"]["prefix"])),
        suffix=re.compile("(?:" + "|".join(f"(?:{p})" for p in data["trim"]["suffix"]) + r")\Z"),
        unit=re.compile(data["orgs"]["unit"]),
        own=re.compile(data["orgs"]["self"]),
    )


@dataclass(frozen=True, slots=True)
class FactLabel:
    """What stands before a figure: the label of its subject (empty where only a measure is named), what a measure word
    beside it says, and the sub-unit it names."""

    subject: str
    measure: Measure | None
    word: str
    org: str | None


@_kept
def read_label(clause: str, *, headcount: bool) -> FactLabel:
    """The label in the words before a figure."""
    label = trim(clause)
    if (approved := _worded_before(label, None, at_start=True)) and not headcount:
        return approved
    named = label
    org, label = _org(label)
    if headcount:
        tail = label.rpartition("的")[2]
        return FactLabel(tail if len(tail) >= 2 else label, None, "", org)
    if _SPENT.fullmatch(label):
        return FactLabel("", Measure.EXECUTED, label, org)
    if side := _SIDE.search(label):
        return FactLabel(side[1], Measure.INITIAL_BUDGET, side[0], org)
    worded = _worded_before(label, org) or _worded_after(label, org)
    return worded or FactLabel(_last_of(label), _granted(named, label), "", org)


def _granted(named: str, label: str) -> Measure | None:
    """What the words before a label say that name the department (县财政批复我局部门预算, 省厅下达我局专项资金)."""
    verb = _GRANTED.search(named[: len(named) - len(label)]) if named.endswith(label) else None
    return None if verb is None else Measure.INITIAL_BUDGET if verb[0] == "批复" else Measure.RECEIVED


def _last_of(label: str) -> str:
    """Of “乡镇运转的公用经费” the last words, where they are a label of their own."""
    tail = trim(label.rpartition("的")[2])
    if tail == label or len(tail) < _SHORTEST or not is_budget_label(tail, headcount=False):
        return label
    return label if measure_of(label, None) in _CARRIED and measure_of(tail, None) not in _CARRIED else tail


def _worded_before(label: str, org: str | None, *, at_start: bool = False) -> FactLabel | None:
    """The label of a subject with the word of its measure before it (年初批复基本支出)."""
    for measure, pattern in _vocabulary().before:
        found = pattern.search(label)
        if not found or (at_start and found.start()):
            continue
        if is_budget_label(rest := trim(label[found.end() :]), headcount=False):
            return FactLabel(rest, measure, found[0], org)
    return None


def _worded_after(label: str, org: str | None) -> FactLabel | None:
    """The label of a subject with the word of its measure behind it (三公经费 预算), or of that word alone."""
    for measure, pattern in _vocabulary().after:
        found = pattern.search(label)
        if not found:
            continue
        subject = trim(label[: found.start()])
        if found[0] in {"预算", "预算数"} and (_WHOLE_YEAR.fullmatch(subject) or _MOVED.search(subject)):
            return FactLabel(label, None, "", org)
        if is_budget_label(subject, headcount=False):
            return FactLabel(subject, measure, found[0], org)
        if not subject or subject in _NO_SUBJECT or _vocabulary().own.fullmatch(subject):
            return FactLabel("", measure, found[0], org)
        break
    return None


def _org(label: str) -> tuple[str | None, str]:
    """The sub-unit at a label's start, and the label without it or without the department's own name."""
    match = _vocabulary().unit.match(label)
    if match and 2 <= len(label) - match.end() <= 16:
        return match[0], trim(label[match.end() :])
    match = _vocabulary().own.match(label)
    while (
        match
        and match.end()
        and label[match.end() : match.end() + 1] not in {"（", "("}
        and len(rest := trim(label[match.end() :])) >= 3
        and _starts_label(rest)
    ):
        label = rest
        match = _vocabulary().own.match(label)
    return None, label


def _starts_label(text: str) -> bool:
    return is_budget_label(text, headcount=False) and not re.match(r"[的和与及、（(]", text)


@_kept
def trim(label: str) -> str:
    """The label without the words at its edges that are not part of it: 其中, years, 为, 共."""
    vocabulary = _vocabulary()
    text = _QUOTED.sub(r"\1", _bare(squeeze(label)))
    while True:
        match = vocabulary.prefix.match(text)
        shorter = text[match.end() :] if match and match.end() else text
        end = vocabulary.suffix.search(shorter)
        if end and end.start() > 0:
            shorter = shorter[: end.start()]
        shorter = shorter.strip("，,：:、")
        if shorter == text:
            return text
        text = shorter


def _bare(text: str) -> str:
    """A text without stops and brackets at its edges; the bracket of a remark at its end stays (事业收入（学费、住宿费）)."""
    bare = text.strip("，,。；;：:、（(）)")
    closing = text[text.find(bare) + len(bare) :][:1] if bare else ""
    return bare + closing if closing in {"）", ")"} and any(c in bare for c in "（(") else bare


@_kept
def is_budget_label(label: str, *, headcount: bool) -> bool:
    """Whether a label names money, or people, of the department itself."""
    vocabulary = _vocabulary()
    if not label or len(label) > 40:
        return False
    if headcount:
        return not vocabulary.headcount_reject.search(label)
    return bool(vocabulary.accept.search(label)) and not vocabulary.reject.search(label)


def is_alien(label: str) -> bool:
    """Whether a label names money or people that are not the department's (脱贫人口人均纯收入)."""
    return _vocabulary().reject.search(label) is not None


def is_part_label(label: str) -> bool:
    """Whether a label may name a part in a list of parts: a short noun that nothing rejects (行政运行, 专用设备)."""
    return 2 <= len(label) <= 20 and not _vocabulary().reject.search(label) and not _NO_NAME.search(label)


@_kept
def measure_of(label: str, unit: str | None) -> Measure | None:
    """What the label says the figure measures; None where it says nothing."""
    label = _REMARK.sub("", label) or label
    for measure, pattern, wanted in _vocabulary().measures:
        if wanted is not None and (unit is None or unit not in wanted):
            continue
        if wanted is None and unit in SHARE_UNITS | HEADCOUNT_UNITS:
            continue
        if pattern.search(label):
            return measure
    return None
