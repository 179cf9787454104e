"""Extraction (hybrid): the offline reading first; a model reads what that leaves open, and is believed where both agree."""

from pipeline.extraction.hybrid.extractor import HybridExtractor

__all__ = ["HybridExtractor"]
