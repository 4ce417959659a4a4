"""Calls: the words."""

from appliance.wire.codec import Command, Event, Millis, Noun


class IceServer(Noun, frozen=True):
    """A server that helps calls to connect, as RTCPeerConnection takes it. In `urls`, `{host}` stands for the
    host that the client itself reached SafeVoice by."""

    urls: list[str]
    username: str
    credential: str


class RelayKeys(Event, tag="relay_keys", frozen=True):
    """What this device needs to use the relay, until `expires_at`; a call that began before then goes on.
    `servers` is empty where there is no relay. Both sides of a call need one: who is relayed can only be
    reached by whoever is relayed as well."""

    servers: list[IceServer]
    expires_at: Millis


class AskRelay(Command, tag="ask_relay", frozen=True):
    """Ask for `relay_keys`, for this device."""
