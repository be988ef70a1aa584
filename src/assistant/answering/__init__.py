"""Passages to an answer: spans that could be quoted, ranked, composed, or the finding that there is none."""
