"""Baton itself, as it is attacked."""

from tests.running import running

__all__ = ["running"]  # a fixture, for every test here that asks for it
