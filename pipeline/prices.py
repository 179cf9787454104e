"""Prices of a model as its user states them, and what calls cost at them."""

from __future__ import annotations

from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

_MILLION = Decimal(1_000_000)


class Prices(BaseModel):
    """What a million tokens cost. ``cached`` is the price of prompt tokens that the endpoint had cached; without it
    they cost as much as others. ``batch`` is the share of all of them that calls of the batch API cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: Decimal = Field(ge=0)
    completion: Decimal = Field(ge=0)
    cached: Decimal | None = Field(default=None, ge=0)
    batch: Decimal = Field(default=Decimal(1), gt=0, le=1)
    currency: str = Field(default="", max_length=12)

    def cost(self, prompt: int, completion: int, cached: int = 0) -> Decimal:
        """What tokens cost; ``prompt`` includes ``cached``."""
        again = self.prompt if self.cached is None else self.cached
        return (self.prompt * (prompt - cached) + again * cached + self.completion * completion) / _MILLION

    @property
    def in_batches(self) -> Prices:
        """What the same tokens cost where they are asked for in batches."""
        cached = None if self.cached is None else self.cached * self.batch
        prompt, completion = self.prompt * self.batch, self.completion * self.batch
        return Prices(prompt=prompt, completion=completion, cached=cached, currency=self.currency)

    def named(self, amount: Decimal) -> str:
        """An amount with its currency, to four decimals."""
        return f"{amount:.4f} {self.currency}".strip()
