"""The guard against junk: what is refused, what is close to it and passes, and what is said."""

import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from handoff.phrases import CIRCULAR, PHRASES, bare, words
from handoff.quality import complaint, junk, reason_complaint
from tests.factories import field

SAMPLES = Path(__file__).parents[1] / "samples"
GOOD: dict[str, dict[str, list[str]]] = yaml.safe_load((SAMPLES / "answers_good.yml").read_text(encoding="utf-8"))
JUNK: list[list[str]] = yaml.safe_load((SAMPLES / "answers_junk.yml").read_text(encoding="utf-8"))
ANYWHERE = [text for texts in GOOD.values() for text in texts["anywhere"]]
SHORT = [text for texts in GOOD.values() for text in texts["short"]]

PLAIN = field()
JUDGED = field(type="long_text", judgement=True)
EXAMPLE = "Two integrations, and training for ten people"
WITH_EXAMPLE = field(good_answer=EXAMPLE)
VOCABULARY = {word for phrase in PHRASES for word in words(phrase)}
RUNS = ("asdf", "qwer", "zxcv", "lkjh", "fghj", "yxcv", "qwertz", "azerty", "poiu", "hjkl", "dsa", "ewq")
own_words = st.one_of(
    st.text(st.characters(categories=["Ll", "Lo"]), min_size=1), st.sampled_from(RUNS), st.text("a", min_size=1)
)
known_words = st.sampled_from(
    ["follow", "up", "see", "notes", "tbd", "N/A", "ok", "-", "please", "😀", "、", "未定", "a"]
)
likely = st.one_of(st.text(), st.lists(known_words, max_size=8).map(" ".join))


def test_the_samples_are_many() -> None:
    assert len(JUNK) >= 60
    assert len(SHORT + ANYWHERE) >= 100
    assert len(GOOD) >= 8


@pytest.mark.parametrize("text", [text for text, _ in JUNK], ids=repr)
@pytest.mark.parametrize("asked", [PLAIN, JUDGED], ids=["plain", "judged"])
def test_junk_is_refused(text: str, asked: Any) -> None:
    assert junk(text)
    assert complaint(asked, text)
    assert reason_complaint(text)


@pytest.mark.parametrize("text", [near for _, near in JUNK], ids=repr)
def test_what_is_only_close_to_junk_passes(text: str) -> None:
    assert not junk(text)
    assert complaint(PLAIN, text) is None


@pytest.mark.parametrize("text", SHORT + ANYWHERE, ids=repr)
def test_a_good_answer_passes(text: str) -> None:
    assert complaint(PLAIN, text) is None


@pytest.mark.parametrize("text", ANYWHERE, ids=repr)
def test_a_good_answer_passes_where_judgement_is_asked(text: str) -> None:
    assert complaint(JUDGED, text) is None


@pytest.mark.parametrize("text", ["Price", "Fast delivery", "Security.", "GDPR", "价格", "納期", "الأمان", "अच्छी सेवा"])
def test_a_word_or_two_pass_only_where_no_judgement_is_asked(text: str) -> None:
    says = complaint(JUDGED, text)

    assert says == f"“{text}” is a little short for people who were not there. Add who, what or when."
    assert complaint(PLAIN, text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("tbd", "“tbd” leaves it open. Write what is known today, and who settles the rest by when."),
        ("See notes", "“See notes” sends the next person searching. Copy the words that matter into this field."),
        ("ok", "“ok” tells the next team nothing yet. Write what they need to know, as you would tell them in person."),
        ("asdf", "“asdf” does not read as an answer yet. Write what the next team needs to know."),
        ("???", "There are no words in that. Write what the next team needs to know."),
        ("x" * 90, f"“{'x' * 39}…” does not read as an answer yet. Write what the next team needs to know."),
        ("{text} {0}\ntext {text}", None),
    ],
)  # fmt: skip
def test_a_complaint_says_what_is_wrong_and_what_to_write(text: str, says: str | None) -> None:
    assert complaint(PLAIN, text) == says


def test_what_is_not_there_is_asked_for_in_words() -> None:
    assert complaint(PLAIN, "N/A") == (
        "“N/A” can mean “there is none” or “nobody asked”. Say in a few words what is so, or why it does not apply."
    )


def test_a_complaint_shows_the_fields_example() -> None:
    says = complaint(WITH_EXAMPLE, "tbd") or ""

    assert says.endswith(f"by when. For example: “{EXAMPLE}”")


def test_a_long_example_is_cut_so_that_the_complaint_stays_short() -> None:
    says = complaint(field(good_answer="Two integrations. " * 25), "tbd") or ""

    assert len(says) <= 250
    assert re.search(r"For example: “Two integrations\. .*…”$", says)


@pytest.mark.parametrize(
    "text", ["What is the scope?", "what is the SCOPE", "scope", "Scope:", "what  is\nthe scope ??"]
)
def test_the_question_or_its_key_is_no_answer(text: str) -> None:
    assert "the question again" in (complaint(PLAIN, text) or "")


def test_what_begins_like_the_question_is_an_answer() -> None:
    assert complaint(PLAIN, "The scope is SOW v3") is None
    assert complaint(PLAIN, "Scope: SOW v3") is None


@pytest.mark.parametrize("text", [EXAMPLE, EXAMPLE.upper() + "!"])
def test_the_example_is_no_answer(text: str) -> None:
    assert complaint(WITH_EXAMPLE, text) == "That is the example. Write what holds this time: who, what, when."


def test_an_answer_that_begins_like_the_example_passes() -> None:
    assert complaint(WITH_EXAMPLE, EXAMPLE + " in Lisbon") is None


def test_a_question_without_letters_is_not_repeated_by_every_text_without_letters() -> None:
    assert (complaint(field(ask="?"), "...") or "").startswith("There are no words in that.")


def test_what_cannot_be_seen_makes_no_more_words() -> None:
    assert "a little short" in (complaint(JUDGED, "Pr\u200bi\u200bce") or "")


def test_many_different_runs_are_left_to_their_reader() -> None:
    assert complaint(PLAIN, "asdf sdfg dfgh fghj ghjk hjkl qwer wert") is None


@pytest.mark.parametrize(
    ("kind", "text"), [("number", "1234"), ("yes_no", "no"), ("date", "2026-01-01"), ("person", "na")]
)
def test_what_is_no_free_text_is_not_judged(kind: str, text: str) -> None:
    assert complaint(field(type=kind, judgement=True), text) is None


@pytest.mark.parametrize(
    "text",
    ["Renewal of the old contract", "No discount", "Internal project", "Bestandskundenvertrag", "更新", "2nd order"],
)  # fmt: skip
def test_a_reason_that_says_something_passes(text: str) -> None:
    assert reason_complaint(text) is None


@pytest.mark.parametrize(
    "text", ["", " ", "n/a", "because", "because tbd", "Does not apply", "not needed!", "It doesn't apply", "Deal"]
)
def test_a_reason_that_says_nothing_is_refused(text: str) -> None:
    assert reason_complaint(text) == (
        "Please say why in a few words that others will understand, like “They renew the old contract as it is”."
    )
    assert "“The scope has no date”" in (reason_complaint(text, like="The scope has no date") or "")


def test_every_phrase_is_refused_and_answers_to_its_own_sentence() -> None:
    assert [phrase for phrase in PHRASES if not phrase] == []
    assert CIRCULAR.isdisjoint(PHRASES)
    assert all(says.count("{text}") == 1 and len(says) <= 130 for says in PHRASES.values())


@given(likely)
@example("\u0345")  # a mark that becomes a letter when case is folded
@example("\u3164")  # a letter that cannot be seen
def test_any_text_gets_an_answer_in_bounds(text: str) -> None:
    for asked in (PLAIN, JUDGED, WITH_EXAMPLE):
        says = complaint(asked, text)
        assert says is None or (20 <= len(says) <= 250 and "\n" not in says)
    assert complaint(PLAIN, text) is None or complaint(JUDGED, text)
    assert junk(text) <= (reason_complaint(text) is not None)


@given(likely)
@example("𝐓𝐁𝐃")  # capitals only after they are normalised
def test_normal_form_is_normal(text: str) -> None:
    once = " ".join(words(text))

    assert words(once) == once.split()
    assert bare(bare(text)) == bare(text)


@given(likely, st.sampled_from(["{}.", " {} ", "\u200b{}", "{}!!", "«{}»", "{} 😀", "({})", "{}\n"]))
def test_decoration_changes_nothing(text: str, decoration: str) -> None:
    assume(any(c.isalnum() for c in text))

    assert junk(decoration.format(text)) == junk(text)
    assert junk(unicodedata.normalize("NFD", text)) == junk(text)
    assert junk(text) <= junk(text.upper())


@given(
    st.lists(own_words, min_size=5, max_size=12),
    st.lists(st.sampled_from(sorted(VOCABULARY)) | known_words, max_size=20),
    st.randoms(),
)
def test_eight_words_of_which_five_are_no_junk_pass(own: list[str], others: list[str], random: Any) -> None:
    mixed = own + others
    random.shuffle(mixed)
    text = " ".join(mixed)
    assume(len(set(words(text))) >= 8)
    assume(len(set(words(" ".join(own))) - VOCABULARY) >= 5)

    assert complaint(PLAIN, text) is None
    assert complaint(JUDGED, text) is None
