"""Whether an answer helps the next team: junk, vagueness, one text in many fields, contradictions.

Only free text is judged; types and dates are `checklist`'s. An answer is refused if, and only if, it

1. has no letter and no digit: dots, dashes, emoji, what cannot be seen;
2. is a phrase of `phrases.py` from end to end, however it is spaced, cased and punctuated;
3. is one letter, or one letter again and again, or a run along the keyboard;
4. repeats the question, the key, or the field's example;
5. has fewer than three words and fifteen letters where judgement is asked; two words will do with a name or a number;
6. stands word for word in three text fields, or in two that ask for judgement;
7. makes a contradiction of handoffs.yml true.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from handoff import conditions
from handoff.phrases import CIRCULAR, bare, empty_phrase, words
from handoff.workflow import ChecklistField, FieldType, Workflow

Values = Mapping[str, str | None]

_LONGEST = 250  # characters of a complaint: three lines under a field
_LONG_ENOUGH = 15  # letters; some languages say in a word or two what others say in four
_KEYBOARDS = (
    "qwertyuiop asdfghjkl zxcvbnm qwertzuiop yxcvbnm azertyuiop qsdfghjklm wxcvbn 1234567890 abcdefgh цукен фыва"
)
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]"
)


def _runs() -> Iterator[str]:
    for row in _KEYBOARDS.split():
        for keys in (row, row[::-1]):
            yield from (keys[i:j] for i in range(len(keys)) for j in range(i + 3, len(keys) + 1))


_KEYBOARD_RUNS = re.compile(
    f"(?:{'|'.join(sorted(set(_runs()), key=lambda run: (-len(run), run)))})++"  # longest first
)


def complaints(workflow: Workflow, said: Mapping[str, str], known: Values) -> dict[str, str]:
    """What is wrong with the answers just given, by key, for the person who typed them. A key not in it is fine.

    It does not check types, and says nothing of answers that were given before.

    Args:
        workflow: the checklist and its contradictions.
        said: the answers just given, tidied, by key.
        known: the record's fields by CRM name and every answer by key.
    """
    everything = {**known, **said}
    found = [(f.key, complaint(f, said[f.key])) for f in workflow.checklist if f.key in said]
    found += _same_text(workflow, said, everything)
    found += _contradictions(workflow, said, everything)
    return {key: says for key, says in reversed(found) if says}  # the first complaint about a field is the one shown


def complaint(field: ChecklistField, text: str) -> str | None:
    """What is wrong with one answer by itself, and what a good one looks like; None if it will do.

    It has nothing to say of fields that are no free text.
    """
    if not _is_free(field):
        return None
    said = bare(text)
    if field.good_answer and said == bare(field.good_answer):
        return "That is the example. Write what holds this time: who, what, when."
    if said and said in (bare(field.ask), bare(field.key)):
        return _with_example("That is the question again. Write the answer, as you would tell it in person.", field)
    if says := _junk(text):
        return _with_example(says, field)
    if field.judgement and not _says_enough(text):
        says = f"“{_short(text, 40)}” is a little short for people who were not there. Add who, what or when."
        return _with_example(says, field)
    return None


def junk(text: str) -> bool:
    """Whether a text, whatever was asked, tells nobody anything. It does not judge length."""
    return _junk(text) is not None


def reason_complaint(text: str, like: str = "They renew the old contract as it is") -> str | None:
    """What is wrong with a reason, such as why a field does not apply; None if it will do. `like` is a good one."""
    if _junk(text) is None and bare(text) not in CIRCULAR and (_length(text) >= 2 or len(bare(text)) >= _LONG_ENOUGH):
        return None
    return f"Please say why in a few words that others will understand, like “{like}”."


def _junk(text: str) -> str | None:
    """What is said of a text by rules 1 to 3."""
    if not any(c.isalnum() for c in text) or not (typed := words(text)):
        return "There are no words in that. Write what the next team needs to know."
    says = empty_phrase(text)
    if says is None and _is_typed_blindly(typed):
        says = "“{text}” does not read as an answer yet. Write what the next team needs to know."
    return says and says.format(text=_short(text, 40))


def _is_typed_blindly(typed: list[str]) -> bool:
    letters = "".join(typed)
    if letters.isdigit():
        return len(letters) > 3 and "1234567890".startswith(letters)  # any other number may be one that was asked for
    if len(set(typed)) > 4:  # nobody types blindly for so long, and differently each time
        return False
    if len(set(letters)) == 1:
        return len(letters) > 2 or not _UNSPACED.match(letters)
    return len(letters) > 3 and _KEYBOARD_RUNS.fullmatch(letters) is not None


def _says_enough(text: str) -> bool:
    named = any(c.isdigit() or c.isupper() for c in text.strip()[1:])
    return _length(text) >= (2 if named else 3) or len("".join(words(text))) >= _LONG_ENOUGH


def _length(text: str) -> int:
    """How many words, where four characters of a script without spaces say as much as three words."""
    joined = " ".join(words(text))
    return len(_UNSPACED.sub(" ", joined).split()) + round(len(_UNSPACED.findall(joined)) * 3 / 4)


def _same_text(workflow: Workflow, said: Mapping[str, str], known: Values) -> Iterator[tuple[str, str]]:
    alike = defaultdict[str, list[ChecklistField]](list)
    for field in filter(_is_free, workflow.checklist):
        alike[bare(known.get(field.key) or "")].append(field)
    alike.pop("", None)
    for fields in alike.values():
        judged = [f for f in fields if f.judgement]
        group = fields if len(fields) >= 3 else judged
        for field in group if len(group) >= 2 else ():
            if field.key in said:
                says = f"The same text stands in {len(group)} fields. Write here only what answers this question."
                yield field.key, _with_example(says, field)


def _contradictions(workflow: Workflow, said: Mapping[str, str], known: Values) -> Iterator[tuple[str, str]]:
    for contradiction in workflow.contradictions:
        key = _last_named(contradiction.when, said)
        if key and conditions.holds(contradiction.when, known):
            yield key, contradiction.say


def _last_named(condition: str, said: Mapping[str, str]) -> str | None:
    """Of the answers a condition names, the last one in it that was said."""
    keys = conditions.names(condition) & said.keys()
    tree = ast.walk(ast.parse(condition.strip(), mode="eval"))
    named = [(n.lineno, n.col_offset, n.id) for n in tree if isinstance(n, ast.Name) and n.id in keys]
    return max(named)[-1] if named else None


def _is_free(field: ChecklistField) -> bool:
    return field.type in (FieldType.TEXT, FieldType.LONG_TEXT)


def _with_example(says: str, field: ChecklistField) -> str:
    if not field.good_answer:
        return says
    return f"{says} For example: “{_short(field.good_answer, _LONGEST - len(says) - 17)}”"


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
