"""Evaluation: matching, scoring, fault injection, the stand-in endpoint, and the report of an evaluation."""
