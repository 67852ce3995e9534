"""Measured, not claimed: each module has one `measure`, and says beside it what a user would write instead."""
