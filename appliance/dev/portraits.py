"""Pictures, statuses and some words of a few people of the demo community, so that it looks lived in."""

import colorsys
import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

from appliance.dev.office import person
from appliance.features.people import actions as people
from appliance.features.people.model import ChangeProfile, SetNickname
from appliance.kernel.house import House
from appliance.kernel.transaction import Tx

SIDE = 512
NEXT_DOOR = "Walter next door"

WORDS = {
    "walter": (
        "🐝 With the hives until tea",
        "Bees since 1979, and still stung twice a year.\n\nAsk me about queens.",
    ),
    "noor": ("🎧 Concentrating", "I solder what others throw away."),
    "priya": ("🏖️ On holiday", "Cake first, questions later."),
    "camille": ("", "Baker by night, sleeper by day."),
    "ada": ("🧱 Brick by brick", "I look after the boiler, the roof and the rota."),
}
PICTURED = (*WORDS, "tomasz", "yuki")


async def portray(house: House) -> None:
    """Everything of this page."""
    for name in PICTURED:
        picture = await people.keep_picture(house, landscape(name))
        await house.db.write(_shown(house, name, picture))
    await house.db.write(_named)


def _shown(house: House, name: str, picture: str) -> Callable[[Tx], None]:
    profiles = people.Profiles(house.of_feature["retell_person"])

    def unit(tx: Tx) -> None:
        who = person(tx, name)
        profiles.set_picture(tx, who.account, picture)
        status, about = WORDS.get(name, ("", ""))
        words = ChangeProfile(client_id=f"portrait-of-{name:>8}", status=status, about=about)
        profiles.change_profile(tx, who, words)

    return unit


def _named(tx: Tx) -> None:
    walter = person(tx, "walter").account
    nickname = SetNickname(client_id="nickname-of-walter", person=walter, name=NEXT_DOOR)
    people.set_nickname(tx, person(tx, "ada"), nickname)


def landscape(seed: str) -> bytes:
    """A PNG of hills under a sky; the same one for the same seed."""
    dice = random.Random(seed)
    hue, image = dice.random(), Image.new("RGB", (SIDE, SIDE))
    pen = ImageDraw.Draw(image)
    for y in range(SIDE):
        pen.line((0, y, SIDE, y), fill=_colour(hue + 0.12 * y / SIDE, 0.35 + 0.2 * y / SIDE, 0.95))
    x, y, r = dice.randint(120, 390), dice.randint(90, 200), dice.randint(36, 64)
    pen.ellipse((x - r, y - r, x + r, y + r), fill=_colour(hue + 0.5, 0.25, 1.0))
    for layer in range(4):
        base, high, wide = 230 + 70 * layer, dice.randint(20, 60), dice.uniform(0.006, 0.016)
        shift = dice.uniform(0, 9)
        ridge = [(x, base - high * math.sin(x * wide + shift)) for x in range(0, SIDE + 8, 8)]
        pen.polygon([(0, SIDE), *ridge, (SIDE, SIDE)], fill=_colour(hue + 0.3, 0.5, 0.75 - 0.15 * layer))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = (round(255 * part) for part in colorsys.hsv_to_rgb(hue % 1, saturation, value))
    return red, green, blue
