"""The story of `baton demo --story`: people act through the outside interface, and what they then see is checked.

It knows the bot only by what it shows in Slack and writes into the CRM. `python -m sandbox.story http://127.0.0.1:4200`
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from sandbox.conversation import Conversation
from sandbox.visitor import DEAL, Json, NotSeen, Workspace

CROWD = ("priya", "dana", "rui", "ana", "sam")


class Story(Conversation):
    """The steps in their order. Each says what was done; what it returns is what was then seen."""

    def __init__(self, workspace: Workspace) -> None:
        self.w = workspace

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """What is done, and how it is seen."""
        return [
            ("Sam moves Fjordlight Robotics to Closed Won; HubSpot says so ten times, in any order", self.won),
            ("Nobody asked twice", self.asked_once),
            ("Sam does nothing for a while", self.rep_reminded),
            ("Sam presses Complete handoff", self.form_opens),
            ("Sam gives a start date before the close date", self.date_refused),
            ("Sam corrects the date and hands over", self.brief_posted),
            ("Nobody takes it for a while", self.channel_reminded),
            ("Five people press Take ownership at the same moment", self.one_owner),
            ("The brief, read again", self.brief_shows_owner),
            ("Sam looks at the direct message with Baton", self.rep_told),
            ("Rui writes /handoff status fjord", self.status),
            ("HubSpot, read again", self.written_back),
            *self.conversation(),
            ("A deal with hostile text in its fields is won", self.hostile),
            ("A deal is won by somebody whom Slack does not know", self.backup),
            ("Time for two more reminders passes", self.quiet),
        ]

    def won(self) -> str:
        """The rep is asked within a second, with what is there and what is missing."""
        deal = self.w.deal()
        self.w.act(f"/sandbox/crm/deals/{deal['id']}", properties={"start_date": ""})
        self.w.act(f"/sandbox/crm/deals/{deal['id']}/move", stage="closedwon", copies=10, shuffle=True)
        seen, seconds = self.w.until(lambda: self._line(self._dm("sam"), "already in HubSpot"))
        return f"{seen} ({seconds:.2f} s)"

    def asked_once(self) -> str:
        """Ten deliveries of one change are one handoff."""
        self._wait_until_quiet()
        asks = [m for m in self.w.messages("sam", "sam") if "already in HubSpot" in m["plain"]]
        return self._check(len(asks) == 1, "one message", f"{len(asks)} messages")

    def rep_reminded(self) -> str:
        """The first rung of the rep's ladder."""
        return self.w.until(lambda: self._line(self._dm("sam"), "still lacks"))[0]

    def form_opens(self) -> str:
        """The modal has only the missing fields."""
        ask = next(m for m in self.w.messages("sam", "sam") if "already in HubSpot" in m["plain"])
        self.w.act("/sandbox/click", user="sam", channel="sam", ts=ask["ts"], action_id="complete_handoff")
        asked = [b for b in self._form()["blocks"] if str(b.get("block_id")).startswith("field:")]
        labels = [b["label"]["text"] for b in asked]
        return self._check(len(labels) == 4, f"a form with {len(labels)} questions: {'; '.join(labels)}", str(labels))

    def date_refused(self) -> str:
        """The complaint stands under its field; nothing typed is lost."""
        answers = {
            "field:buyer_goals": "Orders packed the same day, before the spring season",
            "field:promised_deliverables": "Two integrations <!channel> & training for *ten* people",
            "field:risk_notes": "Their IT lead leaves in May",
            "field:start_date": "2020-01-31",
        }
        answer = self.w.act("/sandbox/submit", user="sam", values=answers)
        self._check(answer["outcome"] == "errors", "", str(answer))
        return f"under the field: {answer['errors']['field:start_date']}"

    def brief_posted(self) -> str:
        """Delivery reads the brief; the four questions come first."""
        date = f"{int(self.w.deal()['properties']['closedate'][:4]) + 1}-01-31"
        answer = self.w.act("/sandbox/submit", user="sam", values={"field:start_date": date})
        self._check(answer["outcome"] == "closed", "", str(answer))
        seen, seconds = self.w.until(lambda: self._brief("What task starts the work?"))
        wanted = ["Who owns the next step?", "What was promised?", "What does the client expect next?"]
        self._check(all(q in seen for q in wanted), "", seen)
        pinged = self._briefs()[0]["pings"]
        self._check(pinged == [], "", f"the text of an answer pinged {pinged}")
        return f"a brief in #delivery that answers the four questions ({seconds:.2f} s), and <!channel> pinged nobody"

    def channel_reminded(self) -> str:
        """The first rung of the channel's ladder, in the brief's thread."""
        thread = self._briefs()[0]["ts"]
        return self.w.until(lambda: self._line(self._thread("priya", thread), "Nobody owns"))[0]

    def one_owner(self) -> str:
        """Exactly one owner; the others are told privately who was first."""
        ts = self._briefs()[0]["ts"]

        def press(user: str) -> None:
            self.w.act("/sandbox/click", user=user, channel="#delivery", ts=ts, action_id="take_ownership")

        with ThreadPoolExecutor(len(CROWD)) as crowd:
            list(crowd.map(press, CROWD))
        losers, _ = self.w.until(lambda: self._losers() if len(self._told()) == len(CROWD) - 1 else None)
        return losers

    def brief_shows_owner(self) -> str:
        """The same message, updated in place, without the button to take it."""
        seen, _ = self.w.until(lambda: self._line(self._briefs()[0]["plain"].split("What was"), "took it"))
        button = "take_ownership" in str(self._briefs()[0]["blocks"])
        return self._check(
            not button and len(self._briefs()) == 1, seen.replace("\n", " "), "the button is still there"
        )

    def rep_told(self) -> str:
        """The rep hears who has it."""
        return self.w.until(lambda: self._line(self._dm("sam"), "took Fjordlight"))[0]

    def status(self) -> str:
        """A private answer to the command."""
        self.w.act("/sandbox/command", user="rui", channel="#sales", text="/handoff status fjord")
        note = self.w.messages("rui", "#sales")[-1]
        return self._check(
            note["ephemeral"] and "owned by" in note["plain"], note["plain"].replace("\n", " "), str(note)
        )

    def written_back(self) -> str:
        """Answers, status and owner are in the CRM."""

        def see() -> str | None:
            p = self.w.deal()["properties"]
            done = p["delivery_owner"] and p["buyer_goals"] and str(p["handoff_status"]).startswith("owned by")
            return f"handoff_status: {p['handoff_status']}; buyer_goals: {p['buyer_goals']}" if done else None

        return self.w.until(see)[0]

    def hostile(self) -> str:
        """CRM text is text: it pings nobody and links nowhere."""
        deal = next(d for d in self.w.look("/sandbox/crm/deals")["deals"] if "<!channel>" in d["name"])
        before = len(self.w.messages(deal["owner"]["email"], deal["owner"]["email"]))
        self.w.act(f"/sandbox/crm/deals/{deal['id']}/move", stage="closedwon")
        owner = deal["owner"]["email"]
        self.w.until(lambda: "asked" if len(self.w.messages(owner, owner)) > before else None)
        message = self.w.messages(owner, owner)[-1]
        others = [user for user in message["pings"] if user != self._id(owner)]
        return self._check(
            not others and "<!channel>" in message["plain"], "the text as text, and nobody pinged", str(others)
        )

    def backup(self) -> str:
        """The configured backup is asked, and told why."""
        people = {u["email"] for u in self.w.look("/sandbox/users")["users"]}
        strangers = [
            d for d in self.w.look("/sandbox/crm/deals")["deals"] if d["owner"] and d["owner"]["email"] not in people
        ]
        self.w.act(f"/sandbox/crm/deals/{strangers[0]['id']}/move", stage="closedwon")
        return self.w.until(lambda: self._line(self._dm("ops@example.com"), "asked as the backup"))[0]

    def quiet(self) -> str:
        """What has happened is not nagged about."""
        before = len(self._thread("priya", self._briefs()[0]["ts"]))
        time.sleep(4)
        after = len(self._thread("priya", self._briefs()[0]["ts"]))
        return self._check(before == after, "nothing more is said about Fjordlight Robotics", f"{after - before} more")

    def _dm(self, user: str) -> list[str]:
        return [m["plain"] for m in self.w.messages(user, user)]

    def _thread(self, user: str, ts: str) -> list[str]:
        return [m["plain"] for m in self.w.messages(user, "#delivery", thread_ts=ts)]

    def _briefs(self) -> list[Json]:
        found = self.w.messages("priya", "#delivery")
        return [m for m in found if "Who owns the next step?" in m["plain"] and DEAL in m["plain"]]

    def _brief(self, text: str) -> str | None:
        return next((m["plain"] for m in self._briefs() if text in m["plain"]), None)

    def _told(self) -> dict[str, str]:
        told: dict[str, str] = {}
        for user in CROWD:
            notes = [m["plain"] for m in self.w.messages(user, "#delivery") if m["ephemeral"]]
            told |= {user: notes[-1]} if notes else {}
        return told

    def _losers(self) -> str:
        told = self._told()
        words = set(told.values())
        return self._check(
            len({w.split(" took this")[0] for w in words}) == 1,
            f"one owner; the other {len(told)} read privately: {min(words)}",
            str(told),
        )

    def _form(self) -> Json:
        views = self.w.look("/sandbox/views", user="sam")["views"]
        if not views:
            raise NotSeen("no form opened")
        return dict(views[-1])

    def _id(self, email: str) -> str:
        return next(str(u["id"]) for u in self.w.look("/sandbox/users")["users"] if u["email"] == email)

    def _wait_until_quiet(self) -> None:
        """Until the CRM has delivered everything it had queued."""
        time.sleep(0.5)

    def _line(self, texts: list[str], wanted: str) -> str | None:
        return next((line for t in texts for line in t.splitlines() if wanted in line), None)

    def _check(self, good: object, seen: str, instead: str) -> str:
        if not good:
            raise NotSeen(f"instead: {instead}")
        return seen


def tell(address: str) -> bool:
    """Play the story, a line for each step. Whether every step was seen."""
    story = Story(Workspace(address))
    for number, (done, see) in enumerate(story.steps(), 1):
        print(f"{number:2}. {done}", flush=True)
        try:
            print(f"    seen: {see()}", flush=True)
        except (NotSeen, httpx.HTTPError, LookupError) as e:
            print(f"    NOT SEEN: {e}", flush=True)
            return False
    print("Every step was seen from the outside.", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(0 if tell(sys.argv[1]) else 1)
