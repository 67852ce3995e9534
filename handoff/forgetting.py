"""Forgetting a record or a person: what is looked for, and what stands in its place. Pure.

Ids stay, so that counts, order and who did what stay right: of a record its key in the CRM, of a person their Slack id.
Reading and writing rows is `storage/forgetting.py`; what is said in Slack is decided by `rules/forgetting.py`.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from handoff import decide as rules
from handoff.events import AnyEvent, Forgotten, Said
from handoff.model import Handoff, Model, Person, Post, Reminder
from handoff.notices import Nag, Notice, WriteBack
from handoff.ports import Unit
from handoff.private import FORGOTTEN, Cover
from handoff.rules.forgetting import can_be_written_anew


@dataclass(frozen=True)
class Wish:
    """What is to be forgotten. `texts` are looked for in all that is stored; a record's handoffs are known without.

    `ids` are those of the person in Slack: they lead to what names the person otherwise, and stay.
    `plain` covers text that is Baton's own, such as a remark in the log or the error of a call.
    """

    what: Literal["record", "person"]
    cover: Cover
    texts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()

    def plain(self, text: str) -> str:
        """Baton's own words without the names in them."""
        return self.cover.address(text)


@dataclass(frozen=True)
class Granted:
    """What was forgotten of one handoff. `is_ended`: it was open, and is cancelled."""

    is_ended: bool
    messages: int
    rows: int


class Archive(Protocol):
    """Everything that is stored, beside whoever works with it. Every method may raise StorageError."""

    def of_record(self, record: str) -> Sequence[str]:
        """The handoffs of a record, by its key."""

    def naming(self, texts: Collection[str]) -> Sequence[str]:
        """The handoffs about which anything is stored that has one of these texts in it."""

    def persons(self, handoff_ids: Collection[str]) -> Collection[Person]:
        """Every person whom anything names that is stored about these handoffs."""

    def forget(self, handoff_id: str, wish: Wish, now: datetime, *, rehearsal: bool = False) -> Granted:
        """Cover one handoff and all that is stored about it; in a rehearsal, take it all back again."""

    def scour(self, email: str | None = None) -> None:
        """Leave nothing of what was forgotten: an address in the texts of workflows, and what rows said before."""


def record_wish() -> Wish:
    """Everything that was said about a record; who did what stays."""
    return Wish("record", Cover(words=lambda text: FORGOTTEN if text else text))


def person_wish(email: str, known: Iterable[Person], names: Sequence[str] = ()) -> Wish:
    """A person by their e-mail address; `known` are all persons stored in the same places.

    Their full name is covered wherever it stands. A name of one word only if it is among `names`: too many share it.
    """
    same = [person for person in known if (person.email or "").casefold() == email.casefold()]
    ids = {person.slack_id for person in same if person.slack_id}
    full = {person.name for person in same if " " in person.name.strip()} | set(names)
    texts = (email, *sorted(full, key=len, reverse=True))

    def words(text: str) -> str:
        return without(text, texts, FORGOTTEN)

    def nobody(person: Person) -> Person:
        by_name = person.name in full and not person.slack_id and not person.email
        if person.slack_id in ids or by_name or (person.email or "").casefold() == email.casefold():
            return person.model_copy(update={"name": FORGOTTEN, "email": None})
        return person

    return Wish("person", Cover(words, words, nobody), texts, tuple(sorted(ids)))


def without(text: str, names: Collection[str], instead: str) -> str:
    """A text in which other words stand in the place of these names, however they are spelled, as whole words."""
    wanted = "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names)
    return re.sub(wanted, instead, text, flags=re.IGNORECASE)


def persons_in(thing: Any) -> Iterator[Person]:
    """Every person that a stored thing names."""
    if isinstance(thing, Person):
        yield thing
    elif isinstance(thing, Model):
        for name in type(thing).model_fields:
            yield from persons_in(getattr(thing, name))
    elif isinstance(thing, tuple):
        for one in thing:
            yield from persons_in(one)
    elif isinstance(thing, Mapping):
        for one in thing.values():
            yield from persons_in(one)


def forget(unit: Unit, handoff: Handoff, log: Sequence[AnyEvent], wish: Wish, now: datetime) -> int:
    """Decide what follows for one handoff and store it, covered; how many messages in Slack are changed.

    What was stored before is left to the caller, in the same transaction. Raises StorageError.
    """
    posts, digests = _spoken(handoff, log, wish)
    facts = {"handoff_id": handoff.id, "at": now, "via": "operator"}
    event = Forgotten(**facts, what=wish.what, posts=posts, digests=digests)
    decision = rules.decide(handoff, event, unit.workflow(handoff.edition), now)
    notices = tuple(wish.cover.over(notice) for notice in decision.notices)
    covered = decision.model_copy(update={"handoff": wish.cover.over(decision.handoff), "notices": notices})
    unit.save(wish.cover.over(event), covered, now)
    return sum(rules.is_update(notice) for notice in notices)


def covered_in_waiting(notice: Notice, cover: Cover) -> Notice:
    """A notice that is still to go out, covered. A field of the CRM that a cover would be written to is left alone."""
    if not isinstance(notice, WriteBack):
        return cover.over(notice)
    covered = cover.over(notice)
    fields = {name: text for name, text in notice.fields.items() if covered.fields[name] == text}
    base = {name: text for name, text in covered.base.items() if name in fields}
    return covered.model_copy(update={"fields": fields, "base": base})


def covered_late(event: AnyEvent, handoff: Handoff | None) -> AnyEvent:
    """An event as it is decided on: what was on its way while its record was forgotten brings nothing back."""
    return event if handoff is None or handoff.forgotten_at is None else record_wish().cover.over(event)


def _spoken(handoff: Handoff, log: Sequence[AnyEvent], wish: Wish) -> tuple[tuple[Post, ...], tuple[Reminder, ...]]:
    """The messages that can only be covered, and those that spoke of other handoffs as well."""
    anew = can_be_written_anew(handoff) if wish.what == "person" else ()
    posts: dict[str, Post] = {}
    digests: dict[str, Reminder] = {}
    for said in log:
        if not isinstance(said, Said) or said.post is None:
            continue
        place = f"{said.post.channel}:{said.post.ts}"
        if len(said.among) > 1 and isinstance(said.notice, Nag):
            digests[place] = Reminder(ladder=said.notice.scope, post=said.post, among=said.among)
        elif place not in anew:
            posts[place] = said.post
    return tuple(posts.values()), tuple(digests.values())
