"""All addresses of the toy CRM: the table of contents for whoever mounts it."""

from starlette.routing import BaseRoute

from sandbox.crm import control, lookups, objects
from sandbox.crm.board import Board
from sandbox.crm.host import Host


def routes(host: Host) -> list[BaseRoute]:
    """HubSpot's API, the board, and the control routes under /sandbox/crm/."""
    return [*objects.routes(host), *lookups.routes(host), *control.routes(host), *Board(host).routes()]
