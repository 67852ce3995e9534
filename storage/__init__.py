"""The memory: handoffs, their log, what has arrived and what is to be said, as rows."""
