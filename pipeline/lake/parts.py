"""The lake's parts: what was committed. Data files that no part names are not there for any reader.

A part is a file ``parts/<key>.json`` that is written after the data files that it names; one that replaces others takes
their place in the moment in which it appears.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from pipeline.lake.place import Place

FOLDER = "parts"
RUNS = "runs"
"""The folder of runs: of each what it was and how it ended, and the calls of a model that it made."""

FILES_OF_A_PART = 64
"""Documents that are written together."""


class Part(BaseModel):
    """A committed part: its files by table, how many documents they hold, and the parts that it replaces."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    run_id: str
    documents: int
    files: dict[str, tuple[str, ...]]
    replaces: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All its data files."""
        return tuple(name for names in self.files.values() for name in names)


def commit(place: Place, part: Part) -> None:
    """Makes a part and its files visible."""
    place.write(_name(part.key), part.model_dump_json().encode())


def committed(place: Place) -> list[Part]:
    """The parts that stand, in the order of their keys; those that another one replaces do not."""
    found = [Part.model_validate_json(place.read(name)) for name in place.list(FOLDER) if name.endswith(".json")]
    replaced = {key for part in found for key in part.replaces}
    return [part for part in found if part.key not in replaced]


def withdraw(place: Place, key: str) -> None:
    """Removes what names a part that another one replaces."""
    place.remove([_name(key)])


def run_note(run_id: str) -> str:
    """The file that says what a run was asked for and how it ended; there from its start."""
    return f"{RUNS}/{run_id}.json"


def _name(key: str) -> str:
    return f"{FOLDER}/{key}.json"
