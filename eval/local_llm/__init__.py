"""Eval (local model): `make eval-local-llm` measures the llm extractor with a small real model; nothing needs this."""
