"""Everybody's Home tab: what stands in it is read from the store each time, and nothing is kept but who has seen it."""

import time
from collections.abc import Mapping, Sequence

import structlog

from bot.desk import Desk
from bot.messages import home
from bot.messages.home import Entry, Viewer
from bot.slack_errors import asking
from handoff.errors import OutsideError, StorageError
from handoff.model import Handoff, Person

_MOST_MINE = 200
_MOST_OTHERS = 300  # those that wait longest
_REMEMBERED = 12 * 3600.0  # seconds since somebody looked in which their tab is kept up to date
_MOST_SEEN = 5000


class Homes:
    """Shows the Home tab. No method raises: the tab is a courtesy, and the next look makes it anew."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seen: dict[str, float] = {}

    def show(self, slack_id: str, passed: Mapping[str, int] | None = None) -> None:
        """Publish somebody's tab as things stand. `passed`: how many of each section stand on the pages before."""
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        self._seen[slack_id] = time.monotonic()
        try:
            view = self._view(self._desk.people.named(slack_id, slack_id), passed or {})
            with asking("views.publish"):
                self._desk.client.views_publish(user_id=slack_id, view=view)
        except (OutsideError, StorageError) as e:
            structlog.get_logger().warning("home_not_shown", why=type(e).__name__)

    def show_again(self, slack_id: str) -> None:
        """The same for somebody who has just acted, if they have looked at their tab today."""
        if time.monotonic() - self._seen.get(slack_id, -_REMEMBERED) < _REMEMBERED:
            self._desk.beside(self.show, slack_id)

    def _view(self, person: Person, passed: Mapping[str, int]) -> dict[str, object]:
        if person.is_guest:
            return home.nothing_for_guests()
        store, now = self._desk.flow.store, self._desk.clock()
        mine = self._entries(store.of(person.slack_id or "", _MOST_MINE))
        others = self._entries(store.search(None, _MOST_OTHERS))
        workflows = {w.edition: w for _, w in (*mine, *others)}
        viewer = Viewer(person, {e: self._desk.people.roles_on(person, w) for e, w in workflows.items()})
        return home.view(viewer, home.sorted_out(viewer, mine, others, now), now, passed)

    def _entries(self, found: Sequence[Handoff]) -> list[Entry]:
        return [(handoff, self._desk.flow.store.workflow(handoff.edition)) for handoff in found]
