"""The forms that start a handoff by hand and that rest its reminders: taken by Slack, whatever is in them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.modals import new, pause
from handoff.model import Person, Quiet
from tests.bot.hostile import PEOPLE, SECRET, TEXTS, WORDS, Case, thoroughly
from tests.bot.hostile_delivery import busy_cases
from tests.bot.reading import everything, pings, refused_view
from tests.factories import NOW, workflow


@thoroughly
@given(st.lists(WORDS.map(lambda text: text[:60]), min_size=1, max_size=120), TEXTS, TEXTS)
def test_the_form_that_starts_a_handoff_is_taken_whatever_is_in_it(titles: list[str], name: str, at: str) -> None:
    told = {f"workflow-{n}": workflow(title=title) for n, title in enumerate(titles)}

    view = new.build(told, "U0SAM00001", name=name, link="https://crm.example/deal/7", at=at)

    assert refused_view(view) == []
    assert pings("", view) == set()


@thoroughly
@given(busy_cases(), TEXTS, PEOPLE, st.booleans())
def test_the_forms_that_rest_and_resume_are_taken_whatever_is_in_them(
    case: Case, why: str, by: Person, is_pause: bool
) -> None:
    quiet = Quiet(by=by, at=NOW, until=NOW if why else None, reason=why, is_pause=is_pause)
    for rests in (None, quiet):
        view = pause.build(case.handoff.model_copy(update={"quiet": rests}), case.workflow)

        assert refused_view(view) == []
        assert pings("", view) == set()
        assert SECRET not in everything(view)
