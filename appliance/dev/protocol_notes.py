"""What the types cannot say about errors, close codes and HTTP routes: what a client should do."""

from dataclasses import dataclass

RETRY = {
    "rate_limited": "after `retry_after_ms`",
    "slow_mode": "after `retry_after_ms`",
    "call_peer_away": "after `call_peer` says that it is here",
    "storage_busy": "after `retry_after_ms`, else a second; longer each time",
    "storage_full": "after a minute",
    "restarting": "after reconnecting",
    "internal": "a few times, longer each time",
    "provider_down": "after `retry_after_ms`, at a person's wish",
}
"""Errors after which the same command may well succeed; after any other a person decides."""

CLOSING = {
    "restarting": "Connect again after a random 0.5 to 3 s.",
    "internal": "Connect again with backoff.",
    "malformed": "The client has a bug: log it. Connect again with backoff.",
    "session_ended": "Do not connect again: ask the person to sign in. Had this socket been welcomed, then"
    " the session was ended on purpose: delete everything that is kept on this device.",
    "hello_late": "Connect again with backoff.",
    "resume": "Connect again at once, with the positions held.",
    "flood": "Wait at least 5 s, and send less at once.",
    "too_many_sockets": "Back off for at least 30 s; close other sockets of this person.",
    "ws_protocol": "The client has a bug: log it. Connect again with backoff.",
    "ws_binary": "The client has a bug: log it. Connect again with backoff.",
    "ws_utf8": "The client has a bug: log it. Connect again with backoff.",
    "ws_too_big": "Do not send this command again. Connect again at once.",
}
"""For each error that closes a socket."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP route: names of the Structs that travel, and who may ask. `sends`, `gives`: in words, what
    travels in their stead."""

    route: str
    body: str = ""
    answer: str = ""
    who: str = "member"
    sends: str = ""
    gives: str = "204, empty"


IN_PERSON = "member, at a device of their own"
"""Not with an API token."""

CONFIRMED = "the same, who signed in or used `confirm` within 5 minutes (else `confirm_needed`)"

EXCHANGES = (
    Exchange("GET /api/community", answer="Community", who="anybody"),
    Exchange("POST /api/setup", "SetUp", "SignedIn", who="whoever knows the set-up code, once"),
    Exchange("POST /api/register", "Register", "SignedIn", who="anybody, as far as sign-up is open"),
    Exchange("POST /api/register/challenge", "PasskeyForNewAccount", "Challenge", who="as for register"),
    Exchange("POST /api/sign-in", "SignIn", "SignedIn", who="anybody"),
    Exchange("POST /api/sign-in/challenge", answer="Challenge", who="anybody"),
    Exchange("POST /api/sign-in/passkey", "PasskeySignIn", "SignedIn", who="anybody"),
    Exchange("POST /api/recover", "Recover", "SignedIn", who="whoever knows a recovery code"),
    Exchange("POST /api/reset/look", "LookAtReset", "ResetFor", who="whoever has the link"),
    Exchange("POST /api/reset", "Reset", "SignedIn", who="whoever has the link, once"),
    Exchange("POST /api/accounts/{account}/reset-link", answer="ResetLink", who="another admin, in person"),
    Exchange("POST /api/confirm/challenge", answer="Challenge", who=IN_PERSON),
    Exchange("POST /api/confirm", "Confirm", who=IN_PERSON),
    Exchange("GET /api/sign-in-methods", answer="SignInMethods", who=IN_PERSON),
    Exchange("POST /api/password", "SetPassword", who=CONFIRMED),
    Exchange("DELETE /api/password", who=CONFIRMED),
    Exchange("POST /api/passkeys/challenge", answer="Challenge", who=CONFIRMED),
    Exchange("POST /api/passkeys", "NewPasskey", "Passkey", who=CONFIRMED),
    Exchange("PATCH /api/passkeys/{passkey}", "RenamePasskey", who=IN_PERSON),
    Exchange("DELETE /api/passkeys/{passkey}", who=CONFIRMED),
    Exchange("POST /api/totp", answer="TotpSecret", who=CONFIRMED),
    Exchange("POST /api/totp/confirm", "ConfirmTotp", "RecoveryCodes", who=IN_PERSON),
    Exchange("DELETE /api/totp", who=CONFIRMED),
    Exchange("POST /api/recovery-codes", answer="RecoveryCodes", who=CONFIRMED),
    Exchange("POST /api/sign-out"),
    Exchange("GET /api/devices", answer="Devices"),
    Exchange("DELETE /api/devices/{device}", who="member, in person"),
    Exchange("PATCH /api/devices/{device}", "RenameDevice", who="member, in person"),
    Exchange("DELETE /api/devices", who="member, in person: all but this one, tokens too"),
    Exchange("POST /api/device-links", answer="DeviceLink", who="member, in person"),
    Exchange("GET /api/device-links/{link}", answer="DeviceLink", who="the device that shows it"),
    Exchange("POST /api/device-links/{link}/decide", "DecideLink", who="the device that shows it"),
    Exchange("POST /api/device-links/claim", "ClaimLink", "LinkClaim", who="whoever has the code, once"),
    Exchange("POST /api/device-links/wait", "AwaitLink", "LinkVerdict", who="whoever has the claim"),
    Exchange("GET /api/tokens", answer="ApiTokens", who="member, in person"),
    Exchange("POST /api/tokens", "NewApiToken", "ApiTokenMade", who="member, in person, confirmed"),
    Exchange("DELETE /api/tokens/{token}", who="member, in person"),
    Exchange("POST /api/tickets", answer="SocketTicket", who="member with a bearer token"),
    Exchange("POST /api/oidc/{provider}/begin", "BeginOidc", "OidcBegun", who="anybody"),
    Exchange("GET /api/oidc/{provider}/callback", who="the browser that began", gives="303 to `/returned`"),
    Exchange("GET /api/identities", answer="Identities", who="member, in person"),
    Exchange("DELETE /api/identities/{identity}", who="member, in person, confirmed"),
    Exchange("GET /api/people", answer="People"),
    Exchange("GET /api/people/{person}", answer="Profile", who="member; guests: of people of their room"),
    Exchange("PUT /api/me/picture", answer="PictureSet", sends="the bytes of a picture"),
    Exchange("DELETE /api/me/picture"),
    Exchange("POST /api/me/export", gives="a file of JSON lines"),
    Exchange("POST /api/me/delete", "DeleteMe", who="member who has just confirmed that it is them"),
    Exchange("GET /api/pictures/{picture}", who="whoever is signed in, guests too", gives="a WebP image"),
    Exchange(
        "POST /api/media",
        answer="Uploaded",
        who="whoever is signed in, guests too",
        sends="the bytes of the file",
    ),
    Exchange("GET /api/media/{media}", who="whoever sees a message that shows it", gives="the file"),
    Exchange("PUT /api/logo", answer="LogoSet", who="admin", sends="the bytes of a picture"),
    Exchange("DELETE /api/logo", who="admin"),
    Exchange("GET /api/logo/{logo}/{form}", who="anybody", gives="a PNG image"),
    Exchange("GET /manifest.webmanifest", who="anybody", gives="a web app manifest"),
    Exchange("GET /api/invites", answer="Invites", who="staff"),
    Exchange("POST /api/invites", "NewInvite", "Invite", who="staff"),
    Exchange("DELETE /api/invites/{invite}", who="staff"),
    Exchange("GET /api/invites/{code}", answer="InviteInfo", who="anybody"),
    Exchange(
        "GET /api/rooms/{room}/guest-links", answer="GuestLinks", who="owner and moderators of the room"
    ),
    Exchange(
        "POST /api/rooms/{room}/guest-links",
        "NewGuestLink",
        "GuestLink",
        who="owner and moderators of the room",
    ),
    Exchange("DELETE /api/guest-links/{link}", who="owner and moderators of the room"),
    Exchange("GET /api/guest-links/{code}", answer="GuestDoor", who="anybody"),
    Exchange("POST /api/guests", "EnterAsGuest", "SignedIn", who="whoever has a guest link"),
    Exchange("POST /api/guests/me/member", "BecomeMember", "SignedIn", who="guest"),
    Exchange("GET /api/rooms", answer="Directory"),
    Exchange("PUT /api/categories", "NewCategories", "Categories", who="admin"),
    Exchange("GET /api/rooms/{room}/members", answer="Members", who="member of the room"),
    Exchange("GET /api/rooms/{room}/bans", answer="Bans", who="owner and moderators of the room"),
    Exchange(
        "PUT /api/rooms/{room}/picture",
        answer="PictureSet",
        who="who may change the room",
        sends="the bytes of a picture",
    ),
    Exchange("DELETE /api/rooms/{room}/picture", who="who may change the room"),
    Exchange("POST /api/secret-rooms", "NewSecretRoom", "SecretRoom"),
    Exchange("POST /api/secret-rooms/enter", "EnterSecretRoom", "EnteredRoom"),
    Exchange("GET /api/rooms/{room}/secret", answer="SecretRoom", who="owner and moderators of the room"),
    Exchange("PATCH /api/rooms/{room}/secret", "ChangeSecretRoom", "SecretRoom", who="owner of the room"),
    Exchange("GET /api/rooms/{room}/messages", answer="Page", who="member of the room"),
    Exchange("GET /api/rooms/{room}/receipts", answer="Receipts", who="member of the room"),
    Exchange("GET /api/rooms/{room}/preview", answer="Preview", who="whoever may join the room"),
    Exchange("GET /api/mentions", answer="Mentioned"),
    Exchange("POST /api/search", "Search", "Found", who="member; guests: in their room"),
    Exchange("GET /api/support", answer="MyTickets"),
    Exchange("GET /api/support/queue", answer="Tickets", who="staff"),
    Exchange("GET /api/reports", answer="Reports", who="staff"),
    Exchange("POST /api/reports/{report}/resolve", "ResolveReport", who="staff"),
    Exchange("POST /api/accounts/{account}/suspend", "Suspend", who="staff"),
    Exchange("DELETE /api/accounts/{account}/suspend", who="staff"),
    Exchange("POST /api/accounts/{account}/mute", "Silence", who="staff"),
    Exchange("POST /api/accounts/{account}/trust", who="staff"),
    Exchange("GET /api/audit", answer="AuditLog", who="staff"),
    Exchange("GET /api/credits", answer="Ledger"),
    Exchange("POST /api/accounts/{account}/credits", "Grant", "Balance", who="admin"),
    Exchange("GET /api/accounts", answer="Accounts", who="staff"),
    Exchange("GET /api/accounts/{account}", answer="AccountDetails", who="staff"),
    Exchange("POST /api/accounts/{account}/role", "SetCommunityRole", who="admin"),
    Exchange("GET /api/settings", answer="Settings", who="admin"),
    Exchange("PATCH /api/settings", "ChangeSettings", "Settings", who="admin"),
    Exchange("GET /api/admin/rooms", answer="AllRooms", who="admin"),
    Exchange("POST /api/admin/rooms/{room}", "RoomOrder", "RoomRow", who="admin"),
    Exchange("GET /api/admin/figures", answer="Figures", who="admin"),
    Exchange("GET /api/admin/relay", answer="RelayTest", who="admin"),
    Exchange("POST /api/admin/relay/test", answer="RelayTest", who="admin"),
)
