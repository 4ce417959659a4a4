"""What lives only for the moment: who looks at what, who types. Nothing here is stored."""

from appliance.features.rooms.model import StartTyping, Typing, View
from appliance.kernel.bus import Bus
from appliance.kernel.verbs import Peer

TYPING_EVERY_S = 3.0


def view(bus: Bus, peer: Peer, command: View, now: float) -> None:
    """This socket shows `room`. A room that it does not follow, it cannot watch."""
    peer.viewing = command.room if command.room in peer.topics else None


def start_typing(bus: Bus, peer: Peer, command: StartTyping, now: float) -> None:
    """Tell those who have the room on screen."""
    if command.room not in peer.topics or now - peer.typed.get(command.room, -1e9) < TYPING_EVERY_S:
        return
    # What is older no longer holds anything back, so the dict stays small.
    recent = {room: at for room, at in peer.typed.items() if now - at < TYPING_EVERY_S}
    peer.typed = {**recent, command.room: now}
    onlookers = [
        other
        for other in bus.followers(command.room)
        if getattr(other, "viewing", None) == command.room and other.account != peer.account
    ]
    bus.send(onlookers, Typing(room=command.room, person=peer.account))
