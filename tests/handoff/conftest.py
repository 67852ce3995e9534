"""The core's tests: their property tests have no time limit, for no test depends on timing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.handoff.bench import Bench

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.stop()
