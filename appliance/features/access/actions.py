"""What people do with devices, programs and their accounts elsewhere."""

from typing import get_args

from appliance.config import Config
from appliance.features.access import store, tickets
from appliance.features.access.model import (
    MOST_IDENTITIES,
    ApiToken,
    Identity,
    NewApiToken,
    Proven,
    SocketTicket,
)
from appliance.features.access.tickets import Stub
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount, NewDevice
from appliance.features.auth.model import Me
from appliance.features.signin import actions as signin
from appliance.kernel import jobs
from appliance.kernel.errors import Refusal
from appliance.kernel.ids import new_id, new_secret
from appliance.kernel.session import Scope, Who
from appliance.kernel.transaction import Reader, Tx

TICKET_KEY = "ticket_key"
END = "access.end_token"
"""The job that ends a token's session when its time is over."""
PLAIN_NAME = "member"

forget_tickets = store.forget_tickets
forget_identities = store.drop_identities


# Programs


def add_token(tx: Tx, who: Who, asked: NewApiToken, most: int) -> tuple[ApiToken, str]:
    """Let a program act for this person; returns its secret too. Raises forbidden for powers that they have
    not themselves, and too_many."""
    scopes: list[Scope] = [scope for scope in get_args(Scope) if scope in asked.scopes or scope == "read"]
    if "admin" in scopes and not who.staff:
        raise Refusal("forbidden", field="scopes")
    if len(store.tokens(tx, who.account)) >= most:
        raise Refusal("too_many", limit="tokens_per_person")
    secret, wait_ms = new_secret(), asked.days * 86_400_000
    expires_at = tx.now + wait_ms if wait_ms else 0
    device = NewDevice(asked.name, "other", secret, scopes=" ".join(scopes), expires_at=expires_at)
    _, made = auth.sign_in(tx, who.account, device)
    if wait_ms:
        # A socket that is open by then has to be closed.
        jobs.enqueue(tx, END, {"account": who.account, "device": made}, delay_ms=wait_ms)
    return next(token for token in tokens(tx, who) if token.id == made), secret


def tokens(db: Reader, who: Who) -> list[ApiToken]:
    """One's own, newest first."""
    return [
        ApiToken(
            id=row[0],
            name=row[1],
            scopes=row[2].split(),
            created_at=row[3],
            last_used=row[4] if row[4] > row[3] else 0,
            expires_at=row[5],
        )
        for row in store.tokens(db, who.account)
    ]


def revoke_token(tx: Tx, who: Who, token: str) -> None:
    """Raises not_found, also for a device that is no program."""
    if all(row[0] != token for row in store.tokens(tx, who.account)):
        raise Refusal("not_found", field="token")
    auth.revoke(tx, who, token)


def end_token(tx: Tx, account: str, device: str) -> None:
    """Its time is over. It may have been revoked before."""
    try:
        auth.revoke(tx, Who(account, device), device)
    except Refusal as refusal:
        if refusal.code != "not_found":
            raise


def write_ticket(tx: Tx, who: Who) -> SocketTicket:
    """A ticket by which this device opens one socket."""
    ticket, stub = tickets.write(auth.own_secret(tx, TICKET_KEY), who.device, tx.now)
    return SocketTicket(ticket=ticket, expires_at=stub.expires_at)


def holder(db: Reader, ticket: str) -> tuple[Who, Stub] | None:
    """Whose ticket this is, while that device is signed in."""
    key = auth.known_secret(db, TICKET_KEY)
    stub = tickets.read(key, ticket, db.now) if key else None
    who = auth.on_device(db, stub.device) if stub else None
    return (who, stub) if who and stub else None


def use_ticket(tx: Tx, stub: Stub) -> bool:
    """False when it was used before."""
    return store.use_ticket(tx, stub.id, stub.expires_at)


# Accounts elsewhere


def account_of(db: Reader, proven: Proven) -> str | None:
    """The account that this identity opens."""
    found = store.identity(db, proven.issuer, proven.subject)
    return found.account if found else None


def enter(tx: Tx, config: Config, proven: Proven, open_door: bool, device: NewDevice) -> tuple[Me, str]:
    """Sign in whom a provider vouches for; somebody new becomes a member where sign-up is open, or
    `open_door`. Raises suspended, or why nobody may register."""
    account = account_of(tx, proven)
    if account is None:
        account = _join(tx, config, proven, open_door)
        _keep(tx, account, proven)
    found = signin.by_id(tx, account)
    if found is None:
        raise Refusal("provider_refused")
    signin.check_suspended(found, tx.now)
    return auth.sign_in(tx, account, device)


def _join(tx: Tx, config: Config, proven: Proven, open_door: bool) -> str:
    name = free_name(tx, proven.names)
    account = NewAccount(name, proven.display or name, "")
    if not open_door:
        return auth.register(tx, config, account, "").id
    if not auth.any_account(tx):
        raise Refusal("setup_needed")
    newcomer_ms = auth.settings(tx, config).newcomer_hours * 3_600_000
    return auth.add_account(tx, account, trusted_at=tx.now + newcomer_ms).id


def free_name(db: Reader, wished: tuple[str, ...]) -> str:
    """The first name that nobody has, with a number behind it if need be."""
    wished = wished or (PLAIN_NAME,)
    for name in wished:
        if auth.password_of(db, name) is None:
            return name
    stem = wished[0]
    numbers = iter(range(2, 1000))
    found = next((n for n in numbers if auth.password_of(db, f"{stem}{n}") is None), None)
    return f"{stem}{found}" if found else f"{PLAIN_NAME}-{new_id(db.now)[-12:]}"


def link(tx: Tx, who: Who, proven: Proven) -> None:
    """Let an account elsewhere open this one; raises signed_out, identity_taken or too_many. Twice counts as
    done."""
    _check_still_in(tx, who)
    account = account_of(tx, proven)
    if account == who.account:
        return
    if account is not None:
        raise Refusal("identity_taken")
    if len(store.identities(tx, who.account)) >= MOST_IDENTITIES:
        raise Refusal("too_many", limit="identities")
    _keep(tx, who.account, proven)


def confirm(db: Reader, who: Who, proven: Proven) -> None:
    """Raises signed_out, or provider_refused where it vouches for somebody else."""
    _check_still_in(db, who)
    if account_of(db, proven) != who.account:
        raise Refusal("provider_refused")


def unlink(tx: Tx, who: Who, identity: str) -> None:
    """Raises not_found, or last_way_in where nothing else would open the account."""
    if not store.drop_identity(tx, who.account, identity):
        raise Refusal("not_found", field="identity")
    if not store.identities(tx, who.account) and not signin.has_way_in(tx, who.account):
        raise Refusal("last_way_in")


def identities(db: Reader, config: Config, who: Who) -> list[Identity]:
    """One's own accounts elsewhere."""
    by_issuer: dict[str, str] = {}
    for name, settings in config.oidc.items():
        by_issuer.setdefault(settings.issuer.rstrip("/"), name)
    found = []
    for each in store.identities(db, who.account):
        name = by_issuer.get(each.issuer.rstrip("/"), "")
        label = config.oidc[name].label if name else each.issuer.partition("://")[2]
        found.append(Identity(id=each.id, provider=name, label=label, created_at=each.created_at))
    return found


def _check_still_in(db: Reader, who: Who) -> None:
    # The browser was away for a while, and comes back without the cookie of its session.
    if auth.on_device(db, who.device) != who:
        raise Refusal("signed_out")


def _keep(tx: Tx, account: str, proven: Proven) -> None:
    new = store.StoredIdentity(new_id(tx.now), proven.issuer, proven.subject, account, tx.now)
    store.add_identity(tx, new)
