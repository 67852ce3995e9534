"""What the toy CRM needs from the sandbox around it, and the one way to publish changes to the bot."""

from collections.abc import Iterable
from typing import Protocol

from sandbox.crm.events import events_of
from sandbox.crm.model import DEALS, Change
from sandbox.crm.state import Crm
from sandbox.crm.webhook import Target


class Host(Target, Protocol):
    """The sandbox: where the bot is, the secrets shared with it, and the present CRM (a reset replaces it)."""

    @property
    def crm(self) -> Crm:
        """The CRM of this moment."""

    @property
    def hubspot_token(self) -> str:
        """The bearer token the API accepts."""


def publish(host: Host, changes: Iterable[Change], form: str = "classic") -> None:
    """Tell the bot about changed deals, in one request; changes of other records have no subscription."""
    deals = host.crm.records[DEALS]
    told = [change for change in changes if change.record_id in deals]
    host.crm.outbox.send(host, events_of(told, form, host.crm.outbox.dice))
