"""What a person can do. This is the table of contents: one line per behaviour."""

from slack_bolt import App

from bot.desk import Desk
from bot.handlers import (
    answer,
    ask_sales,
    assign,
    choose,
    claim,
    colleague,
    command,
    complete,
    done,
    draft,
    email,
    flag,
    hand_over,
    history,
    home,
    kickoff,
    more,
    new,
    not_needed,
    pass_on,
    pause,
    release,
    review,
    sales_more,
    send_back,
    shortcuts,
    snooze,
    steps,
    thread_reply,
)


def register(app: App, desk: Desk) -> None:
    """Tie every behaviour to the Slack app.

    Bolt asks them one after the other whether a request is theirs, which costs more than all the rest of its work: what
    many press at once, and the messages of whole channels, come first.
    """
    claim.register(app, desk)
    thread_reply.register(app, desk)
    complete.register(app, desk)
    draft.register(app, desk)
    colleague.register(app, desk)
    answer.register(app, desk)
    pass_on.register(app, desk)
    snooze.register(app, desk)
    not_needed.register(app, desk)
    sales_more.register(app, desk)
    ask_sales.register(app, desk)
    send_back.register(app, desk)
    assign.register(app, desk)
    hand_over.register(app, desk)
    release.register(app, desk)
    kickoff.register(app, desk)
    done.register(app, desk)
    steps.register(app, desk)
    email.register(app, desk)
    more.register(app, desk)
    command.register(app, desk)
    flag.register(app, desk)
    review.register(app, desk)
    choose.register(app, desk)
    history.register(app, desk)
    home.register(app, desk)
    new.register(app, desk)
    pause.register(app, desk)
    shortcuts.register(app, desk)
