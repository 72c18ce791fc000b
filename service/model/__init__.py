"""page -> opinions: what the trained labeller thinks of each block."""

from service.document import Opinion, Page


def name() -> str | None:
    """Version of the model in use; None when there is none."""
    return None


def opinions(page: Page) -> tuple[Opinion, ...] | None:
    """One opinion per block, or None when no model is in use."""
    del page
    return None
