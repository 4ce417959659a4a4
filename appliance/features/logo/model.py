"""The community's logo: the words."""

from typing import Any

from appliance.features.auth.model import Settings
from appliance.wire.codec import Noun

FORMS = ("tile", "small", "maskable", "tab")
"""Squares of 512, 192, 512 and 64 pixels: on a ground of its own, the same, with an edge that launchers may
cut away, and bare."""

SHORT = 12
"""Characters of a name below an icon, before a home screen cuts it off."""
LINEN, DUSK = "#f4ebe2", "#150d16"
"""The grounds of the app, as in `web/src/app/theme.svelte.ts`."""


class LogoSet(Noun, frozen=True):
    """Answer to `PUT /api/logo` (admins): a PNG, JPEG or WebP as the body. `GET /api/logo/{logo}/{form}`
    shows it to anybody, as PNG: `form` is tile (512 pixels), small (192), maskable (512) or tab (64)."""

    logo: str


def short_name(name: str) -> str:
    """As much of a community's name as fits below an icon: whole words, where the first one does."""
    short = ""
    for word in name.split():
        longer = f"{short} {word}".strip()
        if len(longer) > SHORT:
            break
        short = longer
    return short or name[:SHORT].rstrip()


def manifest(settings: Settings, logo: str) -> dict[str, Any]:
    """What a system needs to know to install the app (W3C Web Application Manifest)."""
    return {
        "id": "/",
        "name": settings.name,
        "short_name": short_name(settings.name),
        "description": settings.welcome or "A place of its own for your community to talk.",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "orientation": "any",
        "background_color": LINEN,
        "theme_color": settings.accent or LINEN,
        "user_preferences": {
            "color_scheme": {
                "dark": {"background_color": DUSK, "theme_color": settings.accent or DUSK},
            }
        },
        "categories": ["social"],
        "icons": _icons(logo),
    }


def _icons(logo: str) -> list[dict[str, str]]:
    if not logo:
        vector = {"src": "/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
        files = (("/icon-192.png", 192, "any"), ("/icon-512.png", 512, "any"))
        return [vector, *(_icon(*file) for file in (*files, ("/icon-maskable-512.png", 512, "maskable")))]
    forms = (("small", 192, "any"), ("tile", 512, "any"), ("maskable", 512, "maskable"))
    return [_icon(f"/api/logo/{logo}/{form}", side, purpose) for form, side, purpose in forms]


def _icon(src: str, side: int, purpose: str) -> dict[str, str]:
    return {"src": src, "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}
