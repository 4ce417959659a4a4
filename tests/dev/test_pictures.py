"""Pictures are compared as an eye would compare them."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from appliance.dev.screenshots.command import approve, check
from appliance.dev.screenshots.compare import compare, show
from appliance.dev.screenshots.scenes import LETTERS
from appliance.dev.screenshots.studio import Shot, shots

SIZE = (390, 844)


def page(file: Path, ink: int = 40, words: tuple[int, int, int, int] = (40, 100, 300, 120)) -> Path:
    image = Image.new("RGB", SIZE, (250, 248, 244))
    ImageDraw.Draw(image).rectangle(words, fill=(ink, ink, ink))
    image.save(file)
    return file


def test_a_picture_is_like_itself_and_like_one_whose_letters_are_drawn_a_little_differently(
    tmp_path: Path,
) -> None:
    approved = page(tmp_path / "was.png")
    assert compare(approved, approved).box is None
    assert not compare(approved, page(tmp_path / "is.png", ink=60)).matters


def test_words_that_moved_by_a_line_matter_and_are_pointed_at(tmp_path: Path) -> None:
    found = compare(page(tmp_path / "was.png"), page(tmp_path / "is.png", words=(40, 110, 300, 130)))
    assert found.matters
    assert found.box == (40, 100, 301, 131)


def test_a_dot_that_is_gone_does_not_matter_and_a_badge_that_is_gone_does(tmp_path: Path) -> None:
    for side, matters in ((6, False), (20, True)):
        less = page(tmp_path / "is.png", words=(40, 100, 300 - side, 120))
        with Image.open(page(tmp_path / "was.png")) as was, Image.open(less) as now:
            now.paste(was.crop((300 - side, 100, 301, 120 - side)), (300 - side, 100))
            now.save(less)
        assert compare(tmp_path / "was.png", less).matters is matters, side


def test_a_picture_of_another_size_is_another_picture(tmp_path: Path) -> None:
    Image.new("RGB", (390, 800)).save(tmp_path / "is.png")
    assert compare(page(tmp_path / "was.png"), tmp_path / "is.png").share == 1


def test_what_changed_is_red_beside_how_it_was_and_is(tmp_path: Path) -> None:
    was, now = page(tmp_path / "was.png"), page(tmp_path / "is.png", words=(40, 300, 300, 320))
    show(was, now, tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as sheet:
        assert sheet.size == (3 * SIZE[0], SIZE[1])
        assert sheet.convert("RGB").getpixel((2 * SIZE[0] + 100, 310)) == (255, 0, 0)
        assert sheet.convert("RGB").getpixel((2 * SIZE[0] + 100, 500)) != (255, 0, 0)


def album(folder: Path, of: list[Shot], changed: str = "") -> Path:
    """Pictures of these; those of the scene `changed` look different."""
    folder.mkdir()
    for shot in of:
        page(folder / shot.file, words=(40, 300, 300, 320) if shot.name == changed else (40, 100, 300, 120))
    return folder


def test_what_differs_is_counted_and_shown_and_only_that_is_approved_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = shots(["list", "room"])
    approved = album(tmp_path / "approved", wanted)
    taken = album(tmp_path / "taken", wanted, changed="room")
    assert check(wanted, taken, tmp_path / "shown", approved) == 4
    assert {file.name for file in (tmp_path / "shown").iterdir()} == {shot.file for shot in shots(["room"])}
    kept = {shot.file: (approved / shot.file).stat().st_mtime_ns for shot in shots(["list"])}
    capsys.readouterr()
    approve(wanted, taken, approved)
    assert capsys.readouterr().out.split() == [shot.file for shot in shots(["room"])]
    assert {file: (approved / file).stat().st_mtime_ns for file in kept} == kept
    assert check(wanted, album(tmp_path / "again", wanted, changed="room"), tmp_path, approved) == 0


def test_where_words_alone_look_different_it_is_no_fault_of_the_app(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = shots([LETTERS, "room"])
    approved = album(tmp_path / "approved", wanted)
    assert (
        check(wanted, album(tmp_path / "taken", wanted, changed=LETTERS), tmp_path / "shown", approved) == 0
    )
    assert "no verdict" in capsys.readouterr().out
    assert check(wanted, album(tmp_path / "other", wanted, changed="room"), tmp_path / "shown", approved) == 4


def test_a_picture_that_nobody_has_approved_or_of_a_scene_that_is_gone_counts(tmp_path: Path) -> None:
    wanted = shots(["room"])
    taken = album(tmp_path / "taken", wanted)
    approved = album(tmp_path / "approved", wanted[1:])
    page(approved / "scene-of-old-phone-light.png")
    assert check(wanted, taken, tmp_path / "shown", approved) == 2
