"""HubSpot's search: the common operators over properties and associations. At once, where HubSpot lags by seconds.

https://developers.hubspot.com/docs/api-reference/search/guide
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType

from sandbox.crm.bodies import objects_in, texts_in, whole_number
from sandbox.crm.model import Json, Record
from sandbox.crm.state import Crm
from sandbox.crm.wire import KINDS, ApiError, record_json, wanted_properties

MOST_FOUND = 200
MOST_PAGED = 10_000

Key = tuple[bool, Decimal, str]
Test = Callable[[str | None, Mapping[str, object]], bool]


def search(crm: Crm, kind: str, body: Json) -> Json:
    """The answer to a search: groups are joined by or, the filters in each by and."""
    limit, after = _limit(body)
    found = [record for record in crm.all(kind) if _matches(record, body)]
    for order in reversed(objects_in(body, "sorts")):
        found.sort(key=_sort_key(str(order.get("propertyName"))), reverse=order.get("direction") == "DESCENDING")
    names = wanted_properties(kind, texts_in(body, "properties"))
    page = found[after : after + limit]
    answer: Json = {"total": len(found), "results": [record_json(record, names) for record in page]}
    if after + limit < len(found):
        answer["paging"] = {"next": {"after": str(after + limit)}}
    return answer


def _limit(body: Json) -> tuple[int, int]:
    return whole_number(body.get("limit", 10), 0, MOST_FOUND), whole_number(body.get("after") or 0, 0, MOST_PAGED)


def _matches(record: Record, body: Json) -> bool:
    query = str(body.get("query") or "").casefold()
    if query and not any(query in value.casefold() for value in record.properties.values()):
        return False
    groups = [objects_in(group, "filters") for group in objects_in(body, "filterGroups")]
    return not groups or any(all(_passes(record, one) for one in filters) for filters in groups)


def _passes(record: Record, given: Mapping[str, object]) -> bool:
    name, operator = str(given.get("propertyName", "")), str(given.get("operator", ""))
    if operator not in _TESTS:
        raise ApiError(400, f"Invalid input JSON: {operator!r} is not an operator", "VALIDATION_ERROR")
    test = _TESTS[operator]
    if name.startswith("associations."):
        linked = record.links.get(KINDS.get(name.removeprefix("associations."), ""), [])
        return any(test(other, given) for other in linked)
    return test(record.properties.get(name) or None, given)


def _comparable(text: object) -> Key:
    """Numbers before text, by size; text by its letters."""
    try:
        return (False, Decimal(str(text)), "")
    except InvalidOperation:
        return (True, Decimal(0), str(text).casefold())


def _sort_key(name: str) -> Callable[[Record], Key]:
    return lambda record: _comparable(record.properties.get(name, ""))


def _same(value: str | None, wanted: object) -> bool:
    return value is not None and value.casefold() == str(wanted).casefold()


def _values(given: Mapping[str, object]) -> list[object]:
    values = given.get("values")
    return values if isinstance(values, list) else []


def _compared(verdict: Callable[[Key, Key], bool]) -> Test:
    def test(value: str | None, given: Mapping[str, object]) -> bool:
        return value is not None and verdict(_comparable(value), _comparable(given.get("value")))

    return test


def _between(value: str | None, given: Mapping[str, object]) -> bool:
    low, high = _comparable(given.get("value")), _comparable(given.get("highValue"))
    return value is not None and low <= _comparable(value) <= high


def _has_words(value: str | None, given: Mapping[str, object]) -> bool:
    """A word, or with `*` the beginning or end of one."""
    wanted = str(given.get("value", "")).strip("*").casefold()
    return value is not None and wanted in value.casefold()


_TESTS: Mapping[str, Test] = MappingProxyType(
    {
        "EQ": lambda value, given: _same(value, given.get("value")),
        "NEQ": lambda value, given: not _same(value, given.get("value")),
        "IN": lambda value, given: any(_same(value, one) for one in _values(given)),
        "NOT_IN": lambda value, given: not any(_same(value, one) for one in _values(given)),
        "HAS_PROPERTY": lambda value, _: value is not None,
        "NOT_HAS_PROPERTY": lambda value, _: value is None,
        "CONTAINS_TOKEN": _has_words,
        "NOT_CONTAINS_TOKEN": lambda value, given: not _has_words(value, given),
        "LT": _compared(lambda value, given: value < given),
        "LTE": _compared(lambda value, given: value <= given),
        "GT": _compared(lambda value, given: value > given),
        "GTE": _compared(lambda value, given: value >= given),
        "BETWEEN": _between,
    },
)
