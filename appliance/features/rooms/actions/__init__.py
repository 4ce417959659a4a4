"""What people do with rooms. This is what other features, and `api`, may use of it."""

from appliance.features.rooms import permissions, rolls, standing, store
from appliance.features.rooms.actions import (
    above,
    changing,
    ending,
    entering,
    leaving,
    replay,
    ruling,
    secret,
    seeing,
    telling,
)

# The table, and how somebody stands to it

may = permissions.may
outranks = permissions.outranks
require_member = seeing.require_member
require = seeing.require
require_over = seeing.require_over
posting_standing = standing.posting_standing
require_floor = standing.require_floor

# Who sees what

FOREVER = store.FOREVER
MAY_SEE = seeing.MAY_SEE
stretches = store.stretches
rooms_of = store.rooms_of
unseen_topics = rolls.unseen_topics
role_of = store.role_of
room = store.room
member_count = store.member_count
is_banned = store.is_banned
members = seeing.members
bans = seeing.bans
directory = seeing.directory
public_room = seeing.public_room
tell_who_may_see = telling.tell_who_may_see
retell_person = telling.retell_person
shared_rooms = rolls.shared

# Verbs

Rooms = entering.Rooms
require_reachable = entering.require_reachable
enter_unseen = entering.enter_unseen
leave_unseen = entering.leave_unseen
leave = leaving.leave
remove_member = leaving.remove_member
dismiss = leaving.dismiss
set_role = ruling.set_role
change_role = ruling.change_role
transfer = ruling.transfer
mute = ruling.mute
ban = ruling.ban
keep_out = ruling.keep_out
unban = ruling.unban
change_room = changing.change_room
archive = changing.archive
set_picture = changing.set_picture
set_categories = changing.set_categories
delete = ending.delete
restore = ending.restore
close = ending.close
forget = store.forget
create_secret = secret.create
show_secret = secret.show
alter_secret = secret.alter
lock_of = secret.lock_of
enter_secret = secret.enter
typed_code = secret.typed_code

# Jobs

PURGE = ending.PURGE
EXPIRE = ending.EXPIRE
expire = ending.expire
due_in = ending.due_in
purge = ending.purge

# Replay

MEMBER = telling.MEMBER
ROOM = telling.ROOM
MEMBERSHIP = telling.MEMBERSHIP
whole = replay.whole
load_memberships = replay.load_memberships
load_members = replay.load_members
load_rooms = replay.load_rooms
load_changed_room = replay.load_changed_room

# From above

order = above.order
put_away = above.put_away
open_room = above.open_room
admit_if_possible = above.admit_if_possible
start_support = above.start_support
