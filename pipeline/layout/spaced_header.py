"""Layout: tables without marks: the header, read from pieces by the labels that the vocabulary knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from pipeline.layout.form_labels import is_form_label
from pipeline.layout.lines import Line
from pipeline.layout.spaced_cells import SLACK
from pipeline.layout.spaced_columns import Column, Kind, column_of, columns_under
from pipeline.layout.spaced_pieces import TIGHT, Gap, Piece, Pieces
from schemas.columns import column_role
from schemas.values import value_type

_LABEL_PIECES = 8
_LABELS = 14
_LONGEST = 20
_USUAL = 8
_FEWEST_SPANNED = 5
_FEWEST_BELOW = 2
_SHORT = 2
_BEAM = 3
_TRIED = 8
_WORST = 3.0
_NOT_IN_LABEL = re.compile(r"[。；;，,：:！？=≥≤]")
_PARTS, _OF_WHICH_LENGTH = ("其中：", "其中:"), 3
"""What a label begins with that names a part of the column before it."""

_UNIT_INSIDE = re.compile(r"元[）)].")
_COMMON = frozenset("数情况额金的（）()万元")
_BRACKETS = re.compile(r"[（(].*?[）)]")
FUSED = 1.5
"""What speaks against an unknown label that begins or ends with a known one."""

FUSED_KNOWN = 0.5
"""What speaks against a known label that could be two, of different roles or both of some length."""

LEFT_OVER = 0.3
"""What speaks against a label that is a known one with words behind it, which the next label may begin with."""

CUT_SHORT = 1.0
"""What speaks against a header that leaves its last label to the rows."""

_NO_NAMES = frozenset({"target", "actual", "weight", "score", "reason", "execution_rate", "score_rate", "change_rate"})

CLEAR = 0.1
"""By how much the best arrangement of spanned columns must be the best."""

_LINES_TRIED = 4
"""Lines below a header that may show what stands under a label that the vocabulary does not know."""

_LEFT_OVER = re.compile(r"[\u4e00-\u9fff]{2,}")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_DIGITS = re.compile(r"\d")


@value_type
class Label:
    """A header's text and its pieces [start, stop)."""

    text: str
    start: int
    stop: int
    known: bool


@value_type
class Header:
    """A way to read a header: its columns, the pieces of each column's label, and how little it looks like one."""

    columns: tuple[Column, ...]
    places: tuple[tuple[int, int], ...]
    stop: int
    cost: float
    shaped: bool = False


@value_type
class _Path:
    """Labels one after the other; of these ``known`` have a role, ``told`` say what their cells are like, and ``other`` are of
    columns that no record is read from."""

    labels: tuple[Label, ...]
    stop: int
    cost: float
    known: int = 0
    told: int = 0
    other: int = 0

    @property
    def whole(self) -> bool:
        """Whether so many labels are known that it may be a header."""
        return self.known >= 1 and self.told >= 2 and self.known * 2 >= len(self.labels) - self.other

    @property
    def order(self) -> float:
        return self.cost - 0.3 * self.stop


class _Step(NamedTuple):
    """A label that a header may go on with: its role and its first piece, what speaks against its pieces as one label,
    against its words as any label's, against its length, and against it as one label, and whether it closes its brackets."""

    label: Label
    role: str | None
    first: Piece
    inner: float
    unlike: float
    long: float
    fused: float
    closed: bool


def may_begin_header(lines: Sequence[Line], index: int) -> bool:
    """Whether the first words from a line on make up a known label, or the line is one of several short words."""
    words = lines[index].text.split(None, _LABELS)
    if not words or len(words[0]) > _LONGEST:
        return False
    if len(words) > 1 and is_form_label(words[0]) and column_role(words[1]) is None:
        return False
    if len(words) >= 3 and all(len(w) <= 12 and not _NOT_IN_LABEL.search(w) for w in words):
        return True
    for line in lines[index + 1 : index + 2 * _LABEL_PIECES]:
        if len(words) >= _LABEL_PIECES:
            break
        words += line.text.split(None, 2)[:2]
    text = ""
    for word in words[:_LABEL_PIECES]:
        text += word
        if len(text) > _LONGEST or _NOT_IN_LABEL.search(word):
            return False
        if column_role(text):
            return True
    return False


def headers_at(pieces: Pieces) -> list[Header]:
    """The ways to read a header from the first piece on, the likelier first; empty where there is none."""
    paths = _paths(pieces)
    headers: list[Header] = []
    paths.sort(key=lambda p: p.order)
    sizes: dict[int, list[int]] = {}
    for path in paths[:_TRIED]:
        if path.order > paths[0].order + 2.0:
            break
        headers += _flat(pieces, path)
        if len(path.labels) >= _FEWEST_SPANNED:
            if path.stop not in sizes:
                sizes[path.stop] = _row_sizes(pieces, path.stop)
            headers += _spanning(path, sizes[path.stop])
    if not headers and (shaped := _shaped(pieces)):
        headers.append(shaped)
    return headers


def _paths(pieces: Pieces) -> list[_Path]:
    """Runs of labels from the first piece on, at least half of them known."""
    layers: dict[int, list[_Path]] = {0: [_Path((), 0, 0.0)]}
    complete: list[_Path] = []
    while layers:
        place = min(layers)
        here = sorted(layers.pop(place), key=lambda p: p.cost)[:_BEAM]
        steps: list[_Step] | None = None
        for path in here:
            if path.whole and _ends_line(pieces, path.stop):
                complete.append(path)
            if len(path.labels) < _LABELS and path.cost <= _WORST:
                if steps is None:
                    steps = list(_steps(pieces, place))
                for new in _extended(path, steps):
                    layers.setdefault(new.stop, []).append(new)
    return complete


def _ends_line(pieces: Pieces, stop: int) -> bool:
    piece = pieces.get(stop)
    return piece is not None and piece.gap is not Gap.SPACE


def _extended(path: _Path, steps: Sequence[_Step]) -> Iterator[_Path]:
    """A run of labels with one more."""
    for step in steps:
        cost = path.cost + step.inner + _label_cost(path, step) + step.fused
        if step.closed and cost <= _WORST and (path.labels or step.role):
            label, other = step.label, step.role == "ignored"
            told = not other and column_of(label.text).told
            counts = path.known + label.known, path.told + told, path.other + other
            yield _Path((*path.labels, label), label.stop, cost, *counts)


def _steps(pieces: Pieces, start: int) -> Iterator[_Step]:
    """The labels that may begin at a piece, whatever stands before it."""
    first = pieces.get(start)
    if first is None or first.dash or (first.figure and not _YEAR.match(first.text)) or first.ordinal:
        return
    inner, widest, current, depth = 0.0, 0.0, first.width, first.depth
    for stop in range(start + 1, start + 1 + _LABEL_PIECES):
        text = pieces.joined(start, stop)
        if (
            len(text) > _LONGEST
            or _NOT_IN_LABEL.search(text, _OF_WHICH_LENGTH if text.startswith(_PARTS) else 0)
            or _UNIT_INSIDE.search(text)
        ):
            return
        right = pieces.get(stop)
        role = column_role(text)
        label = Label(text, start, stop, role not in {None, "ignored"})
        unlike = _unlike_label(label, role, first, right)
        long = 0.1 * max(0, len(_BRACKETS.sub("", text)) - _USUAL) if len(text) > _USUAL else 0.0
        if text not in _PARTS:
            fused = _fused(pieces, start + (first.text in _PARTS), stop, role)
            yield _Step(label, role, first, inner, unlike, long, fused, depth == 0)
        if right is None or right.dash or (right.figure and not _YEAR.match(right.text)):
            return
        depth += right.depth
        if right.gap is Gap.SPACE:
            inner += 0.1 if first.width <= 2 else _WORST
            current += right.width
        else:
            widest = max(widest, current)
            room = current + right.head <= widest - TIGHT or right.width > widest + SLACK
            inner += (0.5 if right.gap is Gap.SOFT else 0.0) + (0.8 if room else 0.0)
            current = right.width


def _fused(pieces: Pieces, start: int, stop: int, role: str | None) -> float:
    """What speaks against pieces as one label: that they could be two known ones, or begin or end with one."""
    for cut in range(start + 1, stop):
        left, right = column_role(pieces.joined(start, cut)), column_role(pieces.joined(cut, stop))
        if role is None and (left or right or _both_figures(pieces, start, cut, stop)):
            return FUSED
        if left and right and (left != right or len(pieces.joined(cut, stop)) > _SHORT):
            return FUSED_KNOWN
        if role is None or role != left or column_of(pieces.joined(start, stop)).kind is not Kind.FIGURE:
            continue
        if _LEFT_OVER.match(pieces.joined(cut, stop)):
            return LEFT_OVER
    return 0.0


def _both_figures(pieces: Pieces, start: int, cut: int, stop: int) -> bool:
    """Whether both parts of an unknown label are long enough to be labels of figures themselves (计划投资, 衔接资金)."""
    parts = (pieces.joined(start, cut), pieces.joined(cut, stop))
    return all(len(part) > _SHORT and column_of(part).kind is Kind.FIGURE for part in parts)


def _unlike_label(label: Label, role: str | None, first: Piece, right: Piece | None) -> float:
    """What speaks against words as a label, whatever stands before them."""
    cost = 0.0
    if role:
        pass
    elif column_of(label.text).told:
        cost += 0.3
    else:
        cost += 1.0 + 0.7 * (first.gap is Gap.HARD) + 0.7 * (right is not None and right.gap is Gap.HARD)
    if label.text.startswith(("（", "(")) or max(label.text) <= "⺀":
        cost += 1.0
    return cost


def _label_cost(path: _Path, step: _Step) -> float:
    cost = step.unlike
    if path.labels and step.first.gap is Gap.HARD:
        cost += 0.1
    if path.labels and column_role(path.labels[-1].text) in {"reason", "status"}:
        cost += 1.0
    return cost + step.long


def _header(labels: Sequence[Label], stop: int, cost: float) -> Header | None:
    columns = columns_under([label.text for label in labels])
    anchors = sum(c.kind in (Kind.FIGURE, Kind.QUANTITY, Kind.ORDINAL) for c in columns)
    if not anchors or all(c.kind in (Kind.FIGURE, Kind.ORDINAL) for c in columns):
        return None
    return Header(columns, tuple((label.start, label.stop) for label in labels), stop, cost)


def _flat(pieces: Pieces, path: _Path) -> list[Header]:
    header = _header(path.labels[_corner(path.labels) :], path.stop, path.cost + _cut_short(pieces, path.stop))
    return [_with_figures(pieces, header)] if header else []


def _with_figures(pieces: Pieces, header: Header) -> Header:
    """A header whose unknown labels stand over figures, where a line soon below has a figure for each of them."""
    unknown = [i for i, c in enumerate(header.columns) if i and c.role is None and c.kind is Kind.TEXT]
    if not unknown or not _line_of_figures(pieces, header, unknown):
        return header
    columns = tuple(Column(c.label, c.role, Kind.FIGURE) if i in unknown else c for i, c in enumerate(header.columns))
    return Header(columns, header.places, header.stop, header.cost)


def _line_of_figures(pieces: Pieces, header: Header, places: Sequence[int]) -> bool:
    """Whether one of the next lines has as many pieces as the header labels, and figures at some places of them."""
    size = len(header.columns)
    line: list[Piece] = []
    for index in range(header.stop, header.stop + _LINES_TRIED * size):
        piece = pieces.get(index)
        if piece is None:
            return False
        line = [*line, piece] if line and piece.gap is Gap.SPACE else [piece]
        following = pieces.get(index + 1)
        if len(line) == size and (following is None or following.gap is not Gap.SPACE):
            return all(line[place].figure for place in places)
    return False


def _cut_short(pieces: Pieces, stop: int) -> float:
    """What speaks against a header that ends above one more label that no row begins with."""
    labels = (pieces.joined(stop, stop + n) for n in range(1, 4) if pieces.get(stop + n - 1) is not None)
    return CUT_SHORT if any(column_role(text) in _NO_NAMES for text in labels) else 0.0


def _corner(labels: Sequence[Label]) -> int:
    """How many labels stand before the first level's that are the table's name, set beside its rows (绩效指标)."""
    roles = [column_role(label.text) for label in labels[:2]]
    return 1 if len(roles) > 1 and roles[1] == "level1" and (roles[0] or "level").startswith("level") else 0


def _spanning(path: _Path, sizes: Sequence[int]) -> list[Header]:
    """The reading of a header over two lines: the last labels stand under some of those before them.

    Text gives the upper labels first, then the lower ones. How many columns there are is what the first rows of
    figures show; which labels are spanned is told by the likeness of the lower labels, and must be clear.
    """
    headers: list[Header] = []
    for count in sizes if len(path.labels) not in sizes else []:
        spanned = len(path.labels) - count
        if not 1 <= spanned <= 3 or len(path.labels) < 3 * spanned + 2:
            continue
        ranked = sorted(_arrangements(path.labels, spanned), key=lambda found: -found[0])
        if ranked and (len(ranked) == 1 or ranked[0][0] > ranked[1][0] + CLEAR):
            header = _header(ranked[0][1], path.stop, path.cost)
            headers += [header] if header else []
    return headers


def _row_sizes(pieces: Pieces, start: int) -> list[int]:
    """The numbers of pieces of the next lines that hold little else than figures."""
    sizes: list[int] = []
    index, size, values = start, 0, 0
    while (piece := pieces.get(index)) and index < start + 60:
        if piece.gap is not Gap.SPACE:
            size, values = 0, 0
        size, values, index = size + 1, values + piece.value, index + 1
        following = pieces.get(index)
        if (following is None or following.gap is not Gap.SPACE) and values >= 3 and values >= size - 2:
            sizes.append(size)
    return sorted(set(sizes))


def _arrangements(labels: Sequence[Label], spanned: int) -> Iterator[tuple[float, list[Label]]]:
    """Each way to put lower labels under ``spanned`` upper ones, with the likeness of the pairs."""
    heads = [i for i, label in enumerate(labels) if column_of(label.text).kind is Kind.FIGURE or _vague(label)]
    for below in range(2 * spanned, min(len(labels) - spanned, 4 * spanned) + 1):
        upper, lower = labels[: len(labels) - below], labels[len(labels) - below :]
        likeness = {i: [_likeness(upper[i].text, x.text) for x in lower] for i in heads if i < len(upper)}
        able = [i for i, alike in likeness.items() if any(alike)]
        for cuts in combinations(range(2, below - 1), spanned - 1):
            bounds = list(zip((0, *cuts), (*cuts, below), strict=True))
            if min(b - a for a, b in bounds) < _FEWEST_BELOW:
                continue
            for parents in combinations(able, spanned):
                told = list(zip(parents, bounds, strict=True))
                if all(all(likeness[p][a:b]) for p, (a, b) in told):
                    alike = sum(sum(likeness[p][a:b]) for p, (a, b) in told)
                    vague = sum(_vague(upper[p]) for p in parents)
                    found = _flattened(upper, {p: lower[a:b] for p, (a, b) in told})
                    yield alike / below + 0.5 * vague, found


def _vague(label: Label) -> bool:
    return column_role(label.text) in (None, "ignored")


@lru_cache(maxsize=4096)
def _likeness(upper: str, lower: str) -> int:
    """How many characters two labels share, beyond those that every label of a budget table has."""
    return len(set(upper).intersection(lower).difference(_COMMON))


def _flattened(upper: Sequence[Label], groups: dict[int, Sequence[Label]]) -> list[Label]:
    out: list[Label] = []
    for index, label in enumerate(upper):
        out += groups.get(index, [label])
    return out


def _shaped(pieces: Pieces) -> Header | None:
    """A header that the vocabulary does not know: a line of short words above lines of a label and as many figures."""
    labels: list[Label] = []
    index = 0
    while (piece := pieces.get(index)) and (index == 0 or piece.gap is Gap.SPACE):
        if piece.value or len(piece.text) > 12 or _NOT_IN_LABEL.search(piece.text) or _DIGITS.match(piece.text):
            return None
        labels.append(Label(piece.text, index, index + 1, known=False))
        index += 1
    if not 3 <= len(labels) <= _LABELS or not _figures_below(pieces, index, len(labels)):
        return None
    columns = [column_of(label.text) for label in labels]
    head = columns[0] if columns[0].kind is Kind.LEVEL else Column(columns[0].label, columns[0].role, Kind.NAME)
    rest = [Column(c.label, c.role, Kind.FIGURE) for c in columns[1:]]
    return Header((head, *rest), tuple((x.start, x.stop) for x in labels), index, 0.0, shaped=True)


def _figures_below(pieces: Pieces, start: int, count: int) -> bool:
    """Whether a line soon below holds a label and a figure or dash for each of the other columns."""
    run, figures = 0, 0
    for index in range(start, start + 4 * count):
        piece = pieces.get(index)
        if piece is None:
            return False
        run, figures = (run + 1, figures + piece.figure) if piece.value else (0, 0)
        if run >= count - 1 and figures >= 2:
            return True
    return False
