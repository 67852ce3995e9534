"""What follows from what: one module per kind of act. Only `handoff/decide.py` calls them."""
