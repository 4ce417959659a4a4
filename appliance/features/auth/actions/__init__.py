"""What people do with accounts, devices and invites. What other features, and `api`, may use of it."""

from appliance.features.auth import rolls, store
from appliance.features.auth.actions import accounts, community, inviting, presenting, replay, sessions
from appliance.features.auth.actions import standing as powers
from appliance.features.auth.model import StoredInvite

# The community

settings = community.settings
change_settings = community.change_settings
name_community = community.name_community
logo = community.logo
show_logo = community.show_logo
sign_up = community.sign_up
check_sign_up = community.check_sign_up
known_secret = community.known_secret
own_secret = community.own_secret

# Accounts

NewAccount = accounts.NewAccount
check_name = accounts.check_name
check_password = accounts.check_password
set_up = accounts.set_up
register = accounts.register
add_account = accounts.add_account
add_guest = accounts.add_guest
desk_of = accounts.desk_of
desk = accounts.desk
promote_guest = accounts.promote_guest
password_of = store.password_of
set_password = store.set_password
any_account = rolls.any_account

# What they are, and how they look

change_role = powers.change_role
suspend = powers.suspend
silence = powers.silence
trust = powers.trust
require_trusted = powers.require_trusted
name_is_free_for_guest = presenting.name_is_free_for_guest
work_out_skeletons = presenting.work_out_skeletons
change_me = presenting.change_me
forget = presenting.forget
clear_log = presenting.clear_log
person = rolls.person
myself = store.me
standing = rolls.standing
staff = rolls.staff
count_admins = rolls.count_admins

# Devices

NewDevice = sessions.NewDevice
sign_in = sessions.sign_in
authenticate = sessions.authenticate
on_device = sessions.on_device
rename_device = sessions.rename_device
forget_devices = sessions.forget_devices
revoke = sessions.revoke
sign_out_everywhere = sessions.sign_out_everywhere
devices = sessions.devices
touch_devices = store.touch_devices

# Invites

invite = inviting.invite
revoke_invite = store.revoke_invite
working_invite = rolls.working_invite
invite_of = rolls.invite_of
invites = rolls.invites
came_by = rolls.came_by

# Replay

ME = replay.ME
DEVICES = replay.DEVICES
whole = replay.whole
load_me = replay.load_me
load_devices = replay.load_devices

__all__ = ["StoredInvite"]
