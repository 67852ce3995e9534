"""handoffs.yml, or a folder of such files: read, checked, with file and line for every mistake, all at once."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from jinja2 import TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel, ValidationError

from bot.public_holidays import is_known
from bot.yaml_text import Place, dotted, read_yaml
from handoff.errors import ConfigError
from handoff.handbook import Handbook
from handoff.rules.case import CRMS
from handoff.workflow import Workflow, misfits

_Lines = Mapping[Place, int]
# Defaults that no workflow can have for itself alone.
_OF_THE_PROCESS = ("give_up_after", "keep_finished", "when_unsure")
_TELLS = re.compile(r"\b(put|write|remove|change|sort|give|shorten|move)\b")  # it already says what to do


def load_handbook(path: str) -> Handbook:
    """The workflows of a file, or of all the .yml and .yaml files in a folder, in the order of their names.

    In a folder each workflow keeps the `defaults` and `people` of its own file. The handbook's own `defaults` are those
    of the first file, with what any file says of what is `_OF_THE_PROCESS`; its `people` are everybody's. It
    does not look into folders below, nor at files whose name begins with a dot.

    Raises:
        ConfigError: every mistake as `file:line: key: what is wrong. Put …`.
    """
    try:
        files = sorted(str(f) for f in Path(path).iterdir() if _is_config(f)) if Path(path).is_dir() else None
    except OSError as e:
        raise _unreadable(path, e) from e
    if files == []:
        raise ConfigError(f"{path} holds no .yml file. Put your workflows there, or set BATON_CONFIG to another place.")
    return parse_handbook(_text(path), path) if files is None else _folder(files)


def parse_handbook(text: str, path: str) -> Handbook:
    """The workflows of a text; `path` is its name in messages. Raises ConfigError."""
    return _parsed(text, path)[0]


def _is_config(file: Path) -> bool:
    return file.suffix.lower() in (".yml", ".yaml") and not file.name.startswith(".")


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as e:
        raise _unreadable(path, e) from e
    except UnicodeDecodeError as e:
        raise ConfigError(f"{path} is not UTF-8 text. Save it as UTF-8.") from e


def _unreadable(path: str, error: OSError) -> ConfigError:
    return ConfigError(f"{path} cannot be read: {error.strerror}. Set BATON_CONFIG to the file with your workflows.")


def _folder(files: Sequence[str]) -> Handbook:
    read: dict[str, tuple[Handbook, _Lines]] = {}
    problems: list[str] = []
    for file in files:
        try:
            read[file] = _parsed(_text(file), file)
        except ConfigError as e:
            problems += e.problems
    problems += _clashes(read)
    if problems:
        raise ConfigError(*problems)
    books = [handbook for handbook, _ in read.values()]
    told = {key: getattr(book.defaults, key) for book in books for key in _told(book)}
    # Copied and not built: building would give every workflow the same defaults.
    return books[0].model_copy(
        update={
            "defaults": books[0].defaults.model_copy(update=told),
            "people": {who: note for book in reversed(books) for who, note in book.people.items()},
            "workflows": {name: workflow for book in books for name, workflow in book.workflows.items()},
        }
    )


def _told(handbook: Handbook) -> list[str]:
    return [key for key in _OF_THE_PROCESS if key in handbook.defaults.model_fields_set]


def _clashes(read: Mapping[str, tuple[Handbook, _Lines]]) -> Iterator[str]:
    """What two files say that only one can."""
    named: dict[str, str] = {}
    told: dict[str, tuple[str, str]] = {}
    for file, (handbook, lines) in read.items():
        for name in handbook.workflows:
            here = f"{file}:{lines['workflows', name]}"
            other = named.setdefault(name, here)
            if other != here:
                yield f"{here}: workflows.{name}: stands in {other} too. Give one of them another name."
        for key in _told(handbook):
            here, value = f"{file}:{lines['defaults', key]}", getattr(handbook.defaults, key)
            other, said = told.setdefault(key, (here, value))
            if said != value:
                yield f"{here}: defaults.{key}: {value}, but {said} in {other}. Put the same: it holds for all files."


def _parsed(text: str, path: str) -> tuple[Handbook, _Lines]:
    """The workflows of a text, and the line of each key."""
    found = read_yaml(text, path)
    data, lines, problems = found.data, found.lines, found.problems
    if not isinstance(data, dict):
        raise ConfigError(f"{path}:1: the file is not a list of keys. Put `version: 1` and `workflows:` first.")
    problems += _bad_templates(path, lines, data)
    try:
        handbook = Handbook.model_validate(data)
    except ValidationError as e:
        problems += _problems(path, lines, e.errors())
        problems += _misfits(path, lines, data)
        raise ConfigError(*_in_order(problems)) from None
    if problems:
        raise ConfigError(*_in_order(problems))
    return handbook, lines


def _problems(path: str, lines: _Lines, errors: Sequence[Any]) -> Iterator[str]:
    """One sentence per mistake. A value of two possible kinds fails twice, a list with its items."""
    said: dict[Place, Any] = {}
    for error in errors:
        at = _place(lines, error)
        if at[:1] == ("workflows",) and len(at) == 2 and error["type"] == "value_error":
            where = f"{path}:{lines[at]}: {dotted(at)}"  # what does not fit together is told in one breath
            yield from (f"{where}: {part}." for part in str(error["ctx"]["error"]).split("; "))
            continue
        if at not in said or error["type"] == "value_error":
            said[at] = error
    holding = {at[:n] for at in said for n in range(len(at))}
    for at, error in said.items():
        if at not in holding:
            yield _problem(path, lines, at, error)


def _place(lines: _Lines, error: Any) -> Place:
    """Where a mistake stands in the file: pydantic also names the member of a union, which the file does not have."""
    kept: Place = ()
    for part in error["loc"]:
        if (*kept, part) in lines:
            kept = (*kept, part)
    return (*kept, error["loc"][-1]) if error["type"] == "missing" else kept


def _problem(path: str, lines: _Lines, at: Place, error: Any) -> str:
    line = next(lines[at[:n]] for n in range(len(at), -1, -1) if at[:n] in lines)
    model, field = _walk(at)
    where = f"{path}:{line}: {dotted(at) or 'the file'}"
    if error["type"] == "missing":
        return f"{where}: is missing. Put {field or 'a value'}."
    if error["type"] == "extra_forbidden":
        beside = _names_beside(at)
        near = difflib.get_close_matches(str(at[-1]), beside, n=1)
        hint = f"Did you mean `{near[0]}`?" if near else f"Put one of: {', '.join(beside)}."
        return f"{where}: there is no such key. {hint}"
    if error["type"] == "value_error":
        said = str(error["ctx"]["error"])
        told = model is None and field and not _TELLS.search(said)
        return f"{where}: {said}." + (f" Put {field}." if told else "")
    return f"{where}: {_short(error['input'])} does not fit here. Put {field or error['msg']}."


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _walk(loc: Sequence[str | int]) -> tuple[type[BaseModel] | None, str | None]:
    """The model a place is in, and what its description says to put there."""
    model: type[BaseModel] | None = Handbook
    description: str | None = None
    for part in loc:
        fields = {f.alias or name: f for name, f in model.model_fields.items()} if model else {}
        if isinstance(part, str) and part in fields:
            description = fields[part].description
            model = next(_models(fields[part].annotation), None)
    return model, description


def _misfits(path: str, lines: _Lines, data: Mapping[str, Any]) -> Iterator[str]:
    """What does not fit together, also where other mistakes kept the model from being built."""
    workflows = data.get("workflows")
    for name, w in workflows.items() if isinstance(workflows, dict) else ():
        fields = w.get("checklist") if isinstance(w, dict) else None
        if isinstance(fields, list):
            keys = [str(f.get("key")) for f in fields if isinstance(f, dict)]
            brief = w.get("brief")
            at: Place = ("workflows", name)
            for problem in misfits(keys, brief if isinstance(brief, dict) else {}):
                yield f"{path}:{lines[at]}: {dotted(at)}: {problem}."


def _names_beside(loc: Place) -> list[str]:
    model, _ = _walk(loc[:-1])
    hidden = {"name", "defaults", "people"} if model is Workflow else set()
    return sorted({f.alias or n for n, f in model.model_fields.items()} - hidden) if model else []


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _bad_templates(path: str, lines: _Lines, data: Mapping[str, Any]) -> Iterator[str]:
    """Templates that are none, also where other mistakes kept the model from being built."""
    environment = SandboxedEnvironment()
    workflows = data.get("workflows")
    for name, w in workflows.items() if isinstance(workflows, dict) else ():
        for part, key in (("first_task", "title"), ("welcome_email", "subject"), ("welcome_email", "body")):
            texts = w.get(part) if isinstance(w, dict) else None
            template = texts.get(key) if isinstance(texts, dict) else None
            try:
                environment.parse(template if isinstance(template, str) else "")
            except TemplateSyntaxError as e:
                at: Place = ("workflows", name, part, key)
                what = (e.message or "it is no template").rstrip(".")
                yield f"{path}:{lines[at]}: {dotted(at)}: {what}. Put a text such as {{{{ record.name }}}}."


def _in_order(problems: list[str]) -> list[str]:
    return sorted(dict.fromkeys(problems), key=lambda p: int(p.split(":")[1]) if p.split(":")[1].isdigit() else 0)


def without_effect(handbook: Handbook) -> list[str]:
    """What the file says that this version reads and does not yet do; one sentence each, for `baton check`."""
    notes = []
    for name, w in handbook.workflows.items():
        countries = {w.defaults.holidays, *(person.holidays for person in w.people.values())} - {None}
        if unknown := sorted(c for c in countries if c and not is_known(c)):
            notes.append(f"{name}: no calendar of public holidays is known for {', '.join(unknown)}.")
        if w.first_task is not None and w.first_task.board != "slack":
            notes.append(f"{name}: first_task.board {w.first_task.board} is not connected; the task stands in Slack.")
        if w.trigger.crm not in ("hubspot", "manual"):
            by_hand = "Until then, start these with /handoff new."
            notes.append(f"{name}: trigger.crm {w.trigger.crm} is not connected in this version. {by_hand}")
    return [*notes, *_overwritten(handbook)]


def _overwritten(handbook: Handbook) -> Iterator[str]:
    """What two workflows write to the same record, each over the other's word.

    Two checklists may share a field: an answer is written only over the value it was given to.
    """
    writers: dict[tuple[str, str, str], dict[str, bool]] = {}  # field → who writes it, and whether without asking
    for name, w in handbook.workflows.items():
        shown = (w.write_back.status, w.write_back.owner)
        for written in filter(None, (*shown, *(f.crm for f in w.checklist))):
            at = (w.trigger.crm, w.trigger.object, written)
            writers.setdefault(at, {}).setdefault(name, written in shown)
    for (crm, kind, written), names in writers.items():
        if crm in CRMS and len(names) > 1 and any(names.values()):
            yield (
                f"{' and '.join(names)} write {written} of the same {crm} {kind}, each over the other's word: "
                "give one of them another field in `write_back`."
            )
