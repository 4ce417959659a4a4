"""Pictures are compared as an eye would compare them."""

from pathlib import Path

from PIL import Image, ImageDraw

from appliance.dev.screenshots.compare import compare, show

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
