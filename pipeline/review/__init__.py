"""Review: a local web page on which people decide about quarantined and flagged records, and gold from what they decided."""
