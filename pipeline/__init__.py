"""The way of the data: documents → layout → chunks → extraction → grounding → checking → acceptance → DuckDB."""
