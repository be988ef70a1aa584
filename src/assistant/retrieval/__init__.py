"""A question to the passages that may answer it: words and vectors, fused."""
