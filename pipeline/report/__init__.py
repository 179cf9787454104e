"""The report to read: one self-contained page of a department or a corpus, with its findings in their sentences."""

from pipeline.report.contents import Chosen, Contents, gather
from pipeline.report.page import Language, render

__all__ = ["Chosen", "Contents", "Language", "gather", "render"]
