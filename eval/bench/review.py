"""Benchmark of the review page: how long the queue of many records takes to open, and a decision to be answered."""

from __future__ import annotations

import http.client
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from lxml import html

from pipeline.documents import read_document
from pipeline.extraction.offline import OfflineExtractor
from pipeline.flow import Rejection
from pipeline.job import conclude, prepare
from pipeline.review.desk import Desk
from pipeline.review.pages import Language
from pipeline.review.serving import LOOPBACK, listening, server_of
from pipeline.store import Reading, Store

PER_DOCUMENT = 100
"""Project records of each document, every one with a rate that does not follow; a tenth of them quarantined."""

QUARANTINED = 10
"""Every so many-th of them."""


@dataclass(frozen=True, slots=True)
class Action:
    """The seconds from a form that is sent to the next page that is there, and those that processors worked meanwhile, for
    both the server and the client."""

    seconds: float
    processor: float


@dataclass(slots=True)
class Measured:
    """Seconds: to open the file, to load the queue, until the first page is there; and each decision by its kind."""

    items: int
    opening: float
    queue: float
    first_page: float
    actions: dict[str, list[Action]] = field(default_factory=dict)


def run(records: int, actions: int) -> Measured:
    """Makes a database of so many records to review, and decides about some over HTTP."""
    with tempfile.TemporaryDirectory(prefix="jixiao-bench-") as folder:
        db = Path(folder) / "review.duckdb"
        _fill(db, Path(folder), records)
        return _measure(db, actions)


def _fill(db: Path, folder: Path, records: int) -> None:
    with Store.open(db) as store:
        run_id = store.start_run("offline")
        for number in range(max(1, records // PER_DOCUMENT)):
            store.put(run_id, _reading(folder, number))


def _reading(folder: Path, number: int) -> Reading:
    path = folder / f"report-{number:05}.txt"
    path.write_text(_text(number), encoding="utf-8")
    prepared = prepare(read_document(path))
    reading = conclude(prepared, OfflineExtractor().extract(prepared.document, prepared.layout, prepared.chunks))
    projects = [d.grounded for d in reading.decisions if d.grounded.draft.record_type == "projects"]
    out = {g.record_id: g.draft for g in projects[::QUARANTINED]}
    rejections = tuple(
        Rejection(
            d.record_type, d.report_id, d.chunk_id, "contested", "two readings differ", d.record.model_dump_json()
        )
        for d in out.values()
    )
    kept = tuple(d for d in reading.decisions if d.grounded.record_id not in out)
    return replace(reading, decisions=kept, rejections=rejections)


def _text(number: int) -> str:
    projects = "".join(
        f"{i}.第{number}-{i}号道路维护项目：全年预算数{200 + i}.5万元，全年执行数{100 + i}.25万元，执行率9{i % 10}.11%。\n"
        for i in range(1, PER_DOCUMENT + 1)
    )
    return f"某县第{number}局2022年度部门整体支出绩效自评报告\n\n一、项目支出情况\n{projects}"


def _measure(db: Path, actions: int) -> Measured:
    started = time.perf_counter()
    with _serving(db) as (address, items, opening, queue):
        client = _Client(address)
        page = client.follow(f"/?{urlsplit(address).query}")
        measured = Measured(items, opening, queue, time.perf_counter() - started)
        for number in range(actions):
            kind = ("accept", "reject", "undo", "correct")[number % 4]
            page, action = client.decide(page, kind)
            measured.actions.setdefault(kind, []).append(action)
        client.close()
    return measured


@contextmanager
def _serving(db: Path) -> Iterator[tuple[str, int, float, float]]:
    """The page served by a thread that alone holds the database: its address, how many items it has, and the seconds that
    opening the file and loading the queue took."""
    listener = listening(LOOPBACK, 0)
    ready = threading.Event()
    found: list[tuple[str, int, float, float]] = []
    stops = []

    def work() -> None:
        try:
            before = time.perf_counter()
            with Store.open(db) as store:
                opened = time.perf_counter()
                desk = Desk(store)
                loaded = time.perf_counter()
                server, address = server_of(desk, LOOPBACK, listener, language=Language.CHINESE, reviewer="bench")
                stops.append(server)
                found.append((address, len(desk.queue), opened - before, loaded - opened))
                ready.set()
                server.run(sockets=[listener])
        finally:
            ready.set()

    thread = threading.Thread(target=work)
    thread.start()
    ready.wait()
    try:
        yield found[0]
    finally:
        stops[0].should_exit = True
        thread.join()


class _Client:
    """A browser's part: cookies, redirects and the forms of a page."""

    def __init__(self, address: str) -> None:
        self._netloc = urlsplit(address).netloc
        self._connection = http.client.HTTPConnection(self._netloc)
        self._cookie = ""

    def close(self) -> None:
        self._connection.close()

    def follow(self, path: str, body: str | None = None) -> str:
        """The page that a request leads to."""
        while True:
            headers = {"Cookie": self._cookie} if self._cookie else {}
            if body is not None:
                headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self._netloc}"}
            self._connection.request("GET" if body is None else "POST", path, body, headers)
            response = self._connection.getresponse()
            text = response.read().decode()
            self._cookie = (response.getheader("set-cookie") or self._cookie).partition(";")[0]
            if response.status == 303:
                path, body = response.getheader("location") or "/", None
                continue
            if response.status != 200:
                raise RuntimeError(f"{path} was answered with {response.status}: {text[:2000]}")
            return text

    def decide(self, page: str, kind: str) -> tuple[str, Action]:
        """The page after a decision about the record that a page shows, and how long that took."""
        tree: Any = html.document_fromstring(page)
        form = next(f for f in tree.forms if f"/{kind}" in f.action)
        fields = {name: value or "" for name, value in form.form_values()}
        if kind != "undo":
            fields["reason"] = "benchmark"
        if kind == "correct":
            fields["f.seq"] = ""
        before, worked = time.perf_counter(), time.process_time()
        page = self.follow(form.action, urlencode(fields))
        return page, Action(time.perf_counter() - before, time.process_time() - worked)
