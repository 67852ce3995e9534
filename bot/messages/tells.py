"""What is told after something happened: one or two sentences each, true when they are sent. Pure.

All of it stands here, to be read as writing. A message says what happened first, then where the handoff stands now,
because it may be sent late, and last it has the button that helps.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.messages import blocks, buttons, first_task, wording
from bot.messages.answers import system_name
from bot.messages.blocks import Block, Element
from bot.messages.wording import LONG, Part
from handoff.model import Ending, Handoff, News, SendBack, Status, Told
from handoff.notices import SettleNag, Tell, To
from handoff.workflow import Workflow

Parts = tuple[Part, ...]

_WITH_OWNER = (Status.OWNED, Status.KICKOFF_SCHEDULED)


@dataclass(frozen=True)
class _News:
    """What is told, and to whom, with the words that most sentences need."""

    notice: Tell
    handoff: Handoff
    workflow: Workflow

    @property
    def by(self) -> Element:
        """Who did it."""
        return wording.who(self.notice.by)

    @property
    def name(self) -> Element:
        """The customer."""
        return wording.name(self.handoff)

    @property
    def now(self) -> Parts:
        """Where the handoff stands when this is sent."""
        return wording.standing(self.handoff, self.workflow)

    @property
    def sales(self) -> Element:
        """Who answers for sales."""
        return wording.who(self.handoff.asked, "Sales")

    @property
    def is_theirs(self) -> bool:
        """Whether whoever reads it owns the handoff, and it is with delivery."""
        to = self.notice.to.person if self.notice.to else None
        return to is not None and to.is_same(self.handoff.owner) and self.handoff.status in _WITH_OWNER

    @property
    def nothing_left(self) -> Parts:
        """Said to somebody who does not own it any more."""
        return () if self.is_theirs else (" There is nothing left for you to do.",)


def tell(notice: Tell, handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """A message's fallback text and blocks."""
    news = _News(notice, handoff, workflow)
    parts = _SENTENCES[notice.what](news)
    body = [wording.paragraph(*parts), *([wording.quote(notice.note)] if notice.note else [])]
    if notice.what == "yours" and news.is_theirs:
        body += first_task.owner_blocks(handoff, workflow)
    elif pressed := _buttons(news):
        body.append(blocks.actions(*pressed))
    said = (*parts, f" “{blocks.cut(notice.note, LONG)}”") if notice.note else parts
    return wording.fallback(*said, here=workflow.delivery.channel), body


def settled(notice: SettleNag, told: News, handoff: Handoff, workflow: Workflow) -> tuple[str, list[Block]]:
    """News whose button has done its work: the same, and how it stands now."""
    common = notice.model_dump(include={"key", "handoff_id", "due_at", "lane"})
    more = {"by": told.by, "note": told.note, "until": told.until}
    again = Tell(what=told.what, to=To(person=told.to) if told.to else None, **more, **common)
    return tell(again, handoff, workflow)


def _owned(news: _News) -> Parts:
    return news.name, ": ", *news.now, " You are done here; they write to you if a question is left."


def _yours(news: _News) -> Parts:
    notice = news.notice
    to = notice.to.person if notice.to else None
    first: Parts = (news.name, " is yours now.")
    if notice.by is not None and not notice.by.is_same(to):
        first = (news.by, " made you the owner of ", news.name, ".")
    return first if news.is_theirs else (*first, " By now that has changed. ", *news.now)


def _taken_away(news: _News) -> Parts:
    return news.by, " chose another owner for ", news.name, ". ", *news.now, *news.nothing_left


def _taken_over(news: _News) -> Parts:
    return news.by, " took over ", news.name, " from you. ", *news.now, *news.nothing_left


def _kept(news: _News) -> Parts:
    after: Parts = ("It stays with you; you can ask somebody else.",) if news.is_theirs else news.now
    return news.by, " cannot take over ", news.name, ". ", *after


def _sent_back(news: _News) -> Parts:
    first: Parts = (news.by, " sent ", news.name, " back to sales")
    found = _last_send_back(news)
    if found is None:
        return *first, ". ", *news.now
    why = f": “{blocks.cut(found.reason, LONG)}”. "
    again = f"To be answered again: {wording.questions(news.workflow, found.fields)}. "
    if news.handoff.status is not Status.COLLECTING:
        return *first, why, again, *news.now
    return *first, why, again, news.sales, " has been asked, and the brief says when it is answered."


def _ready_again(news: _News) -> Parts:
    if news.notice.lane == "owner" and news.is_theirs:
        return *_why_ready(news), "It is yours as before; ", *wording.brief(news.handoff), " is up to date."
    return *_why_ready(news), *news.now


def _why_ready(news: _News) -> Parts:
    """What made it ready: a reviewer's decision or sales' answers, whichever came at that moment."""
    handoff, at = news.handoff, news.handoff.briefed_at
    ready: Parts = (news.name, " is ready for delivery again: ")
    if decided := [f for f in handoff.flags if f.verdict is not None and f.verdict.at == at]:
        return *ready, *wording.decision(decided[-1]), ". "
    if given := [a for a in handoff.answers if a.by is not None and a.at == at]:
        about = wording.questions(news.workflow, tuple(a.key for a in given))
        return *ready, wording.who(given[-1].by), f" answered {about}. "
    return news.name, " is ready for delivery again. "


def _released(news: _News) -> Parts:
    first: Parts = (news.by, " gave ", news.name, " back. ")
    if news.handoff.status is Status.UNCLAIMED:
        return *first, "Nobody owns it now; whoever presses Take ownership has it."
    return *first, *news.now


def _review_over(news: _News) -> Parts:
    decided = [(flag.verdict.at, flag) for flag in news.handoff.flags if flag.verdict is not None]
    newest = max(decided, key=lambda pair: pair[0], default=None)
    said: Parts = (*wording.decision(newest[1]), ". ") if newest else ("the review is over. ",)
    return news.name, ": ", *said, *news.now


def _cancelled(news: _News) -> Parts:
    if news.handoff.ending is None:  # it came back before this was sent
        return "The handoff of ", news.name, " was cancelled, and goes on again. ", *news.now
    return *_why_over(news, news.handoff.ending), *_after_the_end(news)


def _why_over(news: _News, ending: Ending) -> Parts:
    record = news.handoff.record
    system, reason = system_name(record.ref.system), blocks.cut(ending.reason, LONG)
    over = " Its handoff is cancelled, and nobody is reminded any more. "
    match ending.because:
        case "stage_left":
            stage = blocks.cut(record.stage_label or record.stage, 100)
            to = f" and is in {reason} now." if reason else "."
            back = "If it comes back, the same handoff goes on. "
            return news.name, f" left {stage} in {system}{to}{over}{back}"
        case "deleted":
            return news.name, f" was deleted in {system}.{over}"
        case "forgotten":
            return (f"A record of {system} was forgotten on request.{over}", "")
        case "merged":
            return news.name, f" was merged into another record in {system}.{over}"
        case _:
            why = f": “{reason}”." if reason else "."
            return wording.who(ending.by), " says that ", news.name, f" needs no handoff{why}{over}"


def _after_the_end(news: _News) -> Parts:
    """What whoever reads it should do."""
    owner = news.handoff.owner
    if news.notice.lane == "rep":
        return ("There is nothing left for you to do.",)
    if news.notice.lane == "owner":
        return "Please stop what you have begun; ", news.sales, " can tell you what the client knows."
    if owner is not None:
        return wording.who(owner), ", who owned it, has been told."
    return ("There is nothing to take here.",)


def _silent(news: _News) -> Parts:
    """A gentle check of an owner, and the offer to give it back."""
    until = news.notice.until
    when: Parts = (" ", blocks.moment(until)) if until is not None else (" after a while",)
    return (
        *("No kickoff is booked for ", news.name, " yet, and no work on it can be seen from here. Are you on it? "),
        "Then schedule the kickoff, or snooze this if you need more time. If it is not for you, release it. ",
        *("If nothing happens, it is offered to the channel again", *when, "."),
    )


def _released_in_silence(news: _News) -> Parts:
    """Said aloud in the channel, and to the owner."""
    if news.notice.lane == "owner":
        return (
            *("There was no kickoff and no sign of work on ", news.name, ", so it was offered to the channel again. "),
            "If you are on it, take it back there.",
        )
    return "Nothing was seen to happen with ", news.name, ", so it waits for an owner again. ", *news.now


def _resumed(news: _News) -> Parts:
    record = news.handoff.record
    stage = blocks.cut(record.stage_label or record.stage, 100)
    return news.name, f" is back in {stage}, so the same handoff goes on with all that was answered. ", *news.now


def _kickoff(news: _News) -> Parts:
    handoff = news.handoff
    first: Parts = (news.by, " scheduled the kickoff of ", news.name)
    if handoff.kickoff_at is None or handoff.status is not Status.KICKOFF_SCHEDULED:
        return *first, ". ", *news.now
    return *first, ": ", blocks.moment(handoff.kickoff_at), "."


def _done(news: _News) -> Parts:
    return news.by, " finished the handoff of ", news.name, ". Thank you for handing it over."


def _buttons(news: _News) -> list[Element]:
    """The deed that comes next, for whoever reads it; nothing where that is done or not theirs."""
    asks, handoff = news.notice.asks, news.handoff
    if asks == "channel":
        return [buttons.take(handoff)] if handoff.status is Status.UNCLAIMED else []
    if asks is None or not news.is_theirs:
        return []
    pressed = [buttons.kickoff(handoff)] if handoff.status is Status.OWNED else []
    if news.notice.what == "silent":
        pressed += [buttons.snooze(handoff), blocks.button("Release", buttons.RELEASE, handoff.id)]
    if news.notice.what == "kept":
        pressed.append(blocks.button("Hand over to …", buttons.HAND_OVER, handoff.id))
    return pressed


def _last_send_back(news: _News) -> SendBack | None:
    by = news.notice.by
    return next((s for s in reversed(news.handoff.send_backs) if by is not None and s.by.is_same(by)), None)


_SENTENCES: dict[Told, Callable[[_News], Parts]] = {
    "owned": _owned,
    "yours": _yours,
    "taken_away": _taken_away,
    "kept": _kept,
    "taken_over": _taken_over,
    "sent_back": _sent_back,
    "ready_again": _ready_again,
    "released": _released,
    "review_over": _review_over,
    "cancelled": _cancelled,
    "resumed": _resumed,
    "kickoff": _kickoff,
    "done": _done,
    "not_needed": _cancelled,
    "silent": _silent,
    "released_in_silence": _released_in_silence,
}
