"""What answering learns from data, fitted on public question sets: `python -m assistant.evaluation.fitting`."""
