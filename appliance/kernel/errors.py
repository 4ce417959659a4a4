"""The one table of everything that can be refused.

Three kinds: `user` is shown and the connection lives; `protocol` closes the socket with its close code;
`internal` is logged, and its text stays inside.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["user", "protocol", "internal"]


@dataclass(frozen=True, slots=True)
class Spec:
    """One row: stable `code`, HTTP `status` (RFC 9110), `kind`, text for people, WebSocket `close` code
    (RFC 6455, 7.4; 4000 to 4999 are ours) where it closes a socket."""

    code: str
    status: int
    kind: Kind
    text: str
    close: int = 0


_ROWS = (
    # What a client got wrong
    Spec("bad_request", 400, "user", "This request is not well formed."),
    Spec("unknown_op", 400, "user", "This command is unknown."),
    Spec("not_found", 404, "user", "There is nothing here, or you are not in it."),
    Spec("forbidden", 403, "user", "You may not do this."),
    Spec("too_large", 413, "user", "This is larger than the server takes."),
    Spec("rate_limited", 429, "user", "That was too fast. Please wait a moment."),
    Spec("conflict", 409, "user", "This was already sent with another content."),
    Spec("too_many", 409, "user", "There are as many of these as there can be."),
    Spec("origin_refused", 403, "user", "This request came from another site."),
    # Accounts
    Spec("signed_out", 401, "user", "Please sign in."),
    Spec("wrong_credentials", 401, "user", "Name or password is not right."),
    Spec("second_step_needed", 401, "user", "Now the code of your authenticator app, please."),
    Spec("code_wrong", 401, "user", "This code is not right, or was used already."),
    Spec("suspended", 403, "user", "This account is suspended."),
    Spec("passkey_refused", 401, "user", "This passkey was not accepted."),
    Spec("challenge_over", 409, "user", "That took too long. Please try again."),
    Spec("confirm_needed", 403, "user", "Please show once more that it is you."),
    Spec("last_way_in", 409, "user", "Without this you could not sign in any more. Add another way first."),
    Spec("password_missing", 409, "user", "Set a password first."),
    Spec("reset_invalid", 404, "user", "This link was used already or has expired."),
    Spec("link_invalid", 404, "user", "This code is not right, was used already, or has expired."),
    Spec("link_refused", 403, "user", "The other device did not let this one in."),
    Spec("provider_down", 503, "user", "The other site does not answer right now. Try again in a moment."),
    Spec("provider_refused", 403, "user", "The other site did not confirm who you are."),
    Spec("sign_in_stale", 409, "user", "That took too long, or began in another browser. Start again."),
    Spec("identity_taken", 409, "user", "That account already opens somebody else's account here."),
    Spec("name_taken", 409, "user", "Somebody already has this name."),
    Spec(
        "name_invalid",
        400,
        "user",
        "A name has 1 to 32 letters (a-z), digits, dots, dashes or underscores, and begins and ends with"
        " a letter or digit.",
    ),
    Spec("password_short", 400, "user", "The password needs at least 8 characters."),
    Spec("sign_up_closed", 403, "user", "This community takes no new members right now."),
    Spec("invite_needed", 403, "user", "You need an invitation to join this community."),
    Spec("invite_invalid", 404, "user", "This invitation is used up or has expired."),
    Spec("setting_locked", 409, "user", "The configuration file says this, so it cannot be changed here."),
    Spec("guests_off", 403, "user", "This community lets no guests in."),
    Spec("guest_links_full", 409, "user", "This room has as many guest links as it may have."),
    Spec("name_confusable", 409, "user", "This name can be mistaken for somebody else's. Please add to it."),
    Spec("setup_done", 409, "user", "This community is already set up."),
    Spec("setup_needed", 409, "user", "This community is not set up yet."),
    Spec("setup_code_wrong", 403, "user", "This is not the code that the terminal shows."),
    Spec("picture_unreadable", 415, "user", "This is not a picture that can be read."),
    Spec("media_unknown", 415, "user", "This is not a recording that can be played here."),
    Spec("media_full", 409, "user", "Your recordings take as much space here as they may."),
    Spec("media_gone", 409, "user", "The server no longer has this recording. It is sent once more."),
    Spec("range_refused", 416, "user", "This part of the file does not exist."),
    # Rooms and messages
    Spec("text_empty", 400, "user", "There is nothing to send."),
    Spec("text_too_long", 413, "user", "This text is too long."),
    Spec("content_unknown", 400, "user", "This kind of message is unknown here."),
    Spec("room_full", 409, "user", "This room is full."),
    Spec("room_deleted", 409, "user", "This room was deleted. Who owns it can undo that within a day."),
    Spec("room_archived", 409, "user", "This room is archived: it can be read, and nothing is added."),
    Spec("posting_closed", 403, "user", "Only moderators post in this room."),
    Spec("slow_mode", 429, "user", "This room is in slow mode. Please wait a little."),
    Spec("muted", 403, "user", "You may read here, but not post for now."),
    Spec("banned", 403, "user", "Whoever looks after this room banned this person for now."),
    Spec("seq_ahead", 409, "user", "This position lies in the future."),
    Spec("message_deleted", 409, "user", "This message was deleted."),
    # Credits, support, moderation
    Spec("credits_off", 403, "user", "This community has no credits."),
    Spec("credits_short", 409, "user", "There are not enough credits for that."),
    Spec("tickets_full", 409, "user", "You have as many open conversations with the staff as you can have."),
    Spec("newcomer", 403, "user", "You are new here. This opens up after your first while."),
    Spec("last_admin", 409, "user", "A community needs an admin. Make somebody else one first."),
    # Calls
    Spec("calls_not_here", 409, "user", "Calls are for conversations of two people."),
    Spec("already_calling", 409, "user", "You are in a call already."),
    Spec("call_over", 409, "user", "This call is over."),
    Spec("call_elsewhere", 409, "user", "This call is on another device, or in another window."),
    Spec("call_peer_away", 409, "user", "The other side is not connected right now."),
    # The server's own state
    Spec("storage_full", 507, "user", "The server's disk is full. Try again later."),
    Spec("storage_busy", 503, "user", "The server cannot write right now. Trying again soon."),
    Spec("restarting", 503, "user", "The server is restarting.", close=1012),
    Spec("internal", 500, "internal", "Something went wrong on the server.", close=1011),
    # What ends a socket
    Spec("malformed", 400, "protocol", "This frame is not JSON.", close=4400),
    Spec("session_ended", 401, "protocol", "This session has ended.", close=4401),
    Spec("hello_late", 408, "protocol", "No hello within 5 seconds.", close=4408),
    Spec("resume", 409, "protocol", "The reader was too slow; connect again and resume.", close=4409),
    Spec("flood", 429, "protocol", "Too many frames at once.", close=4429),
    Spec("too_many_sockets", 429, "protocol", "Too many connections at once.", close=4430),
    Spec("ws_protocol", 400, "protocol", "Not a WebSocket frame as RFC 6455 has it.", close=1002),
    Spec("ws_binary", 400, "protocol", "Only text frames are understood.", close=1003),
    Spec("ws_utf8", 400, "protocol", "A text frame is not UTF-8.", close=1007),
    Spec("ws_too_big", 413, "protocol", "A frame is larger than the limit.", close=1009),
)

ERRORS: dict[str, Spec] = {row.code: row for row in _ROWS}


class Refusal(Exception):
    """Raised by a verb to say no. `code` is a row of the table; the rest says which, when and how much."""

    def __init__(
        self, code: str, *, text: str = "", retry_after_ms: int = 0, field: str = "", limit: str = ""
    ) -> None:
        self.spec = ERRORS[code]
        self.text = text or self.spec.text
        self.retry_after_ms = retry_after_ms
        self.field = field
        self.limit = limit
        super().__init__(code)

    @property
    def code(self) -> str:
        return self.spec.code
