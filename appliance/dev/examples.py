"""Believable frames and bodies, one for each Struct: for the protocol's page, and as seeds for tests."""

from collections.abc import Mapping
from typing import Any

from msgspec import inspect as shapes

from appliance.wire.codec import Lasting
from appliance.wire.frames import Hello, Ping, Replay
from appliance.wire.typescript import BASES, StructType, Vocabulary, fields_of, tag_of

ADA = "06da1d7101s7h97so1abt0v91g"
BELA = "06da1qufg1s2bbcct6sj9u4r38"
GARDEN = "06da28lu01vl744404a4bldk94"
MESSAGE = "06da344r01pan11tk0f9f10d44"
DEVICE = "06da2mdcg1oub2dttojntr37ss"
INVITE = "06da3hs9g1un54otk74pss3op0"
CLIENT_ID = "V1StGXR8_Z5jdHi6B-myT"
NOW = 1_763_640_000_000

VALUES: Mapping[str, Any] = {
    # By the name of the field, wherever it is required
    "id": "7",
    "client_id": CLIENT_ID,
    "log": GARDEN,
    "seq": 348,
    "rev": 348,
    "head": 348,
    "read_seq": 346,
    "unread": 2,
    "room": GARDEN,
    "person": BELA,
    "author": BELA,
    "message": MESSAGE,
    "account": ADA,
    "device": DEVICE,
    "name": "bela",
    "display": "Bela Nowak",
    "at": NOW - 1_500,
    "now": NOW,
    "created_at": NOW - 86_400_000,
    "joined_at": NOW - 86_400_000,
    "last_seen": NOW - 60_000,
    "expires_at": NOW + 604_800_000,
    "role": "member",
    "kind": "phone",
    "password": "correct horse battery staple",
    "content": {"type": "text", "text": "The tomatoes are *ripe*. Who wants some?"},
    "community": "Elm Street",
    "after": 347,
    "to": 348,
    "heartbeat_s": 30,
    "member_count": 3,
    "muted_until": 0,
    "until": NOW + 3_600_000,
    "people": [BELA],
    "categories": [],
    "rooms": [],
    "marks": {GARDEN: 348},
    "balance": 75,
    "amount": 25,
    "entries": ["CreditEntry"],
    "asker": BELA,
    "waiting": 2,
    "opened_at": NOW - 3_600_000,
    "about": "I cannot hear anybody in calls",
    "open": 1,
    "reports": ["FiledReport"],
    "outcome": "acted",
    "standing": "active",
    "total": 42,
    "order": "archive",
    "unit": "messages/s",
    "values": [0.2, 0.4, 0.1],
    "series": ["Series"],
    "counts": {"members": 41, "rooms": 12},
    "version": "0.1.0",
    "started_at": NOW - 86_400_000,
    "tickets": ["Ticket"],
    "text": "",
    "level": "mentions",
    "code": "K7MP2XWE",
    "url": "https://chat.example.org/secret#K7MP2XWE",
    "locked": True,
    "reason": "Spam, again",
    "subject": BELA,
    "action": "room.ban",
    "more": False,
    "away": True,
    "archived": True,
    "state": "online",
    "delivered": 348,
    "read": 347,
    "count": 12,
    "receipts": True,
    "invisible": False,
    "sounds": True,
    "toasts": True,
    "enter_sends": True,
    "since": NOW - 86_400_000,
    # By the Struct and the field: also where it could be left out
    "Preferences.last_seen": True,
    "Profile.about": "Bees, and whatever they visit",
    "PictureSet.picture": MESSAGE,
    "ChangeProfile.status": "🌱 In the greenhouse",
    "ChangeProfile.status_until": NOW + 3_600_000,
    "SetPreferences.receipts": False,
    "NicknameOf.name": "Bela from the allotment",
    "SetNickname.name": "Bela from the allotment",
    "ChangeRoom.topic": "Beds, seeds, weather and tea",
    "SetRole.role": "moderator",
    "Category.id": INVITE,
    "CreditEntry.kind": "gift",
    "CreditEntry.id": INVITE,
    "Ticket.subject": "No sound in calls",
    "MyTicket.subject": "No sound in calls",
    "FiledReport.id": INVITE,
    "FiledReport.reporter": ADA,
    "FiledReport.reason": "spam",
    "FileReport.reason": "spam",
    "FileReport.message": MESSAGE,
    "CreditsChanged.log": ADA,
    "CreditsChanged.seq": 21,
    "AccountRow.role": "member",
    "Series.name": "messages",
    "Series.now": 0.1,
    "FileReport.note": "The third time today",
    "WipeMember.person": BELA,
    "Category.name": "Neighbours",
    "NewCategory.name": "Neighbours",
    "NewSecretRoom.name": "surprise party",
    "DraftChanged.log": ADA,
    "DraftChanged.seq": 19,
    "DraftChanged.text": "I could bring",
    "SaveDraft.text": "I could bring",
    "AttentionChanged.log": ADA,
    "AttentionChanged.seq": 18,
    "Text.text": "The tomatoes are *ripe*. Who wants some?",
    "Me.id": ADA,
    "Me.name": "ada",
    "Me.display": "Ada Lindqvist",
    "Me.role": "admin",
    "Person.id": BELA,
    "Device.id": DEVICE,
    "Device.name": "Chrome on Android",
    "Device.current": True,
    "Invite.id": INVITE,
    "Invite.url": "https://chat.example.org/invite/k7mp-2xwe-hd4n",
    "uses": 5,
    "uses_left": 5,
    "valid": True,
    "Invite.uses": 5,
    "Invite.uses_left": 5,
    "Settings.name": "Elm Street",
    "Settings.sign_up": "invite",
    "Settings.welcome": "Tea is at four. Bring your own cup.",
    "ChangeSettings.welcome": "Tea is at four. Bring your own cup.",
    "Community.name": "Elm Street",
    "Community.version": "0.1.0",
    "Community.needs_setup": False,
    "Community.sign_up": "invite",
    "Community.protected": True,
    "Community.text_bytes": 8192,
    "SetUp.code": "k7mp-2xwe-hd4n",
    "SetUp.name": "ada",
    "SetUp.display": "Ada Lindqvist",
    "Register.display": "Bela Nowak",
    "Register.invite": "k7mp-2xwe-hd4n",
    "Register.device_name": "Chrome on Android",
    "Register.device_kind": "phone",
    "SignIn.code": "492039",
    "SignIn.device_name": "my-bot",
    "SignIn.bearer": True,
    "CredentialsChanged.log": ADA,
    "CredentialsChanged.seq": 20,
    "Challenge.state": "r4dJb6oS0PZ9kq0n9x2l1A",
    "Challenge.options": '{"challenge":"9ZHj…","rpId":"chat.example.org","userVerification":"required"}',
    "Signed.state": "r4dJb6oS0PZ9kq0n9x2l1A",
    "Signed.credential": '{"id":"Zm9v…","rawId":"Zm9v…","type":"public-key","response":{…}}',
    "PasskeySignIn.device_name": "Chrome on Android",
    "PasskeyForNewAccount.invite": "k7mp-2xwe-hd4n",
    "Confirm.password": "correct horse battery staple",
    "SetPassword.sign_out_others": True,
    "Passkey.id": INVITE,
    "Passkey.name": "Bitwarden",
    "Passkey.used_at": NOW - 60_000,
    "Passkey.synced": True,
    "NewPasskey.name": "My phone",
    "RenamePasskey.name": "My old phone",
    "SignInMethods.password": True,
    "SignInMethods.totp": True,
    "SignInMethods.recovery_left": 10,
    "TotpSecret.secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "TotpSecret.url": "otpauth://totp/Elm%20Street:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Elm%20Street",
    "ConfirmTotp.code": "492039",
    "RecoveryCodes.codes": ["k7mp-2xwe-hd4n-qq8r"],
    "Recover.code": "k7mp-2xwe-hd4n-qq8r",
    "ResetLink.url": "https://chat.example.org/reset#Xo8b…",
    "LookAtReset.code": "Xo8b…",
    "Reset.code": "Xo8b…",
    "NewInvite.uses": 5,
    "InviteInfo.valid": True,
    "Room.id": GARDEN,
    "Room.kind": "public",
    "Room.name": "garden",
    "Room.topic": "Beds, seeds and weather",
    "Room.member_count": 3,
    "Room.created_at": NOW - 86_400_000,
    "Room.rev": 12,
    "CreateRoom.name": "garden",
    "CreateRoom.topic": "Beds, seeds and weather",
    "View.room": GARDEN,
    "Message.id": MESSAGE,
    "Message.client_id": CLIENT_ID,
    "Page.has_before": True,
    "Page.has_after": False,
    "Page.quoted": [],
    "MeChanged.log": ADA,
    "MeChanged.seq": 13,
    "DevicesChanged.log": ADA,
    "DevicesChanged.seq": 14,
    "ReadChanged.log": ADA,
    "ReadChanged.seq": 15,
    "ReadChanged.read_seq": 348,
    "ReadChanged.unread": 0,
    "Joined.log": ADA,
    "Joined.seq": 16,
    "Left.log": ADA,
    "Left.seq": 17,
    "Left.reason": "removed",
    "DirectoryRoom.joined": True,
    "Hello.positions": {ADA: 12, GARDEN: 347},
    "Replay.positions": {GARDEN: 347},
    "Edit.content": {"type": "text", "text": "The tomatoes are *ripe*. All taken!"},
    "Report.delivery_ms": [38.5, 41.2],
    "Ack.subject": MESSAGE,
    "Ack.seq": 348,
    "Ack.at": NOW - 1_500,
    "LogReplay.events": ["MessageChanged"],
    "Summary.last": "Message",
    "Summary.person": "Person",
    "Error.code": "rate_limited",
    "Error.text": "That was too fast. Please wait a moment.",
    "Error.retry_after_ms": 2400,
    "Error.limit": "messages_per_minute",
}

ANSWERED = (Hello, Replay, Ping)
"""Commands that make sense only with an `id`, beside the lasting ones."""

STANDS_FOR = {"LogEvent": "MessageChanged", "Event": "Summary"}
"""Which frame shows what a field holds that is typed as any of them."""


def example(words: Vocabulary, struct: StructType) -> dict[str, Any]:
    """A believable `struct` as JSON would carry it. Raises LookupError where VALUES lacks a field."""
    found: dict[str, Any] = dict([tag] if (tag := tag_of(struct)) else [])
    for part in fields_of(struct):
        where = f"{struct.__name__}.{part.encode_name}"
        asks = part.name == "id" and (issubclass(struct, Lasting) or struct in ANSWERED)
        if part.required or asks or where in VALUES:
            own = VALUES.get(where, VALUES.get(part.encode_name))
            found[part.encode_name] = _value(words, part.type, own, where)
    return found


def _value(words: Vocabulary, kind: shapes.Type, own: Any, where: str) -> Any:
    match kind:
        case shapes.StructType(cls=cls):
            name = STANDS_FOR.get(BASES.get(cls, ""), cls.__name__)
            return example(words, next(struct for struct in words.structs if struct.__name__ == name))
        case shapes.ListType(item_type=shapes.StructType() as item):
            return [] if own == [] else [_value(words, item, None, where)]
        case shapes.UnionType(types=types):
            return _value(words, types[0], own, where)
    if own is None:
        raise LookupError(f"appliance/dev/examples.py has no value for {where}")
    return own
