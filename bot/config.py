"""handoffs.yml: read, checked, with file and line for every mistake, all at once."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import yaml
from jinja2 import TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel, ValidationError

from handoff.errors import ConfigError
from handoff.workflow import Handbook, Workflow, misfits

Path_ = tuple[str | int, ...]
_BIGGEST = 1_000_000  # characters
_TELLS = re.compile(r"\b(put|write|remove|change|sort|give|shorten|move)\b")  # it already says what to do


def load_handbook(path: str) -> Handbook:
    """The workflows of a file.

    Raises:
        ConfigError: every mistake as `file:line: key: what is wrong. Put …`.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as e:
        raise ConfigError(
            f"{path} cannot be read: {e.strerror}. Set BATON_CONFIG to the file with your workflows."
        ) from e
    except UnicodeDecodeError as e:
        raise ConfigError(f"{path} is not UTF-8 text. Save it as UTF-8.") from e
    return parse_handbook(text, path)


def parse_handbook(text: str, path: str) -> Handbook:
    """The workflows of a text; `path` is its name in messages. Raises ConfigError."""
    if len(text) > _BIGGEST:
        raise ConfigError(f"{path} is longer than a million characters. Is it the right file?")
    lines: dict[Path_, int] = {}
    problems: list[str] = []
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = _plain(node, (), lines, problems, path) if node else None
    except (yaml.YAMLError, RecursionError) as e:
        raise ConfigError(_yaml_problem(path, e)) from e
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
    return handbook


def _plain(node: yaml.Node, at: Path_, lines: dict[Path_, int], problems: list[str], path: str) -> Any:
    """The node as plain data, with the line of each key. A key written twice is a mistake, not the last one wins."""
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(getattr(key_node, "value", ""))
            lines[(*at, key)] = key_node.start_mark.line + 1
            if key in found:
                problems.append(f"{path}:{lines[(*at, key)]}: {_dotted((*at, key))}: stands twice. Remove one.")
            found[key] = _plain(value_node, (*at, key), lines, problems, path)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*at, i), lines, problems, path) for i, child in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        value = loader.construct_object(node)
    finally:
        loader.dispose()
    return value if isinstance(value, str | int | float | bool | None) else str(node.value)


def _yaml_problem(path: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is nested too deeply"
    return f"{path}:{line}: this is not YAML: {what}. Check the indentation, and quote texts with # or :."


def _problems(path: str, lines: Mapping[Path_, int], errors: Sequence[Any]) -> Iterator[str]:
    """One sentence per mistake. A value of two possible kinds fails twice, a list with its items."""
    said: dict[Path_, Any] = {}
    for error in errors:
        at = _place(lines, error)
        if at[:1] == ("workflows",) and len(at) == 2 and error["type"] == "value_error":
            where = f"{path}:{lines[at]}: {_dotted(at)}"  # what does not fit together is told in one breath
            yield from (f"{where}: {part}." for part in str(error["ctx"]["error"]).split("; "))
            continue
        if at not in said or error["type"] == "value_error":
            said[at] = error
    for at, error in said.items():
        if not any(other != at and other[: len(at)] == at for other in said):
            yield _problem(path, lines, at, error)


def _place(lines: Mapping[Path_, int], error: Any) -> Path_:
    """Where a mistake stands in the file: pydantic also names the member of a union, which the file does not have."""
    kept: Path_ = ()
    for part in error["loc"]:
        if (*kept, part) in lines:
            kept = (*kept, part)
    return (*kept, error["loc"][-1]) if error["type"] == "missing" else kept


def _problem(path: str, lines: Mapping[Path_, int], at: Path_, error: Any) -> str:
    line = next(lines[at[:n]] for n in range(len(at), -1, -1) if at[:n] in lines)
    model, field = _walk(at)
    where = f"{path}:{line}: {_dotted(at) or 'the file'}"
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


def _misfits(path: str, lines: Mapping[Path_, int], data: Mapping[str, Any]) -> Iterator[str]:
    """What does not fit together, also where other mistakes kept the model from being built."""
    workflows = data.get("workflows")
    for name, w in workflows.items() if isinstance(workflows, dict) else ():
        fields = w.get("checklist") if isinstance(w, dict) else None
        if isinstance(fields, list):
            keys = [str(f.get("key")) for f in fields if isinstance(f, dict)]
            brief = w.get("brief")
            at: Path_ = ("workflows", name)
            for problem in misfits(keys, brief if isinstance(brief, dict) else {}):
                yield f"{path}:{lines[at]}: {_dotted(at)}: {problem}."


def _names_beside(loc: Path_) -> list[str]:
    model, _ = _walk(loc[:-1])
    hidden = {"name", "defaults", "people"} if model is Workflow else set()
    return sorted({f.alias or n for n, f in model.model_fields.items()} - hidden) if model else []


def _dotted(loc: Sequence[str | int]) -> str:
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _bad_templates(path: str, lines: Mapping[Path_, int], data: Mapping[str, Any]) -> Iterator[str]:
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
                at: Path_ = ("workflows", name, part, key)
                what = (e.message or "it is no template").rstrip(".")
                yield f"{path}:{lines[at]}: {_dotted(at)}: {what}. Put a text such as {{{{ record.name }}}}."


def _in_order(problems: list[str]) -> list[str]:
    return sorted(dict.fromkeys(problems), key=lambda p: int(p.split(":")[1]) if p.split(":")[1].isdigit() else 0)


def without_effect(handbook: Handbook) -> list[str]:
    """What the file says that this version reads and does not yet do; one sentence each, for `baton check`."""
    notes = []
    calendars = [handbook.defaults.working_hours, *(p.working_hours for p in handbook.people.values())]
    if any(hours not in (None, "always") for hours in calendars):
        notes.append("working_hours: calendars are not applied yet, reminders count around the clock.")
    for name, w in handbook.workflows.items():
        later = {
            "contradictions": bool(w.contradictions),
            "exceptions": w.exceptions is not None,
            "delivery.may_claim": w.delivery.may_claim != "channel",
            "welcome_email": w.welcome_email is not None,
            "nags.reviewer": bool(w.nags.reviewer),
            "nags.owner": bool(w.nags.owner),
        }
        if keys := [key for key, used in later.items() if used]:
            notes.append(f"{name}: {', '.join(keys)}: read and checked, without effect in this version.")
        if w.trigger.crm != "hubspot":
            notes.append(f"{name}: trigger.crm {w.trigger.crm} is not connected in this version; only hubspot is.")
    return notes
