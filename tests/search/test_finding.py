"""Who finds what, by which words, in which order."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.edge.browser import browser
from tests.messages.pages import page
from tests.search.looking import catch_up, look, marked, places, texts
from tests.server import ROOMY, Server, room_of, serving


@pytest.fixture(params=["new", "indexed"])
def kept(request: pytest.FixtureRequest) -> bool:
    """Whether what was said is in the index, or too new for that: nobody may notice."""
    return bool(request.param == "indexed")


async def test_words_their_beginnings_and_their_insides_are_found_in_any_script(
    server: Server, kept: bool
) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a:
        room = await room_of(a, bela)
        for text in (
            "Das Krankenhaus am See",
            "我喜欢吃西瓜",
            "서울역에서 만나요",
            "Crème brûlée, 2 kilos 🍉",
        ):
            await a.post(room, text)
        if kept:
            await catch_up(server)
            assert await places(server) == 4
        for query, hit in {
            "krank": ["Krankenhaus"],
            "HAUS": ["Krankenhaus"],
            "see": ["See"],
            "瓜": ["瓜"],
            "西瓜": ["西瓜"],
            "울역": ["울역"],
            "creme BRULEE": ["Crème", "brûlée"],
            '"brulee 2"': ["brûlée, 2"],
            "🍉": ["🍉"],
            "kil": ["kilos"],
        }.items():
            assert await marked(server, bela, query) == [hit], query
        for query in ('"krank"', "k", "瓜西", '"haus"', "brulee -kilos", "brulee krank", "from:bela"):
            assert await texts(server, bela, query) == [], query


async def test_filters_ask_for_authors_rooms_links_mentions_and_days(server: Server, kept: bool) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a, server.connect(bela) as b:
        garden = await room_of(a, bela)
        cellar = (await b.do("create_room", name="Wine cellar", kind="private"))["subject"]
        await a.post(garden, "see https://example.org/beans")
        await a.post(garden, "come, @bela", mentions=[bela.id])
        await a.post(garden, "all come", everyone=True)
        await b.post(garden, "I come")
        await b.post(cellar, "bottles")
        if kept:
            await catch_up(server)
        for query, hits in {
            "from:ada": ["all come", "come, @bela", "see https://example.org/beans"],
            "from:me": ["bottles", "I come"],
            "is:mine come": ["I come"],
            "has:link": ["see https://example.org/beans"],
            "mentions:me": ["all come", "come, @bela"],
            "mentions:@bela": ["all come", "come, @bela"],
            "in:cellar": ["bottles"],
            'in:"wine cellar" OR has:link': ["bottles", "see https://example.org/beans"],
            "in:cellar in:garden -come": ["bottles", "see https://example.org/beans"],
            "-from:ada": ["bottles", "I come"],
            "on:today -come -has:link": ["bottles"],
            "before:today": [],
            "after:yesterday bottles": ["bottles"],
            "is:pinned": [],
            "from:nobody": [],
            "-mentions:me from:ada": ["see https://example.org/beans"],
        }.items():
            assert await texts(server, bela, query) == hits, query


async def test_the_answer_says_how_it_was_understood(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a:
        room = await room_of(a, bela)
    found = await look(
        server, ada, 'tea OR "red kettle" from:bel in:gard has:pear -on:2026-11', utc_offset=60
    )
    assert found["understood"] == [
        {"text": "tea", "kind": "word", "value": "tea"},
        {"text": '"red kettle"', "kind": "phrase", "value": "red kettle", "alternative": True},
        {"text": "from:bel", "kind": "from", "value": "bel", "people": [bela.id]},
        {"text": "in:gard", "kind": "in", "value": "gard", "rooms": [room]},
        {"text": "has:pear", "kind": "word", "value": "has:pear"},
        {
            "text": "-on:2026-11",
            "kind": "on",
            "value": "2026-11",
            "excluded": True,
            "since": 1_793_487_600_000,
            "until": 1_796_079_600_000,
        },
    ]
    assert await look(server, ada, "  ") == {"hits": [], "people": [], "understood": []}


async def test_people_and_rooms_are_found_by_about_their_names(server: Server) -> None:
    ada, bela, chidi = [await server.account(name) for name in ("ada", "bela", "chidi")]
    async with server.connect(ada) as a, server.connect(chidi) as c:
        garden = await room_of(a)
        hidden = (await c.do("create_room", name="Garden of secrets", kind="private"))["subject"]
        found = await look(server, bela, "gadren")
        assert [room["id"] for room in found["named_rooms"]] == [garden]
        await c.do("add_member", room=hidden, person=bela.id)
        found = await look(server, bela, "garden")
        assert [room["id"] for room in found["named_rooms"]] == [garden, hidden]
        found = await look(server, bela, "chid")
        assert [person["id"] for person in found["named_people"]] == [chidi.id]
        assert "named_people" not in await look(server, bela, "chid", names=False)
        assert "named_people" not in await look(server, bela, "chid has:link")


async def test_pages_go_on_where_the_last_one_ended_whatever_is_said_meanwhile(
    server: Server, kept: bool
) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        for number in range(7):
            await a.post(room, f"bean {number}")
            if kept and number == 4:
                await catch_up(server)
        seen, cursor, more = [], "", True
        while more:
            found = await look(server, ada, "bean", limit=3, cursor=cursor)
            seen += ["".join(hit["snippet"]) for hit in found["hits"]]
            cursor, more = found.get("cursor", ""), found.get("more", False)
            await a.post(room, "a bean of later")
            await catch_up(server)
        assert seen == [f"bean {number}" for number in reversed(range(7))]
        first = await look(server, ada, "bean", limit=6, order="best")
        rest = await look(server, ada, "bean", limit=6, order="best", cursor=first["cursor"])
        ids = [hit["message"] for found in (first, rest) for hit in found["hits"]]
        assert (len(ids), len(set(ids)), rest.get("more")) == (10, 10, None)
    async with browser(server, ada.token) as b:
        for cursor in ("x", "n.1.2", "n.-1..0", "n.1..x", "n." + "9" * 40 + "..0", "q.0..0"):
            answer = await b.post("/api/search", json={"query": "bean", "cursor": cursor})
            assert (answer.status_code, answer.json()["code"]) == (400, "bad_request"), cursor


async def test_best_first_prefers_whole_words_close_together_in_short_texts(server: Server) -> None:
    ada = await server.account("ada")
    sayings = (
        "red kettle",
        "The kettle that stands in the corner of the large kitchen, behind the door, is of a deep red",
        "redder kettles",
        "a red kettle for tea",
    )
    async with server.connect(ada) as a:
        room = await room_of(a)
        for text in sayings:
            await a.post(room, text)
        await catch_up(server)
        assert [text[:10] for text in await texts(server, ada, "red kettle", order="best")] == [
            sayings[0][:10],
            sayings[3][:10],
            sayings[1][:10],
            sayings[2][:10],
        ]


async def test_what_is_inside_of_words_is_looked_for_where_there_is_no_page_without_it(
    server: Server,
) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        for number in range(3):
            await a.post(room, f"cat {number}")
        await a.post(room, "education")
        await catch_up(server)
        assert await texts(server, ada, "cat", limit=3) == ["cat 2", "cat 1", "cat 0"]
        found = await look(server, ada, "cat", limit=4)
        assert (found["wide"], len(found["hits"])) == (True, 4)
        assert await texts(server, ada, "cat", limit=4, wide=False) == ["cat 2", "cat 1", "cat 0"]
        assert (await texts(server, ada, "cat", limit=2, wide=True))[0] == "education"


async def test_a_hit_leads_to_where_it_stands(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        for number in range(30):
            await a.post(room, f"bean {number}" if number != 9 else "needle")
        (hit,) = (await look(server, ada, "needle"))["hits"]
        around = await page(server, ada, room, f"?around={hit['message']}&limit=10")
        said = [message["content"]["text"] for message in around["messages"]]
        assert "needle" in said
        assert (around["has_before"], around["has_after"], len(said)) == (True, True, 10)
        assert (hit["seq"], hit["author"], hit["room"], hit["words"]) == (
            around["messages"][said.index("needle")]["seq"],
            ada.id,
            room,
            ["needle"],
        )


async def test_a_snippet_shows_the_surroundings_of_what_was_found_on_one_line(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        await a.post(room, "so many words\n" * 40 + "<b>needle</b>\n" + "and many more " * 40)
        ((before, found, after),) = [hit["snippet"] for hit in (await look(server, ada, "needle"))["hits"]]
        assert found == "needle"
        assert (before[0], before[-14:]) == ("\u2026", "many words <b>")
        assert (after[:17], after[-1]) == ("</b> and many mor", "\u2026")
        assert len(before + found + after) < 200


async def test_somebody_who_searches_too_fast_is_told_to_wait(tmp_path: Path) -> None:
    limits = replace(ROOMY, searches_per_minute=2)
    async with serving(tmp_path / "data", limits=limits) as server:
        ada = await server.account("ada")
        async with browser(server, ada.token) as b:
            codes = [(await b.post("/api/search", json={"query": "x"})).status_code for _ in range(3)]
            refused = (await b.post("/api/search", json={"query": "x"})).json()
    assert codes == [200, 200, 429]
    assert (refused["code"], refused["limit"]) == ("rate_limited", "searches_per_minute")
