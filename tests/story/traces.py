"""Everything that a page's browser keeps for its site, as one text to search."""

import json
from typing import Any

from playwright.async_api import Page

from appliance.dev.browser import until

SMALL = 3_000_000
"""Bytes that a site may store, where a story fills that up and makes it empty again."""

FILL = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open('others')
    asked.onupgradeneeded = () => asked.result.createObjectStore('all', { autoIncrement: true })
    asked.onsuccess = () => done(asked.result)
  })
  const words = (size) => crypto.getRandomValues(new Uint8Array(size))
  const put = (what) => new Promise((done) => {
    const tx = db.transaction('all', 'readwrite')
    tx.objectStore('all').put(what)
    tx.oncomplete = () => done(true)
    tx.onabort = () => done(false)
  })
  for (const size of [60_000, 4_000, 200]) while (await put(words(size)));
  db.close()
}"""
EMPTY = "() => new Promise((done) => { indexedDB.deleteDatabase('others').onsuccess = () => done() })"


_LOOK = """async () => {
  const found = {}
  for (const { name, version } of await indexedDB.databases()) {
    const db = await new Promise((resolve, reject) => {
      const asked = indexedDB.open(name, version)
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = () => reject(asked.error)
    })
    const stores = {}
    for (const store of db.objectStoreNames) {
      const all = (what) => new Promise((resolve, reject) => {
        const asked = db.transaction(store).objectStore(store)[what]()
        asked.onsuccess = () => resolve(asked.result)
        asked.onerror = () => reject(asked.error)
      })
      stores[store] = { keys: await all('getAllKeys'), rows: await all('getAll') }
    }
    db.close()
    found[name] = stores
  }
  const cached = {}
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      cached[name + ' ' + request.url] = await (await cache.match(request)).text()
    }
  }
  const worker = await navigator.serviceWorker.getRegistration()
  const push = await worker?.pushManager?.getSubscription()
  return {
    databases: found,
    caches: cached,
    localStorage: { ...localStorage },
    sessionStorage: { ...sessionStorage },
    subscription: push ? push.endpoint : null,
    window: [window.name, JSON.stringify(history.state)],
    document: document.documentElement.outerHTML,
    fields: [...document.querySelectorAll('input, textarea')].map((field) => field.value),
    title: document.title,
  }
}"""


_ROWS = """(store) => new Promise((resolve, reject) => {
  const asked = indexedDB.open('safevoice')
  asked.onerror = () => reject(asked.error)
  asked.onsuccess = () => {
    const db = asked.result
    const rows = db.transaction(store).objectStore(store).getAll()
    rows.onsuccess = () => { db.close(); resolve(rows.result) }
  }
})"""


async def wait_until_kept(page: Page, store: str, text: str) -> None:
    """Until a row of this store of the app's database holds `text`."""
    await wait_for_rows(page, store, "(rows, text) => JSON.stringify(rows).includes(text)", text)


async def wait_for_rows(page: Page, store: str, asked: str, arg: Any) -> None:
    """Until this function says yes to all rows of this store of the app's database."""
    await until(page, f"async ([store, arg]) => ({asked})(await ({_ROWS})(store), arg)", [store, arg])


async def traces(page: Page) -> dict[str, Any]:
    """By kind: databases, caches, storages, subscription, window, document, fields, title, cookies."""
    found: dict[str, Any] = await page.evaluate(_LOOK)
    found["cookies"] = await page.context.cookies()
    return found


async def rows(page: Page, store: str) -> list[Any]:
    """The rows of one store of the app's database."""
    found: list[Any] = (await traces(page))["databases"]["safevoice"][store]["rows"]
    return found


async def assert_forgotten(page: Page, *secrets: str) -> None:
    """None of `secrets` is left anywhere that the page can reach."""
    for kind, kept in (await traces(page)).items():
        text = json.dumps(kept, ensure_ascii=False)
        for secret in secrets:
            assert secret not in text, f"{secret!r} is still in {kind}: {_around(text, secret)}"


async def assert_kept(page: Page, *texts: str) -> None:
    """Each of `texts` is in the database; what a test of forgetting needs to mean something."""
    text = json.dumps((await traces(page))["databases"], ensure_ascii=False)
    for each in texts:
        assert each in text, f"{each!r} is not in the database"


def _around(text: str, secret: str) -> str:
    at = text.index(secret)
    return text[max(0, at - 120) : at + 120]
