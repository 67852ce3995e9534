"""Whether Slack would take it: blocks, views and metadata as they arrive, checked on plain dicts.

Knows nothing of the workspace, so not whether a user, channel or external_id exists. The rooms: `schema.py` is the
language the rules are written in, `objects.py` `rich_text.py` `elements.py` `blocks.py` and the newer blocks' files are
the tables, `fields.py` and `totals.py` what holds between keys and between blocks, the rest the entrances.
"""

from sandbox.slack.validate.message import message_problems
from sandbox.slack.validate.metadata import metadata_problem
from sandbox.slack.validate.schema import Problem
from sandbox.slack.validate.totals import MOST_TOTAL_TEXT, total_text
from sandbox.slack.validate.view import view_problems, view_too_large

__all__ = [
    "MOST_TOTAL_TEXT",
    "Problem",
    "message_problems",
    "metadata_problem",
    "total_text",
    "view_problems",
    "view_too_large",
]
