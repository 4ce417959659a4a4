"""Calls on the wire."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.calls import actions
from appliance.features.calls.model import (
    AnswerCall,
    AskCalls,
    AskRelay,
    BeginTalk,
    CallHere,
    DeclineCall,
    EndTalk,
    HangUpCall,
    Ring,
    SayInTalk,
    SendSignal,
)
from appliance.features.calls.selftest.keeper import SelfTest
from appliance.features.calls.worker import Relay, Ringing, Talks
from appliance.kernel.house import House
from appliance.kernel.verbs import Live, Verb, Write
from appliance.wire.http import admin, house_of, reply, slow_down


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    relay: Relay = house.of_feature["relay"]
    ringing: Ringing = house.of_feature["ringing"]
    talks: Talks = house.of_feature["talks"]
    return {
        AskRelay: Live(relay.give, guests=True, scope="write"),
        Ring: Write(ringing.owing.first(actions.ring), "rings_per_hour", guests=True),
        AnswerCall: Write(ringing.owing.first(actions.answer), "changes_per_minute", guests=True),
        DeclineCall: Write(actions.decline, "changes_per_minute", guests=True, unwritten=ringing.declined),
        HangUpCall: Write(actions.hang_up, "changes_per_minute", guests=True, unwritten=ringing.hung_up),
        AskCalls: Live(ringing.tell_open, guests=True),
        CallHere: Live(ringing.sit, guests=True, scope="write"),
        BeginTalk: Live(talks.begin, guests=True, scope="write"),
        SayInTalk: Live(talks.pass_on, guests=True, scope="write"),
        EndTalk: Live(talks.end, guests=True),
        SendSignal: Live(ringing.pass_on, guests=True, scope="write"),
    }


def settle(house: House) -> None:
    """Keep what this feature needs between requests."""
    house.of_feature["relay"] = Relay(house)
    house.of_feature["relay_test"] = SelfTest(house, house.of_feature["relay"])
    house.of_feature["talks"] = Talks(house)
    house.of_feature["ringing"] = ringing = Ringing(house)
    house.tasks.start("ringing", ringing.run)
    house.purges.append(actions.purge)


async def relay_test(request: Request) -> Response:
    admin(request)
    test: SelfTest = house_of(request).of_feature["relay_test"]
    return reply(test.now)


async def test_relay(request: Request) -> Response:
    who, house = admin(request), house_of(request)
    slow_down(house, "relay_tests_per_hour", who.account)
    test: SelfTest = house.of_feature["relay_test"]
    return reply(await test.run())


ROUTES = [
    Route("/api/admin/relay", relay_test, methods=["GET"]),
    Route("/api/admin/relay/test", test_relay, methods=["POST"]),
]
