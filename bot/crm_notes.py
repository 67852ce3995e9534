"""The words of the notes on the CRM record: who did what in Slack. Pure. Restricted answers are never in them."""

from handoff.model import Handoff
from handoff.notices import WriteNote
from handoff.workflow import Workflow


def note(notice: WriteNote, handoff: Handoff, workflow: Workflow) -> str:
    """The note's plain text."""
    who = notice.by.name if notice.by else "Baton"
    asked = {f.key: f.ask for f in workflow.checklist}
    about = "; ".join(asked.get(key, key) for key in notice.keys)
    return f"{workflow.title}: {notice.what.replace('_', ' ')} by {who}." + (f" {about}" if about else "")
