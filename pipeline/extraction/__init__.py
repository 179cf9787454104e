"""Extraction: what reads records out of chunks (``llm`` asks a model, ``offline`` reads the layout by itself)."""
