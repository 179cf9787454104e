"""The store's way out: answers and tables into files, by DuckDB's own writers, on a connection that reaches one folder."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.store.database import connect_to_folder
from pipeline.store.errors import StoreError, first_line
from pipeline.store.questions import one_question


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """A path to write to that takes the place of ``target`` once it is complete; nothing is left of a failure.

    Raises:
        StoreError: ``target`` is a folder, or its own folder is missing or cannot be written.
    """
    if target.is_dir():
        raise StoreError(f"{target} cannot be written (it is a folder): name a file.")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".jixiao-") as folder:
            part = Path(folder) / target.name
            yield part
            part.replace(target)
    except OSError as error:
        raise StoreError(f"{target} cannot be written ({error.strerror}): name another place.") from error


def save_parquet(db: Path, sql: str, target: Path) -> int:
    """Write the answer to one question as Parquet, figures as DECIMAL; how many rows it has.

    Raises:
        StoreError: it is no single question, DuckDB refuses it, or the file cannot be written.
    """
    with placed(target) as part, connect_to_folder(db, part.parent) as connection:
        try:
            question = connection.sql(one_question(sql).query.rstrip().rstrip(";"))
            if question is None:
                raise StoreError("Only a SELECT can be written to a file.")
            question.write_parquet(str(part))
            ((rows,),) = connection.execute("SELECT count(*) FROM read_parquet(?)", [str(part)]).fetchall()
        except duckdb.Error as error:
            raise StoreError(f"The query cannot be answered: {first_line(error)}") from error
    return int(rows)
