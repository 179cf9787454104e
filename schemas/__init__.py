"""What is extracted: record models, printed values, the arithmetic that records promise, and the domain vocabulary."""
