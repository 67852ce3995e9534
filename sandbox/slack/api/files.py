"""Files: files.getUploadURLExternal, the upload itself, files.completeUploadExternal. A file is kept in memory.

https://docs.slack.dev/messaging/working-with-files#uploading_files
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandbox.slack.api.call import Call
from sandbox.slack.api.chat import put
from sandbox.slack.api.checks import Content
from sandbox.slack.api.errors import ApiError, bad_arguments
from sandbox.slack.state import BOT_USER_ID, File, Json, new_id
from sandbox.world import Sandbox

MOST_BYTES = 1_000_000  # enough for a draft; Slack takes 1 GB
MOST_FILES = 10  # in one message


def get_upload_url(call: Call) -> Json:
    """Where to send a file of this name and length."""
    name, length = call.args.text("filename"), call.args.text("length")
    if not length.isdecimal() or int(length) < 1:
        raise bad_arguments(["must be greater than 0 [json-pointer:/length]"])
    if int(length) > MOST_BYTES:
        raise ApiError("file_upload_size_restricted")
    file = File(new_id("F"), name, int(length))
    call.workspace.files[file.id] = file
    return {"upload_url": f"{call.sandbox.base_url}/upload/v1/{file.id}", "file_id": file.id}


async def upload(sandbox: Sandbox, request: Request) -> Response:
    """Take the bytes, once, and only as many as were announced."""
    file = sandbox.workspace.files.get(request.path_params["file"])
    body = await request.body()
    if file is None or file.content is not None or len(body) != file.length:
        return PlainTextResponse("not this file", 400)
    file.content = body
    return PlainTextResponse(f"OK - {len(body)}")


async def download(sandbox: Sandbox, request: Request) -> Response:
    """The bytes as they came."""
    file = sandbox.workspace.files.get(request.path_params["file"])
    if file is None or file.content is None or not file.is_shared:
        return PlainTextResponse("no such file", 404)
    headers = {"content-disposition": "attachment", "x-content-type-options": "nosniff"}
    return Response(file.content, media_type="application/octet-stream", headers=headers)


def complete_upload(call: Call) -> Json:
    """Share what was uploaded, in a conversation if one is named."""
    files = _files(call)
    if call.args.maybe("channel_id") is not None:
        channel = call.conversation("channel_id")
        if BOT_USER_ID not in channel.members:
            raise ApiError("not_in_channel")
        if channel.is_archived:
            raise ApiError("is_archived")
        comment = call.args.maybe("initial_comment")
        message = put(call, channel, Content(comment, [], [], {}), None)
        message.files = files
        call.user, call.channel = channel.im_user, channel.id
    for file in files:
        file.is_shared = True
    call.workspace.touch()
    return {"files": [{"id": file.id, "name": file.name, "title": file.title} for file in files]}


def _files(call: Call) -> list[File]:
    """The files that are meant, all of them uploaded and none shared before."""
    try:
        named = call.args.structure("files")
    except ValueError as error:
        raise bad_arguments(["must be a valid JSON array [json-pointer:/files]"]) from error
    if not isinstance(named, list) or not 0 < len(named) <= MOST_FILES:
        raise bad_arguments(["must be an array of 1 to 10 files [json-pointer:/files]"])
    found = []
    for one in named:
        file = call.workspace.files.get(str(one.get("id"))) if isinstance(one, dict) else None
        if file is None or file.content is None or file.is_shared:
            raise ApiError("file_not_found")
        file.title = str(one.get("title") or file.name)
        found.append(file)
    return found
