"""The part of the story in which people talk to each other through Baton after the brief is taken."""

from collections.abc import Callable

from sandbox.visitor import DEAL, Json, NotSeen, Workspace

Step = tuple[str, Callable[[], str]]

DELIVERY, REVIEW = "#delivery", "#deal-review"
REASON = "Who answers our questions once their IT lead has left?"
CONDITIONS = "Only if Rui has signed off the export before the kickoff"
OTHER = "Meridian Clinics"


class Conversation:
    """Send back, answer, schedule, finish; and another deal that a reviewer has to decide on."""

    w: Workspace

    def conversation(self) -> list[Step]:
        """What is done, and how it is seen."""
        return [
            ("The owner sends the risks back to sales", self.sent_back),
            ("Sam answers only that", self.answered_again),
            ("The owner schedules the kickoff, and is done", self.finished),
            (f"{OTHER} is won; Dana raises a flag on it", self.flagged),
            ("The founder approves it with conditions", self.decided),
        ]

    def sent_back(self) -> str:
        """Sales reads why, and is asked for these only."""
        owner = self._owner()
        self._press(owner, DELIVERY, self._brief_of(DEAL), "send_back")
        self._submit(owner, reason=REASON, **{"fields:0": ["risk_notes"]})
        seen, _ = self.w.until(lambda: self._newest("sam", "sam", REASON))
        return next(line for line in seen.split("\n") if REASON in line)

    def answered_again(self) -> str:
        """The form has one question; the owner keeps it and the brief is up to date."""
        ask = self._message("sam", "sam", REASON)
        self._press("sam", "sam", ask, "complete_handoff")
        form = self._form_of("sam")
        asked = [b["block_id"] for b in form["blocks"] if str(b.get("block_id")).startswith("field:")]
        self._submit("sam", **{"field:risk_notes": "Their IT lead leaves in May; ask for a second contact"})
        self.w.until(lambda: self._newest("priya", DELIVERY, "ask for a second contact"))
        if asked != ["field:risk_notes"]:
            raise NotSeen(f"instead: {asked}")
        return "one question in the form, the old answer in it; the brief has the new one, and the owner keeps it"

    def finished(self) -> str:
        """The record shows it."""
        owner = self._owner()
        self._press(owner, DELIVERY, self._brief_of(DEAL), "schedule_kickoff")
        self._submit(owner, kickoff_at=1_898_000_000)
        self.w.until(lambda: self._status(DEAL, "kickoff on"))
        self._press(owner, DELIVERY, self._brief_of(DEAL), "done")
        return self.w.until(lambda: self._status(DEAL, "done"))[0]

    def flagged(self) -> str:
        """The brief waits for the reviewers."""
        deal = self.w.deal(OTHER)
        self.w.act(f"/sandbox/crm/deals/{deal['id']}/move", stage="closedwon")
        self.w.until(lambda: self._newest("dana", DELIVERY, OTHER))
        self._press("dana", DELIVERY, self._brief_of(OTHER), "more", "flag")
        self._submit("dana", flag="Custom Scope", note="They want an export that we have never built")
        return self.w.until(lambda: self._newest("frances", REVIEW, "never built"))[0].split("\n")[0]

    def decided(self) -> str:
        """The decision and its conditions stand on the brief."""
        item = self._message("frances", REVIEW, "never built")
        self._press("frances", REVIEW, item, "review_conditions")
        self._submit("frances", reason=CONDITIONS)
        self.w.until(lambda: CONDITIONS if CONDITIONS in self._brief_of(OTHER)["plain"] else None)
        return f"the brief says “{CONDITIONS}”, and asks for an owner again"

    def _owner(self) -> str:
        """Who was the first to take it."""
        lines = self._brief_of(DEAL)["plain"].splitlines()
        people = {str(u["real_name"]): str(u["id"]) for u in self.w.look("/sandbox/users")["users"]}
        return next(id_ for line in lines if " took it" in line for name, id_ in people.items() if name in line)

    def _press(self, user: str, channel: str, message: Json, action: str, option: str | None = None) -> None:
        value = self._option(message, option) if option else None
        self.w.act(
            "/sandbox/click",
            user=user,
            channel=channel,
            ts=message["ts"],
            action_id=action,
            **({"value": value} if value else {}),
        )

    def _option(self, message: Json, ends: str) -> str:
        options = [o for b in message["blocks"] for e in b.get("elements") or () for o in e.get("options") or ()]
        return next(str(option["value"]) for option in options if str(option["value"]).endswith(ends))

    def _submit(self, user: str, **values: object) -> None:
        self._form_of(user)
        answer = self.w.act("/sandbox/submit", user=user, values=values)
        if answer["outcome"] != "closed":
            raise NotSeen(f"instead: {answer}")

    def _form_of(self, user: str) -> Json:
        def view() -> str | None:
            return "open" if self.w.look("/sandbox/views", user=user)["views"] else None

        self.w.until(view)
        return dict(self.w.look("/sandbox/views", user=user)["views"][-1])

    def _brief_of(self, deal: str) -> Json:
        found = self.w.messages("priya", DELIVERY)
        return next(m for m in found if "Who owns the next step?" in m["plain"] and deal in m["plain"])

    def _message(self, user: str, channel: str, words: str) -> Json:
        return next(m for m in reversed(self.w.messages(user, channel)) if words in m["plain"])

    def _newest(self, user: str, channel: str, words: str) -> str | None:
        found = [str(m["plain"]) for m in self.w.messages(user, channel) if words in m["plain"]]
        return found[-1] if found else None

    def _status(self, deal: str, words: str) -> str | None:
        status = str(self.w.deal(deal)["properties"]["handoff_status"])
        return f"handoff_status: {status}" if words in status else None
