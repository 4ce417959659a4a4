"""What of the files is on the disk."""

from pathlib import Path

from appliance.features.media.model import FOLDER
from tests.server import Server


def kept(server: Server) -> list[str]:
    """What is on the disk."""
    folder = server.house.config.data / FOLDER
    return sorted(str(each.relative_to(folder)) for each in files_in(folder))


def files_in(folder: Path) -> list[Path]:
    return [each for each in folder.glob("**/*") if each.is_file()]
