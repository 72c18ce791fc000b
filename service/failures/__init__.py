"""page, markup, spans -> the failed fetch a page is, if it is one; see `service.failures.judge`."""

from service.failures.judge import Failure, find

__all__ = ["Failure", "find"]
