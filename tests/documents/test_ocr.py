"""Pages that are pictures: read where the extra is installed, told where it is not, and never believed blindly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.documents import DocumentError, DocumentReader, Limits, read_document
from pipeline.documents import ocr as engine
from pipeline.documents.pdf import read_pdf
from pipeline.drawn import Ocr, OcrText
from pipeline.extraction.choice import OFFLINE
from pipeline.job import Terms, run
from pipeline.layout import lay_out
from pipeline.store import Store
from schemas.values import Span
from tests.cli.conftest import Jixiao, jixiao
from tests.documents.test_pdf import HEIGHT, WIDTH, Draw, at, budget, pdf_of
from tests.formats.to_scan import Scanner, pictures, save_scan

__all__ = ["jixiao"]  # a fixture

SENTENCE = "2022年度全年预算数1798.50万元，全年执行数1798.50万元，预算执行率94%"
PAGE = (at(100, "清江州水利局2022年度部门整体支出绩效自评报告"), at(130, SENTENCE), *budget(200))
READ = "\n".join((
    "清江州水利局2022年度部门整体支出绩效自评报告", SENTENCE, "项目\t预算数", "\t年初\t全年",
    "基本支出\t1,200.50\t1,300.00", "项目支出\t10\t12", "\t20\t30", "",
))  # fmt: skip


def photographed(folder: Path, *pages: Sequence[Draw]) -> list[Image.Image]:
    """Pages as pictures."""
    printed = folder / "printed.pdf"
    printed.write_bytes(pdf_of(*pages))
    return pictures(printed)


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Image.Image:
    [page] = photographed(tmp_path_factory.mktemp("scan"), PAGE)
    return page.crop((0, 200, page.width, 900))


@pytest.fixture(scope="module")
def scan(picture: Image.Image, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scan") / "scan.pdf"
    save_scan([picture], path)
    return path


def test_a_scanned_page_gives_its_sentences_and_the_cells_of_its_tables(scan: Path) -> None:
    with DocumentReader() as reader:
        document = reader.read(scan)
    assert document.text == READ
    [table] = lay_out(document).tables
    assert [c.header for c in table.body[0].cells] == [("项目",), ("预算数", "年初"), ("预算数", "全年")]
    assert document.remarks == (f"1 pages were read off their pictures by {engine.engine_name()}: 1",)


def test_each_character_has_the_confidence_of_the_engine(scan: Path) -> None:
    document = read_document(scan)
    assert document.ocr is not None
    assert [document.slice(t.span) for t in document.ocr.texts] == READ.replace("\t", "\n").replace(
        "\n\n", "\n"
    ).split()
    assert all(len(t.sure) == t.span.stop - t.span.start for t in document.ocr.texts)
    assert all(0 < c <= 1000 for t in document.ocr.texts for c in t.sure)
    figure = document.text.index("1798.50")
    assert document.ocr.confidence(Span(figure, figure + 7)) == min(
        c for t in document.ocr.texts for i, c in enumerate(t.sure, t.span.start) if figure <= i < figure + 7
    )


@pytest.mark.parametrize(("least", "records"), [(0.5, True), (1.0, False)])
def test_a_figure_is_stored_with_its_confidence_or_quarantined(
    scan: Path, tmp_path: Path, least: float, *, records: bool
) -> None:
    with Store.open(tmp_path / "a.duckdb") as store:
        asyncio.run(run([scan], store, OFFLINE, Terms(Limits(sure=least))))
        found = store.query("SELECT record_id, printed, ocr_confidence FROM literals WHERE printed = '1798.50'").rows
        kept_out = store.query("SELECT reason FROM v_quarantine WHERE code = 'ocr' AND reason LIKE '%1798.50%'").rows
        if not records:
            assert found == ()
            assert kept_out[0][0].startswith("value: 1798.50 was read off a picture with a confidence of 0.")
            assert kept_out[0][0].endswith(", less than 1")
            return
        assert kept_out == ()
        assert len(found) > 1
        assert all(0.5 < row[2] <= 1 for row in found)
        [literal] = store.trace(str(found[0][0])).literals
        assert (literal.ocr_confidence, str(literal.printed_at[0])[:6]) == (found[0][2], "page 1")


def test_a_finding_of_a_scan_is_traced_to_its_place_on_the_page(scan: Path, jixiao: Jixiao) -> None:
    assert jixiao("run", scan, "--db", "a.duckdb", "--extractor", "offline").code == 0
    [finding, *_] = json.loads(jixiao("findings", "--db", "a.duckdb", "--kind", "ratio", "--format", "json").out)
    with Store.open(Path("a.duckdb"), read_only=True) as store:
        traced = store.trace_finding(finding["finding_id"])
        [(document,)] = store.query("SELECT text FROM documents").rows
    assert traced is not None
    boxes = {b.span: b for b in read_document(scan).boxes}
    for place in traced.places:
        [printed] = place.printed_at
        line = next(b for span, b in boxes.items() if span.start <= place.start < span.stop)
        assert (printed.page, printed.box) == ("1", (line.left, line.top, line.right, line.bottom))
        assert place.ocr_confidence is not None
        assert document[place.start : place.stop] == place.printed
    told = jixiao("trace", finding["finding_id"], "--db", "a.duckdb").out
    first = traced.places[0]
    assert f"{first.printed_at[0]}  OCR confidence {first.ocr_confidence}" in " ".join(told.split("\n"))


def test_a_text_beside_pictures_needs_no_confidence(picture: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / "both.pdf"
    canvas = Canvas(str(path), pagesize=(WIDTH, HEIGHT))
    canvas.drawString(60, 700, "Budget 86.00")
    canvas.showPage()
    canvas.drawImage(ImageReader(picture), 0, HEIGHT / 2, WIDTH, WIDTH * picture.height / picture.width)
    canvas.drawString(280, 30, "- 2 -")
    canvas.showPage()
    canvas.save()
    document = read_document(path)
    assert document.text == "Budget 86.00\n" + READ
    assert document.ocr is not None
    assert document.ocr.confidence(Span(7, 12)) is None
    assert [p.label for p in document.pages] == ["1", "2"]


def test_without_the_extra_the_pages_and_the_way_to_have_them_read_are_named(
    scan: Path, picture: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_RUNTIME", "a-package-that-nobody-installed")
    with pytest.raises(DocumentError) as caught:
        read_document(scan)
    assert str(caught.value) == (
        f"{scan}: is a scanned PDF: its pages are images without text; pip install 'jixiao[ocr]' and run again, or "
        "supply a PDF with text"
    )

    def drawn(canvas: Canvas) -> None:
        canvas.drawInlineImage(picture, 0, 0, WIDTH, HEIGHT)

    found = read_pdf(Path("x.pdf"), pdf_of([at(100, "正文")], [drawn], [drawn]), Limits())
    assert (found.text, found.remarks) == ("正文\n", (
        "2 pages are images without text, and are not read: 2, 3; to read them, pip install 'jixiao[ocr]' and run again",
    ))  # fmt: skip
    path = tmp_path / "page.png"
    picture.save(path)
    with pytest.raises(
        DocumentError, match=r"is an image, and no text can be read from it; pip install 'jixiao\[ocr\]'"
    ):
        read_document(path)


def test_a_page_whose_fonts_do_not_say_what_they_print_is_read_off_its_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf_of([at(100, "自评报告")]).replace(b"/UniGB-UCS2-H", b"/Identity-H  ")
    remark, *_ = read_pdf(Path("x.pdf"), data, Limits()).remarks
    assert remark == f"1 pages were read off their pictures by {engine.engine_name()}: 1"
    monkeypatch.setattr(engine, "_RUNTIME", "a-package-that-nobody-installed")
    with pytest.raises(DocumentError, match="has fonts that do not say which characters they print; print it to a PDF"):
        read_pdf(Path("x.pdf"), data, Limits())


def test_a_scan_of_which_no_page_can_be_read_says_so_and_the_next_file_is_read(scan: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.pdf"
    text.write_bytes(pdf_of([at(100, "正文")]))
    with DocumentReader(Limits(memory=1_000_000_000)) as reader:
        with pytest.raises(
            DocumentError, match=r"is a scanned PDF of which no page could be read \(.+\); get the file"
        ):
            reader.read(scan)
        assert reader.read(text).text == "正文\n"


def test_letters_that_are_drawn_as_curves_are_a_picture_and_a_small_sign_is_none(picture: Image.Image) -> None:
    def curves(canvas: Canvas) -> None:
        for row, column in product(range(11), range(10)):
            canvas.ellipse(60 + 9 * column, 700 - 20 * row, 66 + 9 * column, 710 - 20 * row)

    def sign(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture), 300, 400, 30, 30)

    remarks = read_pdf(Path("x.pdf"), pdf_of([at(100, "正文")], [curves], [sign]), Limits()).remarks
    assert remarks[0] == f"1 pages were read off their pictures by {engine.engine_name()}: 2"


def test_figures_of_letters_that_are_too_small_are_not_believed(picture: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / "small.pdf"
    save_scan([picture.resize((picture.width * 2 // 5, picture.height * 2 // 5))], path, Scanner(resolution=80))
    document = read_document(path)
    assert document.ocr is not None
    digits = [s for t in document.ocr.texts for s, c in zip(t.sure, document.slice(t.span), strict=True) if c.isdigit()]
    assert len(digits) > 20
    assert max(digits) <= 500
    assert any(r.endswith("their figures are kept apart; scan at 200 pixels an inch or more") for r in document.remarks)


@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_image_files_are_read_as_pages(picture: Image.Image, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"page.{suffix}"
    picture.save(path)
    document = read_document(path)
    assert (document.text, document.encoding) == (READ, "image")


@pytest.mark.parametrize("quarters", [1, 2])
def test_a_page_that_lies_on_its_side_or_stands_on_its_head_is_turned(
    picture: Image.Image, tmp_path: Path, quarters: int
) -> None:
    path = tmp_path / "page.png"
    picture.rotate(90 * quarters, expand=True).save(path)
    assert read_document(path).text == READ


def test_an_empty_picture_and_a_broken_one_are_named(tmp_path: Path) -> None:
    empty, broken = tmp_path / "empty.png", tmp_path / "broken.png"
    Image.new("L", (600, 400), 255).save(empty)
    buffer = BytesIO()
    Image.new("L", (600, 400), 255).save(buffer, "PNG")
    broken.write_bytes(buffer.getvalue()[:60])
    with pytest.raises(DocumentError, match="holds no text"):
        read_document(empty)
    with pytest.raises(DocumentError, match="is a broken image"):
        read_document(broken)


def test_the_confidence_of_a_part_is_that_of_its_least_certain_character() -> None:
    ocr = Ocr("e 1", 800, (OcrText(Span(2, 5), (990, 700, 995)), OcrText(Span(5, 7), (900, 850))))
    asked = [Span(2, 3), Span(2, 5), Span(3, 4), Span(4, 7), Span(0, 2), Span(7, 9), Span(0, 9)]
    assert [ocr.confidence(span) for span in asked] == [990, 700, 700, 850, None, None, 700]
    assert [ocr.doubts(span) for span in asked] == [False, True, True, False, False, False, True]
