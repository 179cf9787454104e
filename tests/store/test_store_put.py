"""Writing a reading: all of it or nothing, the same ids each time, and nothing of what it replaces left over."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from store_cases import Dump, Maker

from pipeline.flow import Chunk, ChunkOutcome, Extraction, OutcomeStatus, Rejection, Unclaimed
from pipeline.store import Reading, RunPlan, RunStatus, Store, StoreError, pack
from pipeline.store.rows import identities
from schemas.values import Span

COUNTS = {
    "documents": 1,
    "readings": 1,
    "chunks": 1,
    "reports": 1,
    "budget_facts": 3,
    "projects": 2,
    "indicators": 1,
    "literals": 12,
    "findings": 1,
    "finding_literals": 3,
    "quarantine": 1,
    "unclaimed": 1,
}


def counts(content: dict[str, list[tuple[Any, ...]]]) -> dict[str, int]:
    return {table: len(rows) for table, rows in content.items() if rows}


def one(store: Store, sql: str) -> Any:
    ((value,),) = store.query(sql).rows
    return value


def test_every_part_of_a_reading_has_its_rows(store: Store, make: Maker, dump: Dump) -> None:
    store.put(store.start_run("offline"), make.sample())
    assert counts(dump(store)) == COUNTS


def test_a_record_row_holds_the_figures_as_printed(store: Store, make: Maker) -> None:
    document = make.document()
    store.put(store.start_run("offline"), make.sample(document))
    row = store.query(
        "SELECT document, report_id, chunk_id, extractor, status, full_year_budget, full_year_budget_unit, executed, "
        "execution_rate, execution_rate_op, execution_rate_value, execution_rate_unit, initial_budget, quote "
        "FROM projects WHERE name = '磷石膏综合利用项目𠮷'"
    ).rows
    assert row == (
        (
            *("yuntai-2022", "r1", "c1", "offline", "flagged", Decimal(1798), "万元", Decimal("899.5"), "50.03%", None),
            *(Decimal("50.03"), "%", None),
            "磷石膏综合利用项目𠮷：全年预算数1798万元，全年执行数899.50万元，执行率50.03%",
        ),
    )
    quote_holds = "substr(d.text, r.quote_start + 1, r.quote_stop - r.quote_start) = r.quote"
    assert one(store, f"SELECT bool_and({quote_holds}) FROM projects r JOIN documents d USING (document_id)")  # noqa: S608


def test_labels_years_and_dates_are_typed(store: Store, make: Maker) -> None:
    document = make.document()
    report = make.decision(
        document,
        "reports",
        "云台县工业局2022年度",
        kind="third_party_evaluation",
        issued_on="2023-03-01",
        fiscal_year=2022,
    )
    fact = make.decision(
        document, "budget_facts", "全年执行数1204.30万元", path=("支出", "合计"), measure="executed", value="1204.30"
    )
    store.put(store.start_run("offline"), make.reading(document, [report, fact]))
    assert store.query("SELECT path, measure, year, unit FROM budget_facts").rows == (
        (["支出", "合计"], "executed", None, None),
    )
    assert store.query("SELECT issued_on::VARCHAR, fiscal_year, kind FROM reports").rows == (
        ("2023-03-01", 2022, "third_party_evaluation"),
    )


def test_a_date_that_no_calendar_holds_is_quarantined_and_the_rest_stored(store: Store, make: Maker) -> None:
    document = make.document()
    report = make.decision(
        document, "reports", "云台县工业局2022年度", kind="third_party_evaluation", issued_on="2023-02-30"
    )
    task = make.decision(document, "tasks", "空置项目", task="空置项目")
    store.put(store.start_run("offline"), make.reading(document, [report, task]))
    assert store.query("SELECT record_type, code, reason FROM quarantine").rows == (
        ("reports", "impossible_date", "issued_on is 2023-02-30, which is no day of the calendar"),
    )
    assert one(store, "SELECT count(*) FROM reports") == 0
    assert one(store, "SELECT count(*) FROM tasks") == 1


@pytest.mark.parametrize(
    "number",
    [
        "95.50",
        "58.593063",
        "-12.5",
        "0",
        "0.0000000001",
        "9999999999999999999999999999",
        "1234567890123456789012345678.0123456789",
    ],
)
def test_figures_are_exact_to_the_last_digit(store: Store, make: Maker, number: str) -> None:
    document = make.document(f"固定资产{number}元。")
    fact = make.decision(
        document, "budget_facts", f"固定资产{number}元", path=("资产",), measure="assets", value=number, unit="元"
    )
    store.put(store.start_run("offline"), make.reading(document, [fact]))
    ((value, literal_value, yuan, decimals, printed),) = store.query(
        "SELECT b.value, l.value, l.yuan, l.decimals, l.printed FROM budget_facts b JOIN literals l USING (record_id)"
    ).rows
    assert value == literal_value == yuan == Decimal(number)
    assert isinstance(value, Decimal)
    assert (decimals, printed) == (len(number.partition(".")[2]), number)


def test_an_amount_beyond_the_column_has_no_yuan_but_keeps_its_value(store: Store, make: Maker) -> None:
    number = "1234567890123456789012345678"
    document = make.document(f"固定资产{number}万元。")
    fact = make.decision(
        document, "budget_facts", f"固定资产{number}万元", path=("资产",), measure="assets", value=number, unit="万元"
    )
    store.put(store.start_run("offline"), make.reading(document, [fact]))
    assert store.query("SELECT value, yuan FROM v_values").rows == ((Decimal(number), None),)


def test_the_same_reading_twice_gives_the_same_rows(store: Store, make: Maker, dump: Dump) -> None:
    store.put(store.start_run("offline"), make.sample())
    first = dump(store)
    second_run = store.start_run("offline")
    store.put(second_run, make.sample())
    assert dump(store) == first
    assert store.query("SELECT DISTINCT run_id FROM projects").rows == ((second_run,),)
    assert one(store, "SELECT run_id FROM documents") == second_run


def test_two_files_of_the_same_reading_have_the_same_rows(store: Store, db: Path, make: Maker, dump: Dump) -> None:
    store.put(store.start_run("offline"), make.sample())
    with Store.open(db.with_name("second.duckdb")) as second:
        second.put(second.start_run("offline"), make.sample())
        assert dump(second) == dump(store)


def test_a_smaller_reading_leaves_nothing_of_the_larger(store: Store, make: Maker, dump: Dump) -> None:
    document = make.document()
    store.put(store.start_run("offline"), make.sample(document))
    store.put(store.start_run("offline"), make.reading(document))
    assert counts(dump(store)) == {"documents": 1, "readings": 1, "chunks": 1}


def test_two_extractors_stand_side_by_side_and_the_last_one_is_current(store: Store, make: Maker, dump: Dump) -> None:
    run_id = store.start_run("offline")
    document = make.document()
    store.put(run_id, make.sample(document, "offline"))
    first = one(store, "SELECT sum(yuan) FROM v_values WHERE field = 'full_year_budget'")
    store.put(run_id, make.sample(document, "llm"))
    assert counts(dump(store)) == {**{t: 2 * n for t, n in COUNTS.items()}, "documents": 1}
    assert one(store, "SELECT extractor FROM documents") == "llm"
    assert one(store, "SELECT sum(yuan) FROM v_values WHERE field = 'full_year_budget'") == first == Decimal(17980000)
    for view in ("v_values", "v_records", "v_findings", "v_execution", "v_indicators", "v_reports", "v_coverage"):
        per_document = one(store, f"SELECT count(*) FROM {view}")  # noqa: S608
        store.put(run_id, make.sample(document, "offline"))
        assert one(store, f"SELECT count(*) FROM {view}") == per_document, view  # noqa: S608
    store.put(run_id, make.reading(document, extractor="llm"))
    assert counts(dump(store)) == {**COUNTS, "readings": 2, "chunks": 2}
    assert one(store, "SELECT count(*) FROM v_values") == 0


def test_new_content_at_a_path_replaces_the_old(store: Store, make: Maker, dump: Dump) -> None:
    run_id = store.start_run("offline")
    for extractor in ("offline", "llm"):
        store.put(run_id, make.sample(make.document(), extractor))
    other = make.document("其他内容\n", name="other")
    store.put(run_id, make.reading(other))
    changed = make.document("换了内容\n")
    store.put(run_id, make.reading(changed))
    assert counts(dump(store)) == {"documents": 2, "readings": 2, "chunks": 2}
    assert {r[0] for r in store.query("SELECT document_id FROM documents").rows} == {
        other.document_id,
        changed.document_id,
    }


def test_the_same_relative_path_of_two_folders_is_two_places(
    store: Store, make: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for county in ("a", "b"):
        (tmp_path / county).mkdir()
        monkeypatch.chdir(tmp_path / county)
        document = replace(make.document(f"{county}县报告\n"), path=Path("reports/x.txt"))
        store.put(store.start_run("offline"), make.reading(document))
    assert store.query("SELECT path FROM documents ORDER BY path").rows == (
        (str(tmp_path / "a/reports/x.txt"),),
        (str(tmp_path / "b/reports/x.txt"),),
    )


def test_a_renamed_file_is_the_same_document_under_its_new_name(store: Store, make: Maker) -> None:
    run_id = store.start_run("offline")
    for extractor in ("offline", "llm"):
        store.put(run_id, make.sample(make.document(), extractor))
    renamed = make.document(name="new-name")
    store.put(run_id, make.sample(renamed, "llm"))
    assert store.query("SELECT document, path, aliases FROM documents").rows == (
        ("new-name", str(renamed.path), [str(make.document().path)]),
    )
    assert store.query("SELECT DISTINCT document FROM projects").rows == (("new-name",),)


class TestAliases:
    def test_a_copy_is_recorded_once_and_outlives_a_new_reading(self, store: Store, make: Maker) -> None:
        document = make.document()
        run_id = store.start_run("offline")
        store.put(run_id, make.sample(document))
        for path in (make.folder / "copy.txt", make.folder / "copy.txt", document.path):
            store.add_alias(document.document_id, path)
        store.put(run_id, make.sample(document))
        assert store.query("SELECT path, aliases FROM documents").rows == (
            (str(document.path), [str(make.folder / "copy.txt")]),
        )

    def test_new_content_at_a_copys_path_ends_the_alias(self, store: Store, make: Maker) -> None:
        document, other = make.document(), make.document("其他\n", name="copy")
        run_id = store.start_run("offline")
        store.put(run_id, make.sample(document))
        store.add_alias(document.document_id, other.path)
        store.put(run_id, make.reading(other))
        assert store.query("SELECT document, aliases FROM documents ORDER BY document").rows == (
            ("copy", []),
            ("yuntai-2022", []),
        )

    def test_new_content_at_the_main_path_leaves_the_document_at_its_copy(self, store: Store, make: Maker) -> None:
        document = make.document()
        run_id = store.start_run("offline")
        store.put(run_id, make.sample(document))
        store.add_alias(document.document_id, make.folder / "copy.txt")
        store.put(run_id, make.reading(make.document("换了内容\n")))
        assert store.query("SELECT document, path, aliases FROM documents ORDER BY document").rows == (
            ("copy", str(make.folder / "copy.txt"), []),
            ("yuntai-2022", str(document.path), []),
        )
        assert store.query("SELECT DISTINCT document FROM v_values").rows == (("copy",),)

    def test_an_unknown_document_has_no_copies(self, store: Store) -> None:
        with pytest.raises(StoreError, match="holds no document d0: store it before naming its copies"):
            store.add_alias("d0", "copy.txt")


class TestParts:
    def test_a_chunk_without_an_outcome_is_a_failed_one(self, store: Store, make: Maker) -> None:
        document = make.document()
        chunks = [make.chunk(document, f"c{i}", i) for i in (1, 2, 3)]
        outcomes = (
            ChunkOutcome("c1", OutcomeStatus.DONE, 2),
            ChunkOutcome("c3", OutcomeStatus.FAILED, 0, "timeout after 3 attempts"),
        )
        reading = make.reading(document, chunks=chunks, extraction=Extraction("llm", (), (), outcomes))
        store.put(store.start_run("llm"), reading)
        assert store.query("SELECT chunk_id, status, drafts, reason FROM chunks ORDER BY position").rows == (
            ("c1", "done", 2, None),
            ("c2", "failed", 0, "the extractor reported no outcome for this chunk"),
            ("c3", "failed", 0, "timeout after 3 attempts"),
        )
        assert store.query('SELECT path, record_types, "start", "stop" FROM chunks LIMIT 1').rows == (
            (["一、总体情况"], ["projects", "budget_facts"], 0, len(document.text)),
        )

    def test_rejections_of_extraction_and_grounding_are_stored_once_each(self, store: Store, make: Maker) -> None:
        document = make.document()
        chunk: Chunk = make.chunk(document)
        early = Rejection("projects", "r1", "c1", "schema", "value: not a number", "{}", raw="```json")
        late = Rejection("projects", "r1", "c1", "ungrounded", "figure 5 does not stand in the text", "{}")
        extraction = Extraction("llm", (), (early,), (ChunkOutcome("c1", OutcomeStatus.DONE, 2),))
        reading = make.reading(document, chunks=[chunk], extraction=extraction, rejections=(early, late, late))
        store.put(store.start_run("llm"), reading)
        rows = store.query("SELECT code, reason, raw FROM quarantine ORDER BY code").rows
        assert rows == (
            ("schema", "value: not a number", "```json"),
            ("ungrounded", "figure 5 does not stand in the text", None),
            ("ungrounded", "figure 5 does not stand in the text", None),
        )
        assert one(store, "SELECT count(DISTINCT rejection_id) FROM quarantine") == 3

    def test_findings_that_are_alike_keep_ids_of_their_own(self, store: Store, make: Maker) -> None:
        document = make.document()
        sample = make.sample(document)
        again = replace(
            sample, findings=(*sample.findings, *sample.findings, replace(sample.findings[0], report_id=None))
        )
        store.put(store.start_run("offline"), again)
        assert one(store, "SELECT count(DISTINCT finding_id) FROM findings") == 3
        assert one(store, "SELECT count(*) FROM finding_literals") == 9

    def test_a_slack_of_many_digits_is_rounded_to_ten_decimals(self, store: Store, make: Maker) -> None:
        sample = make.sample()
        finding = replace(sample.findings[0], slack=Decimal(1) / Decimal(3))
        store.put(store.start_run("offline"), replace(sample, findings=(finding,)))
        assert one(store, "SELECT slack FROM findings") == Decimal("0.3333333333")

    def test_text_that_utf8_or_json_dislikes_is_stored(self, store: Store, make: Maker) -> None:
        text = "开头\x00𠮷\u2028'\"\\{% raw %}\t结余12.5万元\n"
        document = make.document(text)
        rejection = Rejection("tasks", "r1", "c1", "garbage", "half a pair: \ud83d", "\x00", raw="𠮷\udc00")
        left = Unclaimed("money", make.span(document, "12.5"), "12.5", None)
        store.put(store.start_run("llm"), make.reading(document, rejections=(rejection,), unclaimed=(left,)))
        assert one(store, "SELECT text FROM documents") == text
        assert store.query("SELECT reason, payload, raw FROM quarantine").rows == (
            ("half a pair: \ufffd", "\x00", "𠮷\ufffd"),
        )
        assert one(
            store, 'SELECT substr(d.text, u."start" + 1, 4) FROM unclaimed u JOIN documents d USING (document_id)'
        ) == ("12.5")


class TestRuns:
    def test_a_run_is_recorded_from_start_to_end(self, store: Store, make: Maker) -> None:
        run_id = store.start_run(RunPlan("llm", "qwen", [Path("reports")], {"mode": "json"}))
        store.put(run_id, make.sample())
        store.finish_run(run_id, failures={"reports/x.txt": "not text in any known encoding"})
        assert store.query(
            "SELECT status, extractor, model, inputs, settings, documents, failures, finished_at >= started_at "
            "FROM runs"
        ).rows == (
            (
                *("failed", "llm", "qwen", [str(Path("reports").resolve())], '{"mode": "json"}', 1),
                *(["reports/x.txt: not text in any known encoding"], True),
            ),
        )

    @pytest.mark.parametrize(("status", "expected"), [(None, "done"), (RunStatus.STOPPED, "stopped")])
    def test_how_a_run_ends(self, store: Store, status: RunStatus | None, expected: str) -> None:
        run_id = store.start_run("offline")
        assert one(store, "SELECT status FROM runs") == "running"
        store.finish_run(run_id, status=status)
        assert one(store, "SELECT status FROM runs") == expected

    def test_a_run_that_never_ended_was_interrupted(self, store: Store) -> None:
        dead, done = store.start_run("offline"), store.start_run("offline")
        store.finish_run(done)
        alive = store.start_run("offline")
        assert dict(store.query("SELECT run_id, status FROM runs").rows) == {
            dead: "interrupted",
            done: "done",
            alive: "running",
        }


def test_reviews_survive_a_new_reading_and_new_content(existing: Path, make: Maker) -> None:
    with Store.open(existing) as store:
        store.put(store.start_run("offline"), make.sample())
        record_id = one(store, "SELECT record_id FROM projects WHERE name = '空置项目'")
    with duckdb.connect(str(existing)) as raw:
        raw.execute(
            "INSERT INTO reviews BY NAME SELECT 'v1' AS review_id, ? AS document_id, 'yuntai-2022' AS document, 'record' AS "
            "subject, ? AS subject_id, 'projects' AS record_type, 1 AS position, 'accept' AS decision, '{}' AS before, "
            "'li' AS reviewer, '2026-01-02 03:04'::TIMESTAMP AS reviewed_at",
            [make.document().document_id, record_id],
        )
    with Store.open(existing) as store:
        store.put(store.start_run("offline"), make.sample())
        assert [r.decision for r in store.trace(record_id).reviews] == ["accept"]
        store.put(store.start_run("offline"), make.reading(make.document("换了内容\n")))
        assert one(store, "SELECT count(*) FROM reviews") == 1


def test_ids_follow_from_the_key_and_tell_duplicates_apart() -> None:
    first = identities("f", [("a", 1), ("b", 1), ("a", 1)])
    assert first == identities("f", [("a", 1), ("b", 1), ("a", 1)])
    assert len(set(first)) == 3
    assert first[:1] == identities("f", [("a", 1)])
    assert all(i.startswith("f") and len(i) == 17 for i in first)


def test_a_large_reading_is_inserted_in_bulk(store: Store, make: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.session.BATCH", 100)
    text = "项目" * 250
    document = make.document(text)
    left = tuple(Unclaimed("row", Span(i, i + 2), text[i : i + 2], None) for i in range(250))
    statements = []
    execute = store._session.execute

    def counting(sql: str, parameters: Any = ()) -> Any:
        statements.append(sql)
        return execute(sql, parameters)

    monkeypatch.setattr(store._session, "execute", counting)
    store.put(store.start_run("offline"), make.reading(document, unclaimed=left))
    assert one(store, "SELECT count(*) FROM unclaimed") == 250
    assert sum(s.startswith("INSERT INTO unclaimed") for s in statements) == 1


TEXTS = ("甲报告\n", "乙报告\n", "丙报告\n", "丁报告\n")
ORDERS = {
    "new ones": ([], [("a", 0), ("b", 1)]),
    "the same again": ([("a", 0), ("b", 1)], [("a", 0), ("b", 1)]),
    "one new, one again": ([("a", 0)], [("a", 0), ("b", 1)]),
    "two that changed places": ([("a", 0), ("b", 1)], [("a", 1), ("b", 0)]),
    "one that moved, another in its place": ([("a", 0)], [("b", 0), ("a", 1)]),
    "new content at a place": ([("a", 0), ("b", 1)], [("a", 2), ("b", 1)]),
    "a chain": ([("a", 0), ("b", 1), ("c", 2)], [("b", 0), ("c", 1), ("a", 3)]),
}


@pytest.mark.parametrize("order", ORDERS)
def test_several_readings_in_one_transaction_are_stored_as_one_after_the_other(
    store: Store, make: Maker, dump: Dump, tmp_path: Path, order: str
) -> None:
    def readings(items: list[tuple[str, int]]) -> list[Reading]:
        documents = [make.document(TEXTS[text], name) for name, text in items]
        return [make.reading(d, [make.decision(d, "tasks", d.text[:3], task=d.text[:3])]) for d in documents]

    before, then = ORDERS[order]
    with Store.open(tmp_path / "other.duckdb") as other:
        for each in (store, other):
            run_id = each.start_run("offline")
            for reading in readings(before):
                each.put(run_id, reading)
        at_once, singly = store.start_run("offline"), other.start_run("offline")
        store.put_all(at_once, [pack(at_once, r) for r in readings(then)])
        for reading in readings(then):
            other.put(singly, reading)
        assert dump(store) == dump(other)
        counted = "SELECT documents FROM runs WHERE run_id = $run"
        assert store.query(counted, {"run": at_once}).rows == ((len(then),),)
