"""Everything put together: the only file that imports every package. No globals; call it with other parts in tests."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from slack_sdk import WebClient
from starlette.types import ASGIApp

from bot.app import Socket, make_app
from bot.config import load_handbook
from bot.desk import Desk
from bot.metrics import Metrics
from bot.operations import Ears, Operations
from bot.people import SlackPeople
from bot.public_holidays import is_holiday
from bot.settings import Settings, require_hubspot
from bot.slack_errors import NoRight, asking
from bot.speaker import SlackSpeaker
from bot.web import Reader, Web
from crm import hubspot
from crm.hubspot_client import HubSpot
from handoff.calendars import groups_noted
from handoff.errors import ConfigError, OutcomeUnknown, OutsideError, StorageError, Unreachable
from handoff.flow import Flow
from handoff.handbook import Handbook
from handoff.model import RecordRef
from handoff.ports import Crm
from handoff.terms import length
from scheduler.jobs import make_jobs
from scheduler.runner import Heartbeat, Worker
from storage.engine import Database, open_database, without_password
from storage.migrate import KNOWN, current, is_ahead, migrate, newest
from storage.search import only_workspace
from storage.store import SqlStore

_READER, _SPEAKER = "reader", "speaker"  # the kinds of workers
_SPEAKERS = 4  # notices on their way at once
_READERS = 2  # records read at once
_PATIENCE = 10.0  # seconds to wait for Slack at the start
_OLDER = "This database is of an older Baton. Use its command; or stop that Baton, then say: baton migrate"
_SILENCE = timedelta(minutes=15)  # of Socket Mode, before a new connection is opened


def utc_now() -> datetime:
    """The only clock of the process."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class _Identity:
    workspace: str
    bot_user_id: str
    bot_id: str


class _SlackAway(ConfigError):
    """Slack cannot be reached."""


class Baton:
    """The whole bot, built and not yet running."""

    def __init__(self, settings: Settings, *, may_upgrade: bool = True) -> None:
        """Raises ConfigError for anything a person must mend; also for a database that it may not upgrade."""
        handbook = load_handbook(settings.config)
        require_hubspot(settings)
        self.metrics = Metrics()
        self._heartbeat = Heartbeat()
        self._database = open_database(settings.database_url.get_secret_value())
        with ExitStack() as undo:
            undo.callback(self._database.close)
            if not may_upgrade and current(self._database) in KNOWN[1:]:
                raise ConfigError(_OLDER)
            self._build(settings, handbook)
            undo.pop_all()

    def _build(self, settings: Settings, handbook: Handbook) -> None:
        _migrate(self._database)
        token = settings.slack_bot_token.get_secret_value()
        # Posts must not be sent again by the client: it cannot know whether the first one arrived.
        patient = WebClient(token, base_url=settings.slack_api_url, timeout=10, retry_handlers=[])
        quick = WebClient(token, base_url=settings.slack_api_url, timeout=2, retry_handlers=[])
        me = _who_am_i(patient, settings)
        store = SqlStore(self._database, me.workspace)
        store.remember(handbook.workflows.values(), utc_now())
        store.resume(utc_now())
        groups = groups_noted(handbook.workflows.values())
        people = SlackPeople(patient, me.workspace, groups)
        self._crms = _crms(settings)
        crms: Mapping[str, Crm] = self._crms
        self.flow = Flow(
            workspace=me.workspace,
            workflows=handbook.workflows,
            defaults=handbook.defaults,
            holidays=is_holiday,
            store=store,
            speaker=SlackSpeaker(patient, people, utc_now),
            people=people,
            crms=crms,
            new_id=lambda: uuid.uuid4().hex,
            wake_readers=partial(self._heartbeat.wake, _READER),
            wake_speakers=partial(self._heartbeat.wake, _SPEAKER),
            watch=self._watch,
        )
        quick_people = SlackPeople(quick, me.workspace, groups)
        self._desk = Desk(self.flow, quick_people, quick, utc_now, settings.slack_api_url, record_named=_named(crms))
        self.app = make_app(self._desk, quick, workspace=me.workspace, bot_user_id=me.bot_user_id, bot_id=me.bot_id)
        self._socket = self._make_socket(settings)
        self.operations = self._make_operations(store, patient, settings, handbook)
        self.web = self._make_web(settings)

    def start(self) -> None:
        """Begin to work off what is due, and to listen over Socket Mode if that is how Slack is connected."""
        flow = self.flow
        self.operations.tick()
        readers = [Worker(_READER, self._unless_overtaken(flow.read_due)) for _ in range(_READERS)]
        speakers = [Worker(_SPEAKER, self._unless_overtaken(flow.deliver_due)) for _ in range(_SPEAKERS)]
        self._heartbeat.start([*readers, *speakers], make_jobs(self._heartbeat.wake_all, self.operations))
        if self._socket is not None:
            try:
                self._socket.connect()  # type: ignore[no-untyped-call]
            except Exception as e:  # whatever the client and its socket raise, the cure is the same
                raise ConfigError(f"Slack refused Socket Mode ({e}). Check SLACK_APP_TOKEN.") from e

    def stop(self) -> None:
        """Finish what is in hand and let go of everything. What is not finished stays due."""
        if self._socket is not None:
            self._socket.close()  # type: ignore[no-untyped-call]
        self._heartbeat.stop()
        self._desk.close()
        for crm in self._crms.values():
            crm.close()
        self._database.close()

    def _unless_overtaken(self, work: Callable[[datetime], bool]) -> Callable[[], bool]:
        """That work, which is the newer Baton's once there is one."""
        return lambda: not self.operations.has_stepped_aside and work(utc_now())

    def _is_overtaken(self) -> bool:
        """Whether a newer Baton has taken over. Then Slack must not send to us over Socket Mode what that one needs."""
        overtaken = is_ahead(self._database)
        if overtaken and self._socket is not None:
            self._socket.close()  # type: ignore[no-untyped-call]
        return overtaken

    def _make_operations(
        self, store: SqlStore, client: WebClient, settings: Settings, handbook: Handbook
    ) -> Operations:
        return Operations(
            store=store,
            client=client,
            metrics=self.metrics,
            clock=utc_now,
            heartbeat_url=settings.heartbeat_url,
            ears=Ears(self._socket, utc_now, _SILENCE) if self._socket else None,
            keep=length(handbook.defaults.keep_finished),
            is_overtaken=self._is_overtaken,
        )

    def _make_socket(self, settings: Settings) -> Socket | None:
        if settings.slack_app_token is None:
            return None
        token = settings.slack_app_token.get_secret_value()
        return Socket(self.app, token, self._desk.client, self._heartbeat.visitors)

    def _make_web(self, settings: Settings) -> ASGIApp:
        over_http = settings.slack_signing_secret and settings.slack_app_token is None
        return Web(
            flow=self.flow,
            app=self.app,
            metrics=self.metrics,
            clock=utc_now,
            ready=self.operations.not_ready,
            measure=self.operations.measure,
            visitors=self._heartbeat.visitors,
            signing_secret=settings.slack_signing_secret.get_secret_value()  # type: ignore[union-attr]
            if over_http
            else None,
            hubspot=_hubspot_reader(settings),
        ).asgi()

    def _watch(self, what: str, facts: Mapping[str, object]) -> None:
        self.metrics.watch(what, facts)
        level = structlog.get_logger()
        (level.warning if "why" in facts else level.info)(what, **facts)


@contextmanager
def workshop(settings: Settings) -> Iterator[SqlStore]:
    """The memory beside a running Baton, for an operator's command. Raises ConfigError."""
    database = open_database(settings.database_url.get_secret_value(), beside=True)
    try:
        at = current(database)
        if at is None:
            raise ConfigError("Baton has never run on this database. Check BATON_DATABASE_URL, or start it: baton run")
        if at not in KNOWN:
            raise ConfigError("This database belongs to a newer Baton. Use the command of that version.")
        if at != newest():
            raise ConfigError(_OLDER)
        yield SqlStore(database, _workspace(settings, database))
    finally:
        database.close()


def bring_up_to_date(address: str) -> str:
    """Migrate the database behind `BATON_DATABASE_URL`; what was done, in words for the operator.

    Raises:
        ConfigError: the database cannot be opened or changed, belongs to a running Baton, or to a newer one.
    """
    database = open_database(address)
    name = without_password(address)
    try:
        before = current(database)
        if not _migrate(database):
            return f"{name} is up to date: revision {newest()}."
        return f"{name} is at revision {newest()} now; it was {f'at {before}' if before else 'empty'}."
    finally:
        database.close()


def _crms(settings: Settings) -> dict[str, HubSpot]:
    """The CRMs that are connected, by name."""
    token = settings.hubspot_access_token
    return {"hubspot": HubSpot(token.get_secret_value(), settings.hubspot_api_url, clock=utc_now)} if token else {}


def _named(crms: Mapping[str, Crm]) -> Callable[[str], RecordRef | None]:
    """What says which record of a connected CRM an id or an address means."""
    return hubspot.named if "hubspot" in crms else lambda _: None


def _hubspot_reader(settings: Settings) -> Reader | None:
    """What checks and reads HubSpot's webhooks; None without a secret to check them with."""
    if not settings.hubspot_secrets:
        return None
    url = f"{settings.public_url.rstrip('/')}/crm/hubspot"
    return partial(hubspot.read, url=url, secrets=settings.hubspot_secrets)


def _migrate(database: Database) -> bool:
    try:
        return migrate(database)
    except StorageError as e:
        raise ConfigError(f"{e} BATON_DATABASE_URL may point to something that is not Baton's.") from e


def _workspace(settings: Settings, database: Database) -> str:
    """The workspace the token is for. While Slack is away, the only one that the database knows."""
    client = WebClient(settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, timeout=10)
    try:
        return _who_am_i(client, settings, patience=0).workspace
    except _SlackAway:
        if (known := database.read(only_workspace)) is None:
            raise
        return known


def _who_am_i(client: WebClient, settings: Settings, patience: float = _PATIENCE) -> _Identity:
    """The workspace the token is for. Waits some seconds for a Slack that is just starting.

    Raises:
        ConfigError: Slack refuses the token or cannot be reached.
    """
    ends = time.monotonic() + patience
    while True:
        try:
            with asking("auth.test"):
                me = client.auth_test()
            return _Identity(str(me["team_id"]), str(me["user_id"]), str(me.get("bot_id") or ""))
        except NoRight as e:
            raise ConfigError(f"{e} SLACK_BOT_TOKEN is on api.slack.com/apps, your app, OAuth & Permissions.") from e
        except (Unreachable, OutcomeUnknown) as e:
            problem: OutsideError = e
        if time.monotonic() > ends:
            raise _SlackAway(f"{problem} Is SLACK_API_URL right ({settings.slack_api_url})?") from problem
        time.sleep(0.1)
