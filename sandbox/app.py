"""The one Starlette app, made from the routes of each part."""

from starlette.applications import Starlette

from sandbox import control
from sandbox.crm import routes as crm_routes
from sandbox.page.routes import routes as page_routes
from sandbox.slack.api.routes import routes as api_routes
from sandbox.world import Sandbox, Settings

__all__ = ["Sandbox", "Settings", "make_app"]


def make_app(sandbox: Sandbox) -> Starlette:
    """The app that serves this sandbox."""
    parts = (api_routes, control.routes, page_routes, crm_routes)
    return Starlette(routes=[route for routes in parts for route in routes(sandbox)])
