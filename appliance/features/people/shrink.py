"""One picture, as somebody sent it, to two small ones. Runs as a program of its own: what a hostile file does
to the decoders, it does to a process that holds no secret, has little memory and is ended after some seconds.

In: the file. Out: the length of the large picture as 4 bytes, big-endian, the large and the small one. Ends
with EX_DATAERR for what cannot be read and EX_OSERR for what would take too much. It imports nothing of
SafeVoice, so that it needs no path, and SafeVoice imports nothing of it, so that no decoder is loaded there.
"""

import io
import os
import resource
import struct
import sys

from PIL import AvifImagePlugin, Image, ImageOps

LARGE, SMALL = 512, 96
"""Sides of the two squares in pixels."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
MOST_PIXELS = 40_000_000
MEMORY_BYTES = 768 << 20
CPU_S = 10


def shrink(received: bytes) -> tuple[bytes, bytes]:
    """The middle square of the first frame, upright, as WebP of at most LARGE and of at most SMALL pixels a
    side. Nothing else of the file is kept: no place, no camera, no comment. Raises what Pillow raises, and
    OverflowError for more than MOST_PIXELS."""
    with Image.open(io.BytesIO(received), formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise OverflowError
        # Only a JPEG can be decoded at a fraction of its size; it takes a fraction of the memory.
        image.draft("RGB", (2 * LARGE, 2 * LARGE))
        image.seek(0)
        upright = ImageOps.exif_transpose(image)
        side = min(upright.size)
        square = ImageOps.fit(_plain(upright), (min(side, LARGE),) * 2, Image.Resampling.LANCZOS)
    small = square.resize((min(side, SMALL),) * 2, Image.Resampling.LANCZOS)
    return _webp(square), _webp(small)


def _plain(image: Image.Image) -> Image.Image:
    """In 8 bits of red, green, blue, and alpha where something shows through."""
    if image.mode.startswith("I"):
        # Pillow cuts 16 bits off at 255 instead of scaling them.
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _webp(image: Image.Image) -> bytes:
    # A copy of the pixels alone: what the file said about itself stays behind.
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    # A thread for each core would take up all of the memory by their stacks alone, where there are many.
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    try:
        large, small = shrink(sys.stdin.buffer.read())
    except (OverflowError, Image.DecompressionBombError, MemoryError):
        return os.EX_OSERR
    except Exception:
        # Pillow and its decoders raise whatever they like: it cannot be read, that is all.
        return os.EX_DATAERR
    sys.stdout.buffer.write(struct.pack(">I", len(large)) + large + small)
    return os.EX_OK


if __name__ == "__main__":
    raise SystemExit(main())
