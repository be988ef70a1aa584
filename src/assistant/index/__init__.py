"""What is kept on disk: the truth in SQLite, and beside it caches that can be rebuilt from it."""
