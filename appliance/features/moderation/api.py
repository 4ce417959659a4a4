"""Moderation on the wire."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from appliance.features.moderation import actions
from appliance.features.moderation.model import FileReport, ResolveReport, Silence, Suspend, WipeMember
from appliance.kernel.house import House
from appliance.kernel.verbs import Verb, Write
from appliance.wire.http import body, done, house_of, reply, slow_down, staff


def frames(house: House) -> dict[type, Verb]:
    """Commands and what they do."""
    return {
        FileReport: Write(actions.file_report, "reports_per_hour", guests=True),
        WipeMember: Write(actions.wipe_member, "changes_per_minute"),
    }


def settle(house: House) -> None:
    """Say what newcomers may not yet do."""
    house.of_feature["posting"].newcomers.append(actions.refuse_links)


async def list_reports(request: Request) -> Response:
    who = staff(request)
    resolved, before = (
        request.query_params.get("resolved") == "1",
        request.query_params.get("before", "")[:26],
    )
    return reply(
        await house_of(request).db.read(lambda db: actions.reports(db, who, resolved=resolved, before=before))
    )


async def resolve_report(request: Request) -> Response:
    who, asked, house = staff(request), await body(request, ResolveReport), house_of(request)
    report = str(request.path_params["report"])
    slow_down(house, "changes_per_minute", who.account)
    await house.db.write(lambda tx: actions.resolve(tx, who, report, asked))
    return done()


async def suspend(request: Request) -> Response:
    who, asked, house = staff(request), await body(request, Suspend), house_of(request)
    account = str(request.path_params["account"])
    slow_down(house, "changes_per_minute", who.account)
    await house.db.write(lambda tx: actions.suspend(tx, who, account, asked))
    return done()


async def lift_suspension(request: Request) -> Response:
    who, house = staff(request), house_of(request)
    account = str(request.path_params["account"])
    slow_down(house, "changes_per_minute", who.account)
    await house.db.write(lambda tx: actions.lift_suspension(tx, who, account))
    return done()


async def silence(request: Request) -> Response:
    who, asked, house = staff(request), await body(request, Silence), house_of(request)
    account = str(request.path_params["account"])
    slow_down(house, "changes_per_minute", who.account)
    await house.db.write(lambda tx: actions.silence(tx, who, account, asked))
    return done()


async def trust(request: Request) -> Response:
    who, house = staff(request), house_of(request)
    account = str(request.path_params["account"])
    slow_down(house, "changes_per_minute", who.account)
    await house.db.write(lambda tx: actions.trust(tx, who, account))
    return done()


async def audit_log(request: Request) -> Response:
    who = staff(request)
    query = request.query_params
    before, subject, actor = (query.get(name, "")[:26] for name in ("before", "subject", "actor"))
    return reply(
        await house_of(request).db.read(
            lambda db: actions.audit_log(db, who, before=before, subject=subject, actor=actor)
        )
    )


ROUTES = [
    Route("/api/reports", list_reports, methods=["GET"]),
    Route("/api/reports/{report}/resolve", resolve_report, methods=["POST"]),
    Route("/api/accounts/{account}/suspend", suspend, methods=["POST"]),
    Route("/api/accounts/{account}/suspend", lift_suspension, methods=["DELETE"]),
    Route("/api/accounts/{account}/mute", silence, methods=["POST"]),
    Route("/api/accounts/{account}/trust", trust, methods=["POST"]),
    Route("/api/audit", audit_log, methods=["GET"]),
]
