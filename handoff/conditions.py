"""Conditions of handoffs.yml such as `amount >= 50000 and kickoff == 'On site'`.

A condition compares fields of the record and answers with fixed values, joined by and, or, not. It calls nothing, reads
nothing else and cannot fail at run time: a field that is empty or of another type makes its comparison false.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

Values = Mapping[str, str | None]

_COMPARE: dict[type[ast.cmpop], Callable[[object, object], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,  # type: ignore[dict-item]
    ast.LtE: operator.le,  # type: ignore[dict-item]
    ast.Gt: operator.gt,  # type: ignore[dict-item]
    ast.GtE: operator.ge,  # type: ignore[dict-item]
}
_DEEPEST = 50  # levels of and, or, not; a person needs two or three
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
_HELP = "write a comparison such as `amount >= 1000` or `region == 'EU'`, joined by and, or, not"


def names(condition: str) -> set[str]:
    """The fields a condition speaks of.

    Raises:
        ValueError: the text is not a condition; it says what to write.
    """
    return {_dotted(node) for node in _terms(_parse(condition))}


def holds(condition: str, values: Values) -> bool:
    """Whether the condition is true of these values. Numbers are compared as numbers, all else as text.

    Raises:
        ValueError: the text is not a condition; it says what to write.
    """
    return _true(_parse(condition), values)


@lru_cache(512)  # the same few of config, asked of every answer; nobody changes a tree
def _parse(condition: str) -> ast.expr:
    try:
        tree = ast.parse(condition.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as e:
        raise ValueError(f"{condition!r} is not a condition; {_HELP}") from e
    _check(tree, condition, _DEEPEST)
    return tree


def _check(node: ast.expr, condition: str, levels: int) -> None:
    match node:
        case _ if levels == 0:
            raise ValueError(f"{condition[:60]!r}… is nested too deeply; {_HELP}")
        case ast.BoolOp(values=values):
            for value in values:
                _check(value, condition, levels - 1)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _check(operand, condition, levels - 1)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
            for side in (left, right):
                if not isinstance(side, ast.Constant | ast.Name | ast.Attribute) or not _is_term(side):
                    raise ValueError(f"{condition!r} is not a condition; {_HELP}")
        case _:
            raise ValueError(f"{condition!r} is not a condition; {_HELP}")


def _is_term(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=value):
            return isinstance(value, str | int | float) and not isinstance(value, bool)
        case ast.Attribute(value=inner):
            return isinstance(inner, ast.Name)
        case _:
            return isinstance(node, ast.Name)


def _terms(tree: ast.expr) -> list[ast.expr]:
    attributes = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute)]
    inner = {id(n.value) for n in attributes}
    return [*attributes, *(n for n in ast.walk(tree) if isinstance(n, ast.Name) and id(n) not in inner)]


def _dotted(node: ast.expr) -> str:
    match node:
        case ast.Attribute(value=inner, attr=name):
            return f"{_dotted(inner)}.{name}"
        case ast.Name(id=name):
            return name
    raise AssertionError(ast.dump(node))  # pragma: no cover -- _check let nothing else through


def _true(node: ast.expr, values: Values) -> bool:
    match node:
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_true(part, values) for part in parts)
        case ast.BoolOp(values=parts):
            return any(_true(part, values) for part in parts)
        case ast.UnaryOp(operand=operand):
            return not _true(operand, values)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compare(type(op), _value(left, values), _value(right, values))
    raise AssertionError(ast.dump(node))  # pragma: no cover -- _check let nothing else through


def _value(node: ast.expr, values: Values) -> object:
    if isinstance(node, ast.Constant):
        return node.value
    return values.get(_dotted(node))


def _compare(op: type[ast.cmpop], left: object, right: object) -> bool:
    if left is None or right is None:
        return False
    a, b = _number(left), _number(right)
    if a is not None and b is not None:
        return _COMPARE[op](a, b)
    if isinstance(left, int | float) or isinstance(right, int | float):
        return False  # a number against a text that is none
    return _COMPARE[op](str(left).strip(), str(right).strip())


def _number(value: object) -> float | None:
    text = str(value).strip()
    return float(text) if _NUMBER.fullmatch(text) else None  # float() alone would also take `nan` and `1_0`
