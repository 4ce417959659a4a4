"""Writes config.example.toml from the options in appliance/config.py."""

from pathlib import Path

from appliance.config import example

FILE = Path(__file__).parents[2] / "config.example.toml"


if __name__ == "__main__":
    FILE.write_text(example())
