"""Fault injection: how much of what a model gets wrong comes through to the records that are kept (docs/eval.md)."""
