"""What people do with calls. This is what other features, and `api`, may use of it."""

from appliance.features.calls.actions import calling, ending, erasing, talking, telling

# Verbs

ring = calling.ring
answer = calling.answer
decline = calling.decline
hang_up = calling.hang_up
may_be_talked_to = talking.may_be_talked_to

# What happens by itself

miss = ending.miss
lose = ending.lose
see = ending.see
review = ending.review
make_up = ending.make_up
UNREAD = ending.UNREAD

# What is said

MOVED = telling.MOVED
RINGS = telling.RINGS
QUIET = telling.QUIET
moved = telling.moved
shown_to = telling.shown_to
open_calls = telling.open_calls

# What is left behind

TIDY = ending.TIDY
tidy = erasing.tidy
forget = erasing.forget
export = erasing.export
purge = erasing.purge
