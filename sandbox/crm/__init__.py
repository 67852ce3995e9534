"""The toy CRM: HubSpot's API shapes, a board for people, and the sender of signed webhooks."""

from sandbox.crm.host import Host
from sandbox.crm.routes import routes
from sandbox.crm.state import Crm

__all__ = ["Crm", "Host", "routes"]
