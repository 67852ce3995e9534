"""The page's few line icons, as inline SVG on a 24-unit grid."""

from types import MappingProxyType

from markupsafe import Markup

_PATHS = MappingProxyType(
    {
        "alert": "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1",
        "bolt": "M13 3 5 14h6l-1 7 8-11h-6z",
        "check": "m5 12.5 4.5 4.5L19 7",
        "chevron": "m6 9.5 6 6 6-6",
        "close": "M6 6l12 12M18 6 6 18",
        "dots": "M5 12h.1M12 12h.1M19 12h.1",
        "eye": "M3 12c5-8.5 13-8.5 18 0-5 8.5-13 8.5-18 0zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
        "hash": "M9 4 7 20M17 4l-2 16M4.5 9h16M3.5 15h16",
        "home": "M4 11.5 12 5l8 6.5M6 10v9h12v-9M10 19v-5h4v5",
        "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
        "menu": "M4 7h16M4 12h16M4 17h16",
        "play": "M8 5.5v13l10.5-6.5z",
        "send": "M4 12 20 4l-5 16-3.5-6.5z",
        "thread": "M4 5h16v11h-9l-5 4v-4H4zM8 9h8M8 12.5h5",
        "thumbdown": "M7 13V4h9.5l3 9H14v5.5L11.5 20 7.5 13zM7 13H4V4h3",
        "thumbup": "M7 11v9h9.5l3-9H14V5.5L11.5 4l-4 7zM7 11H4v9h3",
        "trash": "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13",
    }
)


_SVG = Markup('<svg class="icon icon-{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>')


def icon(name: str) -> Markup:
    """An icon, hidden from screen readers: the control it sits in carries the name."""
    return _SVG.format(name, _PATHS[name])
