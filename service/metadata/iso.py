"""raw date -> the moment it means, in ISO 8601."""

from datetime import datetime, timedelta

from service import dates


def moment_of(raw: str) -> datetime | None:
    """What an ISO 8601 date says; None for any other, of another calendar, or of no year there was."""
    try:
        moment = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    return moment if dates.is_gregorian(moment.year) else None


def zoned(raw: str) -> str | None:
    """The date in ISO 8601 with its zone; None where none is stated."""
    moment = moment_of(raw)
    return moment.isoformat() if moment and moment.tzinfo else None


def is_utc(raw: str) -> bool:
    """Whether a date is a time of day by the clock of Greenwich, as programs write it."""
    moment = moment_of(raw)
    return moment is not None and moment.utcoffset() == timedelta(0)


def local(raw: str, language: str | None = None) -> str | None:
    """The date in ISO 8601 without zone; None where it can't be read in one way (`dates.local_iso`)."""
    moment = moment_of(raw)
    if moment is None:
        return dates.local_iso(raw, language)
    if len(raw.strip()) <= len("2024-01-31"):
        return moment.date().isoformat()
    return moment.replace(tzinfo=None, microsecond=0).isoformat()
