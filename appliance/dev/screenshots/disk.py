"""What the app has put on the browser's disk, asked from inside a page."""

_LOOK = """const look = (...names) => new Promise((resolve) => {
  const asked = indexedDB.open('safevoice')
  asked.onsuccess = () => {
    const stores = asked.result.transaction(names)
    const all = (name) => new Promise((done) => {
      const found = stores.objectStore(name).getAll()
      found.onsuccess = () => done(found.result)
    })
    void Promise.all(names.map(all)).then((found) => {
      asked.result.close()
      resolve(found)
    })
  }
})
"""


def _asking(what: str) -> str:
    return f"async () => {{\n{_LOOK}{what}\n}}"


KEPT = _asking("""
const key = [...document.querySelectorAll('[data-key]')].at(-1).dataset.key
for (;;) {
  const [messages] = await look('messages')
  if (messages.some(({ id }) => id === key)) return
}
""")
"""Until what is on screen is on disk as well."""

FETCHED = _asking("""
const [rooms, logs, messages] = await look('rooms', 'logs', 'messages')
const held = Map.groupBy(messages, ({ room }) => room)
const whole = new Set(logs.filter(({ complete }) => complete).map(({ log }) => log))
return rooms.length > 0 && rooms.every(({ id }) => whole.has(id) || held.get(id)?.length >= 20)
""")
"""Whether all that is fetched ahead is there."""

WHOLE = _asking("""
const [logs] = await look('logs')
return logs.some(({ complete, read }) => complete && read)
""")
"""Whether a room that was looked into is there down to its first message: of one that is not, as much is
there as happened to be fetched."""

WEIGHED = """() => {
  const said = { usage: 2_745_000, quota: 1e10, usageDetails: { caches: 2_400_000 } }
  navigator.storage.estimate = () => Promise.resolve(said)
}"""
"""What a browser says of itself differs by how it laid things out on its disk."""
