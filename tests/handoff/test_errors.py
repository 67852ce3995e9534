"""The errors: one tree, each with what its reader needs."""

from datetime import timedelta

import pytest

from handoff import errors
from handoff.errors import BadRequest, BatonError, ConfigError, OutsideError, RecordGone, Refused, TooEarly, Unreachable


def test_every_error_is_of_the_one_family_and_drawn_in_its_tree() -> None:
    all_of_them = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]

    assert all(issubclass(kind, BatonError) for kind in all_of_them)
    assert [kind.__name__ for kind in all_of_them if kind.__name__ not in (errors.__doc__ or "")] == []


def test_a_wrong_configuration_lists_every_problem() -> None:
    error = ConfigError("First. Mend it.", "Second. Mend it too.")

    assert error.problems == ("First. Mend it.", "Second. Mend it too.")
    assert str(error) == "First. Mend it.\nSecond. Mend it too."


def test_what_is_unreachable_may_say_how_long_to_wait() -> None:
    assert Unreachable("It is down.").wait is None
    assert TooEarly("Not yet.", timedelta(seconds=1)).wait == timedelta(seconds=1)


@pytest.mark.parametrize(("reason", "kept"), [("is_archived", "is_archived"), ("", "The channel is archived.")])
def test_what_is_refused_keeps_the_systems_own_word(reason: str, kept: str) -> None:
    assert Refused("The channel is archived.", reason).reason == kept


def test_a_record_that_is_gone_is_refused_by_an_outside_system() -> None:
    assert issubclass(RecordGone, Refused)
    assert issubclass(RecordGone, OutsideError)


def test_a_bad_request_knows_its_http_answer() -> None:
    error = BadRequest(413, "More than 1 MiB.")

    assert (error.status, str(error)) == (413, "More than 1 MiB.")
