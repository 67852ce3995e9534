"""Finding handoffs by the words of their names.

In the index `words_by_word` words that begin alike lie together, and under each word the handoffs in the order they
were opened. The word that begins the fewest names is read along it; the other words are asked of what it brings, some
at a time, until the page is full. So a page costs as much among a million names as among a thousand. The functions run
inside the caller's transaction.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, literal_column, select, union_all
from sqlmodel import col

from handoff.model import Handoff
from storage.many import run_for
from storage.queue import table
from storage.tables import HandoffRow, WordRow, to_ms

MOST_SORTED = 1_000  # names with a word that are put in order
MOST_SOUGHT = 20_000  # that are looked at for the other words
_LOOKS = (  # each at more names: those that are read along the index, and which of these, by age, are asked
    {"read_from": 0, "read": MOST_SORTED, "ask_from": 0, "ask": 60},
    {"read_from": 0, "read": MOST_SORTED, "ask_from": 60, "ask": 240},
    {"read_from": 0, "read": MOST_SORTED, "ask_from": 300, "ask": MOST_SOUGHT},
    {"read_from": MOST_SORTED, "read": MOST_SOUGHT - MOST_SORTED, "ask_from": 0, "ask": 4 * MOST_SOUGHT},
)
_MOST_WORDS = 20
_LONGEST_WORD = 60
_words = table(WordRow).c
_mine = (_words.workspace == bindparam("in_workspace"), _words.handoff_id == bindparam("of_handoff"))
_FORGET = delete(table(WordRow)).where(*_mine)
_REMEMBER = insert(table(WordRow))


def words_of(text: str) -> list[str]:
    """The words by which a name is found: without case and accents, the longest first."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())  # a № holds a capital N
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    found = {word[:_LONGEST_WORD] for word in re.findall(r"\w+", plain)}
    return sorted(found, key=lambda word: (-len(word), word))[:_MOST_WORDS]


def remember_words(connection: Connection, workspace: str, handoff: Handoff) -> None:
    """Make a handoff's name findable, in place of an earlier one."""
    connection.execute(_FORGET, {"in_workspace": workspace, "of_handoff": handoff.id})
    common = {"workspace": workspace, "handoff_id": handoff.id, "is_open": handoff.is_open}
    age = to_ms(handoff.opened_at)
    if rows := [{**common, "word": word, "opened_at": age} for word in words_of(handoff.record.name)]:
        run_for(rows, _REMEMBER, connection)


def named(
    connection: Connection, workspace: str, name: str, limit: int, offset: int, *, everything: bool
) -> Sequence[str]:
    """Handoffs whose record's name has words that begin so: open ones as they wait, or all with the newest first.

    That order is kept if any of the words begins at most `MOST_SORTED` names. If all begin more, those with the very
    word are in order, but of those with longer ones the first in the alphabet come before the others. Of a word that
    begins more than `MOST_SOUGHT`, the others are not looked at.
    """
    if not (words := words_of(name)):
        return []
    found: dict[str, None] = {}  # a name can have two words that begin so
    for id_ in _Names(connection, workspace, everything).having(words):
        found[id_] = None
        if len(found) == offset + limit:
            break
    wanted = list(found)[offset:]
    mine = (col(HandoffRow.workspace) == workspace, col(HandoffRow.id).in_(wanted))
    rows = connection.execute(select(col(HandoffRow.id), col(HandoffRow.body)).where(*mine)).all() if wanted else []
    bodies = {id_: str(body) for id_, body in rows}
    return [bodies[id_] for id_ in wanted]


@dataclass(frozen=True)
class _Names:
    """The names of a workspace: those of open handoffs, or of all."""

    connection: Connection
    workspace: str
    everything: bool

    def having(self, words: Sequence[str]) -> Iterator[str]:
        """The handoffs with all of these beginnings; the longer it is asked, the more names are looked at."""
        number, rarest = self._rarest(words)
        wanted = self._wanted(rarest, [word for word in words if word != rarest])
        for look in _LOOKS:
            if look["read_from"] + look["ask_from"] < number:
                yield from self.connection.execute(wanted, look).scalars().all()

    def _wanted(self, rarest: str, others: Sequence[str]) -> Any:
        """What one look brings."""
        block = self._block(rarest).subquery()
        few: Any = select(block).order_by(*self._age(block.c))
        few = few.offset(bindparam("ask_from")).limit(bindparam("ask")).subquery()
        wanted: Any = select(few.c.handoff_id).order_by(*self._age(few.c))
        for word in others:
            same = (_words.workspace == self.workspace, _words.handoff_id == few.c.handoff_id)
            wanted = wanted.where(exists().where(*same, *_begins(word)))
        return wanted

    def _rarest(self, words: Sequence[str]) -> tuple[int, str]:
        """How many names have the word that the fewest have, no further than it matters; and that word."""
        each = [sum(self._number(state, word) for state in self._states()) for word in words]
        numbers = self.connection.execute(select(*each)).one()
        return min(zip(numbers, words, strict=True), key=lambda pair: pair[0])  # the longest of those alike

    def _number(self, state: tuple[Any, ...], word: str) -> Any:
        few: Any = select(literal_column("1")).where(*state, *_begins(word)).order_by(_words.word)
        return select(func.count()).select_from(few.limit(MOST_SORTED + 1).subquery()).scalar_subquery()

    def _block(self, word: str) -> Any:
        """Some of the names with the very word, and some of those with a longer one, along the index."""
        parts: list[Any] = []
        for state in self._states():
            names = select(_words.handoff_id, _words.opened_at).where(*state)
            parts.append(names.where(_words.word == word).order_by(*self._age(_words)))
            longer = names.where(_words.word > word, _words.word < _after(word))
            parts.append(longer.order_by(_words.word, _words.opened_at, _words.handoff_id))
        some = [part.offset(bindparam("read_from")).limit(bindparam("read")).subquery() for part in parts]
        return union_all(*(select(part) for part in some))

    def _states(self) -> Iterator[tuple[Any, ...]]:
        for is_open in (True, False) if self.everything else (True,):
            yield _words.workspace == self.workspace, _words.is_open == is_open

    def _age(self, columns: Any) -> tuple[Any, ...]:
        age = (columns.opened_at, columns.handoff_id)
        return tuple(column.desc() for column in age) if self.everything else age


def _begins(word: str) -> tuple[Any, ...]:
    return _words.word >= word, _words.word < _after(word)


def _after(word: str) -> str:
    """The first word that does not begin so any more."""
    return word[:-1] + chr(ord(word[-1]) + 1)
