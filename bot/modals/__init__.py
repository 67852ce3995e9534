"""One modal per file: its id, how it is built and how it is read, side by side."""
