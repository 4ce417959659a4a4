"""What people do to sign in, and to change how they do."""

from typing import Any

from appliance.features.audit import actions as audit
from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewDevice
from appliance.features.auth.model import Me, tidy_display
from appliance.features.signin import passkeys, store, totp
from appliance.features.signin.model import (
    MOST_PASSKEYS,
    RECOVERY_CODES,
    RESET_HOURS,
    CredentialsChanged,
    NewCredential,
    Passkey,
    ResetFor,
    Signed,
    SignInMethods,
    is_totp,
    recovery_print,
)
from appliance.kernel import journal
from appliance.kernel.errors import Refusal
from appliance.kernel.house import House
from appliance.kernel.ids import fingerprint, new_code, new_id, new_secret
from appliance.kernel.session import Who
from appliance.kernel.transaction import Reader, Tx
from appliance.wire.http import Site

CREDENTIALS = "credentials"
FOR_GOOD_MS = 50 * 365 * 86_400_000
"""A suspension that ends later than this from now is told without its end."""

Account = store.Account
by_name = store.by_name
by_id = store.by_id
passkey = store.passkey
credentials = store.credentials
StoredPasskey = store.StoredPasskey
forget = store.forget


def methods(db: Reader, account: str) -> SignInMethods:
    """How an account can sign in; raises not_found for a guest."""
    found = _account(db, account)
    return SignInMethods(
        password=bool(found.password),
        totp=store.totp_secret(db, account) is not None,
        recovery_left=store.recovery_left(db, account),
        passkeys=store.passkeys(db, account),
    )


# Coming in


def check_suspended(account: Account, now: int) -> None:
    """Raises suspended, with the reason and the end; only for somebody who proved whose it is."""
    if account.suspended_until <= now:
        return
    left = account.suspended_until - now
    why = account.suspended_why.rstrip(". ")
    text = f"This account is suspended: {why}." if why else ""
    raise Refusal("suspended", text=text, retry_after_ms=left if left < FOR_GOOD_MS else 0)


def enter(tx: Tx, account: Account, code: str, newer: str | None, device: NewDevice) -> tuple[Me, str]:
    """Sign in with a password that was found right; `newer`: its hash with today's parameters, to be kept.
    Raises wrong_credentials where the password changed meanwhile, second_step_needed, or code_wrong."""
    now = _account(tx, account.id)
    # Between the check of the password and this, its owner may have changed it and ended all sessions.
    if now.password != account.password:
        raise Refusal("wrong_credentials")
    check_suspended(now, tx.now)
    secret = store.totp_secret(tx, account.id)
    if secret is not None:
        _pass_second_step(tx, account.id, secret, code)
    if newer is not None:
        auth.set_password(tx, account.id, newer)
    return auth.sign_in(tx, account.id, device)


def _pass_second_step(tx: Tx, account: str, secret: str, code: str) -> None:
    if not code.strip():
        raise Refusal("second_step_needed", field="code")
    if is_totp(code):
        step = totp.step_of(secret, code, tx.now)
        if step is None or not store.use_step(tx, account, step):
            raise Refusal("code_wrong", field="code")
    elif store.use_recovery(tx, account, recovery_print(code)):
        _tell(tx, account)
    else:
        raise Refusal("code_wrong", field="code")


def enter_by_passkey(tx: Tx, key: store.StoredPasskey, sign_count: int, device: NewDevice) -> tuple[Me, str]:
    """Sign in with a passkey whose answer was found good; raises passkey_refused where it is gone by now."""
    account = store.by_id(tx, key.account)
    if account is None:
        raise Refusal("passkey_refused")
    check_suspended(account, tx.now)
    use_passkey(tx, key, sign_count)
    return auth.sign_in(tx, key.account, device)


def use_passkey(tx: Tx, key: store.StoredPasskey, sign_count: int) -> None:
    """Note that a passkey was used; raises passkey_refused where it is gone by now."""
    if not store.use_passkey(tx, key.id, sign_count):
        raise Refusal("passkey_refused")


def knows_recovery(db: Reader, account: str, code: str) -> bool:
    """Whether it is one of the account's recovery codes, and was not used."""
    return store.knows_recovery(db, account, recovery_print(code))


def recover(tx: Tx, account: Account, code: str, password: str, device: NewDevice) -> tuple[Me, str]:
    """Set a new password (already hashed) by a recovery code, end every session, and start one."""
    check_suspended(_account(tx, account.id), tx.now)
    if not store.use_recovery(tx, account.id, recovery_print(code)):
        raise Refusal("code_wrong", field="code")
    _replace_password(tx, account.id, password)
    auth.sign_out_everywhere(tx, account.id)
    return auth.sign_in(tx, account.id, device)


# Password


def set_password(tx: Tx, who: Who, password: str, *, sign_out_others: bool) -> None:
    """Set one's own password (already hashed)."""
    _replace_password(tx, who.account, password)
    if sign_out_others:
        auth.sign_out_everywhere(tx, who.account, but=who.device)


def remove_password(tx: Tx, who: Who) -> None:
    """Sign in by passkeys only from now on, which leaves two-step codes nothing to stand beside."""
    if not store.credentials(tx, who.account):
        raise Refusal("last_way_in")
    _replace_password(tx, who.account, "")
    store.drop_totp(tx, who.account)


def _replace_password(tx: Tx, account: str, password: str) -> None:
    auth.set_password(tx, account, password)
    # Whoever asked for a link got in without it.
    store.drop_reset_link(tx, account)
    _tell(tx, account)


# Passkeys


def check_room_for_passkey(db: Reader, account: str) -> None:
    """Raises too_many."""
    if len(store.credentials(db, account)) >= MOST_PASSKEYS:
        raise Refusal("too_many", limit="passkeys")


def add_passkey(
    tx: Tx, account: str, credential: NewCredential, *, name: str = "", device: str = ""
) -> Passkey:
    """Keep a passkey that was found good, under its own name, its keeper's, or that of the device. Raises
    too_many, or passkey_refused when it is known already."""
    check_room_for_passkey(tx, account)
    made = Passkey(
        id=new_id(tx.now),
        name=tidy_display(name, "") or credential.keeper or tidy_display(device, "Passkey"),
        created_at=tx.now,
        synced=credential.synced,
    )
    if not store.add_passkey(tx, made, account, credential):
        raise Refusal("passkey_refused")
    _tell(tx, account)
    return made


def rename_passkey(tx: Tx, who: Who, passkey: str, name: str) -> None:
    """Raises not_found."""
    if not store.rename_passkey(tx, who.account, passkey, tidy_display(name, "Passkey")):
        raise Refusal("not_found", field="passkey")
    _tell(tx, who.account)


def remove_passkey(tx: Tx, who: Who, passkey: str) -> None:
    """Raises not_found, or last_way_in."""
    mine = [each.id for each in store.passkeys(tx, who.account)]
    if passkey not in mine:
        raise Refusal("not_found", field="passkey")
    if mine == [passkey] and not _account(tx, who.account).password:
        raise Refusal("last_way_in")
    store.drop_passkey(tx, passkey)
    _tell(tx, who.account)


def has_way_in(db: Reader, account: str) -> bool:
    """Whether an account has a password or a passkey."""
    return bool(_account(db, account).password) or bool(store.credentials(db, account))


async def passkey_for_new_account(house: House, site: Site, answer: Signed) -> tuple[str, NewCredential]:
    """(id that the account has to get, passkey) of somebody who registers with a passkey, to be given to
    `add_passkey` once the account is made. Raises challenge_over or passkey_refused."""
    asked = answered(house, answer, "register")
    return asked.account, await passkeys.made(site, asked, answer)


def answered(house: House, answer: Signed, purpose: str, device: str = "") -> passkeys.Asked:
    """The challenge that `answer` is to, which is used up by that; raises challenge_over."""
    asked: passkeys.Asked | None = house.of_feature["challenges"].take(answer.state)
    if asked is None or asked.purpose != purpose or asked.device != device:
        raise Refusal("challenge_over")
    return asked


def require_confirmed(house: House, who: Who) -> None:
    """Raises confirm_needed unless they showed a moment ago that it is them."""
    if house.of_feature["confirmed"].look(who.device) is None:
        raise Refusal("confirm_needed")


# Two steps


def check_may_begin_totp(db: Reader, account: str) -> Account:
    """The account; raises password_missing: two-step codes stand beside a password."""
    found = _account(db, account)
    if not found.password:
        raise Refusal("password_missing")
    return found


def switch_totp_on(tx: Tx, who: Who, secret: str, code: str) -> list[str]:
    """Ask for codes of this secret from now on; returns new recovery codes where none were left. Raises
    code_wrong."""
    check_may_begin_totp(tx, who.account)
    step = totp.step_of(secret, code, tx.now)
    if step is None:
        raise Refusal("code_wrong", field="code")
    store.put_totp(tx, who.account, secret, step)
    if store.recovery_left(tx, who.account):
        _tell(tx, who.account)
        return []
    return make_recovery_codes(tx, who)


def switch_totp_off(tx: Tx, who: Who) -> None:
    """Ask for the password only. Doing it twice counts as done."""
    if store.drop_totp(tx, who.account):
        _tell(tx, who.account)


def make_recovery_codes(tx: Tx, who: Who) -> list[str]:
    """New codes in place of all earlier ones; only their prints are kept."""
    _account(tx, who.account)
    codes = [new_code(groups=4) for _ in range(RECOVERY_CODES)]
    store.put_recovery_codes(tx, who.account, [recovery_print(code) for code in codes])
    _tell(tx, who.account)
    return codes


# An admin's link


def make_reset_link(tx: Tx, who: Who, account: str) -> tuple[str, int]:
    """(code, until when) of a link by which somebody else chooses a new password. Raises forbidden for
    oneself, not_found for guests and people who are gone."""
    if account == who.account:
        raise Refusal("forbidden", field="account")
    found = _account(tx, account)
    code, expires_at = new_secret(), tx.now + RESET_HOURS * 3_600_000
    store.put_reset_link(tx, found.id, fingerprint(code), expires_at)
    audit.note(tx, who, "account.reset_link", found.id)
    return code, expires_at


def look_at_reset(db: Reader, code: str, community: str) -> tuple[Account, ResetFor]:
    """Whom a link is for; raises reset_invalid."""
    found = store.reset_for(db, fingerprint(code.strip()), community)
    if found is None:
        raise Refusal("reset_invalid")
    return found


def reset(tx: Tx, code: str, password: str, device: NewDevice) -> tuple[Me, str]:
    """Set a new password (already hashed) by a link, which is used up, end every session, and start one."""
    account, _ = look_at_reset(tx, code, "")
    check_suspended(account, tx.now)
    store.drop_totp(tx, account.id)
    _replace_password(tx, account.id, password)
    auth.sign_out_everywhere(tx, account.id)
    return auth.sign_in(tx, account.id, device)


def _account(db: Reader, account: str) -> Account:
    found = store.by_id(db, account)
    if found is None:
        raise Refusal("not_found", field="account")
    return found


def _tell(tx: Tx, account: str) -> None:
    """Let the account's other devices know that how one signs in changed."""
    seq = journal.append(tx, account, CREDENTIALS, account, account)
    tx.emit(account, CredentialsChanged(log=account, seq=seq))


def load_credentials(db: Reader, account: str, log: str, subjects: list[tuple[str, int]]) -> list[Any]:
    """That it changed, once however often it did."""
    return [CredentialsChanged(log=log, seq=max(seq for _, seq in subjects))]
