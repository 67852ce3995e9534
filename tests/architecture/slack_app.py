"""The Slack app as the code has it: what it listens for, and which methods of the Web API it calls."""

import ast
import importlib
from collections.abc import Iterator

from slack_sdk import WebClient

from tests.architecture.source import Module, modules

LISTENERS = ("command", "shortcut", "global_shortcut", "message_shortcut", "event", "message", "action", "view")

# Method → the scopes that it needs, for the kinds of conversation and the arguments with which Baton calls it:
# https://docs.slack.dev/reference/methods
SCOPES: dict[str, set[str]] = {
    "auth.test": set(),
    "chat.getPermalink": set(),
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "dnd.info": {"dnd:read"},
    "files_upload_v2": {"files:write"},  # the client's own name for getUploadURLExternal and completeUploadExternal
    "usergroups.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "users.profile.get": {"users.profile:read"},
    "users.lookupByEmail": {"users:read", "users:read.email"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}


def listens_for(kind: str) -> set[str]:
    """The names under which handlers register with `app.<kind>(name)`."""
    return {name for module in modules("bot") for name in _registered(module, kind)}


def is_interactive() -> bool:
    """Whether Slack must send presses of buttons, forms or shortcuts."""
    return any(listens_for(kind) for kind in LISTENERS if kind not in ("command", "event", "message"))


def methods_called() -> set[str]:
    """The Web API methods that the bot calls, as Slack writes them."""
    return {_as_slack_writes(name) for module in modules("bot") for name in _client_calls(module)}


def _registered(module: Module, kind: str) -> Iterator[str]:
    for call in _calls(module):
        listens = isinstance(call.func, ast.Attribute) and call.func.attr == kind
        if listens and ast.unparse(call.func) == f"app.{kind}":
            yield _value(module, call.args[0])


def _value(module: Module, name: ast.expr) -> str:
    """What a literal or a constant stands for where it is used."""
    return str(eval(ast.unparse(name), vars(importlib.import_module(module.name))))  # noqa: S307 -- our own source


def _client_calls(module: Module) -> Iterator[str]:
    for call in _calls(module):
        if isinstance(call.func, ast.Attribute):
            name = call.func.attr
            if "_" in name.strip("_") and hasattr(WebClient, name):
                yield name


def _as_slack_writes(name: str) -> str:
    """`chat_postMessage` → `chat.postMessage`; as it is if the table above lacks it."""
    return next((method for method in SCOPES if method.replace(".", "_") == name), name)


def _calls(module: Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))
