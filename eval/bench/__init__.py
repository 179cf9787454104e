"""Benchmarks: commands that print figures (``jixiao bench``). Nothing here asserts a time."""
