"""A Scrapy item pipeline that has each page cleaned by Ghirbal, and drops or tags items by the verdict.

    ITEM_PIPELINES = {"scrapy_pipeline.GhirbalPipeline": 300}
    GHIRBAL_URL = "http://127.0.0.1:8000"
    GHIRBAL_DROP = ["reject", "rescrape"]       # decisions whose items are dropped
    GHIRBAL_API_KEY = None

An item comes with the raw page in `body`, and may come with `url`, `status` and `content_type`. It goes on
with `article` (headline, body, date ...), `decision`, `pageType` and `score`, and without the raw page.
"""

from typing import Any, Self

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from service.client import AsyncClient, Refused


class GhirbalPipeline:
    """Cleans items while the crawl goes on; where the service is full, it waits as long as it is asked to."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._drop = frozenset(settings.getlist("GHIRBAL_DROP", ["reject", "rescrape"]))
        self._url = settings.get("GHIRBAL_URL", "http://127.0.0.1:8000")
        self._key = settings.get("GHIRBAL_API_KEY")
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes it."""
        return cls(crawler)

    async def open_spider(self) -> None:
        """Connect."""
        self._ghirbal = AsyncClient(self._url, api_key=self._key)

    async def close_spider(self) -> None:
        """Disconnect."""
        await self._ghirbal.close()

    async def process_item(self, item: Any) -> Any:
        """The item with its article, or DropItem."""
        adapter = ItemAdapter(item)
        try:
            result = await self._ghirbal.clean(
                adapter.pop("body"),
                content_type=adapter.pop("content_type", None),
                url=adapter.get("url"),
                status=adapter.pop("status", None),
                segments="none",
            )
        except Refused as refused:
            self._count("refused")
            raise DropItem(f"Ghirbal: {refused}") from refused
        decision = result.verdict.decision.value
        self._count(decision)
        if decision in self._drop:
            raise DropItem(f"Ghirbal: {decision}, {result.verdict.pageType}")
        adapter["article"] = result.article.model_dump(mode="json")
        adapter["decision"] = decision
        adapter["pageType"] = result.verdict.pageType.value
        adapter["score"] = result.quality.score
        return item

    def _count(self, what: str) -> None:
        if self._stats:
            self._stats.inc_value(f"ghirbal/{what}")
