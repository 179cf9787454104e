"""The lake: readings as Parquet files that the processes which read write themselves, and a database that shows them."""

from pipeline.lake.compacting import compact
from pipeline.lake.opening import copy_lake, open_lake
from pipeline.lake.parts import FILES_OF_A_PART
from pipeline.lake.place import LakeError, Place
from pipeline.lake.store import LakeStore
from pipeline.lake.writing import PartWriter

__all__ = ["FILES_OF_A_PART", "LakeError", "LakeStore", "PartWriter", "Place", "compact", "copy_lake", "open_lake"]
