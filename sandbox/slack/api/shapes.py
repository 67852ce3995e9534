"""Users, conversations and messages as Web API answers carry them. Pure."""

from sandbox.slack.payloads import message_part
from sandbox.slack.state import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID, Channel, Json, Message, User, Workspace

CREATED = 1_760_000_000  # when the workspace's people and channels claim to have been made


def user_json(user: User, *, with_email: bool) -> Json:
    """A person: https://docs.slack.dev/reference/objects/user-object."""
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": user.tz_offset,
        "profile": profile_json(user, with_email=with_email),
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": CREATED,
    }


def profile_json(user: User, *, with_email: bool) -> Json:
    """A person's profile; the e-mail address only with the scope for it."""
    first, _, last = user.real_name.partition(" ")
    profile: Json = {
        "title": user.title,
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "first_name": first,
        "last_name": last,
        "status_text": user.status_text,
        "status_emoji": user.status_emoji,
        "status_expiration": 0,
        "team": user.team_id,
    }
    if user.is_bot:
        profile |= {"api_app_id": APP_ID, "bot_id": BOT_ID}
    elif with_email and user.email:
        profile["email"] = user.email
    return profile


def channel_json(channel: Channel, *, count_members: bool = False) -> Json:
    """A conversation: https://docs.slack.dev/reference/objects/conversation-object."""
    part: Json = {"id": channel.id, "created": CREATED, "is_im": channel.is_im, "is_org_shared": False}
    if channel.is_im:
        return part | {"is_archived": channel.is_archived, "user": channel.im_user, "is_user_deleted": False}
    part |= {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private and not channel.is_mpim,
        "is_mpim": channel.is_mpim,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": channel.name == "general",
        "is_member": BOT_USER_ID in channel.members,
        "is_shared": False,
        "is_ext_shared": False,
        "context_team_id": TEAM_ID,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }
    return part | ({"num_members": len(channel.members)} if count_members else {})


def message_json(workspace: Workspace, message: Message, *, with_metadata: bool = False) -> Json:
    """A message as history shows it: with its thread's numbers, metadata only if asked for."""
    part = message_part(message)
    if not with_metadata:
        part.pop("metadata", None)
    if message.broadcast:
        part["subtype"] = "thread_broadcast"
    if message.reactions:
        reactions = message.reactions.items()
        part["reactions"] = [{"name": name, "users": users, "count": len(users)} for name, users in reactions]
    replies = replies_to(workspace, message)
    if replies:
        authors = list(dict.fromkeys(reply.user for reply in replies))
        part |= {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len(authors),
            "reply_users": authors,
            "latest_reply": replies[-1].ts,
            "is_locked": False,
            "subscribed": False,
        }
    return part


def replies_to(workspace: Workspace, parent: Message) -> list[Message]:
    """The replies in a message's thread, oldest first, without private notes."""
    return [
        message
        for message in workspace.messages.get(parent.channel, [])
        if message.thread_ts == parent.ts and message.ts != parent.ts and message.ephemeral_to is None
    ]
