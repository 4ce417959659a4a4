"""Whether two pictures show the same, as an eye would say, and where they do not."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

LIKE = 24
"""Two values of a channel (0 to 255) that are this near are the same: edges of letters differ by a little
from one version of a browser to the next."""
TOLERANCE = 0.0005
"""The share of points that may differ: some 600 on a desktop, less than a word."""
FADED = 0.35


@dataclass(frozen=True)
class Difference:
    """`share` of the points, 0 to 1, and the box around them: left, top, right, bottom in px; or None."""

    share: float
    box: tuple[int, int, int, int] | None

    @property
    def matters(self) -> bool:
        return self.share > TOLERANCE


def differing(one: Image.Image, other: Image.Image) -> Image.Image:
    """A mask: white where they differ."""
    bands = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).split()
    worst = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return worst.point([0 if value <= LIKE else 255 for value in range(256)])


def compare(approved: Path, taken: Path) -> Difference:
    """Pictures of different sizes have nothing in common."""
    with Image.open(approved) as one, Image.open(taken) as other:
        if one.size != other.size:
            return Difference(1.0, (0, 0, *other.size))
        mask = differing(one, other)
        return Difference(mask.histogram()[255] / (mask.width * mask.height), mask.getbbox())


def show(approved: Path, taken: Path, out: Path) -> None:
    """Write one picture of three: as it was, as it is, and that with all that stayed the same faded."""
    with Image.open(approved) as one, Image.open(taken) as other:
        was, now = one.convert("RGB"), other.convert("RGB")
    sheet = Image.new("RGB", (was.width + 2 * now.width, max(was.height, now.height)), "white")
    sheet.paste(was, (0, 0))
    sheet.paste(now, (was.width, 0))
    if was.size == now.size:
        faded = Image.blend(Image.new("RGB", now.size, "white"), now, FADED)
        sheet.paste(
            Image.composite(Image.new("RGB", now.size, "red"), faded, differing(was, now)), (2 * now.width, 0)
        )
    sheet.save(out)
