"""Blocks → HTML. Pure: payload and scene in, markup out; no clock, no network, no clicks handled here."""
