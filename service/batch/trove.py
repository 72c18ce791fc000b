"""A step for datatrove pipelines, in the place where `Trafilatura()` stands (extra `datatrove`).

The page runs in datatrove's own sandbox: a process with a time limit, which a page may take down.
"""

from collections.abc import Collection, Iterator
from typing import Any, Final

from datatrove.data import Document, DocumentsPipeline
from datatrove.pipeline.extractors.base import BaseExtractor, ExtractorSandbox
from datatrove.utils.typeshelper import StatHints

from schemas.request import Profile
from schemas.verdict import Decision
from service.pipeline import clean

KEPT: Final = (Decision.ACCEPT, Decision.REVIEW)
"""What goes on: a page to fetch anew or to reject holds no article."""


class Ghirbal(BaseExtractor):  # type: ignore[misc]  # datatrove's classes have no types
    """Makes the page's article the document's text, and its fields, score and verdict its metadata.

    `profile` is how boldly to remove, `keep` the decisions that go on, `timeout` seconds a page may take.
    """

    name = "🌾 Ghirbal"

    def __init__(
        self, profile: Profile | str = Profile.GENERIC, keep: Collection[str] = KEPT, timeout: float = 10
    ) -> None:
        super().__init__(timeout)
        self.profile = Profile(profile)
        self.keep = frozenset(keep)

    def extract(self, text: str, url: str | None = None) -> dict[str, Any]:
        """The result for a page, as the service would answer it."""
        page = text.encode("utf-8", "replace")
        return clean(page, url=url, profile=self.profile).model_dump(mode="json")

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Each document with its article, save those whose decision is not one to keep."""
        del rank, world_size
        with ExtractorSandbox(timeout=self.timeout, warmup_text=("", None)) as sandbox:
            for document in data:
                self.stat_update(StatHints.total)
                with self.track_time():
                    page = (document.text, document.metadata.get("url"))
                    try:
                        result = sandbox.process_document(page, self.extract)
                    except TimeoutError:
                        self.stat_update("timeout")
                        continue
                    except EOFError:  # the sandbox died of the page
                        self.stat_update("broken_process")
                        continue
                decision = result["verdict"]["decision"]
                self.stat_update(decision)
                if decision not in self.keep:
                    self.stat_update(StatHints.dropped)
                    continue
                self.stat_update(StatHints.forwarded)
                yield _filled(document, result)


def _filled(document: Document, result: dict[str, Any]) -> Document:
    article = result["article"]
    document.text = article.pop("articleBody")
    document.metadata.update(
        {
            **{name: value for name, value in article.items() if value not in (None, [], {})},
            "pageType": result["verdict"]["pageType"],
            "decision": result["verdict"]["decision"],
            "score": result["quality"]["score"],
        }
    )
    return document
