"""Baton itself, as the stories play it."""

from tests.running import running

__all__ = ["running"]  # a fixture, for every test here that asks for it
