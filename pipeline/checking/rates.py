"""Checking: rates by their names (执行率, 到位率, 控制率 …) against the amounts that are stated with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache, reduce

from pipeline.checking.intervals import Interval, check_ratio, follows
from pipeline.checking.labels import HEADCOUNT, RATE, tidy
from pipeline.checking.prose import Mention, mentions
from pipeline.checking.relations import percent_factors, ratio_finding
from pipeline.checking.scene import Fact, Figure, Scene, divisible
from pipeline.checking.table_rates import rated_cells
from pipeline.checking.vocabulary import NamedRate, words
from pipeline.flow import Finding
from schemas.relations import FindingKind

_WHOLE = frozenset({"executed", "full_year_budget"})
_CANDIDATES = 3
_SEVERAL = 3
"""Rates of a table, all of which do not follow: what they are taken of is not what their names say."""
_OTHERS = frozenset({"initial_budget", "supplementary", "reduction"})
"""Measures that are never taken for another which their words may name, too (年初预算 is no 预算)."""
CARRIED_IN = "carried_in"
_WORD = 2
"""Characters of the word that stands just before an amount."""
_LARGEST = 300
"""A rate beyond this, in percent, has its sign printed."""
_PAIRED = 6
"""Amounts nearest before a rate that are tried as its part and whole."""
_NEAR = 300
"""Characters before a rate of a named subject within which its amounts are looked for in the same paragraph."""


def check_rates(scene: Scene) -> Iterator[Finding]:
    """Named rates against part and whole.

    Precondition: the name of the rate says what is divided by what, and both are stated in its clause (failing that in
    its sentence, its table row, or, for a named subject, its paragraph). Where several figures may be the whole, the
    rate is wrong only if it follows from none. A rate of a table that shows itself what its rates are taken of is left
    to ``table_rates``; where several rates of a table follow from what their names say in no row, the names mean
    something else there.
    """
    for facts in scene.facts_by_sentence.values():
        rates = [f for f in facts if f.measure == RATE and percent_factors(f.figure) and not _is_amount(f)]
        if rates:
            in_table = scene.places.table(rates[0].start) is not None
            yield from (_of_table if in_table else _each)(scene, rates, facts)


def _is_amount(rate: Fact) -> bool:
    """Whether a number without a percent sign is too large for a rate: an amount from a column beside it."""
    return rate.figure.literal.unit is None and rate.interval.value > _LARGEST


def _of_table(scene: Scene, rates: Sequence[Fact], facts: Sequence[Fact]) -> Iterator[Finding]:
    rated = rated_cells(scene)
    left = [r for r in rates if r.start not in rated]
    found = list(_each(scene, left, facts))
    if len(found) < _SEVERAL or len(found) < len(left):
        yield from found


def _each(scene: Scene, rates: Sequence[Fact], facts: Sequence[Fact]) -> Iterator[Finding]:
    for rate in rates:
        named = _named(rate)
        if named is None or any(f.measure in named.unless for f in facts):
            continue
        if not _plainly_right(scene, rate, named, facts):
            yield from _check(scene, rate, named, facts)


def _named(rate: Fact) -> NamedRate | None:
    """What a rate of this name divides; the longest known name at the end of its label counts."""
    label = tidy(rate.label)
    name = next((n for n in reversed(words().rate_names) if label.endswith(n)), None)
    return None if name is None else words().rate_of[name]


def _plainly_right(scene: Scene, rate: Fact, named: NamedRate, facts: Sequence[Fact]) -> bool:
    """Whether the rate follows from facts of its clause or sentence, so that the sentence need not be read again."""
    before = [f for f in facts if f.measure != RATE and f.start < rate.start]
    clause = scene.places.clause(rate.start)
    inside = [f for f in before if scene.places.clause(f.start) == clause]
    for near in (inside, before) if len(inside) < len(before) else (before,):
        parts = _of(near, named.numerators, rate, part=True)
        wholes = _of(near, named.denominators, rate, part=False)
        if parts and wholes:
            pairs = [(p, w) for p in parts for w in wholes if p.span != w.span and divisible(p, w)]
            factors = percent_factors(rate.figure)
            return any(follows(rate.interval, p.interval, w.interval, f) for p, w in pairs for f in factors)
    return False


def _check(scene: Scene, rate: Fact, named: NamedRate, facts: Sequence[Fact]) -> Iterator[Finding]:
    for near in _surroundings(scene, rate, facts):
        parts = _of(near, named.numerators, rate, part=True)
        wholes = _of(near, named.denominators, rate, part=False)
        pairs = [(p, w) for p in parts for w in wholes if p.span != w.span and divisible(p, w)]
        if not pairs:
            continue
        factors = percent_factors(rate.figure)
        outcomes = [(check_ratio(rate.interval, p.interval, w.interval, f), p, w, f) for p, w in pairs for f in factors]
        if all(o.broken for o, *_ in outcomes) and not (
            _excused(scene, rate, named, facts, parts) or _told_of_others(scene, rate, named, facts)
        ):
            outcome, part, whole, factor = outcomes[0]
            if _is_right_elsewhere(scene, rate, part, whole):
                return
            yield ratio_finding(
                kind=FindingKind.RATIO,
                relation="budget_facts.named_rate",
                item=(rate.report, ""),
                figures=(rate.figure, part, whole),
                terms=(rate.label, "", ""),
                outcome=outcome,
                factor=factor,
            )
        return


def _is_right_elsewhere(scene: Scene, rate: Fact, part: Figure, whole: Figure) -> bool:
    """Whether another place states the rate as its amounts have it, which do not both stand with this one: then the two
    places disagree, which is told by ``conflicts``."""
    sentence = scene.places.sentence
    if rate.subject is None or all(sentence(f.span.start) == sentence(rate.start) for f in (part, whole)):
        return False
    return any(
        follows(other.interval, part.interval, whole.interval, factor)
        for other in scene.facts_about.get((rate.report, rate.subject), ())
        if other.measure == RATE and (other.year, other.org) == (rate.year, rate.org)
        for factor in percent_factors(other.figure)
    )


def _excused(scene: Scene, rate: Fact, named: NamedRate, facts: Sequence[Fact], parts: Sequence[Figure]) -> bool:
    """Whether a rate follows from its part and a base that some reports take instead (到位 for 预算)."""
    if not named.excuses:
        return False
    near: list[Fact | Mention] = [*facts, *scene.facts_about.get((rate.report, ()), ())]
    if scene.places.row(rate.start) is None:
        near += [m for m in mentions(scene, facts) if m.fact is None]
    bases = [c.figure for c in near if any(_is(c, m, rate, part=False) for m in named.excuses)]
    return any(
        not check_ratio(rate.interval, part.interval, base.interval, factor).broken
        for part in parts
        for base in bases
        if divisible(part, base)
        for factor in percent_factors(rate.figure)
    )


def _told_of_others(scene: Scene, rate: Fact, named: NamedRate, facts: Sequence[Fact]) -> bool:
    """Whether a rate in prose follows from two other amounts before it in its sentence, as far as their words allow
    (配套1200万元，到位900万元，到位率75%), or from several together that may be its whole."""
    if scene.places.row(rate.start) is not None:
        return False
    told = [m for m in mentions(scene, facts) if m.start < rate.start and m.is_amount and m.figure.exponent is not None]
    parts = [m for m in told if _may_be(m, named.numerators)][-_PAIRED:]
    wholes = [m for m in told if _may_be(m, named.denominators)][-_PAIRED:]
    factors = percent_factors(rate.figure)
    pairs = [(p.figure.interval, w.figure.interval) for p in parts for w in wholes if p is not w]
    pairs += [(parts[-1].figure.interval, together) for together in _together(wholes)] if parts else []
    return any(follows(rate.interval, part, whole, factor) for part, whole in pairs for factor in factors)


def _together(wholes: Sequence[Mention]) -> Iterator[Interval]:
    """What several amounts make: those in a row up to each, and those that the same last word calls."""
    for first in range(len(wholes)):
        for stop in range(first + 2, len(wholes) + 1):
            yield reduce(Interval.plus, (w.figure.interval for w in wholes[first:stop]))
    alike: dict[str, list[Interval]] = {}
    for whole in wholes:
        alike.setdefault(whole.label[-_WORD:], []).append(whole.figure.interval)
    for group in alike.values():
        for first in range(len(group) - 1):
            yield reduce(Interval.plus, group[first:])


def _may_be(mention: Mention, measures: Sequence[str]) -> bool:
    """Whether the words before an amount allow it to be of one of some measures: they name it so, or name nothing."""
    if mention.measure in _OTHERS:
        return False
    if mention.measure in {*measures, CARRIED_IN} or told_measure(mention) in {None, *measures}:
        return True
    return any(p.search(mention.label) for measure, p in words().measures if measure in measures)


def _surroundings(scene: Scene, rate: Fact, facts: Sequence[Fact]) -> Iterator[list[Fact | Mention]]:
    """The figures that may be the rate's part and whole, nearest surroundings first; heads only, not their parts."""
    row = scene.places.row(rate.start)
    if row is not None:
        yield [f for f in facts if scene.places.row(f.start) == row and f.org == rate.org]
        return
    clause = scene.places.clause(rate.start)
    told = [m for m in mentions(scene, facts) if m.start < rate.start and not m.depth]
    yield _heads([m.fact or m for m in told if scene.places.clause(m.start) == clause])
    yield _heads([m.fact or m for m in told])
    wanted = subject_of(rate)
    if wanted:
        paragraph = scene.places.paragraph(rate.start)
        about = scene.facts_about.get((rate.report, wanted), ())
        yield [f for f in about if scene.places.paragraph(f.start) == paragraph and 0 < rate.start - f.start < _NEAR]
    elif tidy(rate.label) in words().whole_rates and rate.org is None:
        yield _agreed(scene, rate)


def _heads(near: Sequence[Fact | Mention]) -> list[Fact | Mention]:
    paths = {(f.measure, f.node.path) for f in near if isinstance(f, Fact)}
    return [
        f
        for f in near
        if isinstance(f, Mention) or not any((f.measure, f.node.path[:n]) in paths for n in range(1, len(f.node.path)))
    ]


def _agreed(scene: Scene, rate: Fact) -> list[Fact | Mention]:
    """The report's figures of the whole department, of each measure only where all its statements agree."""
    by_measure: dict[str, list[Fact]] = {}
    for fact in scene.facts_about.get((rate.report, ()), ()):
        if fact.org is None and fact.year == rate.year and scene.places.account(fact.start) is None:
            by_measure.setdefault(fact.measure, []).append(fact)
    return [g[0] for m, g in by_measure.items() if m in _WHOLE and all(f.interval.meets(g[0].interval) for f in g)]


def subject_of(rate: Fact) -> tuple[str, ...] | None:
    """What a rate is about: its name without the kind of rate."""
    return _subject_in(tidy(rate.label))


@lru_cache(4096)
def _subject_in(label: str) -> tuple[str, ...] | None:
    name = next((n for n in words().rate_names if label.endswith(n)), None)
    return (label.removesuffix(name),) if name is not None and label not in (name, *words().whole_rates) else None


def _of(near: Sequence[Fact | Mention], measures: Sequence[str], rate: Fact, *, part: bool) -> list[Figure]:
    """The figures of the wanted measures that stand nearest before the rate."""
    found: list[Figure] = []
    for measure in measures:
        matching = [c for c in reversed(near) if _is(c, measure, rate, part=part)]
        found += [c.figure for c in matching[:_CANDIDATES]]
    return found


def _is(candidate: Fact | Mention, measure: str, rate: Fact, *, part: bool) -> bool:
    if isinstance(candidate, Mention):
        return measure == told_measure(candidate)
    if candidate.measure != measure or candidate.start == rate.start or candidate.year != rate.year:
        return False
    if measure == "received" and part and rate.label.endswith("到位率"):
        return bool(words().arrived.search(candidate.label))
    if measure != HEADCOUNT:
        return True
    return bool((words().people if part else words().posts).search(candidate.label))


def told_measure(mention: Mention) -> str | None:
    """The measure that the words before an amount name, for amounts that no record holds; the last word counts."""
    if mention.is_share or mention.direction or mention.figure.exponent is None:
        return None
    return measure_of(mention.label)


def measure_of(label: str) -> str | None:
    """The measure that the last of some words names, None where none does."""
    last = [(m.end(), measure) for measure, pattern in words().measures for m in pattern.finditer(label)]
    return max(last)[1] if last else None
