"""From one keyboard to other screens."""

from tests.server import Server, room_of


async def test_a_message_reaches_everybody_in_the_room_and_is_acknowledged(server: Server) -> None:
    ada, bela, dana = [await server.account(name) for name in ("ada", "bela", "dana")]
    async with server.connect(ada) as a, server.connect(bela) as b, server.connect(dana) as d:
        room = await room_of(a, bela)
        ack = await a.post(room, "Hello")
        assert ack["op"] == "ack"
        event = await b.until(lambda frame: frame["op"] == "message")
        assert event["seq"] == ack["seq"]
        assert event["message"]["id"] == ack["subject"]
        assert event["message"]["content"] == {"type": "text", "text": "Hello"}
        assert event["person"] == {"id": ada.id, "name": "ada", "display": "Ada"}
        await a.until(lambda frame: frame["op"] == "message")
        await d.ask("ping")
        assert d.events("message") == []


async def test_a_repeated_command_gets_the_first_ack_and_says_nothing_twice(server: Server) -> None:
    ada = await server.account("ada")
    async with server.connect(ada) as a:
        room = await room_of(a)
        first = await a.post(room, "Once", client_id="the-same-client-id")
        again = await a.post(room, "Once", client_id="the-same-client-id")
        assert {**again, "id": ""} == {**first, "id": ""}
        other = await a.post(room, "Else", client_id="the-same-client-id")
        assert other["code"] == "conflict"
        await a.ask("ping")
        assert len(a.events("message")) == 1


async def test_a_client_that_was_away_gets_the_present_state_of_what_changed(server: Server) -> None:
    ada, bela = [await server.account(name) for name in ("ada", "bela")]
    async with server.connect(ada) as a:
        room = await room_of(a, bela)
        one, two = [(await a.post(room, text)) for text in ("One", "Two")]
        await a.do("edit", message=one["subject"], content={"type": "text", "text": "One!"})
        await a.do("delete", message=two["subject"])
        async with server.connect(bela, hello=False) as b:
            welcome = await b.hello({room: 0})
            log = next(log for log in welcome["logs"] if log["log"] == room)
            messages = [event["message"] for event in log["events"] if event["op"] == "message"]
            assert [message["content"] for message in messages] == [{"type": "text", "text": "One!"}, None]
            summary = next(each for each in welcome["summaries"] if each["room"] == room)
            assert log["to"] == summary["head"]
            assert summary["unread"] == 1
            assert summary["last"]["id"] == one["subject"]
