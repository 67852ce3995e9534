"""Notes on a deal's timeline, in the toy CRM: once each, whatever happens on the way."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.hubspot_client import HubSpot
from crm.hubspot_notes import MOST_CHARACTERS, body_of, carries
from handoff.errors import OutcomeUnknown, RecordGone, Refused, TooLate, Unreachable
from sandbox.world import Sandbox
from tests.crm.hubspot_rig import UNTIL, api_calls, break_call, break_down, call, deal, ref, utc_now

CREATE = "POST /crm/v3/objects/notes"


def notes(sandbox: Sandbox, name: str) -> list[str]:
    """The notes of a deal as people read them."""
    return [one["text"] for one in deal(sandbox, name)["notes"]]


def test_note_is_on_the_deal_with_its_marker_below(sandbox: Sandbox, hubspot: HubSpot) -> None:
    harbour = ref(sandbox, "Harbour & Vine")

    hubspot.note(harbour, "Sam Okafor said:\nWine by Friday", "baton-7f3a", UNTIL, may_be_there=False)

    assert notes(sandbox, "Harbour & Vine") == ["Sam Okafor said:\nWine by Friday\nbaton-7f3a"]


def test_note_with_a_marker_that_is_there_is_not_added(sandbox: Sandbox, hubspot: HubSpot) -> None:
    harbour = ref(sandbox, "Harbour & Vine")
    hubspot.note(harbour, "The first", "baton-1", UNTIL, may_be_there=True)

    hubspot.note(harbour, "The first, told again", "baton-1", UNTIL, may_be_there=True)

    assert notes(sandbox, "Harbour & Vine") == ["The first\nbaton-1"]


def test_note_that_cannot_be_there_is_made_without_looking(sandbox: Sandbox, hubspot: HubSpot) -> None:
    hubspot.note(ref(sandbox, "Harbour & Vine"), "Told", "baton-1", UNTIL, may_be_there=False)

    assert notes(sandbox, "Harbour & Vine") == ["Told\nbaton-1"]
    assert api_calls(sandbox, "/crm/v4/objects/deals") == 0


def test_note_with_another_marker_or_on_another_deal_is_added(sandbox: Sandbox, hubspot: HubSpot) -> None:
    for name, marker in (
        ("Harbour & Vine", "baton-1"),
        ("Harbour & Vine", "baton-11"),
        ("Tidewater Schools", "baton-1"),
    ):
        hubspot.note(ref(sandbox, name), "Told", marker, UNTIL, may_be_there=True)

    assert notes(sandbox, "Harbour & Vine") == ["Told\nbaton-1", "Told\nbaton-11"]
    assert notes(sandbox, "Tidewater Schools") == ["Told\nbaton-1"]


def test_note_for_which_it_is_too_late_after_looking_is_not_made(sandbox: Sandbox, hubspot: HubSpot) -> None:
    harbour = ref(sandbox, "Harbour & Vine")

    with pytest.raises(TooLate):
        hubspot.note(harbour, "Told", "baton-1", utc_now(), may_be_there=True)

    assert notes(sandbox, "Harbour & Vine") == []
    assert api_calls(sandbox, "/crm/v4/objects/deals") == 1
    assert api_calls(sandbox, "/crm/v3/objects/notes") == 0


def test_note_whose_outcome_was_unknown_is_there_once(sandbox: Sandbox, hubspot: HubSpot) -> None:
    harbour = ref(sandbox, "Harbour & Vine")
    break_call(sandbox, "drop", CREATE)
    with pytest.raises(OutcomeUnknown):
        hubspot.note(harbour, "Told", "baton-1", UNTIL, may_be_there=True)
    call(sandbox, "DELETE", "faults")

    hubspot.note(harbour, "Told", "baton-1", UNTIL, may_be_there=True)

    assert notes(sandbox, "Harbour & Vine") == ["Told\nbaton-1"]


@pytest.mark.parametrize("kind", ["5xx", "down"])
def test_note_that_may_have_been_made(sandbox: Sandbox, hubspot: HubSpot, kind: str) -> None:
    harbour, began = ref(sandbox, "Harbour & Vine"), utc_now()
    break_call(sandbox, kind, CREATE)

    with pytest.raises(OutcomeUnknown) as told:
        hubspot.note(harbour, "Told", "baton-1", UNTIL, may_be_there=True)

    assert told.value.at is not None
    assert began < told.value.at < utc_now()


@pytest.mark.parametrize("kind", ["5xx", "429", "down", "drop"])
def test_note_while_hubspot_cannot_even_be_looked_at(sandbox: Sandbox, hubspot: HubSpot, kind: str) -> None:
    harbour = ref(sandbox, "Harbour & Vine")
    break_down(sandbox, kind)

    with pytest.raises(Unreachable):
        hubspot.note(harbour, "Told", "baton-1", UNTIL, may_be_there=True)

    assert notes(sandbox, "Harbour & Vine") == []


@pytest.mark.parametrize(
    "path", ["GET /crm/v4/objects/deals/{id}/associations/notes", "POST /crm/v3/objects/notes/batch/read"]
)
def test_note_is_not_added_unless_all_were_looked_at(sandbox: Sandbox, hubspot: HubSpot, path: str) -> None:
    harbour = ref(sandbox, "Harbour & Vine")
    hubspot.note(harbour, "Told", "baton-1", UNTIL, may_be_there=True)
    break_call(sandbox, "drop", path.format(id=harbour.id))

    with pytest.raises(Unreachable):
        hubspot.note(harbour, "Told", "baton-2", UNTIL, may_be_there=True)

    assert len(notes(sandbox, "Harbour & Vine")) == 1


def test_note_among_hundreds_is_found(sandbox: Sandbox, hubspot: HubSpot) -> None:
    harbour = ref(sandbox, "Harbour & Vine")
    hubspot.note(harbour, "The oldest", "baton-1", UNTIL, may_be_there=True)
    record = sandbox.crm.records["deals"][harbour.id]
    for number in range(620):
        body = {"hs_timestamp": "2026-11-16", "hs_note_body": f"<p>No. {number}</p>"}
        sandbox.crm.link(sandbox.crm.create("notes", body, "CRM_UI")[0], record)

    hubspot.note(harbour, "The oldest, told again", "baton-1", UNTIL, may_be_there=True)

    assert len(notes(sandbox, "Harbour & Vine")) == 621
    assert api_calls(sandbox, f"/crm/v4/objects/deals/{harbour.id}/associations/notes") == 3


@pytest.mark.parametrize(("what", "reason"), [("delete", "not_found"), ("merge", "merged")])
def test_note_on_a_deal_that_is_gone(sandbox: Sandbox, hubspot: HubSpot, what: str, reason: str) -> None:
    tidewater = ref(sandbox, "Tidewater Schools")
    call(sandbox, "POST", f"deals/{tidewater.id}/{what}", {"into": ref(sandbox, "Harbour & Vine").id})

    with pytest.raises(RecordGone) as told:
        hubspot.note(tidewater, "Told", "baton-1", UNTIL, may_be_there=True)

    assert told.value.reason == reason
    assert notes(sandbox, "Harbour & Vine") == []


def test_note_that_hubspot_does_not_take(sandbox: Sandbox, hubspot: HubSpot) -> None:
    harbour = ref(sandbox, "Harbour & Vine")

    with pytest.raises(Refused, match="hs_note_body"):
        hubspot.note(harbour, "Told", "x" * MOST_CHARACTERS, UNTIL, may_be_there=True)


@pytest.mark.parametrize("text", ["x" * 200_000, "&" * 14_000, "\n" * 40_000, "<" * 60_000], ids=lambda text: text[:1])
def test_note_that_is_too_long_is_cut_and_says_so(sandbox: Sandbox, hubspot: HubSpot, text: str) -> None:
    hubspot.note(ref(sandbox, "Harbour & Vine"), text, "baton-1", UNTIL, may_be_there=True)

    (note,) = notes(sandbox, "Harbour & Vine")
    assert note.endswith("…\n(The rest is too long for a note.)\nbaton-1")


class Tags(HTMLParser):
    """The tags of a note, and its text."""

    def __init__(self, note: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(note)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.append(tag)
        self.text += "\n" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "a < b && c > d", '<img src="x" onerror=y>', "&lt;b&gt;", "</p><p>more", "<!-- "],
)
def test_text_is_shown_as_it_was_written(text: str) -> None:
    note = Tags(body_of(text, "baton-1"))

    assert note.tags == ["p", "p", "span"]
    assert note.text == f"{text}baton-1"


@given(st.text(), st.text())
def test_no_text_becomes_markup(text: str, marker: str) -> None:
    assert set(Tags(body_of(text, marker)).tags) <= {"p", "span", "br"}


@given(st.text(), st.from_regex(r"baton-[0-9a-f:.&<>]{1,30}", fullmatch=True))
def test_marker_is_found_in_any_note_that_has_it(text: str, marker: str) -> None:
    assert carries(body_of(text, marker), marker)


@pytest.mark.parametrize(
    ("note", "there"),
    [
        ("<div><p>Told</p><p>baton 1 &amp; 2</p></div>", True),
        ("Told<br/>baton&nbsp;1 &amp;&nbsp;2", True),
        ("<p>Told</p>\n<P><B>baton</B> 1 &#38; 2</P><p>Edited since</p>", True),
        ("<p>Told</p><p>baton 1 &amp; 22</p>", False),
        ("<p>Told</p><p>xbaton 1 &amp; 2</p>", False),
        ("", False),
    ],
)
def test_marker_in_markup_that_was_tidied(note: str, there: bool) -> None:
    assert carries(note, "baton 1 & 2") is there
