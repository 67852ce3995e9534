"""A workspace that is looked at after every change: who could read a word, in which message, form or Home tab."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.seed import fresh_workspace
from sandbox.slack.state import Workspace


@dataclass
class Watched(Workspace):
    """Remembers every sight of a word, even of a message that was changed or a form that was closed afterwards."""

    word: str = ""
    sights: set[tuple[str, str]] = field(default_factory=set)  # where, and who (* is everybody)

    def touch(self) -> None:
        """Look at everything that Baton has said and shown so far, then go on."""
        if self.word:
            self.sights |= {(place, who) for place, who, said in self._everything() if self.word in said}
        super().touch()

    def seen_by_others(self, entitled: str) -> set[tuple[str, str]]:
        """Where the word could be read by anybody but one person."""
        return {(place, who) for place, who in self.sights if who != entitled}

    def _everything(self) -> Iterator[tuple[str, str, str]]:
        for channel_id, messages in self.messages.items():
            channel = self.channels[channel_id]
            for m in messages:
                who = m.ephemeral_to or channel.im_user or "*"
                yield f"{channel.name or 'direct message'}", who, f"{m.text} {json.dumps([m.blocks, m.metadata])}"
        for user, views in self.views.items():
            for view in views:
                yield f"the form {view.payload.get('callback_id')}", user, json.dumps([view.payload, view.errors])
        for user, home in self.homes.items():
            yield "the Home tab", user, json.dumps(home.payload)
        for f in self.files.values():
            yield f"the file {f.name}", "*", repr(vars(f))


def watched(word: str) -> Watched:
    """The workspace everybody begins with, watched for a word of ASCII letters."""
    fresh = fresh_workspace()
    return Watched(users=fresh.users, channels=fresh.channels, groups=fresh.groups, word=word)
