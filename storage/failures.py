"""What a database's error says, in words that hold no data."""

from sqlalchemy.exc import OperationalError

from handoff.errors import StorageError, StorageRefused


class Conflict(Exception):
    """Somebody else changed the row between our read and our write: run the transaction again."""

    def __init__(self) -> None:
        super().__init__("somebody else was quicker each time")


def reason(error: BaseException) -> str:
    """What the database said, in one line."""
    lines = str(getattr(error, "orig", None) or error).splitlines()
    return lines[0] if lines else type(error).__name__


def storage_error(error: BaseException) -> StorageError:
    """The error that the core knows, for one of the database's."""
    if isinstance(error, OperationalError):
        return StorageError(f"The database did not answer: {reason(error)}. Nothing was stored.")
    return StorageRefused(f"The database refused: {reason(error)}. Nothing was stored.")
