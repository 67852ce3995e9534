"""blocks.validate: Slack's own validator as a method. https://docs.slack.dev/reference/methods/blocks.validate."""

from sandbox.slack.api.args import parse_json
from sandbox.slack.api.call import Call
from sandbox.slack.api.errors import ApiError
from sandbox.slack.state import Json
from sandbox.slack.validate import message_problems, view_problems

KINDS = ("blocks", "view", "message")
LONGEST = 100_000
MISSING = "missing required field"


def validate(call: Call) -> Json:
    """Check one of `blocks`, `view`, `message`, given as a string of JSON; nothing is posted."""
    given = [kind for kind in KINDS if call.args.maybe(kind) is not None]
    if len(given) != 1:
        raise _misuse("must provide exactly one of `blocks`, `view`, or `message`")
    kind = given[0]
    text = call.args.text(kind)
    if len(text) > LONGEST:
        raise _misuse(f"must be less than {LONGEST + 1} characters [json-pointer:/{kind}]")
    try:
        value = parse_json(text)
    except (ValueError, RecursionError) as error:
        raise _misuse(f"must be valid JSON [json-pointer:/{kind}]") from error
    problems = _problems(kind, value)
    if problems:
        raise ApiError(f"invalid_{kind}", errors=problems)
    return {}


def _problems(kind: str, value: object) -> list[Json]:
    """The problems as this method words them: pointers begin inside what was sent."""
    found = view_problems(value) if kind == "view" else message_problems(_blocks(kind, value))
    prefix = {"view": "/view", "blocks": "/blocks", "message": ""}[kind]
    return [
        {
            "pointer": problem.pointer.removeprefix(prefix),
            "code": "missing_field" if problem.message.startswith(MISSING) else "failed_constraint",
            "message": problem.message,
        }
        for problem in found
    ]


def _blocks(kind: str, value: object) -> object:
    if kind == "message":
        return value.get("blocks", []) if isinstance(value, dict) else None
    return value


def _misuse(message: str) -> ApiError:
    return ApiError("invalid_arguments", response_metadata={"messages": [message]})
