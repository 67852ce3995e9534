"""The workspace it starts with. Fictional people; data and nothing else."""

from sandbox.slack.state import BOT_USER_ID, Channel, User, Workspace

SAM, ANA, PRIYA, DANA, RUI = "U0SAM", "U0ANA", "U0PRIYA", "U0DANA", "U0RUI"
FRANCES, OLU = "U0FRANCES", "U0OLU"
DELIVERY, DEAL_REVIEW, HANDOFF_OPS, SALES, GENERAL = "C0DELIVERY", "C0REVIEW", "C0OPS", "C0SALES", "C0GENERAL"
DELIVERY_LEADS, FINANCE = "S0LEADS", "S0FINANCE"


def people() -> list[User]:
    """The people and the bot. Offsets are those of winter; `tz` is what counts."""
    return [
        User(BOT_USER_ID, "baton", "Baton", is_bot=True, tz="UTC"),
        _person(SAM, "Sam Okafor", "sam@example.com", "Account Executive", "Europe/London", 0),
        _person(ANA, "Ana Lima", "ana@example.com", "Account Executive", "America/Sao_Paulo", -3),
        _person(PRIYA, "Priya Nair", "priya@example.com", "Delivery Lead", "Asia/Kolkata", 5.5),
        _person(DANA, "Dana Weiss", "dana@example.com", "Delivery Manager", "Europe/Berlin", 1),
        _person(RUI, "Rui Costa", "rui@example.com", "Head of Delivery", "Europe/Lisbon", 0),
        _person(FRANCES, "Frances Osei", "founder@example.com", "Founder", "America/New_York", -5),
        _person(OLU, "Olu Adeyemi", "ops@example.com", "Revenue Operations", "Africa/Lagos", 1),
    ]


def channels() -> list[Channel]:
    """The channels; the bot is in all but #general."""
    everyone = {SAM, ANA, PRIYA, DANA, RUI, FRANCES, OLU}
    return [
        Channel(DELIVERY, "delivery", {BOT_USER_ID, PRIYA, DANA, RUI, SAM, ANA}),
        Channel(DEAL_REVIEW, "deal-review", {BOT_USER_ID, FRANCES, RUI, OLU}),
        Channel(HANDOFF_OPS, "handoff-ops", {BOT_USER_ID, OLU, RUI}),
        Channel(SALES, "sales", {BOT_USER_ID, SAM, ANA, FRANCES, OLU}),
        Channel(GENERAL, "general", everyone),
    ]


def fresh_workspace() -> Workspace:
    """A new workspace with everybody in it and no messages."""
    groups = {
        DELIVERY_LEADS: _group(DELIVERY_LEADS, "delivery-leads", "Delivery leads", [PRIYA, RUI]),
        FINANCE: _group(FINANCE, "finance", "Finance", [OLU]),
    }
    return Workspace(
        users={user.id: user for user in people()},
        channels={channel.id: channel for channel in channels()},
        groups=groups,
    )


def _person(user_id: str, real_name: str, email: str, title: str, tz: str, hours: float) -> User:
    handle = real_name.split(maxsplit=1)[0].casefold()
    return User(user_id, handle, real_name, email, title=title, tz=tz, tz_offset=int(hours * 3600))


def _group(group_id: str, handle: str, name: str, users: list[str]) -> dict[str, object]:
    return {"id": group_id, "handle": handle, "name": name, "users": users}
