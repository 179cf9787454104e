"""The command line: the balance of a run, from what the database holds."""

from __future__ import annotations

from importlib.resources import files

from pipeline.account import RunReport
from pipeline.cli.show import console, plain, table
from pipeline.lake import LakeStore
from pipeline.store import Store


def print_balance(store: Store | LakeStore, report: RunReport) -> None:
    """What was read, accepted, flagged, quarantined and left unclaimed, by document and by record type."""
    for name, title in (
        ("balance_documents", "Documents"),
        ("balance_records", "Records"),
        ("balance_findings", "Findings"),
    ):
        result = store.query(_sql(name, report))
        if result.rows:
            table(title, result.columns, result.rows)
    cost = store.query(_sql("balance_calls", report)).rows
    if cost and cost[0][0]:
        calls, prompt, completion, money, currency = cost[0]
        paid = "" if money is None else f", {plain(money)} {currency}".rstrip()
        console().print(
            f"{plain(calls)} calls, {plain(prompt)} prompt tokens, {plain(completion)} completion tokens{paid}"
        )
    read = f"{report.documents} documents read"
    if report.unchanged:
        read += f", {len(report.unchanged)} unchanged since they were read"
    console().print(read if report.ok else f"{read}, {len(report.failures)} failed", style="bold")


def _sql(name: str, report: RunReport) -> str:
    """A question of this package, asked of one run; run ids are made by the store and hold no quotes."""
    sql = files("pipeline").joinpath("cli", f"{name}.sql").read_text(encoding="utf-8")
    return sql.replace(":run_id", f"'{report.run_id}'")
