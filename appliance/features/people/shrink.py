"""One picture, as somebody sent it, to a few small ones. Runs as a program of its own: what a hostile file
does to the decoders, it does to a process that holds no secret, has little memory and is ended after some
seconds.

Argument: `picture` for a large and a small square of it, `logo` for the forms of a community's mark. In: the
file. Out: of each image its length as 4 bytes, big-endian, and the image. Ends with EX_DATAERR for what
cannot be read, EX_NOINPUT for what is too small and EX_OSERR for what would take too much. It imports
nothing of SafeVoice, so that it needs no path, and SafeVoice imports nothing of it, so that no decoder is
loaded there.
"""

import io
import os
import resource
import struct
import sys
from collections.abc import Sequence

from PIL import AvifImagePlugin, Image, ImageOps

LARGE, SMALL = 512, 96
"""Sides of the two squares in pixels."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
LOGO_FORMATS = ("PNG", "JPEG", "WEBP")
ICON, ICON_SMALL, TAB = 512, 192, 64
LEAST = 128
"""What is smaller would be a blur on a home screen."""
MARGIN = 0.74
"""Of a tile, how much a mark that lets its ground show takes up."""
SAFE = 0.58
"""The same where a launcher cuts its own shape out, of which only a circle of 80 % is safe (W3C manifest)."""
LINEN, DUSK = (252, 247, 240), (38, 25, 40)
MOST_PIXELS = 40_000_000
MEMORY_BYTES = 768 << 20
CPU_S = 10


class TooSmall(Exception):
    """Less than LEAST a side."""


def shrink(received: bytes) -> tuple[bytes, bytes]:
    """The middle square of the first frame, upright, as WebP of at most LARGE and of at most SMALL pixels a
    side. Nothing else of the file is kept: no place, no camera, no comment. Raises what Pillow raises, and
    OverflowError for more than MOST_PIXELS."""
    upright = _upright(received, FORMATS)
    side = min(upright.size)
    square = ImageOps.fit(upright, (min(side, LARGE),) * 2, Image.Resampling.LANCZOS)
    small = square.resize((min(side, SMALL),) * 2, Image.Resampling.LANCZOS)
    return _webp(square), _webp(small)


def forms(received: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """A mark, whole, as PNG: a tile for home screens, a small one, one whose edge may be cut away, and the
    bare mark for a browser's tab. Raises what Pillow raises, OverflowError for more than MOST_PIXELS, and
    TooSmall."""
    mark = _upright(received, LOGO_FORMATS).convert("RGBA")
    # Air that was drawn around it would make it smaller than others beside it.
    mark = mark.crop(mark.getchannel("A").getbbox())
    if max(mark.size) < LEAST:
        raise TooSmall
    ground = _ground(mark)
    opaque = mark.getchannel("A").getextrema() == (255, 255)
    whole = opaque and mark.width == mark.height
    tile = _on(ground, mark, 1 if whole else MARGIN)
    small = tile.resize((ICON_SMALL,) * 2, Image.Resampling.LANCZOS)
    bare = ImageOps.pad(mark, (TAB, TAB), Image.Resampling.LANCZOS, color=(0, 0, 0, 0))
    return _png(tile), _png(small), _png(_on(ground, mark, SAFE)), _png(bare)


def _on(ground: tuple[int, int, int], mark: Image.Image, share: float) -> Image.Image:
    tile = Image.new("RGBA", (ICON, ICON), (*ground, 255))
    side = round(ICON * share)
    fitted = ImageOps.contain(mark, (side, side), Image.Resampling.LANCZOS)
    tile.alpha_composite(fitted, ((ICON - fitted.width) // 2, (ICON - fitted.height) // 2))
    return tile.convert("RGB")


def _ground(mark: Image.Image) -> tuple[int, int, int]:
    """The mark's own edge where that is of one colour all around, else light or dark, whichever lets it stand
    out more."""
    side, raw = 32, mark.resize((32, 32), Image.Resampling.BOX).tobytes()
    pixels = [tuple(raw[at : at + 4]) for at in range(0, len(raw), 4)]
    edge = [pixel for at, pixel in enumerate(pixels) if {at % side, at // side} & {0, side - 1}]
    red, green, blue, alpha = (sorted(part) for part in zip(*edge, strict=True))
    if alpha[0] == 255 and all(part[-1] - part[0] <= 12 for part in (red, green, blue)):
        middle = len(edge) // 2
        return red[middle], green[middle], blue[middle]
    shown = sum(pixel[3] for pixel in pixels)
    light = sum(_light(pixel) * pixel[3] for pixel in pixels) / shown
    return max(LINEN, DUSK, key=lambda ground: _contrast(_light(ground), light))


def _light(colour: Sequence[int]) -> float:
    """Relative luminance (WCAG 2.2)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour[:3])
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _upright(received: bytes, formats: tuple[str, ...]) -> Image.Image:
    with Image.open(io.BytesIO(received), formats=formats) as image:
        if image.width * image.height > MOST_PIXELS:
            raise OverflowError
        # Only a JPEG can be decoded at a fraction of its size; it takes a fraction of the memory.
        image.draft("RGB", (2 * LARGE, 2 * LARGE))
        image.seek(0)
        return _plain(ImageOps.exif_transpose(image))


def _plain(image: Image.Image) -> Image.Image:
    """In 8 bits of red, green, blue, and alpha where something shows through."""
    if image.mode.startswith("I"):
        # Pillow cuts 16 bits off at 255 instead of scaling them.
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    _bare(image).save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    _bare(image).save(out, "PNG", optimize=True)
    return out.getvalue()


def _bare(image: Image.Image) -> Image.Image:
    """A copy of the pixels alone: what the file said about itself stays behind."""
    return Image.frombytes(image.mode, image.size, image.tobytes())


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    # A thread for each core would take up all of the memory by their stacks alone, where there are many.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    make = {"picture": shrink, "logo": forms}[sys.argv[1]]
    try:
        images = make(sys.stdin.buffer.read())
    except (OverflowError, Image.DecompressionBombError, MemoryError):
        return os.EX_OSERR
    except TooSmall:
        return os.EX_NOINPUT
    except Exception:
        # Pillow and its decoders raise whatever they like: it cannot be read, that is all.
        return os.EX_DATAERR
    for image in images:
        sys.stdout.buffer.write(struct.pack(">I", len(image)) + image)
    return os.EX_OK


if __name__ == "__main__":
    raise SystemExit(main())
