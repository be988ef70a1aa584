"""Judged questions, and what is learned and measured with them."""
