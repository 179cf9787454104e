"""Files to text: four encodings, every character kept, and a named error with its remedy for everything else."""

from __future__ import annotations

import codecs
import hashlib
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import DocumentError, Limits, read_document
from pipeline.documents.text import decode

TEXT = "清江州水利局2022年度自评报告\n全年预算数1,798.50万元，执行率９５．５％。\n"
RARE = "人名：𠮷田、㐱、䶮\n"


@pytest.fixture
def put(tmp_path: Path) -> Callable[[bytes], Path]:
    """Writes a file."""

    def write(data: bytes) -> Path:
        path = tmp_path / "水利-2022.txt"
        path.write_bytes(data)
        return path

    return write


ENCODINGS = [
    ("UTF-8", TEXT.encode(), "utf-8"),
    ("UTF-8 with BOM", codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
    ("UTF-16 LE with BOM", codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16"),
    ("UTF-16 BE with BOM", codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
    ("UTF-16 LE", TEXT.encode("utf-16-le"), "utf_16_le"),
    ("UTF-16 BE", TEXT.encode("utf-16-be"), "utf_16_be"),
    ("GB18030", TEXT.encode("gb18030"), "gb18030"),
    ("GBK", TEXT.encode("gbk"), "gb18030"),
]


@pytest.mark.parametrize(("data", "name"), [row[1:] for row in ENCODINGS], ids=[row[0] for row in ENCODINGS])
def test_each_encoding_gives_the_same_text(put: Callable[[bytes], Path], data: bytes, name: str) -> None:
    document = read_document(put(data))
    assert (document.text, document.encoding) == (TEXT, name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_characters_beyond_the_basic_plane_are_one_character_each(put: Callable[[bytes], Path], encoding: str) -> None:
    document = read_document(put((TEXT + RARE).encode(encoding)))
    assert document.text == TEXT + RARE
    assert document.text[document.text.index("𠮷") + 1] == "田"


@pytest.mark.parametrize(
    "text",
    [
        "一\r\n二\r三\n四",
        "\n\n　 前后的空白都在 \n\n",
        "制表\t符与\f换页",
        "零宽\u200b空格\ufeff与\u00ad软连字符",
        "e\u0301 不合并",
    ],
)
def test_no_character_is_changed(put: Callable[[bytes], Path], text: str) -> None:
    assert read_document(put(text.encode())).text == text


def test_a_document_knows_where_it_comes_from(put: Callable[[bytes], Path]) -> None:
    path = put(TEXT.encode())
    document = read_document(path)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    assert (document.name, document.path, document.sha256) == ("水利-2022", path, digest)
    assert document.document_id == digest[:16]


def test_the_id_follows_from_the_bytes_alone(put: Callable[[bytes], Path], tmp_path: Path) -> None:
    first = read_document(put(TEXT.encode()))
    other = tmp_path / "elsewhere.txt"
    other.write_bytes(TEXT.encode())
    assert read_document(other).document_id == first.document_id
    assert read_document(put(TEXT.encode("gb18030"))).document_id != first.document_id


NO_TEXT = [
    ("Latin-1", "Résumé : dépenses exécutées à hauteur de 95,5 % des crédits votés en été.\n".encode("latin-1")),
    ("Windows-1252", "Übersicht der Haushaltsmittel für Straßen – 1.234,56 €\n".encode("cp1252")),
    ("Big5", "部門預算績效自評報告：全年預算數為一千七百九十八萬元。".encode("big5")),
    ("compressed bytes", b"\x01" + zlib.compress(TEXT.encode() * 40)),
    ("NUL in the middle of UTF-8", TEXT.encode() + b"\0" + TEXT.encode()),
    ("NUL bytes", b"\0" * 100),
    ("GB18030 with NUL", TEXT.encode("gb18030") + b"\0\0"),
    ("GB18030 that breaks off", TEXT.encode("gb18030") + b"\xff"),
    ("UTF-8 with BOM that breaks off", codecs.BOM_UTF8 + TEXT.encode()[:-2]),
    ("UTF-16 that breaks off", codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le")[:-1]),
    ("UTF-32, which begins as UTF-16", TEXT.encode("utf-32")),
]


@pytest.mark.parametrize("data", [row[1] for row in NO_TEXT], ids=[row[0] for row in NO_TEXT])
def test_what_is_no_text_names_the_file_and_the_remedy(put: Callable[[bytes], Path], data: bytes) -> None:
    path = put(data)
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).endswith("; save it as UTF-8 text and run again")
    assert caught.value.path == path


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, "　\n".encode()])
def test_an_empty_file_says_so(put: Callable[[bytes], Path], data: bytes) -> None:
    path = put(data)
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    assert str(caught.value) == f"{path}: holds no text; remove it or supply the report's text"


def test_a_file_beyond_the_limit_is_not_read(put: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(b"1" * 1001)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("a file that is too large was read"))
    with pytest.raises(DocumentError) as caught:
        read_document(path, Limits(bytes=1000))
    assert str(caught.value) == f"{path}: 1,001 bytes is more than the limit of 1,000; split it or raise the limit"


def test_a_file_at_the_limit_is_read(put: Callable[[bytes], Path]) -> None:
    assert read_document(put(b"1" * 1000), Limits(bytes=1000)).text == "1" * 1000


def test_a_file_that_may_not_be_read(put: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = put(TEXT.encode())
    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    assert str(caught.value) == f"{path}: cannot be read (Permission denied); check its permissions"


def test_a_missing_file_and_a_link_to_nowhere(tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to("gone.txt")
    for path in (tmp_path / "missing.txt", link):
        with pytest.raises(DocumentError) as caught:
            read_document(path)
        assert str(caught.value) == f"{path}: no such file; check the path, and where it leads if it is a link"


def test_what_is_not_a_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        with pytest.raises(DocumentError) as caught:
            read_document(path)
        assert str(caught.value) == f"{path}: is not a file; name a file or a folder of them"


def test_a_name_that_is_not_utf_8_cannot_be_stored_and_is_refused(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))
    try:
        path.write_bytes(TEXT.encode())
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    with pytest.raises(DocumentError, match="has a name that is not UTF-8; rename it"):
        read_document(path)


@given(st.text(min_size=1).filter(lambda text: "\0" not in text and not text.startswith("\ufeff")))
def test_utf_8_is_read_back_whatever_it_says(text: str) -> None:
    assert decode(Path("x.txt"), text.encode()) == ("utf-8", with_line_feeds(text))


@pytest.mark.parametrize("end", ["\r", "\v", "\x85", "\u2028", "\u2029"])
def test_what_ends_a_line_elsewhere_is_a_line_feed_at_its_place(end: str) -> None:
    assert decode(Path("x.txt"), f"一、收入{end}12万元{end}".encode())[1] == "一、收入\n12万元\n"


def with_line_feeds(text: str) -> str:
    """A text with line feeds where another character ends a line; CR LF stays, and CR beside line feeds."""
    if "\n" not in text:
        text = text.replace("\r", "\n")
    return text.translate(dict.fromkeys(map(ord, "\v\x85\u2028\u2029"), "\n"))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_text_or_a_named_error(data: bytes) -> None:
    try:
        encoding, text = decode(Path("x.txt"), data)
    except DocumentError as error:
        assert str(error).startswith("x.txt: ")
    else:
        assert "\0" not in text
        assert text == with_line_feeds(data.decode(encoding))
