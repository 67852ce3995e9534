"""rich_text and markdown blocks as HTML."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.page.render.markdown import markdown
from sandbox.page.render.rich_text import flat, rich_text
from tests.sandbox.page_scene import Json, Seen, scene


def part(kind: str, *leaves: Json, **more: object) -> Json:
    return {"type": f"rich_text_{kind}", "elements": list(leaves), **more}


def words(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def test_rich_text_styles_nest() -> None:
    drawn = rich_text(
        rich(part("section", words("a", bold=True, italic=True, strike=True, code=True), words("b"))), scene()
    )

    assert drawn == '<div class="lines" dir="auto"><code><s><em><strong>a</strong></em></s></code>b</div>'


def test_rich_text_leaves_of_every_kind() -> None:
    leaves: list[Json] = [
        {"type": "user", "user_id": "U0SAM"},
        {"type": "usergroup", "usergroup_id": "S0LEADS"},
        {"type": "channel", "channel_id": "C0DELIVERY"},
        {"type": "broadcast", "range": "channel"},
        {"type": "emoji", "name": "wave", "unicode": "1f44b"},
        {"type": "date", "timestamp": 1795510800, "format": "{date_num} {time}"},
        {"type": "color", "value": "#123456"},
        {"type": "link", "url": "https://example.com", "text": "there"},
        {"type": "hologram"},
    ]

    seen = Seen(rich_text(rich(part("section", *leaves)), scene()))

    assert seen.text == "@Sam Okafor@delivery-leads#delivery@channel👋2026-11-24 14:30#123456there[hologram]"


def test_rich_text_list_continues_its_numbers_around_an_inner_list() -> None:
    one, two, inner = (part("section", words(word)) for word in ("one", "two", "inner"))
    lists = [
        part("list", one, style="ordered"),
        part("list", inner, style="bullet", indent=1),
        part("list", two, style="ordered"),
    ]

    seen = Seen(rich_text(rich(*lists), scene()))

    assert (seen.text, seen.tags.count("ol")) == ("1.one◦inner2.two", 1)


def test_rich_text_quote_and_preformatted() -> None:
    drawn = rich_text(rich(part("quote", words("q")), part("preformatted", words("x\ny"))), scene())

    assert drawn == '<blockquote><div class="lines" dir="auto">q</div></blockquote><pre dir="auto">x<br>y</pre>'


def test_rich_text_flat_is_what_was_typed() -> None:
    assert flat(rich(part("section", words("a "), words("b", bold=True)), part("section", words("c")))) == "a b\nc"


def test_rich_text_link_of_another_scheme_is_no_link() -> None:
    seen = Seen(rich_text(rich(part("section", {"type": "link", "url": "javascript:alert(1)", "text": "x"})), scene()))

    assert (seen.links(), seen.text) == ([], "x")


def test_markdown_of_every_kind() -> None:
    seen = Seen(
        markdown(
            "# Big\n"
            "**b** *i* ~~s~~ `c` [l](https://example.com)\n"
            "- one\n  - two\n- [x] done\n1. first\n> said\n---\n```py\nx\n```"
        )
    )

    assert seen.text == "Bigb i s c l•one•two☑done1.firstsaidx"
    assert {"strong", "em", "s", "code", "a", "ul", "blockquote", "hr", "pre"} <= set(seen.tags)


def test_markdown_table() -> None:
    seen = Seen(markdown("| a | b |\n|---|:-:|\n| 1 | **2** |"))

    assert (seen.tags, seen.text) == (
        ["div", "table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td", "strong"],
        "ab12",
    )


def test_markdown_deep_quote_does_not_recurse() -> None:
    assert Seen(markdown(">" * 5000 + " deep")).text == "deep"


@given(st.text(alphabet=st.sampled_from("<>&\"'`*_~|!#[]():/->.\n 1ax")))
def test_markdown_of_anything_is_harmless(written: str) -> None:
    assert Seen(markdown(written)).traps() == []
