"""What every test may ask for."""

import gc
import os
from pathlib import Path

import pytest

from tests.chromium import CHROMIUM
from tests.postgres import postgres

__all__ = ["postgres"]  # a fixture, for every test that asks for it

# Tests speak with this machine only: through no proxy, and with none of the world's certificates, which each client of
# httpx would read anew (20 ms).
HERE = {"NO_PROXY": "127.0.0.1,localhost", "SSL_CERT_DIR": os.devnull}


def pytest_configure() -> None:
    """Refuse to begin without a browser where the page's tests are required. Finding tests leaves no garbage."""
    os.environ.pop("SSL_CERT_FILE", None)  # it would go before the folder
    os.environ |= HERE
    gc.disable()  # until they are found: what is imported stays for good, and so do the tests
    if "BATON_BROWSER_REQUIRED" in os.environ and not Path(CHROMIUM).exists():
        raise pytest.UsageError("There is no Chromium on this machine, and here the page's tests must run.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the page's tests where there is no browser, and let every worker begin with what takes longest."""
    if not Path(CHROMIUM).exists():
        items[:] = [item for item in items if not item.get_closest_marker("browser")]
    workers = int(getattr(config, "workerinput", {}).get("workercount", 1))
    long = [item for item in items if item.get_closest_marker("long")]
    rest = [item for item in items if not item.get_closest_marker("long")]
    shares = (rest[len(rest) * n // workers : len(rest) * (n + 1) // workers] for n in range(workers))
    items[:] = [item for n, share in enumerate(shares) for item in (*long[n::workers], *share)]


def pytest_collection_finish() -> None:
    """Look for garbage from now on, and only in what comes: it takes a third of a second to go through all there is.

    And not too often: most of what tests make is large and goes by itself.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what was left out."""
    if not Path(CHROMIUM).exists():
        terminalreporter.write_line(
            "No Chromium on this machine: the page's tests were skipped. Install chromium to run them."
        )


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name functions by their name, so that the tests are called the same in every process."""
    return str(getattr(val, "__name__", "function")) if callable(val) else None
