"""The way out of the store: its records, figures and findings as files for other programs and as a workbook for people."""

from pipeline.export.tables import TableFormat, Written, export_tables, exported_tables
from pipeline.export.workbook import WorkbookReport, export_workbook

__all__ = [
    "TableFormat",
    "WorkbookReport",
    "Written",
    "export_tables",
    "export_workbook",
    "exported_tables",
]
