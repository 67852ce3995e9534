"""A YAML text as plain data, with the line of each key for messages. It knows nothing of what the keys mean."""

from dataclasses import dataclass, field
from typing import Any

import yaml

from handoff.errors import ConfigError

Place = tuple[str | int, ...]  # keys and positions that lead to a value

BIGGEST = 1_000_000  # characters
_NODE = 50  # characters that each value counts beside its own: ten lines of aliases can mean billions of values


@dataclass
class YamlText:
    """What was read. `problems` are keys that stand twice or are none; all else that is wrong is raised."""

    path: str
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_yaml(text: str, path: str) -> YamlText:
    """Read a text; `path` is its name in messages.

    Raises:
        ConfigError: it is too long, also with its aliases written out, or not YAML.
    """
    if len(text) > BIGGEST:
        raise ConfigError(f"{path} is longer than a million characters. Is it the right file?")
    reader = _Reader(path)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        reader.found.data = reader.plain(node, ()) if node else None
    except (yaml.YAMLError, RecursionError) as e:
        raise ConfigError(_problem(path, e)) from e
    return reader.found


def dotted(place: Place) -> str:
    """A place as people write it: `workflows.sales.checklist[2].key`; positions count from one."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text


class _Reader:
    """Turns YAML's nodes into plain data and writes aliases out, up to a size."""

    def __init__(self, path: str) -> None:
        self.found = YamlText(path)
        self._size = 0

    def plain(self, node: yaml.Node, at: Place) -> Any:
        line = node.start_mark.line + 1
        self.found.lines.setdefault(at, line)
        self._size += _NODE + (len(node.value) if isinstance(node, yaml.ScalarNode) else 0)
        if self._size > BIGGEST:
            what = "the file says too much, with each alias (*name) counted as often as it is used"
            raise ConfigError(f"{self.found.path}:{line}: {what}. Remove aliases, or split the file into several.")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child, (*at, i)) for i, child in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, at: Place) -> dict[str, Any]:
        """A key written twice is a mistake, not the last one wins."""
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            where = f"{self.found.path}:{key_node.start_mark.line + 1}"
            if not isinstance(key_node, yaml.ScalarNode):
                self.found.problems.append(f"{where}: a list stands where a key belongs. Put a word there.")
                continue
            key = str(key_node.value)
            if key in data:
                self.found.problems.append(f"{where}: {dotted((*at, key))}: stands twice. Remove one.")
                continue
            self.found.lines[(*at, key)] = key_node.start_mark.line + 1
            data[key] = self.plain(value_node, (*at, key))
        return data


def _scalar(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        value = loader.construct_object(node)
    except (ValueError, LookupError, AttributeError):  # it has the shape of a date or a number and is none: 2026-02-30
        return str(node.value)
    finally:
        loader.dispose()
    return value if isinstance(value, str | int | float | bool | None) else str(node.value)


def _problem(path: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 1
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is nested too deeply"
    return f"{path}:{line}: this is not YAML: {what}. Check the indentation, and quote texts with # or :."
