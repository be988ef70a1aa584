"""Flash cards out of notes: what they ask, when they come up again, and their way to other programs."""
