"""The chart block. https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block. Wordings assumed."""

from collections.abc import Iterator
from typing import Any

from sandbox.slack.validate.objects import BLOCK_ID
from sandbox.slack.validate.schema import At, Problem, Rule, array, by_type, number, shape, string, typed

_LABEL = string(20, 1)
_POINT = shape({"label": _LABEL, "value": number})
_SERIES = shape({"name": _LABEL, "data": array(_POINT, 20, 1)})
_AXES = shape({"categories": array(_LABEL, 20, 1)}, {"x_label": string(50), "y_label": string(50)})


def _above_zero(value: Any, at: At) -> Iterator[Problem]:
    wrong = list(number(value, at))
    yield from wrong
    if not wrong and not value > 0:
        yield at.says("must be more than 0")


def _lines_up(value: Any, at: At) -> Iterator[Problem]:
    """Categories differ, names differ, and each series has one point for each category."""
    categories = value["axis_config"]["categories"]
    if len(set(categories)) < len(categories):
        yield (at / "axis_config" / "categories").says("must be unique")
    names: set[str] = set()
    for index, series in enumerate(value["series"]):
        if series["name"] in names:
            yield (at / "series" / index / "name").says("must be unique")
        names.add(series["name"])
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            yield (at / "series" / index / "data").says("must have one point for each category")


_PIE = typed({"segments": array(shape({"label": _LABEL, "value": _above_zero}), 12, 1)})
_AXIS_CHART = typed({"series": array(_SERIES, 12, 1), "axis_config": _AXES}, {}, _lines_up)
_CHARTS: dict[str, Rule] = {"pie": _PIE, "line": _AXIS_CHART, "bar": _AXIS_CHART, "area": _AXIS_CHART}

DATA_VISUALIZATION = typed({"title": string(50, 1), "chart": by_type(_CHARTS)}, {"block_id": BLOCK_ID})
