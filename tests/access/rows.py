"""The table of who may do what: a row for every route and every command, a column for everybody there is.

Routes show the HTTP status. Commands show `ok`, `-` for not_found (as if there were nothing), `no` for
forbidden, `bad` for bad_request, or the code of another refusal. What is asked, and about whom, is in
`asking`; who they are, in `scene`."""

from tests.access.scene import ROLES, SOCKETS

_ROUTES = """
                                         out str gst mem for blk mod own sta adm
GET /api/accounts                        401 403 403 403 403 403 403 403 200 200
GET /api/accounts/{account}              401 403 403 403 403 403 403 403 200 200
POST /api/accounts/{account}/credits     401 403 403 403 403 403 403 403 403 200
POST /api/accounts/{account}/mute        401 403 403 403 403 403 403 403 204 204
POST /api/accounts/{account}/reset-link  401 403 403 403 403 403 403 403 403 201
POST /api/accounts/{account}/role        401 403 403 403 403 403 403 403 403 204
DELETE /api/accounts/{account}/suspend   401 403 403 403 403 403 403 403 204 204
POST /api/accounts/{account}/suspend     401 403 403 403 403 403 403 403 204 204
POST /api/accounts/{account}/trust       401 403 403 403 403 403 403 403 204 204
GET /api/admin/figures                   401 403 403 403 403 403 403 403 403 200
GET /api/admin/relay                     401 403 403 403 403 403 403 403 403 200
POST /api/admin/relay/test               401 403 403 403 403 403 403 403 403 200
GET /api/admin/rooms                     401 403 403 403 403 403 403 403 403 200
POST /api/admin/rooms/{room}             401 403 403 403 403 403 403 403 403 200
GET /api/audit                           401 403 403 403 403 403 403 403 200 200
PUT /api/categories                      401 403 403 403 403 403 403 403 403 200
GET /api/community                       200 200 200 200 200 200 200 200 200 200
POST /api/confirm                        401 401 403 401 401 401 401 401 401 401
POST /api/confirm/challenge              401 200 403 200 200 200 200 200 200 200
GET /api/credits                         401 200 403 200 200 200 200 200 200 200
POST /api/device-links                   401 201 403 201 201 201 201 201 201 201
POST /api/device-links/claim             400 400 400 400 400 400 400 400 400 400
POST /api/device-links/wait              400 400 400 400 400 400 400 400 400 400
GET /api/device-links/{link}             401 404 403 404 404 404 404 404 404 404
POST /api/device-links/{link}/decide     401 400 403 400 400 400 400 400 400 400
DELETE /api/devices                      401 204 403 204 204 204 204 204 204 204
GET /api/devices                         401 200 403 200 200 200 200 200 200 200
DELETE /api/devices/{device}             401 404 403 404 404 404 404 404 404 404
PATCH /api/devices/{device}              401 404 403 404 404 404 404 404 404 404
GET /api/guest-links/{code}              200 200 200 200 200 200 200 200 200 200
DELETE /api/guest-links/{link}           401 404 403 403 404 403 204 204 404 404
POST /api/guests                         400 400 400 400 400 400 400 400 400 400
POST /api/guests/me/member               401 403 403 403 403 403 403 403 403 403
GET /api/identities                      401 200 403 200 200 200 200 200 200 200
DELETE /api/identities/{identity}        401 403 403 403 403 403 403 403 403 403
GET /api/invites                         401 403 403 403 403 403 403 403 200 200
POST /api/invites                        401 403 403 403 403 403 403 403 201 201
GET /api/invites/{code}                  200 200 200 200 200 200 200 200 200 200
DELETE /api/invites/{invite}             401 403 403 403 403 403 403 403 204 204
DELETE /api/logo                         401 403 403 403 403 403 403 403 403 204
PUT /api/logo                            401 403 403 403 403 403 403 403 403 415
GET /api/logo/{logo}/{form}              404 404 404 404 404 404 404 404 404 404
POST /api/me/delete                      401 403 403 403 403 403 403 403 403 403
POST /api/me/export                      401 200 403 200 200 200 200 200 200 200
DELETE /api/me/picture                   401 204 403 204 204 204 204 204 204 204
PUT /api/me/picture                      401 415 403 415 415 415 415 415 415 415
POST /api/media                          401 415 415 415 415 415 415 415 415 415
GET /api/media/{media}                   401 404 200 200 404 200 200 200 404 404
GET /api/mentions                        401 200 200 200 200 200 200 200 200 200
POST /api/oidc/{provider}/begin          404 404 404 404 404 404 404 404 404 404
GET /api/oidc/{provider}/callback        404 404 404 404 404 404 404 404 404 404
POST /api/passkeys                       401 403 403 403 403 403 403 403 403 403
POST /api/passkeys/challenge             401 403 403 403 403 403 403 403 403 403
DELETE /api/passkeys/{passkey}           401 403 403 403 403 403 403 403 403 403
PATCH /api/passkeys/{passkey}            401 404 403 404 404 404 404 404 404 404
DELETE /api/password                     401 403 403 403 403 403 403 403 403 403
POST /api/password                       401 403 403 403 403 403 403 403 403 403
GET /api/people                          401 200 403 200 200 200 200 200 200 200
GET /api/people/{person}                 401 200 404 200 200 200 200 200 200 200
GET /api/pictures/{picture}              401 404 404 404 404 404 404 404 404 404
POST /api/recover                        400 400 400 400 400 400 400 400 400 400
POST /api/recovery-codes                 401 403 403 403 403 403 403 403 403 403
POST /api/register                       400 400 400 400 400 400 400 400 400 400
POST /api/register/challenge             400 400 400 400 400 400 400 400 400 400
GET /api/reports                         401 403 403 403 403 403 403 403 200 200
POST /api/reports/{report}/resolve       401 403 403 403 403 403 403 403 404 404
POST /api/reset                          400 400 400 400 400 400 400 400 400 400
POST /api/reset/look                     400 400 400 400 400 400 400 400 400 400
GET /api/rooms                           401 200 403 200 200 200 200 200 200 200
GET /api/rooms/{room}/bans               401 404 403 403 404 403 200 200 404 404
GET /api/rooms/{room}/guest-links        401 404 403 403 404 403 200 200 404 404
POST /api/rooms/{room}/guest-links       401 404 403 403 404 403 201 201 404 404
GET /api/rooms/{room}/members            401 404 200 200 404 200 200 200 404 404
GET /api/rooms/{room}/messages           401 404 200 200 404 200 200 200 404 404
DELETE /api/rooms/{room}/picture         401 404 403 403 404 403 204 204 404 404
PUT /api/rooms/{room}/picture            401 404 403 403 404 403 415 415 404 404
GET /api/rooms/{room}/preview            401 404 403 404 404 404 404 404 404 404
GET /api/rooms/{room}/receipts           401 404 200 200 404 200 200 200 404 404
GET /api/rooms/{room}/secret             401 404 403 403 404 403 403 403 404 404
PATCH /api/rooms/{room}/secret           401 404 403 403 404 403 403 403 404 404
POST /api/search                         401 200 200 200 200 200 200 200 200 200
POST /api/secret-rooms                   401 201 403 201 201 201 201 201 201 201
POST /api/secret-rooms/enter             401 404 403 404 404 404 404 404 404 404
GET /api/settings                        401 403 403 403 403 403 403 403 403 200
PATCH /api/settings                      401 403 403 403 403 403 403 403 403 200
POST /api/setup                          400 400 400 400 400 400 400 400 400 400
POST /api/sign-in                        400 400 400 400 400 400 400 400 400 400
GET /api/sign-in-methods                 401 200 403 200 200 200 200 200 200 200
POST /api/sign-in/challenge              200 200 200 200 200 200 200 200 200 200
POST /api/sign-in/passkey                400 400 400 400 400 400 400 400 400 400
POST /api/sign-out                       401 204 204 204 204 204 204 204 204 204
GET /api/support                         401 200 403 200 200 200 200 200 200 200
GET /api/support/queue                   401 403 403 403 403 403 403 403 200 200
POST /api/tickets                        401 201 403 201 201 201 201 201 201 201
GET /api/tokens                          401 200 403 200 200 200 200 200 200 200
POST /api/tokens                         401 403 403 403 403 403 403 403 403 403
DELETE /api/tokens/{token}               401 404 403 404 404 404 404 404 404 404
DELETE /api/totp                         401 403 403 403 403 403 403 403 403 403
POST /api/totp                           401 403 403 403 403 403 403 403 403 403
POST /api/totp/confirm                   401 400 403 400 400 400 400 400 400 400
GET /healthz                             200 200 200 200 200 200 200 200 200 200
GET /manifest.webmanifest                200 200 200 200 200 200 200 200 200 200
GET /metrics                             200 200 200 200 200 200 200 200 200 200
GET /readyz                              200 200 200 200 200 200 200 200 200 200
"""

_COMMANDS = """
                 str gst mem for blk mod own sta adm
add_member       -   no  no  -   no  ok  ok  -   -
answer_call      -   -   -   -   -   -   -   -   -
archive_room     -   no  no  -   no  no  ok  -   -
ask_calls        ok  ok  ok  ok  ok  ok  ok  ok  ok
ask_for_help     ok  no  ok  ok  ok  ok  ok  ok  ok
ask_relay        ok  ok  ok  ok  ok  ok  ok  ok  ok
assign_ticket    -   no  -   -   -   -   -   -   -
away             ok  ok  ok  ok  ok  ok  ok  ok  ok
ban              -   no  no  -   no  ok  ok  -   -
begin_talk       -   ok  ok  -   ok  ok  ok  -   -
block            ok  no  ok  ok  ok  ok  ok  ok  ok
call_here        call_over call_over call_over call_over call_over call_over call_over call_over call_over
call_signal      call_over call_over call_over call_over call_over call_over call_over call_over call_over
change_profile   ok  no  ok  ok  ok  ok  ok  ok  ok
change_room      -   no  no  -   no  ok  ok  -   -
close_ticket     -   no  -   -   -   -   -   -   -
create_room      ok  no  ok  ok  ok  ok  ok  ok  ok
decline_call     -   -   -   -   -   -   -   -   -
delete           -   no  no  -   no  ok  ok  -   -
delete_room      -   no  no  -   no  no  ok  -   -
delivered        ok  ok  ok  ok  ok  ok  ok  ok  ok
edit             -   ok  ok  -   ok  ok  ok  -   -
end_talk         ok  ok  ok  ok  ok  ok  ok  ok  ok
file_report      -   ok  ok  -   ok  ok  -   -   -
gift             ok  no  ok  ok  ok  ok  ok  ok  ok
hang_up          -   -   -   -   -   -   -   -   -
hello            bad bad bad bad bad bad bad bad bad
join             -   no  ok  -   ok  ok  ok  -   -
leave            ok  ok  ok  ok  ok  ok  ok  ok  ok
listen           -   ok  ok  -   ok  ok  ok  -   -
mark_unread      -   ok  ok  -   ok  ok  ok  -   -
mute_member      -   no  no  -   no  ok  ok  -   -
ping             ok  ok  ok  ok  ok  ok  ok  ok  ok
post             -   ok  ok  -   ok  ok  ok  -   -
read             -   ok  ok  -   ok  ok  ok  -   -
remove_member    -   no  no  -   no  ok  ok  -   -
reopen_ticket    -   no  -   -   -   -   -   -   -
replay           ok  ok  ok  ok  ok  ok  ok  ok  ok
report           ok  ok  ok  ok  ok  ok  ok  ok  ok
restore_room     -   no  no  -   no  no  ok  -   -
ring             -   calls_not_here calls_not_here - calls_not_here calls_not_here calls_not_here - -
save_draft       -   ok  ok  -   ok  ok  ok  -   -
set_attention    -   ok  ok  -   ok  ok  ok  -   -
set_nickname     ok  no  ok  ok  ok  ok  ok  ok  ok
set_preferences  ok  ok  ok  ok  ok  ok  ok  ok  ok
set_role         -   no  no  -   no  no  ok  -   -
start_dm         ok  no  ok  ok  no  ok  ok  ok  ok
start_group      ok  no  ok  ok  no  ok  ok  ok  ok
talk_signal      call_over call_over call_over call_over call_over call_over call_over call_over call_over
transfer_room    -   no  no  -   no  no  ok  -   -
typing           ok  ok  ok  ok  ok  ok  ok  ok  ok
unban            -   no  no  -   no  ok  ok  -   -
unblock          ok  no  ok  ok  ok  ok  ok  ok  ok
view             ok  ok  ok  ok  ok  ok  ok  ok  ok
watch            ok  no  ok  ok  ok  ok  ok  ok  ok
wipe_member      -   no  no  -   no  ok  ok  -   -
"""

_SHORT = {"-": "not_found", "no": "forbidden", "bad": "bad_request"}


def _table(text: str, width: int) -> dict[str, list[str]]:
    """The rows by their name, without the line of headings."""
    lines = [line.split() for line in text.strip("\n").splitlines()[1:]]
    return {" ".join(words[:-width]): words[-width:] for words in lines}


ROUTES: dict[str, tuple[int, ...]] = {
    route: tuple(int(status) for status in cells) for route, cells in _table(_ROUTES, len(ROLES)).items()
}
COMMANDS: dict[str, tuple[str, ...]] = {
    op: tuple(_SHORT.get(cell, cell) for cell in cells)
    for op, cells in _table(_COMMANDS, len(SOCKETS)).items()
}
