"""Content on its way in: blocks, attachments, metadata and views as arguments, checked, ids filled in.

The rules of Block Kit are validate's; here are the names under which the Web API refuses.
"""

import re
from copy import deepcopy
from dataclasses import dataclass, field

from sandbox.slack.api.args import Args
from sandbox.slack.api.errors import ApiError, bad_arguments
from sandbox.slack.state import Json, Workspace
from sandbox.slack.validate import (
    MOST_TOTAL_TEXT,
    Problem,
    message_problems,
    metadata_problem,
    total_text,
    view_problems,
    view_too_large,
)
from sandbox.slack.walk import fill_ids

MOST_ATTACHMENTS = 100
MOST_MARKDOWN = 12_000
MOST_TEXT = 40_000
AT_NAME = re.compile(r"(?<![\w<!@])@([a-z0-9._-]+)")


@dataclass
class Content:
    """What a message says. None means the argument was not sent, which for an update is not the same as empty."""

    text: str | None = None
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return not (self.text and self.text.strip()) and not self.blocks and not self.attachments


def read_content(args: Args, workspace: Workspace) -> Content:
    """What a chat.* call wants to say, checked."""
    content = Content(
        text=_text(args, workspace), blocks=_blocks(args), attachments=_attachments(args), metadata=_metadata(args)
    )
    if content.text is not None and len(content.text) > MOST_TEXT:
        content.text = content.text[:MOST_TEXT]
        content.warnings.append("message_truncated")
    markdown = args.maybe("markdown_text")
    if markdown is not None:
        if content.text is not None or content.blocks is not None:
            raise ApiError("markdown_text_conflict")
        if len(markdown) > MOST_MARKDOWN:
            raise ApiError("msg_too_long")
        content.blocks = fill_ids([{"type": "markdown", "text": markdown}])
    return content


def refuse_blocks(problems: list[Problem]) -> ApiError:
    """`invalid_blocks` as chat.* methods say it: plain lines in `errors`, marked ones in the metadata."""
    lines = [str(problem) for problem in problems]
    marked = [f"[ERROR] {line}" for line in lines]
    return ApiError("invalid_blocks", errors=lines, response_metadata={"messages": marked})


def read_view(args: Args, *kinds: str) -> Json:
    """The `view` argument, checked; `kinds` are the view types this method takes."""
    try:
        view = args.structure("view")
    except (ValueError, RecursionError) as error:
        raise bad_arguments(["must provide an object [json-pointer:/view]"]) from error
    if view is None:
        raise bad_arguments(["missing required field: view"])
    if not isinstance(view, dict):
        raise bad_arguments(["must provide an object [json-pointer:/view]"])
    if view_too_large(view):
        raise ApiError("view_too_large")
    lines = [str(problem) for problem in view_problems(view)]
    if not lines and view.get("type") in kinds:
        return deepcopy(view)
    if not lines:
        lines = [f"unsupported type: {view['type']} [json-pointer:/view/type]"]
    # Slack puts this general line before the specific ones.
    general = "failed to match all allowed schemas [json-pointer:/view]"
    raise bad_arguments([general, *(line for line in lines if line != general)])


def _text(args: Args, workspace: Workspace) -> str | None:
    text = args.given.get("text")
    if text is None:
        return None
    if not isinstance(text, str | int | float):
        raise bad_arguments(["must be a string [json-pointer:/text]"])
    linked = args.flag("link_names") or args.maybe("parse") == "full"
    return AT_NAME.sub(lambda match: _mention(match, workspace), str(text)) if linked else str(text)


def _mention(match: re.Match[str], workspace: Workspace) -> str:
    """What `@name` becomes under link_names: a real mention, so that carelessness with it shows."""
    name = match[1]
    if name in ("here", "channel", "everyone"):
        return f"<!{name}>"
    group = next((group for group in workspace.groups.values() if group["handle"] == name), None)
    return f"<!subteam^{group['id']}>" if group else match[0]


def _blocks(args: Args) -> list[Json] | None:
    try:
        blocks = args.structure("blocks")
    except (ValueError, RecursionError) as error:
        raise ApiError("invalid_blocks_format") from error
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    problems = message_problems(blocks) if blocks else []
    if problems:
        raise refuse_blocks(problems)
    if total_text(blocks) > MOST_TOTAL_TEXT:
        raise ApiError("msg_blocks_too_long")
    return fill_ids(deepcopy(blocks))


def _attachments(args: Args) -> list[Json] | None:
    try:
        attachments = args.structure("attachments")
    except (ValueError, RecursionError) as error:
        raise ApiError("invalid_attachments") from error
    if attachments is None:
        return None
    if not isinstance(attachments, list) or not all(isinstance(item, dict) for item in attachments):
        raise ApiError("invalid_attachments")
    if len(attachments) > MOST_ATTACHMENTS:
        raise ApiError("too_many_attachments")
    copied: list[Json] = deepcopy(attachments)
    for item in copied:
        blocks = item.get("blocks")
        if blocks and (not isinstance(blocks, list) or message_problems(blocks)):
            raise ApiError("invalid_attachments")
        fill_ids(blocks or [])
    return copied


def _metadata(args: Args) -> Json | None:
    try:
        metadata = args.structure("metadata")
    except (ValueError, RecursionError) as error:
        raise ApiError("invalid_metadata_format") from error
    if metadata is None:
        return None
    problem = metadata_problem(metadata) if metadata != {} else None
    if problem or not isinstance(metadata, dict):
        raise ApiError(problem or "invalid_metadata_format")
    return deepcopy(metadata)
