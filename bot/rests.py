"""What is answered to a pause or a resume that changed nothing: how the reminders stand, and which comes next."""

from bot.desk import Desk
from bot.messages import next_up
from bot.messages.next_up import Parts
from handoff.errors import StorageError
from handoff.rules.case import all_ladders


def as_it_is(desk: Desk, handoff_id: str) -> Parts:
    """Whether a handoff is paused, and else its next reminder. Never fails: empty if the memory does not say."""
    store = desk.flow.store
    try:
        if (handoff := store.handoff(handoff_id)) is None:
            return ()
        waiting = [nag for scope in all_ladders(handoff) if (nag := store.coming(handoff_id, scope)) is not None]
    except StorageError:
        return ()
    return next_up.as_it_is(handoff, min(waiting, key=lambda nag: nag.due_at, default=None), desk.clock())
