"""A message's blocks."""

from sandbox.slack.validate.blocks import BLOCK
from sandbox.slack.validate.schema import At, Problem, array
from sandbox.slack.validate.totals import repeated_ids, too_long, too_many

MOST_BLOCKS = 50
_BLOCKS = array(BLOCK, MOST_BLOCKS)


def message_problems(blocks: object) -> list[Problem]:
    """What Slack would refuse about these blocks in a message; pointers begin with `/blocks`. Never raises.

    Does not say `msg_blocks_too_long`: that is `total_text` against `MOST_TOTAL_TEXT`.
    """
    at = At("/blocks", "message")
    found = list(_BLOCKS(blocks, at))
    if found:
        return found
    return [problem for rule in (repeated_ids, too_many, too_long) for problem in rule(blocks, at)]
