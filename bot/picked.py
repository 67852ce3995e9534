"""Whom somebody picked in a form."""

import re

from bot.desk import Desk
from handoff.errors import OutsideError
from handoff.model import Person


def member(desk: Desk, user_id: str) -> Person | None:
    """The member of the workspace with this id; None if Slack knows nobody by it any more, or nobody was picked."""
    if not re.fullmatch("[UW][A-Z0-9]{2,}", user_id):
        return None
    try:
        return desk.people.find(user_id)
    except OutsideError:  # a name is not worth losing a form for
        return Person(name=user_id, slack_id=user_id)
