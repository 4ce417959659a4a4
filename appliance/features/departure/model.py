"""Going: the words."""

from appliance.wire.codec import Body


class DeleteMe(Body, frozen=True):
    """`POST /api/me/delete`: delete my account for good. Needs `POST /api/confirm` before, like all that
    changes how one signs in. What I wrote stays under "Deleted person" (`keep_messages`), or is taken away by
    and by. The last admin cannot go."""

    keep_messages: bool
