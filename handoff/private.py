"""Which fields of what is stored hold words of people or of the CRM, and how they are covered. Pure.

All else is ids, moments, places in Slack, names of config and Baton's own words. A test sees that every text field is
known to be one or the other, so that a new one cannot be overlooked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from handoff import acts, events, notices, parts
from handoff.model import Model, Person

M = TypeVar("M", bound=Model)

FORGOTTEN = "forgotten"

# Words about the record, or in somebody's own words.
WORDS: Mapping[type[Model], frozenset[str]] = {
    parts.Record: frozenset({"name", "url", "fields"}),
    parts.Answer: frozenset({"value", "crm_value"}),
    parts.Draft: frozenset({"text"}),
    parts.PassOn: frozenset({"note"}),
    parts.SendBack: frozenset({"reason"}),
    parts.Verdict: frozenset({"reason"}),
    parts.Flag: frozenset({"note"}),
    parts.Question: frozenset({"text", "answer"}),
    parts.Difference: frozenset({"theirs", "ours"}),
    parts.Offer: frozenset({"note"}),
    parts.Quiet: frozenset({"reason"}),
    parts.News: frozenset({"note"}),
    parts.Ending: frozenset({"reason"}),
    parts.Email: frozenset({"subject", "body"}),
    acts.Answered: frozenset({"answers", "waived", "flag_note"}),
    acts.Drafted: frozenset({"answers", "waived"}),
    acts.Replied: frozenset({"text"}),
    acts.PassedOn: frozenset({"note"}),
    acts.Paused: frozenset({"reason"}),
    acts.NotNeeded: frozenset({"reason"}),
    acts.QuestionAsked: frozenset({"text"}),
    acts.QuestionAnswered: frozenset({"text"}),
    acts.Flagged: frozenset({"note"}),
    acts.Reviewed: frozenset({"reason"}),
    acts.SentBack: frozenset({"reason"}),
    acts.Assigned: frozenset({"note"}),
    acts.Offered: frozenset({"note"}),
    acts.OfferAnswered: frozenset({"reason"}),
    acts.Released: frozenset({"reason"}),
    acts.EmailSaved: frozenset({"subject", "body"}),
    events.RecordVanished: frozenset({"reason"}),
    events.Said: frozenset({"differs"}),
    notices.AskNext: frozenset({"complaint"}),
    notices.Tell: frozenset({"note"}),
    notices.WriteBack: frozenset({"fields", "base"}),
}
# Names by which config means somebody: an e-mail address, a handle, a group or a channel.
ADDRESSES = frozenset({"roles"})


@dataclass(frozen=True)
class Cover:
    """What becomes of words, of names by which config means somebody, and of persons."""

    words: Callable[[str], str] = str
    address: Callable[[str], str] = str
    person: Callable[[Person], Person] = lambda person: person

    def over(self, thing: M) -> M:
        """The same thing, covered. Keys, moments and places stay as they are."""
        changed = {
            name: value
            for name in type(thing).model_fields
            if (value := self._value(before := getattr(thing, name), self._for(thing, name))) != before
        }
        changed |= {"url": None} if "url" in changed else {}  # half an address leads nowhere
        return thing.model_copy(update=changed) if changed else thing

    def _for(self, thing: Model, name: str) -> Callable[[str], str]:
        if name in WORDS.get(type(thing), ()):
            return self.words
        if name in ADDRESSES or (isinstance(thing, notices.To) and name == "name"):
            return self.address
        return str

    def _value(self, value: Any, words: Callable[[str], str]) -> Any:
        if isinstance(value, Person):
            return self.person(value)
        if isinstance(value, Model):
            return self.over(value)
        if isinstance(value, tuple):
            return tuple(self._value(one, words) for one in value)
        if isinstance(value, Mapping):
            return {key: self._value(one, words) for key, one in value.items()}
        return words(value) if isinstance(value, str) and words is not str else value
