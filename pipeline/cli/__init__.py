"""The command line: jixiao run, check, match, findings, query, sql, export, report, show, trace, replay, doctor."""

from pipeline.cli.app import app, main

__all__ = ["app", "main"]
