"""Who may do what, and when: every role × every act × every state, against a table written by hand.

The table is what README, docs and handoffs.yml promise. A deed that is in none of its rows is refused, and whoever may
not is told who may.
"""

from collections.abc import Iterator

import pytest

from handoff.decide import ReplyKind, decide
from handoff.errors import HandoffUnknown
from handoff.events import Act
from tests.factories import did
from tests.handoff.deciding import LATER, changes_nothing
from tests.handoff.matrix import DEEDS, EVERY_NAME, FLOWS, GUEST, MEANT, ROLES, STATES, standing

OPEN = "collecting back in_review unclaimed owned kickoff"

# claimers, senders, pausers and readers are those whom may_claim, may_send_back, may_pause and visible_to mean.
TABLE = f"""
answered                      anybody              collecting back
answered, restricted          readers              collecting back
drafted                       anybody              collecting back
drafted, restricted           readers              collecting back
replied                       anybody              collecting back
replied, restricted           readers              collecting back
passed_on                     anybody              collecting back
not_needed                    anybody              collecting back in_review
question_asked, colleague     anybody              {OPEN}
question_asked, sales         anybody              unclaimed owned kickoff
question_answered, colleague  colleague            {OPEN}
question_answered, sales      rep                  {OPEN}
flagged                       anybody              {OPEN}
reviewed                      reviewer             collecting back in_review owned kickoff
claimed                       claimers             unclaimed
assigned                      claimers             unclaimed owned kickoff
offered                       owner                owned kickoff
offer_answered                taker                owned kickoff
released                      owner                owned kickoff
sent_back                     senders              unclaimed owned kickoff
kickoff_scheduled             owner                owned kickoff
finished                      owner                owned kickoff
ticked                        owner                owned kickoff
email_saved                   owner                owned kickoff
chosen                        anybody              collecting back in_review unclaimed
chosen                        owner                owned kickoff
chosen, restricted            readers              {OPEN}
snoozed                       anybody              {OPEN}
paused                        pausers              {OPEN}
unpaused                      pausers, rester      {OPEN}
"""
ROWS = [(deed.strip(), who.split(", "), where.split()) for deed, who, where in
        ((line[:30], line[30:51].strip(), line[51:]) for line in TABLE.strip().splitlines())]  # fmt: skip

_DONE = (ReplyKind.DONE, ReplyKind.STILL_MISSING)
_SAYS_WHO = (ReplyKind.NOT_ALLOWED, ReplyKind.NOT_YOURS)


def allowed(flow: str, deed: str, state: str) -> set[str]:
    """The roles that may do it in this state, as the table says."""
    who = [name for row, names, where in ROWS if row == deed and state in where for name in names]
    return {role for name in who for role in MEANT[flow].get(name, {name})}


def wrong(flow: str, deed: str) -> Iterator[str]:
    """Where the code and the table differ."""
    for state in STATES:
        may_do, before = allowed(flow, deed, state), standing(state, deed)
        for role, (by, roles) in ROLES.items():
            event = did(deed.partition(",")[0], by, roles=roles, at=LATER, **DEEDS[deed])
            got = decide(before, event, FLOWS[flow], LATER)
            is_done = got.reply.kind in _DONE and not changes_nothing(got, before)
            is_refused = got.reply.kind not in _DONE and changes_nothing(got, before)
            says_who = got.reply.kind in _SAYS_WHO and bool(got.reply.names or got.reply.person)
            if role in may_do and not is_done:
                yield f"{role} may, when {state}, and reads {got.reply.kind}"
            if role not in may_do and (not is_refused or says_who != bool(may_do)):
                yield f"{role} may not, when {state}, and reads {got.reply.kind}"


def test_every_act_has_a_row() -> None:
    acts = {act.model_fields["kind"].default for act in Act.__subclasses__()}

    assert {deed for deed, _, _ in ROWS} == set(DEEDS)
    assert {deed.partition(",")[0] for deed in DEEDS} == acts
    assert {name for _, names, _ in ROWS for name in names} <= {*ROLES, *MEANT["names"]}
    assert {state for _, _, where in ROWS for state in where} <= set(STATES)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("flow", FLOWS)
def test_what_is_done_is_what_the_table_allows(flow: str, deed: str) -> None:
    assert list(wrong(flow, deed)) == []


@pytest.mark.parametrize("deed", DEEDS)
def test_a_guest_may_nothing_whoever_names_them(deed: str) -> None:
    for flow in FLOWS:
        for state in STATES:
            before = standing(state, deed)
            event = did(deed.partition(",")[0], GUEST, roles=EVERY_NAME, at=LATER, **DEEDS[deed])
            got = decide(before, event, FLOWS[flow], LATER)
            assert (got.reply.kind, changes_nothing(got, before)) == (ReplyKind.NOT_ALLOWED, True)


@pytest.mark.parametrize("deed", DEEDS)
def test_another_workspace_has_no_such_handoff(deed: str) -> None:
    """The store asks for a handoff within the workspace: whoever comes from another one finds none."""
    by, roles = ROLES["claimer"]

    with pytest.raises(HandoffUnknown):
        decide(None, did(deed.partition(",")[0], by, roles=roles, **DEEDS[deed]), FLOWS["names"], LATER)
