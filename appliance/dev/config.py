"""Writes config.example.toml from the options in appliance/config.py."""

from pathlib import Path
from textwrap import wrap

from appliance.config import DEFAULT_FILE, SECTIONS, Config, Provider
from appliance.kernel.option_sources import declared, env_name

FILE = Path(__file__).parents[2] / "config.example.toml"
PROVIDER_NAME = "google"


def example() -> str:
    """The text of `config.example.toml`: every option with its help, all commented out."""
    lines = [
        "# SafeVoice needs no configuration. What is set here wins over the settings in the app.",
        f"# Copy this to {DEFAULT_FILE} in the folder you start from, or name it with --config FILE.",
        f"# Each option can also be an environment variable, which wins: {env_name('listen')},",
        f"# {env_name('limits.messages_per_minute')}, and so on.",
    ]
    section = ""
    for key, option, _default in declared(Config):
        table, _, name = key.rpartition(".")
        if table != section:
            section = table
            lines += ["", *_heading(section)]
        lines += ["", *_comment(option.help), f"# Allowed: {option.allowed}.", f"#{name} = {option.example}"]
    return "\n".join(lines) + "\n"


def _heading(section: str) -> list[str]:
    if section in SECTIONS:
        return [f"[{section}]", *_comment(SECTIONS[section].__doc__ or "")]
    # In a comment as well: a table that is there without its issuer would be a mistake.
    return [f"#[{section.replace('*', PROVIDER_NAME)}]", *_comment(Provider.__doc__ or "")]


def _comment(words: str) -> list[str]:
    return [f"# {line}" for line in wrap(" ".join(words.split()), 96)]


if __name__ == "__main__":
    FILE.write_text(example())
