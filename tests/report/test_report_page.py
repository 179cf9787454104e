"""``jixiao report``: a page that shows what the database holds, loads nothing, runs nothing, and can be read by everybody."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pdfplumber
import pytest
from lxml import html

from pipeline.report import Chosen, Language, gather, render
from pipeline.report.page import labels
from pipeline.store import Store, StoreError
from tests.database_cases import fill

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
PAYLOADS = (
    "<script>alert(1)</script>",
    "</blockquote><img src=x onerror=alert(2)>",
    "\"><svg onload='alert(3)'>",
    "{{ 7*7 }}{% raw %}",
    "</style><style>*{display:none}",
    "'; DROP TABLE reports; --",
)
HOSTILE = """某局{0}
2023年度部门整体支出绩效自评报告

二、预算执行情况
2023年部门全年预算数1200.50万元，部门总支出1150.30万元{1}，预算执行率85.82%{2}。

三、项目支出绩效自评情况
1.{3}项目{4}：全年预算数45.5万元，全年执行数45万元，执行率88.9%。

四、存在的问题
{5}部分项目前期工作不够扎实，支付进度偏慢。
"""


def page_of(database: Path, language: Language = Language.CHINESE, **chosen: tuple[str, ...]) -> str:
    with Store.open(database, read_only=True) as store:
        return render(gather(store, Chosen(**chosen)), language)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    for path in SAMPLES.glob("*.txt"):
        shutil.copy(path, folder)
    return fill(folder, folder / "samples.duckdb")[1]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "hostile<b>-2023.txt").write_text(HOSTILE.format(*PAYLOADS), encoding="utf-8")
    return fill(folder, folder / "hostile.duckdb")[1]


def test_every_finding_stands_on_the_page_with_its_figures_marked_in_their_text(database: Path) -> None:
    tree = html.fromstring(page_of(database))
    with Store.open(database, read_only=True) as store:
        findings = store.findings()
        texts = dict(store.query("SELECT document, text FROM documents").rows)
        figures = {f.finding_id: store.trace_finding(f.finding_id) for f in findings}
    shown = {}
    for item in tree.xpath("//ol[@class='findings']/li"):
        shown[item.xpath(".//code")[0].text_content().split()[-1]] = item
    assert set(shown) == {f.finding_id for f in findings}
    for finding in findings:
        item = shown[finding.finding_id]
        assert finding.message in item.text_content()
        marks = [mark.text_content() for mark in item.xpath(".//mark")]
        traced = figures[finding.finding_id]
        assert traced is not None
        places = {(p.start, p.stop): " ".join(p.printed.split()) for p in traced.places}
        assert sorted(marks) == sorted(places.values())
        for quote in item.xpath(".//blockquote"):
            words = quote.text_content().partition("行")[2].strip("… ").split()
            text = "".join(texts[finding.document].split())
            assert "".join(words) in text


def test_key_figures_and_charts_say_what_the_views_say(database: Path) -> None:
    tree = html.fromstring(page_of(database, documents=("culture-2023",)))
    tiles = [" ".join(li.text_content().split()) for li in tree.xpath("//main//ul[@class='tiles']/li")]
    assert tiles == [
        *("全年预算数3,159.45", "全年执行数2,749.86", "执行率87.04%所述 87.04%", "得分86.77良"),
        *("未达标指标0 / 12其中得满分 0", "疑点3错误3，警告0"),
    ]
    rows = {
        row.xpath("string(th)"): row.xpath("string(td[last()])").split()[-1]
        for row in tree.xpath("(//table[@class='chart'])[1]/tbody/tr")
    }
    assert list(rows.items()) == [
        *(("年初预算", "2,378.40"), ("年初结转", "+212.65"), ("追加", "+656.70"), ("调减", "-88.30")),
        *(("全年预算数", "3,159.45"), ("全年执行数", "2,749.86"), ("未执行", "409.59")),
    ]


@pytest.mark.parametrize("language", Language)
def test_a_page_loads_and_runs_nothing(database: Path, hostile: Path, language: Language) -> None:
    for path in (database, hostile):
        page = page_of(path, language)
        tree = html.fromstring(page)
        assert {e.tag for e in tree.iter() if isinstance(e.tag, str)} <= {
            *(
                "html",
                "head",
                "meta",
                "title",
                "style",
                "body",
                "header",
                "main",
                "section",
                "h1",
                "h2",
                "h3",
                "p",
                "ul",
            ),
            *(
                "ol",
                "li",
                "b",
                "br",
                "small",
                "span",
                "code",
                "div",
                "table",
                "caption",
                "thead",
                "tbody",
                "tr",
                "th",
                "td",
            ),
            *("a", "svg", "rect", "blockquote", "mark"),
        }
        attributes = {(name, value) for e in tree.iter() for name, value in e.attrib.items()}
        assert not [n for n, _ in attributes if n.startswith("on") or n in {"style", "src", "srcset", "action"}]
        assert all(value.startswith("#") for name, value in attributes if name == "href")
        (policy,) = [e.get("content") for e in tree.iter("meta") if e.get("http-equiv")]
        (style,) = tree.iter("style")
        digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
        assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        assert not re.search(r"@import|url\(|expression", style.text)


def test_hostile_text_is_text(hostile: Path) -> None:
    page = page_of(hostile)
    text = " ".join(html.fromstring(page).text_content().split())
    assert "<script>" not in page
    assert "<img" not in page
    assert sum(payload in text for payload in PAYLOADS) >= 2, "the payloads are shown as they stand"
    assert "{{ 7*7 }}{% raw %}" in page


@pytest.mark.parametrize("language", Language)
def test_a_page_can_be_read_by_everybody(database: Path, language: Language) -> None:
    """Language, landmarks, heading order, table headers, names of scrolling regions, drawings that repeat their text."""
    tree = html.fromstring(page_of(database, language))
    assert tree.get("lang") == {"zh": "zh-CN", "en": "en"}[language]
    assert len(tree.xpath("//main")) == len(tree.xpath("//h1")) == 1
    levels = [int(h.tag[1]) for h in tree.xpath("//h1|//h2|//h3")]
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert all(th.get("scope") in {"col", "row"} and th.text_content().strip() for th in tree.iter("th"))
    assert all(svg.get("aria-hidden") == "true" for svg in tree.iter("svg"))
    assert all(
        e.get("aria-label") or e.get("aria-labelledby") for e in tree.xpath("//*[@role='region' or self::section]")
    )
    ids = [e.get("id") for e in tree.xpath("//*[@id]")]
    assert len(ids) == len(set(ids))
    assert {a.get("href")[1:] for a in tree.iter("a")} <= set(ids)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *(("#1c2733", "#ffffff"), ("#1c2733", "#ffe08a"), ("#1f5f99", "#ffffff"), ("#a3271f", "#ffffff")),
        *(("#8a5a00", "#ffffff"), ("#4a5866", "#f5f7f9"), ("#4a5866", "#ffffff")),
    ],
)
def test_text_has_the_contrast_of_wcag_aa(database: Path, text: str, ground: str) -> None:
    assert text in page_of(database)
    light, dark = sorted((_luminance(text), _luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_both_languages_have_the_same_words() -> None:
    chinese, english = labels(Language.CHINESE), labels(Language.ENGLISH)
    assert set(chinese) == set(english)
    assert set(chinese["kinds"]) == set(english["kinds"])
    holes = re.compile(r"\{(\w+)\}")
    for key, words in chinese.items():
        if key != "kinds":
            assert sorted(holes.findall(words)) == sorted(holes.findall(english[key])), key


def test_an_english_page_has_english_sentences(database: Path) -> None:
    page = page_of(database, Language.ENGLISH, documents=("water-2022",))
    assert "27.2 / 32 = 85%, but 92% is stated" in page
    assert "疑点" not in page


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"departments": ("某局",)}, "There is no department 某局: there are 云台县农业农村局"),
        ({"documents": ("water",)}, "There is no document water: there are agriculture-2021"),
        (
            {"departments": ("澄河市教育局",), "documents": ("water-2022",)},
            "no report of this department in this document",
        ),
    ],
)
def test_what_is_not_there_is_named(database: Path, chosen: dict[str, Any], message: str) -> None:
    with pytest.raises(StoreError, match=message):
        page_of(database, **chosen)


def test_an_empty_database_is_named(tmp_path: Path) -> None:
    Store.open(tmp_path / "empty.duckdb").close()
    with pytest.raises(StoreError, match="holds no documents: read some with jixiao run"):
        page_of(tmp_path / "empty.duckdb")


def test_a_department_alone(database: Path) -> None:
    tree = html.fromstring(page_of(database, departments=("松溪市卫生健康委员会",)))
    assert {h.text_content() for h in tree.xpath("//h2")} == {"总览", "松溪市卫生健康委员会 · 2022"}


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium here")
def test_a_browser_prints_it_to_a4(database: Path, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(page_of(database), encoding="utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
    command = ["chromium", *options, f"--user-data-dir={tmp_path / 'profile'}"]
    pdf = tmp_path / "report.pdf"
    printing = [*command, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", f"file://{tmp_path / 'report.html'}"]
    subprocess.run(printing, capture_output=True, timeout=120, check=True)  # noqa: S603 - the browser of this machine
    with pdfplumber.open(pdf) as printed:
        assert {(round(p.width), round(p.height)) for p in printed.pages} == {(595, 842)}
        words = [w for p in printed.pages for w in p.extract_words()]
        text = "".join(normalize("NFKC", "".join(p.extract_text().split())) for p in printed.pages)
        assert all(w["x0"] >= 0 and w["x1"] <= 595 for w in words), "nothing is cut off at the right"
        assert any(r["non_stroking_color"] for p in printed.pages for r in p.rects), "bars are drawn"
    for name in ("绩效自评报告核查", "云台县农业农村局·2021", "4,844.54", "疑点"):
        assert name in text
