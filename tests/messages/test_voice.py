"""What is said aloud: who may say it, what is refused, and who learns that it was listened to."""

from typing import Any

import pytest

from tests.client import Client
from tests.edge.browser import browser
from tests.media.sounds import file, say, voice, webm
from tests.server import Account, Server, room_of


async def _page(server: Server, account: Account, room: str) -> Any:
    async with browser(server, account.token) as b:
        return (await b.get(f"/api/rooms/{room}/messages")).json()


async def _listened(client: Client) -> list[dict[str, Any]]:
    await client.ask("ping")
    return client.events("listened")


@pytest.mark.parametrize(
    "fields",
    [
        {"file": "0" * 26},
        {"file": "no id"},
        {"duration_ms": 0},
        {"duration_ms": 3_600_000},
        {"waveform": ""},
        {"waveform": "not base64!"},
        {"waveform": "A" * 92},
        {"text": "and words"},
    ],
)
async def test_what_does_not_fit_is_refused(server: Server, fields: dict[str, Any]) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        media = await file(server, ada, webm())
        answer = await a.do("post", room=room, content=voice(media, **fields))
        assert answer["op"] == "error"
        # Nothing was used up.
        assert (await a.do("post", room=room, content=voice(media)))["op"] == "ack"


async def test_the_same_command_again_shows_the_file_once(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        said = {
            "room": room,
            "content": voice(await file(server, ada, webm())),
            "client_id": "one-and-the-same-id",
        }
        first = await a.ask("post", **said)
        again = await a.ask("post", **said)
        assert {**again, "id": ""} == {**first, "id": ""}
        other = await a.do("post", room=room, content=said["content"])
        assert other["code"] == "media_gone"


async def test_after_media_gone_the_same_client_id_may_name_another_file(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        gone = await a.ask("post", room=room, content=voice("0" * 26), client_id="the-same-client-id")
        assert gone["code"] == "media_gone"
        content = voice(await file(server, ada, webm()))
        assert (await a.ask("post", room=room, content=content, client_id="the-same-client-id"))[
            "op"
        ] == "ack"


async def test_nothing_said_aloud_is_edited_nor_becomes_of_words(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        spoken, _ = await say(server, ada, a, room, webm())
        written = str((await a.post(room, "In words"))["subject"])
        text = {"type": "text", "text": "Other words"}
        assert (await a.do("edit", message=spoken, content=text))["code"] == "forbidden"
        media = await file(server, ada, webm())
        assert (await a.do("edit", message=written, content=voice(media)))["code"] == "forbidden"


async def test_search_neither_finds_it_nor_stumbles_over_it(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        spoken, _ = await say(server, ada, a, room, webm())
        written = str((await a.post(room, "Tomatoes"))["subject"])

        async def found(query: str) -> list[str]:
            async with browser(server, ada.token) as b:
                answer = await b.request("POST", "/api/search", json={"query": query})
            return [hit["message"] for hit in answer.json()["hits"]]

        for _ in range(2):
            assert await found("tomatoes") == [written]
            assert await found("from:ada") == [written]
            assert await found("voice") == []
            # And once more when the index has taken it in.
            await server.house.jobs.run_due()
            await server.house.of_feature["search"].catch_up()
        await a.do("delete", message=spoken)
        assert await found("tomatoes") == [written]


async def test_the_author_and_my_other_devices_learn_that_i_listened(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    phone = await server.device(bela)
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(phone) as p:
        room = await room_of(a, bela)
        spoken, _ = await say(server, ada, a, room, webm())
        assert (await b.do("listen", message=spoken))["op"] == "ack"
        assert (await b.do("listen", message=spoken))["op"] == "ack"
        told = [
            [(event["log"], event["message"], event.get("count", 0)) for event in await _listened(each)]
            for each in (a, b, p)
        ]
        assert told == [[(ada.id, spoken, 1)], [(bela.id, spoken, 0)], [(bela.id, spoken, 0)]]
        assert (await _page(server, ada, room))["heard"] == [{"message": spoken, "count": 1}]
        assert (await _page(server, bela, room))["heard"] == [{"message": spoken}]
        # One's own counts for nobody.
        assert (await a.do("listen", message=spoken))["op"] == "ack"
        assert len(await _listened(a)) == 1


async def test_who_was_away_learns_it_from_the_log(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as a:
        room = await room_of(a, bela)
        spoken, _ = await say(server, ada, a, room, webm())
    async with server.connect(bela) as b:
        await b.do("listen", message=spoken)
    async with server.connect(ada, hello=False) as a:
        welcome = await a.hello({ada.id: 1})
        log = next(log for log in welcome["logs"] if log["log"] == ada.id)
        assert [
            (event["message"], event["count"]) for event in log["events"] if event["op"] == "listened"
        ] == [(spoken, 1)]
    async with server.connect(bela, hello=False) as b:
        log = next(log for log in (await b.hello({}))["logs"] if log["log"] == bela.id)
        assert log["reset"]
        assert [event["message"] for event in log["events"] if event["op"] == "listened"] == [spoken]


@pytest.mark.parametrize("hides", ["listener", "author"])
async def test_who_shows_no_receipts_shows_and_sees_nothing_of_it(server: Server, hides: str) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await room_of(a, bela)
        spoken, _ = await say(server, ada, a, room, webm())
        await (b if hides == "listener" else a).do("set_preferences", receipts=False)
        await b.do("listen", message=spoken)
        assert await _listened(a) == []
        assert len(await _listened(b)) == 1
        assert "heard" not in await _page(server, ada, room)


async def test_whom_the_listener_blocked_does_not_learn_it(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await room_of(a, bela)
        spoken, _ = await say(server, ada, a, room, webm())
        await b.do("block", person=ada.id)
        await b.do("listen", message=spoken)
        assert await _listened(a) == []


async def test_what_was_deleted_or_has_words_is_not_listened_to(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await room_of(a, bela)
        spoken, _ = await say(server, ada, a, room, webm())
        written = str((await a.post(room, "In words"))["subject"])
        assert (await b.do("listen", message=written))["code"] == "content_unknown"
        await b.do("listen", message=spoken)
        await a.do("delete", message=spoken)
        assert (await b.do("listen", message=spoken))["code"] == "message_deleted"
        assert "heard" not in await _page(server, ada, room)
