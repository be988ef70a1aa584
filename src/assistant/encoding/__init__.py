"""Text to vectors: the encoder seam, the model it is compiled from, and the tokens that size passages."""
