"""Listening: binds the port, runs the server, here or in a thread. Knows nothing of what is served."""

import asyncio
import contextlib
import logging
import socket
import threading
import time
from collections.abc import Iterator

import uvicorn

from sandbox.app import make_app
from sandbox.dropped import with_abort
from sandbox.world import Sandbox

START_SECONDS = 15.0
# Long polls and sockets never end by themselves, so shutting down must not wait for them.
GRACE_SECONDS = 1


class PortTaken(Exception):
    """The address cannot be listened on; the text says which and why."""


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises PortTaken."""
    # Named as TCP, asyncio sends each answer at once; else it waits up to 40 ms for the peer to have the first half.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        reason = error.strerror if isinstance(error, OSError) else "ports go from 0 to 65535"
        raise PortTaken(f"Cannot listen on {host}:{port}: {reason}. Choose another with --port.") from error
    return listener


def server_for(sandbox: Sandbox, listener: socket.socket) -> uvicorn.Server:
    """A server for this sandbox, which from now on knows its own address. Does not start it."""
    host, port = listener.getsockname()[:2]
    sandbox.base_url = f"http://{host}:{port}"
    config = uvicorn.Config(
        with_abort(make_app(sandbox)),
        http="h11",
        ws="websockets-sansio",
        lifespan="off",
        access_log=False,
        log_level=logging.CRITICAL,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=30,
    )
    return uvicorn.Server(config)


@contextlib.contextmanager
def running(sandbox: Sandbox, port: int = 0) -> Iterator[str]:
    """Serve in a thread on loopback for as long as the block lasts; yields the base URL without a slash at the end."""
    with contextlib.closing(listen("127.0.0.1", port)) as listener:
        server = server_for(sandbox, listener)
        thread = threading.Thread(target=_run, args=(server, listener), daemon=True)
        thread.start()
        try:
            _wait(server, thread)
            yield sandbox.base_url
        finally:
            server.should_exit = True
            thread.join(START_SECONDS)


def _wait(server: uvicorn.Server, thread: threading.Thread) -> None:
    end = time.monotonic() + START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > end:
            raise RuntimeError("The sandbox did not start.")
        time.sleep(0.01)


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    asyncio.run(server.serve(sockets=[listener]))
