"""Ghirbal as a step of datatrove."""

import pytest

from service import clean
from tests.batch.archives import SEEDS, page

data = pytest.importorskip("datatrove.data", reason="datatrove is not installed")


@pytest.mark.filterwarnings("ignore")
def test_documents_become_articles_and_the_rest_is_dropped() -> None:
    from service.batch.trove import Ghirbal  # noqa: PLC0415 - where it is installed

    pages = [SEEDS[0], page(1), b"<title>Just a moment...</title><p>Checking your browser. Ray ID: 1a2b"]
    given = [
        data.Document(text=body.decode(), id=str(n), metadata={"url": f"http://a/{n}"})
        for n, body in enumerate(pages)
    ]
    found = list(Ghirbal(timeout=60).run(iter(given)))
    wanted = [clean(body, url=f"http://a/{n}") for n, body in enumerate(pages)]
    kept = [one for one in wanted if one.verdict.decision in ("accept", "review")]
    assert 0 < len(kept) < len(pages)
    assert [one.text for one in found] == [one.article.articleBody for one in kept]
    assert [one.metadata["score"] for one in found] == [one.quality.score for one in kept]
    assert all(one.metadata["url"] for one in found)
