"""What is wrong with a way to the relay, and what to do about it, for those who read logs and terminals. The
web app has words of its own for the same codes."""

from appliance.features.calls.model import RelayTest, RelayWay

ADVICE = {
    "port_taken": "Another program has this port. Stop it, or name another port in calls.relay_listen.",
    "not_permitted": "SafeVoice may not listen on this port. Ports below 1024 need a permission:"
    " systemd/safevoice.service shows it.",
    "not_listening": "The system does not let SafeVoice listen there. See calls.relay_listen.",
    "no_certificate": "The certificate for this port cannot be used. See calls.relay_tls_certificate.",
    "unknown_name": "The name leads nowhere. Look at its DNS records, at public_url and at calls.relay_host.",
    "elsewhere": "The name leads to another machine. If that is a CDN, or a proxy that passes on no calls,"
    " give this machine a second name of its own and set calls.relay_host to it. Otherwise look at the DNS"
    " records, or correct calls.public_address.",
    "refused": "Nobody listens at that address. If a router or a container stands before this server,"
    " pass the port on to it.",
    "no_answer": "Nothing came back. Open the port in the firewall; behind a router pass it on to this"
    " server. A CDN, or a proxy on another machine, passes on no calls: then see calls.relay_host. Some"
    " routers do not let a server reach itself from inside: then only a test from outside can"
    " tell.",
    "unreachable": "The network knows no way there.",
    "no_tls": "Whatever answers there does not speak TLS as it should. A proxy that passes on only HTTP"
    " cannot carry calls: set calls.relay_tls_listen.",
    "certificate_untrusted": "The certificate is not signed by anybody whom browsers trust, or its chain"
    " is not complete.",
    "certificate_name": "The certificate is for another name than the one that clients are given.",
    "certificate_expired": "The certificate has expired. Renew it and restart SafeVoice.",
    "not_turn": "Something answers there, and it is not the relay. A proxy that passes on only HTTP"
    " cannot carry calls: set calls.relay_tls_listen.",
    "keys_refused": "The relay does not take the keys. With another server, calls.external_secret has to"
    " be its static-auth-secret, and the clocks of both must agree.",
    "full": "The relay gives no more addresses. Look at its quotas.",
    "turn_error": "The relay refused with a code of its own.",
    "no_connection": "Both sides were given addresses, and no packet came from one to the other. Another"
    " server may forbid its own addresses as peers (coturn: allowed-peer-ip).",
    "broken": "The test itself failed.",
}
"""By its stable code."""

_STATES = {
    "ok": "works",
    "here": "works on this machine only",
    "bad": "does not work",
    "unknown": "not tried",
}


def lines(test: RelayTest) -> list[str]:
    """All of it, for a terminal."""
    if test.relay == "no":
        return [
            "The relay is off (calls.relay): calls connect only where two devices reach each other directly."
        ]
    said = [f"{way.name:<{_width(test)}}  {_of(way)}" for way in test.ways] or ["The relay listens nowhere."]
    said += [
        f"{'':<{_width(test)}}  {text}"
        for code in dict.fromkeys(way.code for way in test.ways if way.code)
        for text in (f"{code}: {ADVICE.get(code, '')}",)
    ]
    if test.code:
        said.append(f"{ADVICE.get(test.code, test.code)} {test.detail}".rstrip())
    if test.relay == "own" and not test.host:
        said.append("public_url is not set: tried on this machine only.")
    if test.relay == "own" and not any(way.kind == "tls" for way in test.ways):
        said.append(
            "No way by TLS: networks that let out nothing but https cannot call (calls.relay_tls_listen)."
        )
    return said


def well(test: RelayTest) -> bool:
    """Whether there is nothing to do."""
    return test.relay == "no" or (
        not test.code and all(way.state == "ok" for way in test.ways) and bool(test.ways)
    )


def _of(way: RelayWay) -> str:
    if way.state == "ok":
        return f"works, {way.ms} ms"
    return (
        f"{_STATES[way.state]}{f': {way.code}' if way.code else ''}{f' ({way.detail})' if way.detail else ''}"
    )


def _width(test: RelayTest) -> int:
    return max((len(way.name) for way in test.ways), default=0)
