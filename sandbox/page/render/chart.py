"""data_visualization: a small SVG picture with the numbers as a table behind it for whoever cannot see it."""

import math
from dataclasses import dataclass

from markupsafe import Markup

from sandbox.page.render.markup import join, tag
from sandbox.page.render.scene import Scene
from sandbox.page.render.words import label, plain
from sandbox.slack.state import Json

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 420, 168, 34, 24, 10


def chart(block: Json, _: Scene) -> Markup:
    """https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block"""
    data = block.get("chart", {})
    names, series = _numbers(data)
    picture = _pie(series[0][1]) if data.get("type") == "pie" else _axes(names, series, str(data.get("type", "line")))
    drawing = tag("svg", picture, viewBox=f"0 0 {WIDTH} {HEIGHT}", aria_hidden="true", class_="plot")
    keys = names if data.get("type") == "pie" else [name for name, _ in series]
    legend = tag(
        "div",
        *(tag("span", tag("i", class_=f"tint c{n % 12}"), label(key)) for n, key in enumerate(keys)),
        class_="legend",
    )
    title = tag("figcaption", label(block.get("title")), dir="auto")
    return tag("figure", title, drawing, legend, _table(names, series, plain(block.get("title"))), class_="chart")


def _numbers(data: Json) -> tuple[list[str], list[tuple[str, list[float]]]]:
    """Categories, and per series its name and values; a pie is one series."""
    if data.get("type") == "pie":
        segments = data.get("segments", [])
        return [str(s.get("label", "")) for s in segments], [("", [float(s.get("value", 0)) for s in segments])]
    names = [str(name) for name in data.get("axis_config", {}).get("categories", [])]
    series = []
    for one in data.get("series", []):
        by_label = {str(point.get("label")): float(point.get("value", 0)) for point in one.get("data", [])}
        series.append((str(one.get("name", "")), [by_label.get(name, 0.0) for name in names]))
    return names, series or [("", [0.0 for _ in names])]


def _table(names: list[str], series: list[tuple[str, list[float]]], title: str) -> Markup:
    rows = [
        tag("tr", tag("th", name), *(tag("td", f"{values[n]:g}") for _, values in series))
        for n, name in enumerate(names)
    ]
    head = tag("tr", tag("th"), *(tag("th", name) for name, _ in series))
    return tag("table", tag("caption", title), head, *rows, class_="sr")


@dataclass(frozen=True)
class _Scale:
    """Where values and categories lie on the picture."""

    low: float
    top: float
    slot: float

    def y(self, value: float) -> float:
        """The height of a value, from above."""
        floor = HEIGHT - BOTTOM
        return round(floor - (value - self.low) / ((self.top - self.low) or 1.0) * (floor - TOP), 1)

    def x(self, number: int) -> float:
        """The middle of a category."""
        return round(LEFT + self.slot * (number + 0.5), 1)

    @property
    def zero(self) -> float:
        """The height of the zero line, or of the lowest value above it."""
        return self.y(max(self.low, 0.0))


def _axes(names: list[str], series: list[tuple[str, list[float]]], kind: str) -> Markup:
    every = [0.0, *(value for _, values in series for value in values)]
    scale = _Scale(min(every), _nice(max(every)), (WIDTH - LEFT - 6) / max(len(names), 1))
    steps = 5 if f"{scale.top:e}"[0] == "5" else 4
    parts = [_grid(scale.low + (scale.top - scale.low) * step / steps, scale) for step in range(steps + 1)]
    skip = math.ceil(len(names) / 8) or 1
    for n, name in list(enumerate(names))[::skip]:
        parts.append(tag("text", name, x=scale.x(n), y=HEIGHT - 7, text_anchor="middle", class_="axis"))
    for number, (_, values) in enumerate(series):
        if kind == "bar":
            parts.append(_bars(values, number, len(series), scale))
        else:
            points = [(scale.x(n), scale.y(value)) for n, value in enumerate(values)]
            parts.append(_line(points, number, scale.zero if kind == "area" else None))
    return join(parts)


def _nice(value: float) -> float:
    """The next round number above."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((step * power for step in (1, 2, 4, 5, 8) if step * power >= value), 10 * power)


def _grid(value: float, scale: _Scale) -> Markup:
    height = scale.y(value)
    line = tag("line", x1=LEFT, x2=WIDTH - 6, y1=height, y2=height, class_="grid")
    return line + tag("text", f"{value:g}", x=LEFT - 6, y=height + 3.5, text_anchor="end", class_="axis")


def _bars(values: list[float], number: int, count: int, scale: _Scale) -> Markup:
    wide = scale.slot * 0.7 / count
    drawn = []
    for n, value in enumerate(values):
        left, height = LEFT + scale.slot * (n + 0.15) + wide * number, scale.y(value)
        size = {"width": round(max(wide - 1, 1), 1), "height": round(abs(scale.zero - height), 1)}
        drawn.append(tag("rect", x=round(left, 1), y=min(height, scale.zero), class_=f"fill c{number % 12}", **size))
    return join(drawn)


def _line(points: list[tuple[float, float]], number: int, floor: float | None) -> Markup:
    if not points:
        return Markup()
    path = "M" + " L".join(f"{x} {y}" for x, y in points)
    under = f"{path} L{points[-1][0]} {floor} L{points[0][0]} {floor}Z"
    area = Markup() if floor is None else tag("path", d=under, class_=f"area c{number % 12}")
    dots = [tag("circle", cx=x, cy=y, r=2.6, class_=f"fill c{number % 12}") for x, y in points]
    return area + tag("path", d=path, class_=f"stroke c{number % 12}") + join(dots)


def _pie(values: list[float]) -> Markup:
    total, turn, drawn = sum(values) or 1.0, -0.25, []
    x, y, radius = WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - 8
    if len(values) == 1:
        return tag("circle", cx=x, cy=y, r=radius, class_="fill c0")
    for number, value in enumerate(values):
        begin, turn = turn, turn + value / total
        ends = [
            f"{x + radius * math.cos(math.tau * at):.2f} {y + radius * math.sin(math.tau * at):.2f}"
            for at in (begin, turn)
        ]
        path = f"M{x} {y} L{ends[0]} A{radius} {radius} 0 {int(turn - begin > 0.5)} 1 {ends[1]}Z"
        drawn.append(tag("path", d=path, class_=f"fill c{number % 12}"))
    return join(drawn)
