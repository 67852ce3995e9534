"""Files: announced, uploaded, shared, downloaded; and what is refused on the way."""

from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from sandbox.page.render.files import file_card
from sandbox.seed import DELIVERY, GENERAL, SAM
from sandbox.slack.manifest import Manifest
from sandbox.slack.sight import messages
from sandbox.slack.state import File
from sandbox.world import Sandbox

DRAFT = b"Subject: Welcome\r\n\r\nHello"


def refused(slack: WebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as raised:
        slack.api_call(method, json=arguments)
    return str(raised.value.response["error"])


def test_file_arrives_in_the_direct_message_as_it_was_sent(slack: WebClient, sandbox: Sandbox, address: str) -> None:
    channel = sandbox.workspace.direct_message(SAM)

    answer = slack.files_upload_v2(channel=channel.id, content=DRAFT, filename="welcome.eml", title="Welcome")

    (message,) = messages(sandbox.workspace, sandbox.workspace.users[SAM], channel)
    assert message["plain"] == "Welcome (welcome.eml)"
    assert message["files"] == [{"id": answer["file"]["id"], "name": "welcome.eml", "title": "Welcome", "size": 25}]
    got = httpx.get(f"{address}/files/{answer['file']['id']}/welcome.eml")
    assert (got.content, got.headers["content-disposition"]) == (DRAFT, "attachment")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"filename": "a"}, "invalid_arguments"),
        ({"length": 3}, "invalid_arguments"),
        ({"filename": "a", "length": 0}, "invalid_arguments"),
        ({"filename": "a", "length": "-1"}, "invalid_arguments"),
        ({"filename": "a", "length": 10**9}, "file_upload_size_restricted"),
    ],
)
def test_file_that_cannot_come_is_refused_an_address(slack: WebClient, arguments: Any, error: str) -> None:
    assert refused(slack, "files.getUploadURLExternal", **arguments) == error


@pytest.mark.parametrize("files", ["[", "{}", [], [{}] * 11, "x"])
def test_files_that_are_no_list_are_refused(slack: WebClient, files: Any) -> None:
    assert refused(slack, "files.completeUploadExternal", files=files) == "invalid_arguments"


def test_file_that_was_not_uploaded_or_is_shared_already_is_not_found(slack: WebClient) -> None:
    announced = slack.files_getUploadURLExternal(filename="a", length=3)
    assert refused(slack, "files.completeUploadExternal", files=[{"id": announced["file_id"]}]) == "file_not_found"
    assert refused(slack, "files.completeUploadExternal", files=[None]) == "file_not_found"

    assert httpx.post(str(announced["upload_url"]), content=b"four").status_code == 400
    assert httpx.post(str(announced["upload_url"]), content=b"abc").text == "OK - 3"
    assert httpx.post(str(announced["upload_url"]), content=b"abc").status_code == 400
    slack.files_completeUploadExternal(files=[{"id": str(announced["file_id"]), "title": "A"}])
    assert refused(slack, "files.completeUploadExternal", files=[{"id": announced["file_id"]}]) == "file_not_found"


def test_file_for_a_channel_without_the_bot_is_refused_and_seen_by_nobody(slack: WebClient, address: str) -> None:
    for channel, error in ((GENERAL, "not_in_channel"), ("C0NOWHERE", "channel_not_found")):
        with pytest.raises(SlackApiError) as raised:
            slack.files_upload_v2(channel=channel, content=DRAFT, filename="a.eml")
        assert raised.value.response["error"] == error
    announced = slack.files_getUploadURLExternal(filename="a", length=3)
    httpx.post(str(announced["upload_url"]), content=b"abc")
    assert httpx.get(f"{address}/files/{announced['file_id']}/a").status_code == 404


def test_files_need_their_scope(slack: WebClient, sandbox: Sandbox) -> None:
    sandbox.manifest = Manifest(scopes=("chat:write",))

    with pytest.raises((SlackApiError, SlackRequestError), match="missing_scope"):
        slack.files_upload_v2(channel=DELIVERY, content=DRAFT, filename="a.eml")


def test_card_of_a_file_shows_its_name_as_text() -> None:
    card = file_card(File("F1", "<b>.eml", 2048, title='"><script>'))

    assert "<script>" not in card
    assert 'href="/files/F1/%3Cb%3E.eml"' in card
    assert "2 kB" in card
