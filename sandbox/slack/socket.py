"""Socket Mode: the same payloads as envelopes over a web socket that the bot opened.

https://docs.slack.dev/apis/events-api/using-socket-mode. Up to ten connections, each payload goes to any one of them.
It decides nothing about payloads; a connection that was told to leave gets no more of them.
"""

import asyncio
import json
import secrets
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.slack.state import APP_ID, Json

MAX_CONNECTIONS = 10
# How long a connection stays open after its disconnect frame, in seconds.
GRACE_SECONDS = {"warning": 10.0, "refresh_requested": 1.0, "link_disabled": 0.2}


class NoConnectionError(Exception):
    """No socket is open, so nothing was sent."""


@dataclass(frozen=True)
class Retry:
    """Which repetition of an event this is (1 to 3) and why it became necessary."""

    number: int
    reason: str


@dataclass(frozen=True)
class Envelope:
    """What goes over the socket once: `kind` is events_api, interactive or slash_commands."""

    kind: str
    payload: Json
    retry: Retry | None = None

    def frame(self, envelope_id: str) -> str:
        """The JSON text of the frame."""
        frame: Json = {
            "envelope_id": envelope_id,
            "payload": self.payload,
            "type": self.kind,
            "accepts_response_payload": self.kind != "events_api",
        }
        if self.kind == "events_api":
            frame["retry_attempt"] = self.retry.number if self.retry else 0
            frame["retry_reason"] = self.retry.reason if self.retry else ""
        return json.dumps(frame)


@dataclass(eq=False)
class Connection:
    """One open socket. `leaving` is set with the disconnect frame."""

    websocket: WebSocket
    leaving: bool = False


@dataclass
class SocketHub:
    """All open sockets, and the envelopes that wait for their acknowledgement (on whichever socket it comes)."""

    connections: list[Connection] = field(default_factory=list)
    tickets: set[str] = field(default_factory=set)
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    in_use: bool = False  # a socket has been open since the bot's address was last given
    turn: int = 0
    closing: set[asyncio.Task[None]] = field(default_factory=set)

    def new_ticket(self) -> str:
        """The right to open one socket, for the address that `apps.connections.open` hands out."""
        ticket = secrets.token_urlsafe(16)
        self.tickets.add(ticket)
        return ticket

    @property
    def open_count(self) -> int:
        """How many sockets take payloads."""
        return sum(not connection.leaving for connection in self.connections)

    async def ask(self, envelope: Envelope, seconds: float) -> Json:
        """Send on one socket and wait for the acknowledgement: its payload, empty when it had none.

        Raises NoConnectionError when nothing could be sent, TimeoutError when nobody acknowledged in time.
        """
        envelope_id = secrets.token_hex(16)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self.waiting[envelope_id] = answer
        try:
            await self._send(envelope.frame(envelope_id))
            async with asyncio.timeout(seconds):
                return await answer
        finally:
            del self.waiting[envelope_id]

    async def _send(self, frame: str) -> None:
        for connection in self._in_turn():
            try:
                await connection.websocket.send_text(frame)
            except (WebSocketDisconnect, RuntimeError):  # gone, though its reader has not noticed yet
                self._forget(connection)
            else:
                return
        raise NoConnectionError

    def _in_turn(self) -> list[Connection]:
        able = [connection for connection in self.connections if not connection.leaving]
        if not able:
            return []
        self.turn = (self.turn + 1) % len(able)
        return able[self.turn :] + able[: self.turn]

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)

    async def serve(self, websocket: WebSocket) -> None:
        """Take a bot's socket from greeting to end; refuses one without a ticket, and the eleventh."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self.tickets:
            await websocket.close(1008, "invalid_ticket")
            return
        self.tickets.discard(ticket)
        await websocket.accept()
        if self.open_count >= MAX_CONNECTIONS:
            await websocket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await websocket.close()
            return
        connection = Connection(websocket)
        self.connections.append(connection)
        self.in_use = True
        try:
            await websocket.send_json(self._hello())
            while True:
                self._take(await websocket.receive_text())
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError: closed by our own side while it read
            self._forget(connection)

    def _hello(self) -> Json:
        debug = {"host": "local", "build_number": 1, "approximate_connection_time": 18060}
        app = {"app_id": APP_ID}
        return {"type": "hello", "num_connections": self.open_count, "debug_info": debug, "connection_info": app}

    def _take(self, text: str) -> None:
        """Match an acknowledgement with its envelope; anything else, and a second acknowledgement, is ignored."""
        try:
            frame = json.loads(text)
        except ValueError:
            return
        if not isinstance(frame, dict):
            return
        answer = self.waiting.get(str(frame.get("envelope_id")))
        if answer is not None and not answer.done():
            payload = frame.get("payload")
            answer.set_result(payload if isinstance(payload, dict) else {})

    async def disconnect(self, reason: str, *, grace: float | None = None) -> int:
        """Tell every socket to leave; each is closed after `grace` seconds. The count of those told."""
        told = [connection for connection in self.connections if not connection.leaving]
        for connection in told:
            connection.leaving = True
            debug = {"host": "local"}
            await connection.websocket.send_json({"type": "disconnect", "reason": reason, "debug_info": debug})
            wait = GRACE_SECONDS.get(reason, 1.0) if grace is None else grace
            task = asyncio.create_task(self._close_later(connection, wait))
            self.closing.add(task)
            task.add_done_callback(self.closing.discard)
        return len(told)

    async def _close_later(self, connection: Connection, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._forget(connection)
        if connection.websocket.application_state is not WebSocketState.DISCONNECTED:
            await connection.websocket.close()

    async def drop(self) -> int:
        """Close every socket without a word before. The count of those closed."""
        dropped, self.connections = self.connections, []
        for connection in dropped:
            await connection.websocket.close(1001)
        return len(dropped)
