"""Threads and pages of several articles are cut into parts; single articles never are."""

import json
from pathlib import Path

import pytest

from schemas.verdict import PageType
from service import clean

SEEDS = Path(__file__).parents[1] / "seeds"


def lines_of(text: str, start: int, end: int) -> tuple[int, int]:
    return text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 1


def test_the_thread_among_the_seeds_is_cut_where_its_posts_end() -> None:
    (record,) = (
        r
        for r in map(json.loads, (SEEDS / "seeds_gold.jsonl").read_text("utf-8").splitlines())
        if r["id"] == "seed_004"
    )
    (path,) = SEEDS.glob("004_*.txt")
    text = path.read_bytes().decode()
    parts = clean(path.read_bytes(), content_type="text/plain").article.parts
    assert len(parts) == len(record["segments"])
    for part, want in zip(parts, record["segments"], strict=True):
        first, last = lines_of(text, part.start, part.end)
        assert abs(first - want["lines"][0]) <= 1
        assert abs(last - want["lines"][1]) <= 1
        title = text.split("\n")[want["title_line"] - 1] if "title_line" in want else None
        assert part.headline == title


@pytest.mark.parametrize("seed", ["000", "001", "002", "003"])
def test_single_articles_are_not_cut(seed: str) -> None:
    (path,) = SEEDS.glob(f"{seed}_*.txt")
    assert clean(path.read_bytes(), content_type="text/plain").article.parts == ()


THREAD = """Harbour bridge: will it ever open?
Home > Forum > Town

Ann
Joined: Mar 2009  Posts: 214
12 May 2023, 10:01
#1
I heard on the radio that the bridge opens in May, but the crane is still there and nobody works on it.

Bob
Joined: Jan 2012  Posts: 31
12 May 2023, 11:30
#2
They said the same two years ago, and the bill has doubled since then. I will believe it when I drive over it.

Ann
Joined: Mar 2009  Posts: 214
13 May 2023, 08:15
#3
Well, the paper says today that the last beam was put in on Monday, so there is hope after all.
"""


def test_posts_have_author_and_date() -> None:
    result = clean(THREAD.encode(), content_type="text/plain")
    assert result.verdict.pageType is PageType.FORUM_THREAD
    parts = result.article.parts
    assert [p.articleBody.split()[0] for p in parts] == ["I", "They", "Well,"]
    assert [p.datePublishedRaw for p in parts] == [
        "12 May 2023, 10:01",
        "12 May 2023, 11:30",
        "13 May 2023, 08:15",
    ]
    assert [a.nameRaw for p in parts for a in p.authors] == ["Ann", "Bob", "Ann"]


BODIES = {
    "Northport": (
        "The council of Northport heard that the new bridge over the harbour will open a year late.",
        "Divers had found cracks in two of the piers, and the steel for the third is still in a yard abroad.",
        "Every month of delay costs the town some four million, and nobody had planned for it.",
        "Ferries will go on carrying lorries across the bay at night, which neighbours fight.",
        "A firm from the capital is to check the drawings once more before anything else is built.",
        "Until its report comes the cranes stand idle, and the workers have been lent to the railway.",
        "What the delay means for two hotels planned on the far shore nobody would say.",
        "On Thursday the mayor meets those who live closest to the site and have filed complaints.",
    ),
    "Southport": (
        "Engineers in Southport drew a second crossing that is low, made of wood, for bicycles only.",
        "It would begin at the old fish market and end beside the school, so that children need no bus.",
        "Shopkeepers fear for their parking places, but most at the meeting clapped when it was over.",
        "Money could come from a fund for quiet streets, which pays half of what such projects need.",
        "If the state agrees by autumn, the first planks might be laid in spring, said the architect.",
        "He has built two such bridges before, and both have outlived the floods of the last ten years.",
        "An exhibition with a model and drawings by pupils stays open in the library until the end of June.",
        "Whoever wants to walk the route with him can do so on any Saturday morning in May at ten.",
    ),
}


def article(title: str, author: str, day: int, town: str) -> str:
    body = "\n".join(BODIES[town])
    return f"{title}\nBy {author}\n{day} May 2023\n{body}\n"


def test_two_articles_on_a_page_are_two_parts() -> None:
    text = "\n".join(
        (
            article("Harbour bridge late once more", "Ann Lee", 3, "Northport"),
            article("Second bridge planned in the south", "Bob Ray", 4, "Southport"),
        )
    )
    result = clean(text.encode(), content_type="text/plain")
    assert result.verdict.pageType is PageType.MULTI_ARTICLE
    first, second = result.article.parts
    assert (first.end, second.start) == (text.rindex(".", 0, second.start) + 1, text.index("Second bridge"))
    assert second.headline == "Second bridge planned in the south"
    assert "Southport" not in first.articleBody


def test_a_part_keeps_its_code() -> None:
    lines = "\n".join(
        (
            article("Harbour bridge late once more", "Ann Lee", 3, "Northport"),
            article("Second bridge planned in the south", "Bob Ray", 4, "Southport"),
        )
    ).split("\n")
    lines.insert(lines.index(BODIES["Southport"][3]), "<pre>if bridge:\n    walk()</pre>")
    page = "".join(line if line.startswith("<") else f"<p>{line}</p>" for line in lines if line)
    parts = clean(f"<html><body>{page}</body></html>".encode(), content_type="text/html").article.parts
    assert "\n\nif bridge:\n    walk()\n\n" in parts[1].articleBody


def test_a_section_with_a_date_does_not_part_an_article_that_nobody_signed() -> None:
    whole = article("Harbour bridge late once more", "Ann Lee", 3, "Northport")
    unsigned = "\n".join(line for line in whole.split("\n") if not line.startswith(("By ", "3 May")))
    text = f"{unsigned}\n{article('What the south plans next', 'Bob Ray', 4, 'Southport')}"
    result = clean(text.encode(), content_type="text/plain")
    assert result.article.parts == ()
    assert "Northport" in result.article.articleBody
    assert "Southport" in result.article.articleBody


def test_posts_signed_as_a_blog_prints_it_are_two_parts() -> None:
    """Half the words of an article are enough where every text is signed with its date."""
    posts = [
        f"{title}\nPosted on October {day}, 2020 by Marta\n" + "\n".join(BODIES[town][:5]) + "\n"
        for title, day, town in (
            ("Harbour bridge late once more", 12, "Northport"),
            ("Second bridge planned in the south", 10, "Southport"),
        )
    ]
    result = clean("\n".join(posts).encode(), content_type="text/plain")
    assert result.verdict.pageType is PageType.MULTI_ARTICLE
    _, second = result.article.parts
    assert (second.headline, second.datePublishedRaw, second.authors[0].nameRaw) == (
        "Second bridge planned in the south",
        "October 10, 2020",
        "Marta",
    )


CHINESE = (
    "北港市议会星期一听取了报告，报告说新的跨海大桥将比原计划晚一年通车，费用也会增加四百万元，市长对此表示遗憾。",
    "潜水员在两个桥墩上发现了裂缝，第三个桥墩所需的钢材仍然存放在国外的工厂里，什么时候能够运到还没有人知道。",
    "每推迟一个月，城市就要多付出大约四百万元，而这笔钱谁也没有写进今年的预算里，议员们为此争论了整整三个小时。",
    "南港的工程师画出了一座低矮的木桥，只供自行车和行人通过，设计图和模型从本周起在市图书馆的大厅里免费展出。",
    "小桥从老鱼市场开始，到小学旁边结束，这样孩子们上学就不需要再坐公共汽车，家长们在会上对这个想法热烈鼓掌。",
    "资金可以来自一个支持安静街道的基金，该基金通常承担此类项目一半的费用，其余部分由州政府在秋天之前作出决定。",
    "东港的渔民说，自从春节以来燃油价格已经上涨了三成，小船出海一次往往还没有撒网就已经亏本，许多人只好留在岸上。",
    "渔业协会的会长表示，今年以来有二百多条船停在码头，市场上的鱼价因此涨了一半，饭店老板们也开始改卖别的菜。",
    "当地渔业局的负责人答应在本周之内向省里提出申请，希望为船长不到十二米的渔船发放一笔专门用于购买燃油的补贴。",
)


def test_articles_without_spaces_are_parts() -> None:
    titles = ("北港大桥再次推迟通车时间", "南港计划建设第二座小桥", "东港渔民抱怨燃油价格上涨")
    page = "\n\n".join(
        f"{title}\n\n2020年10月{n + 10}日\n\n" + "\n\n".join(CHINESE[3 * n : 3 * n + 3])
        for n, title in enumerate(titles)
    )
    result = clean(page.encode(), content_type="text/plain; charset=utf-8")
    assert result.verdict.pageType is PageType.MULTI_ARTICLE
    assert [part.headline for part in result.article.parts][1:] == [*titles[1:]]


def test_a_line_that_a_link_broke_heads_nothing() -> None:
    whole = article("Harbour bridge late once more", "Ann Lee", 3, "Northport")
    broken = "in the south they have marked\n1 May 2023\n" + "\n".join(BODIES["Southport"])
    assert clean(f"{whole}{broken}".encode(), content_type="text/plain").article.parts == ()


def test_no_part_is_dated_by_when_its_writer_joined_or_named_by_a_button() -> None:
    thread = THREAD.replace(
        "Ann\nJoined: Mar 2009  Posts: 214\n", "Post Reply\nThread Tools\tDisplay Modes\nAnn\n"
    )
    thread = thread.replace("12 May 2023, 11:30\n", "").replace(
        "Joined: Jan 2012  Posts: 31", "Join Date: Jul 2011"
    )
    parts = clean(thread.encode(), content_type="text/plain").article.parts
    assert [p.datePublishedRaw for p in parts] == ["12 May 2023, 10:01", None, "13 May 2023, 08:15"]
    assert {a.nameRaw for p in parts for a in p.authors} <= {"Ann", "Bob"}


def post(name: str, date: str, text: str) -> str:
    return f"{name}\n{date}\n{text}\n"


PERSIAN = "".join(
    post(name, "۲۱ دی ۱۳۹۹", text)
    for name, text in (
        (
            "مهسا",
            "سلام دوستان، من هر بار که برنج درست می‌کنم ته‌دیگ به قابلمه می‌چسبد، اشکال از کجاست؟",
        ),
        (
            "بابک",
            "سلام. قابلمه استیل را اول باید خالی داغ کنید تا قطره آب رویش بلغزد، بعد روغن بریزید.",
        ),
        (
            "نرگس",
            "من با همین روش پارچه خیس مشکلم حل شد، ممنون آقا بابک که وقت گذاشتید و برای همه ما توضیح دادید.",
        ),
    )
)


def test_names_and_dates_above_texts_make_a_thread() -> None:
    result = clean(
        f"چرا ته‌دیگ من همیشه می‌چسبد؟\n{PERSIAN}".encode(), content_type="text/plain; charset=utf-8"
    )
    assert result.verdict.pageType is PageType.FORUM_THREAD


def test_an_article_with_comments_is_no_thread() -> None:
    comments = "".join(
        post(
            name,
            f"{day} May 2023",
            "They said the same two years ago, and the bill has doubled since then, so I doubt it.",
        )
        for day, name in enumerate(("Ann", "Bob", "Eve", "Tom"), start=4)
    )
    text = article("Harbour bridge late once more", "Ann Lee", 3, "Northport") + comments
    assert clean(text.encode(), content_type="text/plain").verdict.pageType is not PageType.FORUM_THREAD


def test_a_chronicle_is_no_thread() -> None:
    days = "".join(f"{day} May 2023\n{line}\n" for day, line in enumerate(BODIES["Northport"], start=1))
    text = f"Harbour bridge: what happened when\n{days}"
    assert clean(text.encode(), content_type="text/plain").verdict.pageType is not PageType.FORUM_THREAD


def test_what_stands_above_the_first_header_is_no_post() -> None:
    above = "You are not signed in yet, so you can only read.\n\nWrite to us if you forgot your password.\n\n"
    signed = THREAD.replace("Harbour bridge: will it ever open?\nHome > Forum > Town\n\n", above)
    parts = clean(signed.encode(), content_type="text/plain").article.parts
    assert [part.datePublishedRaw for part in parts] == [
        "12 May 2023, 10:01",
        "12 May 2023, 11:30",
        "13 May 2023, 08:15",
    ]
    assert [part.authors[0].nameRaw for part in parts] == ["Ann", "Bob", "Ann"]


def test_a_post_is_signed_by_what_its_header_says_not_by_when_its_writer_joined() -> None:
    thread = "Harbour bridge: will it ever open?\n\n" + "".join(
        f"{name}\nPosts: {n}12\nJoined: Mon Jan 0{n}, 2018 10:22 am\n"
        f"by {name} » Sat Feb 0{n}, 2024 9:12 am\n{text}\n\n"
        for n, (name, text) in enumerate(SAID, start=3)
    )
    parts = clean(thread.encode(), content_type="text/plain").article.parts
    assert [(part.authors[0].nameRaw, part.datePublishedRaw) for part in parts] == [
        (name, f"Sat Feb 0{n}, 2024 9:12 am") for n, (name, _) in enumerate(SAID, start=3)
    ]


SAID = (
    (
        "marrowfat",
        "I heard on the radio that the bridge opens in May, but the crane is still there nobody works.",
    ),
    (
        "oldplumber62",
        "They said the same two years ago, and the bill has doubled since. I will believe it when I see it.",
    ),
    (
        "Jenny_K",
        "My cousin lays the cables there. He says that the second pier has to be poured again.",
    ),
    (
        "marrowfat",
        "Then I will keep my boat for another winter. Thank you all, and please write when you hear more.",
    ),
)


def html_thread(post: str, *, head: str = "", above: str = "") -> bytes:
    """A page of posts; `post` has places for the number, the name and the text of each."""
    posts = "".join(post.format(n=n, name=name, text=text) for n, (name, text) in enumerate(SAID, start=3))
    title = "Harbour bridge: will it ever open?"
    page = f"<title>{title}</title>{head}<body>{above}<h1>{title}</h1><div id=list>{posts}</div>"
    return f"<!doctype html><html>{page}</body></html>".encode()


PHPBB = (
    "<div class=post><dl class=postprofile><dt><a class=username>{name}</a></dt><dd>Posts: 12{n}</dd>"
    "<dd>Joined: Mon Jan 0{n}, 2018 10:22 am</dd></dl><div class=postbody><p class=author>by <a "
    "class=username>{name}</a> » Sat Feb 0{n}, 2024 9:12 am</p><div class=content>{text}</div></div></div>"
)
DISCOURSE = (
    "<div class=crawler-post><span itemprop=author itemscope><a><span itemprop=name>{name}</span></a></span> "
    '<time datetime="2024-02-0{n}T09:10:00Z">2024-02-0{n} 9:10am</time><span>{n}</span>'
    "<div itemprop=text><p>{text}</p></div></div>"
)
ANSWERS = (
    '<div class="thing comment"><div class=entry><p class=tagline><a class=author>{name}</a> 2{n} points '
    '<time datetime="2024-02-0{n}T12:00:00+00:00">long ago</time></p><div class=md><p>{text}</p></div></div>'
    "<div class=child>"
)


@pytest.mark.parametrize(
    ("page", "date"),
    [
        (html_thread(PHPBB), "Sat Feb 0{n}, 2024 9:12 am"),
        (html_thread(DISCOURSE), "2024-02-0{n} 9:10am"),
        (html_thread(ANSWERS), "2024-02-0{n}T12:00:00+00:00"),
    ],
    ids=["phpbb", "discourse", "answers in answers"],
)
def test_posts_are_what_the_tree_says(page: bytes, date: str) -> None:
    result = clean(page, content_type="text/html")
    assert result.verdict.pageType is PageType.FORUM_THREAD
    assert [(p.authors[0].nameRaw, p.articleBody, p.datePublishedRaw) for p in result.article.parts] == [
        (name, text, date.format(n=n)) for n, (name, text) in enumerate(SAID, start=3)
    ]


def test_what_is_kept_above_the_first_post_moves_no_name() -> None:
    above = "<div>You are not signed in yet, so you can only read what the members of this forum wrote.</div>"
    parts = clean(html_thread(PHPBB, above=above), content_type="text/html").article.parts
    assert [part.authors[0].nameRaw for part in parts] == [name for name, _ in SAID]


QUESTION = (
    "<div class={name} itemscope itemtype='https://schema.org/Answer'><div itemprop=text><p>{text}</p>"
    "<pre>for f in *.pdf; do\n  lpr\n  wait\ndone {n}\n</pre></div>"
    "<div itemprop=author><a>{name}</a><div>1,204</div></div></div>"
)


def test_questions_and_answers_with_code_are_a_thread() -> None:
    page = html_thread(QUESTION).replace(b"<html>", b'<html itemscope itemtype="https://schema.org/QAPage">')
    result = clean(page, content_type="text/html")
    assert result.verdict.pageType is PageType.FORUM_THREAD
    assert [part.authors[0].nameRaw for part in result.article.parts] == [name for name, _ in SAID]
    assert "for f in *.pdf; do\n  lpr" in result.article.parts[0].articleBody


def test_a_list_of_frequent_questions_is_no_thread() -> None:
    page = html_thread(QUESTION).replace(b"<html>", b'<html itemscope itemtype="https://schema.org/FAQPage">')
    page = page.replace(b"/Answer'", b"/Question'").replace(b"itemprop=author", b"itemprop=about")
    assert clean(page, content_type="text/html").verdict.pageType is not PageType.FORUM_THREAD


def test_signed_comments_below_an_article_make_no_thread_of_it() -> None:
    story = "".join(f"<p>{line}</p>" for town in BODIES for line in BODIES[town])
    comments = html_thread(
        DISCOURSE, above=f"<article><h1>Late once more</h1><p class=author>Ann Lee</p>{story}</article>"
    )
    result = clean(comments, content_type="text/html")
    assert result.verdict.pageType is not PageType.FORUM_THREAD
    assert "Northport" in result.article.articleBody


def test_buttons_of_comments_make_no_thread() -> None:
    story = "".join(f"<p>{line}</p>" for town in BODIES for line in BODIES[town])
    comments = "".join(
        f"<li><b>{name}</b><div>{text}</div><a>Reply</a> <a>Quote</a></li>" for name, text in SAID * 2
    )
    page = (
        f"<!doctype html><title>Late once more</title><article><h1>Late once more</h1>{story}</article>"
        f"<div id=comments><h3>8 comments</h3><ol>{comments}</ol></div>"
    )
    assert clean(page.encode(), content_type="text/html").verdict.pageType is PageType.ARTICLE
