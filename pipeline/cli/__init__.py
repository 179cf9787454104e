"""The command line: jixiao run, check, match, findings, query, sql, show, trace, doctor."""

from pipeline.cli.app import app, main

__all__ = ["app", "main"]
