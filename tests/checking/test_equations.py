"""Printed equations: read safely, checked with intervals, and silent where they cannot be read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from checking_cases import bare_layout, document
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checking.equations import check_equations
from pipeline.checking.formulas import FormulaError, evaluate, fold, tokens_at_start
from pipeline.checking.scene import Scene


def findings(text: str) -> list[tuple[str, str, str]]:
    """Kind, stated and computed of the equations that do not hold."""
    scene = Scene(document(text), bare_layout(text), (), {})
    return [(f.kind.value, f.stated, f.computed) for f in check_equations(scene)]


@pytest.mark.parametrize(
    "text",
    [
        "预算完成率=（5069.77/7479.37）*100%=67.78%。",
        "预算完成率\n\n=\n\n（5069.77/7479.37\n\n）*100%=67.78%\n\n",
        "预算调整数\n=7479.37-4501.85=2977.52；新增",
        "预算调整率=（2977.52-1358.72）\n\n/4501.85=35.96%。",
        "实际完成\n=933.73/1600=58.3\n\n6%;\n得分=90.04%*2=1.8 分",
        "得分\n=2-2*35.96%=1.28\n分",
        "得分=（73.1/80）\n\n*5=4.57 分。",
        "=378.18/420=90.04\n\n%；得分",
        "项目34=12+2+8+5+7个",
        "合计：１１３６.01＋999.39＝2135.40万元",
        "1.5亿元+5000万元=2亿元",
        "完成率=63÷70×100=90",
        "完成率=63/70=0.9",
        "得分=3*80%=2.4分，满意度80%",
        "2 1.8\n\n63/70=90%",  # a cell before the formula
        "结余=7479-4501.85=2977.5",  # an integer beside decimals is rounded
        "执行率=8982.84/8988.94=99.9%",  # cut off or rounded
        "比重=0/5=0%",
    ],
)
def test_equations_that_hold_are_silent(text: str) -> None:
    assert findings(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("得分=58.36%*2=1.18分", ("ratio", "1.18", "1.17")),
        ("完成率=63/80=88.75%；", ("ratio", "88.75%", "78.75%")),
        ("34=12+2+8+5+7=34, 12+2+8=23", ("sum", "23", "22")),
        ("结余=7479.37-4501.85=2978.52", ("difference", "2978.52", "2977.52")),
        ("（５０６９.77÷７４７９.37）×100％＝76.78％", ("ratio", "76.78%", "67.78%")),
        ("1.5亿元+5000万元=3亿元", ("sum", "3", "2")),
        ("实际完成=933.73/1600=38.3\n\n6%;", ("ratio", "38.36%", "58.36%")),
    ],
)
def test_equations_that_do_not_hold_are_found(text: str, expected: tuple[str, str, str]) -> None:
    assert findings(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "得分=权重*58.36%*2=9.99",  # what is multiplied is not all printed in figures
        "得分=5*权重=9",
        "预算完成率=100%得 2 分，90%以上得 1.5分",
        "1/0=5",
        "1.5亿元+5000=3亿元",  # which unit has the second figure?
        "=" * 50,
        "1+=2",
        "预算数（5069.77）=7479.37",
    ],
)
def test_what_is_no_readable_equation_is_silent(text: str) -> None:
    assert findings(text) == []


def test_literals_stand_at_their_places() -> None:
    text = "得分\n\n=58.36%*2=1.4\n\n8分"
    scene = Scene(document(text), bare_layout(text), (), {})
    (found,) = check_equations(scene)
    stated, *operands = found.literals
    assert text[stated.span.start : stated.span.stop] == "1.4\n\n8"
    assert [text[x.span.start : x.span.stop] for x in operands] == ["58.36", "2"]


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1+2*3", "7"),
        ("(1+2)*3", "9"),
        ("10-2-3", "5"),
        ("2-2*35.96%", "1.2808"),
        ("1,234.50*2", "2469.00"),
        ("12/4/3", "1"),
    ],
)
def test_precedence_and_association(formula: str, value: str) -> None:
    assert evaluate(tokens_at_start(fold(formula))).interval.value == Decimal(value)


@pytest.mark.parametrize("formula", ["", "1+", "(1", "1)", "*2", "1 2", "(" * 40 + "1" + ")" * 40, "5/0"])
def test_nonsense_is_an_error_of_its_own(formula: str) -> None:
    with pytest.raises(FormulaError):
        evaluate(tokens_at_start(formula))


@given(st.text(alphabet="0123456789.,%()+-*/=＝（）×÷ \n万亿元分x", max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    findings(text)


@given(
    st.lists(st.decimals(min_value=0, max_value=10**6, places=2), min_size=2, max_size=6),
    st.sampled_from(["+", "＋"]),
)
def test_sums_of_what_is_printed_hold(parts: list[Decimal], plus: str) -> None:
    assert findings(f"合计={plus.join(map(str, parts))}={sum(parts)}万元") == []


def test_many_equations_take_time_in_proportion() -> None:
    text = "得分=58.36%*2=1.18分；" * 3000
    assert len(findings(text)) == 3000
