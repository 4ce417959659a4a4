"""Names that look alike: nobody comes in as a guest who could be taken for a member."""

import pytest

from appliance.features.auth import actions as auth
from appliance.features.auth.actions import NewAccount
from appliance.features.auth.lookalikes import skeleton
from tests.server import Server


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", "аdа"),  # Cyrillic
        ("Ada Lindqvist", "ADA  LINDQVIST"),
        ("Ada Lindqvist", "Ada\u200bLind\u2060qvist\ufe0f"),
        ("paypal", "paypaI"),
        ("paypal", "PAYPA1"),
        ("tom", "torn"),
        ("Bob", "Воb"),
        ("Bob", "B0b"),
        ("Ilya", "iIya"),
        ("Béla", "Be\u0301la"),
        ("Helen", "Ηelen"),
        ("Ada", "𝕬𝖉𝖆"),
        ("Ada", "Ａｄａ"),
        ("groß", "GROSS"),
    ],
)
def test_what_looks_alike_has_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Ada", "Adam"), ("Béla", "Bela"), ("Mo", "Jo"), ("李", "王"), ("Anna 🌻", "Anna 🐝")]
)
def test_what_looks_different_does_not(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


async def _free(server: Server, display: str) -> bool:
    return await server.house.db.read(lambda db: auth.name_is_free_for_guest(db, display))


async def test_a_guest_cannot_look_like_a_member(server: Server) -> None:
    new = NewAccount("torn", "Béla Novák", "not a hash")
    bela = await server.house.db.write(lambda tx: auth.add_account(tx, new))
    for taken in ("Béla Novák", "bélanovák", "tom", "T0RN", "\u200b", " ", ""):
        assert not await _free(server, taken), taken
    assert await _free(server, "Bela from next door")
    # With the new name the old one is free, and the new one is not.
    await server.house.db.write(lambda tx: auth.change_me(tx, bela.id, display="Zoë"))
    assert await _free(server, "Béla Novák")
    assert not await _free(server, "ZOË")
    await server.house.db.write(lambda tx: auth.forget(tx, bela.id))
    assert await _free(server, "Zoë")
    assert await _free(server, "tom")


async def test_two_guests_may_have_one_name(server: Server) -> None:
    await server.account("gus", role="guest")
    assert await _free(server, "Gus")


async def test_accounts_of_earlier_versions_get_their_skeletons_in_the_background(server: Server) -> None:
    for number in range(3):
        await server.account(f"person{number}")
    forgotten = "UPDATE accounts SET skeleton = NULL, name_skeleton = NULL"
    await server.house.db.write(lambda tx: tx.run(forgotten))
    assert await _free(server, "Person1")
    counts = [await server.house.db.write(lambda tx: auth.work_out_skeletons(tx, most=2)) for _ in range(3)]
    assert counts == [2, 1, 0]
    assert not await _free(server, "Person1")
