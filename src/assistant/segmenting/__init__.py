"""A document's text to the blocks it is made of, and blocks to passages. Knows nothing of models but the count of their word pieces."""
