"""The command line: jixiao run, check, findings, query, show, trace, doctor."""

from pipeline.cli.app import app, main

__all__ = ["app", "main"]
