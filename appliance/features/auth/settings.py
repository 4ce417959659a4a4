"""What is set for the whole community: by the configuration file, else in the app, else by default."""

from dataclasses import asdict
from typing import Any

from appliance.config import Config
from appliance.features.auth.model import Settings, SignUp

SIGN_UPS: dict[str, SignUp] = {"open": "open", "invite": "invite", "closed": "closed"}
DEFAULT_SIGN_UP: SignUp = "invite"
DEFAULT_NAME = "SafeVoice"
OPTIONS = {"sign_up": "sign_up"} | {
    name: f"community.{name}" for name in Settings.__struct_fields__ if name not in ("sign_up", "locked")
}
"""Name of the setting to key of the option."""
SIGNS = ("guests", "credits")
NUMBERS = ("start_credits", "newcomer_hours", "quiet_weeks")
_SIGN = {"yes": True, "no": False}


def combine(stored: dict[str, str], config: Config) -> Settings:
    """`stored`: what was set in the app, as it is kept."""
    locked = [name for name, key in OPTIONS.items() if key in config.given and name != "sign_up"]
    if config.sign_up:
        locked.append("sign_up")
    fixed = {name: value for name, value in asdict(config.community).items() if name in OPTIONS}
    chosen: dict[str, Any] = {name: _SIGN[value] if name in SIGNS else value for name, value in fixed.items()}
    chosen["sign_up"] = config.sign_up
    chosen |= {
        name: _read(name, value) for name, value in stored.items() if name in OPTIONS and name not in locked
    }
    # A word that a newer version set, and this one does not know, must not open the door.
    sign_up = SIGN_UPS.get(str(chosen["sign_up"]), DEFAULT_SIGN_UP)
    name = str(chosen["name"]) or DEFAULT_NAME
    return Settings(**{**chosen, "name": name, "sign_up": sign_up, "locked": sorted(locked)})


def written(value: str | bool | int) -> str:
    """A value as it is kept."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _read(name: str, value: str) -> Any:
    if name in SIGNS:
        return value == "yes"
    return int(value) if name in NUMBERS else value
