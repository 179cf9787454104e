"""Layout: what stands in a cell that holds nothing."""

DASHES = frozenset({"—", "——", "-", "--", "/", "－", "–", "\\", "———"})
