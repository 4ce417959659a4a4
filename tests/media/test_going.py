"""Files go with the last message that shows them."""

from pathlib import Path

from appliance.features.media import worker
from appliance.kernel.clock import HandClock
from tests.media.disk import kept
from tests.media.sounds import fetch, file, say, voice, webm
from tests.server import Server, room_of, serving


async def test_a_file_goes_with_its_message_unless_somebody_else_shows_the_same(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await room_of(a, bela)
        mine, media = await say(server, ada, a, room, webm())
        theirs, other = await say(server, bela, b, room, webm())
        await a.do("delete", message=mine)
        await server.house.jobs.run_due()
        assert (await fetch(server, ada, media)).status_code == 404
        assert (await fetch(server, ada, other)).status_code == 200
        await b.do("delete", message=theirs)
        await server.house.jobs.run_due()
    assert kept(server) == []


async def test_a_wipe_takes_the_files_along(server: Server) -> None:
    ada, bela = await server.account("ada"), await server.account("bela")
    async with server.connect(ada) as a, server.connect(bela) as b:
        room = await room_of(a, bela)
        await say(server, bela, b, room, webm())
        await a.do("wipe_member", room=room, person=bela.id)
        await server.house.jobs.run_due()
    assert kept(server) == []


async def test_what_no_message_shows_within_a_day_is_swept_up(tmp_path: Path) -> None:
    clock = HandClock()
    async with serving(tmp_path / "data", clock=clock) as server:
        ada = await server.account("ada")
        media = await file(server, ada, webm())
        sweep = worker.sweep(server.house)
        await sweep({})
        assert len(kept(server)) == 1
        clock.advance(86_401)
        await sweep({})
        await server.house.jobs.run_due()
        assert kept(server) == []
        async with server.connect(ada) as a:
            room = await room_of(a)
            assert (await a.do("post", room=room, content=voice(media)))["code"] == "media_gone"
