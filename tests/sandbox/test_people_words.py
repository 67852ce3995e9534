"""What people write, open and change, and which of it the bot hears."""

from slack_bolt import App

from sandbox.slack.manifest import Manifest
from tests.sandbox.people_rig import BUTTON, Json, Listen, http_stage, text, wait_for


def hearing(kept: list[Json]) -> Listen:
    def listen(app: App) -> None:
        def heard(body: Json) -> None:
            kept.append(body)

        for kind in ("message", "app_mention", "app_home_opened", "member_joined_channel", "channel_archive"):
            app.event(kind)(heard)

    return listen


def test_say_reaches_the_bot_where_it_is_a_member() -> None:
    kept: list[Json] = []
    with http_stage(hearing(kept)) as stage:
        direct = stage.do("say", user="sam", channel="sam", text="Audit is in March & it's <big>")
        stage.do("say", user="sam", channel="#general", text="not heard")
        reply = stage.do("say", user="sam", channel="sam", text="more", thread_ts=direct["ts"])
        heard = wait_for(lambda: len(kept) == 2)

    first, second = (body["event"] for body in sorted(kept, key=lambda body: body["event"]["ts"]))
    assert heard
    assert kept[0]["event_id"] in (direct["events"] + reply["events"])
    assert first["channel_type"] == "im"
    assert first["text"] == "Audit is in March &amp; it's &lt;big&gt;"
    assert (second["thread_ts"], second["parent_user_id"]) == (direct["ts"], "U0SAM")


def test_say_with_a_mention_is_two_events_and_a_ping() -> None:
    kept: list[Json] = []
    with http_stage(hearing(kept)) as stage:
        said = stage.do("say", user="priya", channel="#delivery", text="@baton ask @sam about <!channel> please")
        wait_for(lambda: len(kept) == 2)
        shown = stage.messages("sam", "delivery")[-1]
        sidebar = {room["name"]: room for room in stage.see("conversations", user="sam")["conversations"]}
        stage.do("read", user="sam", channel="delivery")
        after = {room["name"]: room for room in stage.see("conversations", user="sam")["conversations"]}

    assert {body["event"]["type"] for body in kept} == {"message", "app_mention"}
    assert len({body["event"]["ts"] for body in kept}) == 1
    assert len(said["events"]) == 2
    assert shown["text"] == "<@U0BATON> ask <@U0SAM> about &lt;!channel&gt; please"
    assert shown["pings"] == ["U0SAM"]
    assert (sidebar["delivery"]["unread"], sidebar["delivery"]["pings"]) == (1, 1)
    assert (after["delivery"]["unread"], after["delivery"]["pings"]) == (0, 0)


def test_events_the_manifest_does_not_ask_for_stay_here() -> None:
    with http_stage(hearing([]), Manifest(events=frozenset({"message.im"}))) as stage:
        channel = stage.do("say", user="sam", channel="#delivery", text="hello")
        direct = stage.do("say", user="sam", channel="sam", text="hello")
        home = stage.do("home", user="sam", tab="home")

    assert (channel["events"], home["events"]) == ([], [])
    assert len(direct["events"]) == 1


def test_another_app_may_post_blocks() -> None:
    kept: list[Json] = []
    block = {"type": "section", "text": text("Deal won: Fjordlight")}
    with http_stage(hearing(kept)) as stage:
        stage.do("say", app="Pipeline", channel="#delivery", text="Deal won", blocks=[block])
        wait_for(lambda: kept)
        shown = stage.messages("sam", "delivery")[-1]

    assert kept[0]["event"]["subtype"] == "bot_message"
    assert (shown["name"], shown["plain"]) == ("Pipeline", "Deal won: Fjordlight")


def test_home_opened_carries_the_view_once_there_is_one() -> None:
    kept: list[Json] = []
    with http_stage(hearing(kept)) as stage:
        stage.do("home", user="sam", tab="home")
        wait_for(lambda: len(kept) == 1)
        before = stage.see("home", user="sam")["view"]
        blocks = [{"type": "actions", "elements": [BUTTON]}]
        stage.web.views_publish(user_id="U0SAM", view={"type": "home", "blocks": blocks})
        stage.do("home", user="sam", tab="home")
        wait_for(lambda: len(kept) == 2)
        after = stage.see("home", user="sam")["view"]

    assert before is None
    assert after["plain"] == "Take it"
    assert [("view" in body["event"], body["event"]["tab"]) for body in kept] == [(False, "home"), (True, "home")]


def test_rooms_change_and_the_bot_hears() -> None:
    kept: list[Json] = []
    with http_stage(hearing(kept)) as stage:
        stage.do("channels", name="kickoffs", members=["sam", "bot"])
        stage.do("channels/member", channel="kickoffs", user="dana")
        stage.do("channels/archive", channel="#kickoffs", archived=True)
        wait_for(lambda: len(kept) == 2)
        silent = stage.refuse("say", user="sam", channel="kickoffs", text="x")
        stage.do("channels/archive", channel="#kickoffs", archived=False)
        stage.do("channels/member", channel="kickoffs", user="sam", **{"in": False})
        outside = stage.refuse("say", user="sam", channel="kickoffs", text="x")
        again = stage.refuse("channels", name="kickoffs", members=[])

    assert {body["event"]["type"] for body in kept} >= {"member_joined_channel", "channel_archive"}
    assert silent == (403, "Nobody can write in #kickoffs: it is archived.")
    assert outside == (403, "Sam Okafor is not a member of #kickoffs.")
    assert again == (400, "There is a channel #kickoffs already.")


def test_users_are_added_and_changed() -> None:
    with http_stage() as stage:
        stage.do("users", name="lena", real_name="Lena Berg", email="lena@example.com", tz="Asia/Kolkata")
        stage.do("users", name="sam", deleted=True)
        gone = stage.refuse("say", user="sam", channel="sales", text="still here")
        wrong = stage.refuse("users", name="lena", tz="Mars/Base")
        people = {person["name"]: person for person in stage.see("users")["users"]}
        told = stage.web.users_lookupByEmail(email="lena@example.com")["user"]

    assert people["lena"]["real_name"] == "Lena Berg"
    assert people["sam"]["deleted"] is True
    assert gone == (403, "Sam Okafor is deactivated.")
    assert told["tz_offset"] == 19800
    assert wrong == (400, "There is no time zone Mars/Base.")


def test_changes_wait_for_the_next_version() -> None:
    with http_stage() as stage:
        version = stage.see("changes")["version"]
        stage.do("say", user="sam", channel="sam", text="hello")
        later = stage.see("changes", since=str(version))["version"]
        stage.do("reset")
        fresh = stage.see("changes", since=str(later))["version"]
        empty = stage.messages("sam", "sam")

    assert version < later < fresh
    assert empty == []
