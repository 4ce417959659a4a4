"""What a community's staff has had to do of late, so that pictures of the admin pages show something."""

from collections.abc import Callable

import msgspec

from appliance.features.admin import actions as admin
from appliance.features.admin.model import SetCommunityRole
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount
from appliance.features.joining import actions as joining
from appliance.features.joining.model import NewInvite
from appliance.features.messages.actions import Messages
from appliance.features.messages.model import Post, Text
from appliance.features.moderation import actions as moderation
from appliance.features.moderation.model import FileReport, Silence
from appliance.features.rooms import actions as rooms
from appliance.features.rooms.actions import Rooms
from appliance.features.rooms.model import Ban, Join, SetRole
from appliance.kernel.session import CommunityRole, Who
from appliance.kernel.transaction import Tx

HOUR = 3_600_000
DAY = 24 * HOUR
BARGAIN = "Real leather bags, 80 % off, only today! Write to me before they are gone: best-bags.example"
URL = "https://kilnandkale.example"


def person(tx: Tx, name: str, role: CommunityRole = "member") -> Who:
    """Somebody of the demo community; `role` is what they act as."""
    return Who(tx.value("SELECT id FROM accounts WHERE name = :name", name=name), "", role)


def staff_at_work(end: int, owner: str, lobby: str, walk: str) -> Callable[[Tx], None]:
    """Deeds of the last days before `end` (ms since the epoch): a seller who is reported, an argument, a new
    moderator, an invitation. `lobby`: a room that `owner` made, `walk`: one of Noor's, both by name."""

    def unit(tx: Tx) -> None:
        room, path = (
            tx.value("SELECT id FROM rooms WHERE name = :name", name=name) for name in (lobby, walk)
        )
        ada = person(tx, owner, "admin")
        bridget = person(tx, "bridget", "moderator")
        tx.now = end - 9 * DAY
        admin.set_role(tx, ada, person(tx, "seun").account, SetCommunityRole(role="moderator"))
        tx.now = end - 6 * DAY
        walter = person(tx, "walter").account
        rooms.set_role(
            tx, ada, SetRole(client_id="office-role-00001", room=room, person=walter, role="moderator")
        )
        tx.now = end - 4 * DAY
        wanted = NewInvite(uses=10, days=30, rooms=[room], note="Pottery course, autumn")
        joining.invite(tx, ada, wanted, URL)
        tx.now += HOUR
        joining.invite(
            tx, ada, NewInvite(uses=1, days=30, role="moderator", note="For Lena, once she is back"), URL
        )
        tx.now = end - 3 * DAY
        gus = person(tx, "gus").account
        moderation.silence(
            tx, bridget, gus, Silence(until=end + 2 * DAY, reason="A quiet weekend for both of you.")
        )
        _seller(tx, end, path)

    return unit


def _seller(tx: Tx, end: int, room: str) -> None:
    tx.now = end - 5 * HOUR
    seller = Who(auth.add_account(tx, NewAccount("bestbags", "Best Bags", "!")).id, "")
    Rooms(0).join(tx, seller, Join(client_id="office-join-00001", room=room))
    words = msgspec.Raw(msgspec.json.encode(Text(text=BARGAIN)))
    said = Messages(text_bytes=8192).post(
        tx, seller, Post(client_id="office-post-00001", room=room, content=words)
    )
    tx.now = end - 4 * HOUR
    note = "Third time today, and in the workshop room as well."
    report = FileReport(client_id="office-report-001", message=said.subject, reason="spam", note=note)
    moderation.file_report(tx, person(tx, "priya"), report)
    tx.now = end - 2 * HOUR
    rude = FileReport(
        client_id="office-report-002",
        person=person(tx, "gus").account,
        reason="abuse",
        note="See his last three answers to me.",
    )
    moderation.file_report(tx, person(tx, "mei"), rude)
    tx.now = end - HOUR
    rooms.ban(
        tx,
        person(tx, "noor"),
        Ban(client_id="office-ban-000001", room=room, person=seller.account, reason="Advertising"),
    )
