"""A small database with flagged and quarantined records, and a page of it that is served in a thread."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from pipeline.documents import read_document
from pipeline.extraction.offline import OfflineExtractor
from pipeline.flow import Decision, Rejection
from pipeline.job import conclude, prepare
from pipeline.review.desk import Desk
from pipeline.review.pages import Language
from pipeline.review.queue import Item
from pipeline.review.serving import listening, server_of
from pipeline.store import Reading, Store

TEXT = """云台县交通局2022年度部门整体支出绩效自评报告

一、部门概况
云台县交通局负责全县公路的建设和养护。

二、预算执行情况
2022年部门全年预算数1200.50万元，部门总支出1150.30万元，预算执行率85.82%。

三、项目支出绩效自评情况
1.桥梁维护项目：全年预算数45.5万元，全年执行数45万元，执行率88.9%。
2.公路养护项目：全年预算数300万元，全年执行数270.50万元，执行率90.17%。
3.灯具更新项目：全年预算数20万元，全年执行数18万元，执行率90%。

四、存在的问题
部分项目前期工作不够扎实，支付进度偏慢。
"""
ROADS, LAMPS, BRIDGES = "公路养护项目", "灯具更新项目", "桥梁维护项目"


def written(folder: Path, text: str = TEXT, name: str = "transport-2022") -> Path:
    """A report in a folder."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.txt"
    path.write_text(text, encoding="utf-8")
    return path


def reading_of(path: Path, *, code: str = "contested", chunk_id: str | None = None) -> Reading:
    """A report read offline, of which two projects are quarantined: one that was read well, one with a wrong figure."""
    prepared = prepare(read_document(path))
    reading = conclude(prepared, OfflineExtractor().extract(prepared.document, prepared.layout, prepared.chunks))
    kept, rejections = [], []
    for decision in reading.decisions:
        name = getattr(decision.grounded.record, "name", None)
        if name in {ROADS, LAMPS}:
            rejections.append(_rejection(decision, code, chunk_id, wrong=name == LAMPS))
        else:
            kept.append(decision)
    return replace(reading, decisions=tuple(kept), rejections=tuple(rejections))


def _rejection(decision: Decision, code: str, chunk_id: str | None, *, wrong: bool) -> Rejection:
    draft = decision.grounded.draft
    payload = draft.record.model_dump_json()
    if wrong:
        payload = payload.replace('"18"', '"19"')
        code = "figure"
    reason = "executed: 19 does not stand in the quote" if wrong else "two readings differ"
    return Rejection(
        draft.record_type, draft.report_id, chunk_id or draft.chunk_id, code, reason, payload, '{"raw": "<b>"}'
    )


@contextmanager
def desk_of(db: Path) -> Iterator[tuple[Store, Desk]]:
    """A database open for review."""
    with Store.open(db) as store:
        yield store, Desk(store)


def named(desk: Desk, store: Store, name: str) -> Item:
    """The project of a name in the queue, flagged or quarantined."""
    for item in desk.queue.items:
        if item.record_type == "projects" and desk.look(item, 100).reading.payload.get("name") == name:
            return item
    raise AssertionError(f"{name} is not in the queue")


def payload_of(desk: Desk, item: Item, **changes: Any) -> dict[str, Any]:
    """The fields of an item with changes, as a form gives them."""
    return {**desk.look(item, 100).reading.payload, **changes}


@dataclass
class Answer:
    """What a server answered."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Served:
    """A page that is served, asked by hand: every header is what a test says."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def netloc(self) -> str:
        return urlsplit(self.address).netloc

    @property
    def token(self) -> str:
        return urlsplit(self.address).query.removeprefix("token=")

    def ask(
        self,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str | None] | None = None,
        cookies: bool = True,
        method: str | None = None,
    ) -> Answer:
        """One request, as the page itself would make it but for the headers given (None leaves one out)."""
        body = None if form is None else urlencode(form)
        sent: dict[str, str | None] = {"Host": self.netloc}
        if cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if body is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.netloc}"}
        sent |= headers or {}
        connection = http.client.HTTPConnection(self.netloc, timeout=20)
        try:
            connection.putrequest(method or ("POST" if body is not None else "GET"), path, skip_host=True)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body.encode())))
            connection.endheaders(None if body is None else body.encode())
            response = connection.getresponse()
            text = response.read().decode()
            for name, value in response.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, text)
        finally:
            connection.close()

    def enter(self) -> Served:
        """The session begun with its token."""
        parts = urlsplit(self.address)
        assert self.ask(f"{parts.path}?{parts.query}").status == 303
        return self


@contextmanager
def served(db: Path, language: Language = Language.ENGLISH) -> Iterator[Served]:
    """The review page of a database, served in a thread that alone holds it."""
    listener = listening("127.0.0.1", 0)
    ready, failed = threading.Event(), []
    found: list[Any] = []

    def work() -> None:
        try:
            with Store.open(db) as store:
                server, address = server_of(Desk(store), "127.0.0.1", listener, language=language, reviewer="li")
                found.extend((server, address))
                ready.set()
                server.run(sockets=[listener])
        except BaseException as error:
            failed.append(error)
            raise
        finally:
            ready.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert ready.wait(30)
    assert not failed, failed
    try:
        yield Served(found[1])
    finally:
        found[0].should_exit = True
        thread.join(30)
        listener.close()
        assert not thread.is_alive()
