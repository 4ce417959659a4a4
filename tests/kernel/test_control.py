import asyncio
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from appliance.kernel import control, logs
from appliance.kernel.errors import Refusal


async def greet(name: str) -> dict[str, Any]:
    if name == "taken":
        raise Refusal("name_taken", text="Somebody is called taken.")
    if name == "broken":
        raise RuntimeError("inside")
    return {"greeted": name}


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Path]:
    """A data folder whose control socket knows one verb."""
    server = control.Control(tmp_path, {"greet": greet})
    await server.open()
    yield tmp_path
    await server.close()


async def ask(folder: Path, verb: str, **args: Any) -> Any:
    return await asyncio.to_thread(control.ask, folder, verb, **args)


async def test_a_verb_is_carried_out_and_answered(folder: Path) -> None:
    assert await ask(folder, "greet", name="ada\n") == {"greeted": "ada\n"}


async def test_a_refusal_arrives_as_the_refusal_it_was(folder: Path) -> None:
    with pytest.raises(Refusal) as caught:
        await ask(folder, "greet", name="taken")
    assert (caught.value.code, caught.value.text) == ("name_taken", "Somebody is called taken.")


async def test_what_breaks_inside_stays_inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[str] = []
    monkeypatch.setattr(logs, "failure", lambda name, error, /, **fields: failures.append(str(error)))
    with pytest.raises(Refusal, match="internal") as caught:
        await ask(folder, "greet", name="broken")
    assert "inside" not in caught.value.text
    assert failures == ["inside"]


async def test_an_unknown_verb_or_a_broken_line_is_refused_and_the_next_is_served(folder: Path) -> None:
    reader, writer = await asyncio.open_unix_connection(folder / control.NAME)
    for line in (b'{"verb": "x"}', b"nonsense", b"[]", b'{"verb": []}', b'{"verb": "greet", "args": 5}'):
        writer.write(line + b"\n")
        assert b'"bad_request"' in await reader.readline()
    writer.write(b'{"verb": "greet", "args": {"name": "ada"}}\n')
    assert await reader.readline() == b'{"result": {"greeted": "ada"}}\n'
    writer.close()
    await writer.wait_closed()


async def test_only_the_owner_may_open_it(folder: Path) -> None:
    assert stat.S_IMODE((folder / control.NAME).stat().st_mode) == 0o600


async def test_without_a_server_nobody_answers(tmp_path: Path) -> None:
    with pytest.raises(control.NotRunning):
        await ask(tmp_path, "greet", name="ada")
    with pytest.raises(control.NotRunning):
        await ask(tmp_path / "missing", "greet", name="ada")


async def test_a_dead_servers_socket_is_nobody_and_is_replaced(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / control.NAME))
    with pytest.raises(control.NotRunning):
        await ask(tmp_path, "greet", name="ada")
    server = control.Control(tmp_path, {"greet": greet})
    await server.open()
    assert await ask(tmp_path, "greet", name="ada") == {"greeted": "ada"}
    await server.close()
    assert not (tmp_path / control.NAME).exists()


async def test_a_path_too_long_for_a_socket_works_too(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    server = control.Control(deep, {"greet": greet})
    await server.open()
    assert await ask(deep, "greet", name="ada") == {"greeted": "ada"}
    await server.close()
