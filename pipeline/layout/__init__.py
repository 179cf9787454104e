"""Layout: from canonical text to headings, paragraphs, list items and tables that keep their place."""

from pipeline.layout.assemble import lay_out

__all__ = ["lay_out"]
