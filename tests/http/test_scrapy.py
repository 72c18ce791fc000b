"""The Scrapy example of the documentation, in a real crawl of a local site."""

import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.http.wire import Server

pytest.importorskip("scrapy")
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
STORY = " ".join(
    ["Bread prices rose on Monday for the third time this year, the minister said in the capital."] * 12
)
SITE = {
    "/": "<title>Home</title><a href='/story'>Story</a> <a href='/empty'>Empty</a> <a href='/wall'>Wall</a>",
    "/story": f"<title>Bread</title><h1>Bread prices rise</h1><p>{STORY}</p><p>{STORY[:300]} Later.</p>",
    "/empty": "",
    "/wall": "<title>Just a moment...</title><p>Checking your browser before accessing the site.</p>",
}
SPIDER = """
    import scrapy, sys
    from scrapy.crawler import CrawlerProcess

    class Spider(scrapy.Spider):
        name = "local"
        custom_settings = {"HTTPERROR_ALLOW_ALL": True}

        async def start(self):
            yield scrapy.Request(sys.argv[1])

        def parse(self, response):
            page = {"url": response.url, "status": response.status, "body": response.body}
            yield {**page, "content_type": "text/html"}
            if response.css("a"):
                yield from response.follow_all(css="a")

    process = CrawlerProcess({
        "ITEM_PIPELINES": {"scrapy_pipeline.GhirbalPipeline": 300},
        "GHIRBAL_URL": sys.argv[2], "GHIRBAL_DROP": ["reject", "rescrape"],
        "FEEDS": {sys.argv[3]: {"format": "jsonlines"}}, "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
    })
    crawler = process.create_crawler(Spider)
    process.crawl(crawler)
    process.start()
    print(crawler.stats.get_stats())
"""


class Handler(http.server.BaseHTTPRequestHandler):
    """The site."""

    def do_GET(self) -> None:
        page = SITE.get(self.path, "").encode()
        self.send_response(200 if self.path in SITE else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_items_are_cleaned_and_dropped_by_verdict(site: str, tmp_path: Path) -> None:
    server = Server()
    spider, feed = tmp_path / "spider.py", tmp_path / "items.jsonl"
    spider.write_text(dedent(SPIDER), encoding="utf-8")
    told = subprocess.run(
        [sys.executable, str(spider), f"{site}/", f"http://127.0.0.1:{server.port}", str(feed)],
        env={"PYTHONPATH": f"{EXAMPLES}:{Path(__file__).parents[2]}", "PATH": ""},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    code, _ = server.stop()
    assert code == 0
    assert told.returncode == 0, told.stderr
    items = {
        json.loads(line)["url"].removeprefix(site): json.loads(line)
        for line in feed.read_text("utf-8").splitlines()
    }
    story = items["/story"]
    assert story["article"]["articleBody"].startswith("Bread prices rose on Monday")
    assert story["decision"] not in ("reject", "rescrape")
    assert 0 <= story["score"] <= 1
    assert "body" not in story
    assert "/empty" not in items  # dropped
    assert "ghirbal/" in told.stdout
    assert "Traceback" not in told.stderr
