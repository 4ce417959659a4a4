"""The house stands as it was drawn: who may import whom, and who may write which table."""

from pathlib import Path

import pytest

from appliance.features import ORDER
from tests.layout import server, tables, web

ROOT = Path(__file__).parents[1]
MODULES = server.modules(ROOT)
MIGRATIONS = {file.name: file.read_text() for file in (ROOT / "appliance/migrations").glob("*.sql")}


def test_every_import_goes_down_the_ladder() -> None:
    known = set(MODULES)
    refused = [
        f"{use}: {why}"
        for name, file in MODULES.items()
        for use in server.imports(name, file.read_text(), known, package=file.name == "__init__.py")
        if (why := server.refusal(use, ORDER))
    ]
    assert not refused, "\n".join(refused)


def test_every_module_has_its_place() -> None:
    places = {name.split(".")[1] for name in MODULES if "." in name}
    assert places <= {*server.TOP, *server.MAY_USE, "migrations"}
    features = {name.split(".")[2] for name in MODULES if name.startswith("appliance.features.")}
    assert features <= set(ORDER)


def test_every_feature_has_its_door_plate() -> None:
    plates = {name: file for name, file in MODULES.items() if name.startswith("appliance.features.")}
    plates = {name: file for name, file in plates.items() if name.count(".") == 2}
    missing = [name for name, file in plates.items() if '"""' not in file.read_text()[:3]]
    assert missing == []


def test_tables_are_written_only_by_their_owners_store_and_read_only_from_later_on_the_ladder() -> None:
    owned = tables.owners(MIGRATIONS)
    refused = [
        refusal
        for file in MODULES.values()
        for refusal in tables.refusals(file.relative_to(ROOT / "appliance"), file.read_text(), owned, ORDER)
    ]
    assert not refused, "\n".join(refused)


def test_migrations_are_numbered_without_holes_and_named_after_their_owner() -> None:
    names = sorted(MIGRATIONS)
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert {tables.owner_of(name) for name in names} <= {"kernel", *ORDER}
    assert tables.foreign_alterations(MIGRATIONS) == []


def test_the_web_apps_imports_go_down_its_ladder() -> None:
    sources = web.sources(ROOT / "web/src")
    assert sources
    refused = [refusal for file, text in sources.items() for refusal in web.refusals(file, text)]
    assert not refused, "\n".join(refused)


@pytest.mark.parametrize(
    ("importer", "source", "allowed"),
    [
        ("kernel.db", "from appliance.kernel import bus", True),
        ("kernel.db", "from appliance.wire import codec", False),
        ("wire.codec", "from ..kernel.errors import ERRORS", True),
        ("wire.codec", "from ..features.auth import model", False),
        ("edge.http", "import appliance.features.auth.actions", False),
        ("edge.http", "def late():\n    from appliance.features.auth import actions", False),
        ("features.rooms.actions", "from appliance.features.auth import actions", True),
        ("features.rooms.actions", "from appliance.features.auth.model import Me", True),
        ("features.rooms.actions", "from appliance.features.auth import store", False),
        ("features.rooms.actions", "from appliance.features.messages import actions", False),
        ("features.rooms.api", "from appliance.features.rooms import actions, model, presence", True),
        ("features.rooms.api", "from appliance.features.rooms.store import rooms_of", False),
        ("features.rooms.api", "from . import store", False),
        ("features.rooms.store", "from appliance.features.rooms import actions", False),
        ("features.rooms.worker", "from appliance.features.rooms import actions", True),
        ("features.rooms.presence", "from appliance.features.rooms import store", False),
        ("features.rooms.api", "from appliance.edge import http", False),
        ("features.rooms.api", "import_module('appliance.app')", False),
        ("app", "from appliance.features.rooms import store", True),
    ],
)
def test_an_import_is_judged(importer: str, source: str, allowed: bool) -> None:
    known = {"appliance", "appliance.app", "appliance.edge", "appliance.edge.http", "appliance.kernel"}
    known |= {"appliance.kernel.bus", "appliance.kernel.errors", "appliance.wire", "appliance.wire.codec"}
    for feature in ("auth", "rooms", "messages"):
        known |= {
            f"appliance.features.{feature}.{file}" for file in ("actions", "model", "store", "presence")
        }
    uses = list(server.imports(f"appliance.{importer}", source, known))
    assert uses
    assert all(not server.refusal(use, ORDER) for use in uses) is allowed


@pytest.mark.parametrize(
    ("file", "source", "allowed"),
    [
        ("features/rooms/store.py", 'tx.run("INSERT INTO rooms (id) VALUES (:id)")', True),
        ("features/rooms/store.py", 'tx.run("INSERT INTO messages (id) VALUES (:id)")', False),
        ("features/rooms/actions.py", 'tx.run("DELETE FROM rooms")', False),
        ("features/messages/store.py", 'tx.run(f"UPDATE OR IGNORE rooms SET {x} = 1")', False),
        ("features/messages/store.py", 'tx.rows("SELECT 1 FROM messages JOIN rooms")', True),
        ("features/rooms/store.py", 'tx.rows("SELECT 1 FROM rooms JOIN messages")', False),
        ("features/rooms/store.py", 'tx.run("INSERT INTO rooms ON CONFLICT DO UPDATE SET x = 1")', True),
        ("features/rooms/store.py", 'tx.run("INSERT INTO logs (id) VALUES (:id)")', False),
        ("features/rooms/store.py", '"""DELETE FROM messages, as a docstring may say."""', True),
        ("kernel/journal.py", 'tx.run("INSERT INTO logs (id) VALUES (:id)")', True),
        ("kernel/journal.py", 'tx.rows("SELECT 1 FROM rooms")', False),
        ("edge/http.py", 'tx.rows("SELECT 1 FROM rooms")', False),
        ("dev/seed.py", 'tx.run("INSERT INTO rooms (id) VALUES (:id)")', False),
        ("features/rooms/store.py", 'tx.run("CREATE TABLE more (id)")', False),
    ],
)
def test_a_statement_is_judged(file: str, source: str, allowed: bool) -> None:
    made = {"0001_kernel.sql": "CREATE TABLE logs", "0002_rooms.sql": "CREATE TABLE rooms"}
    owned = tables.owners(
        {**made, "0003_messages.sql": "CREATE TABLE messages (id) STRICT; -- CREATE TABLE x"}
    )
    assert owned == {"logs": "kernel", "rooms": "rooms", "messages": "messages"}
    assert (tables.refusals(Path(file), source, owned, ORDER) == []) is allowed


@pytest.mark.parametrize(
    ("file", "source", "allowed"),
    [
        ("features/rooms/rooms.svelte.ts", "import { db } from '../../local/db'", True),
        ("features/rooms/Rooms.svelte", "import { db } from '../../local/db'", False),
        ("features/rooms/Rooms.svelte", "import type { Room } from '../../wire/protocol.gen'", False),
        ("features/rooms/Rooms.svelte", "import { rooms } from './rooms.svelte'", True),
        ("ui/Button.svelte", "import {\n  rooms,\n} from '../features/rooms/rooms.svelte'", False),
        ("ui/Button.svelte", "const lazy = () => import('../wire/socket')", False),
        ("ui/Button.svelte", "// import '../wire/socket'", True),
        ("sw/worker.ts", "export { outbox } from '../local/outbox'", True),
        ("sw/worker.ts", "import '../features/rooms/rooms.svelte'", False),
        ("lib/ids.ts", "import '../wire/socket'", False),
        ("main.ts", "import App from './app/App.svelte'", True),
        ("main.ts", "import x from '../package.json'", False),
        ("wire/http.ts", "import { get } from 'idb'", True),
    ],
)
def test_a_web_import_is_judged(file: str, source: str, allowed: bool) -> None:
    assert (web.refusals(file, source) == []) is allowed
