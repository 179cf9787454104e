"""The job's work as it travels between processes: a file that an engine has read, and what came of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.documents.read import FileBytes
from pipeline.extraction.choice import Extractor
from pipeline.store import Parcel


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file: the rows of its reading, or why there are none.

    ``remarks`` say what of the file could not be read, ``stopped`` why nothing more is read in this run. ``seconds`` are
    those of processor time by station, ``memory`` the most bytes that the process which read it has had so far.
    """

    parcel: Parcel | None = None
    failure: str | None = None
    remarks: tuple[str, ...] = ()
    stopped: str | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    memory: int = 0


class Engine(Protocol):
    """Reads files offline, several at once, on this machine or on others."""

    name: str

    def read(self, run_id: str, files: Iterator[FileBytes], expected: int) -> AsyncGenerator[Outcome]:
        """What came of each file, in the order of the files. A bounded number of files and bytes is in hand at once.

        Args:
            expected: about how many files there will be; few are not worth a process of their own.
        """


class AskingEngine(Protocol):
    """Reads files on other machines with an extractor that asks a model through this process."""

    name: str

    def read(
        self, run_id: str, files: Iterator[FileBytes], extractor: Extractor, in_flight: int
    ) -> AsyncGenerator[Outcome]:
        """What came of each file, in the order of the files. A bounded number of files and bytes is in hand at once.

        Args:
            extractor: open; its asker answers what the machines ask.
            in_flight: documents that are read at once, as far as there are processors for so many.
        """
