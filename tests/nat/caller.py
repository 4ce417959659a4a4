"""One person in the lab, who calls and answers in the app."""

from typing import Any, NamedTuple, Protocol

MORE = 20
"""Frames and packets of sound that have to come once all is counted."""
AGAIN = 5
"""Packets of sound after which somebody is heard again: a tenth of a second."""

COOKIE = {"name": "__Host-safevoice", "path": "/", "httpOnly": True, "secure": True, "sameSite": "Strict"}

WATCH = """(refused) => {
  const now = () => performance.timeOrigin + performance.now()
  const given = (config) => !refused ? config : {
    ...config,
    iceServers: config?.iceServers?.map((each) => ({ ...each, credential: 'not what it was given' })),
  }
  window.seen = []
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(config) {
      super(given(config))
      const call = { pc: this, made: now(), connected: 0 }
      seen.push(call)
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') call.connected ||= now()
      })
    }
    setConfiguration(config) { super.setConfiguration(given(config)) }
  }
}"""
"""Runs before the page does. `refused`: it gets keys that the relay does not know."""

UNTIL = """async (holds) => {
  const until = performance.now() + 60_000
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`waited in vain: ${holds}`)
    await new Promise((done) => setTimeout(done, 20))
  }
}"""
PRESS = f"""async (name) => {{
  const said = (each) => each.ariaLabel ?? each.innerText.trim()
  const button = () => [...document.querySelectorAll('button')].find(
    (each) => said(each) === name && !each.disabled && each.checkVisibility()
  )
  await ({UNTIL})(button)
  button().click()
}}"""
COUNT = """async () => {
  const stats = [...(await seen.at(-1).pc.getStats()).values()].filter(({ type }) => type === 'inbound-rtp')
  // There are more tracks than flow: somebody may begin to show their screen.
  const sum = (rows, what) => rows.reduce((whole, each) => whole + (each[what] ?? 0), 0)
  const of = (kind, what) => sum(stats.filter((each) => each.kind === kind), what)
  return { frames: of('video', 'framesDecoded'), sounds: of('audio', 'packetsReceived') }
}"""
GROW = f"""async ({{ frames, sounds }}) => {{
  const count = {COUNT}
  const then = await count()
  await ({UNTIL})(async () => {{
    const now = await count()
    return now.frames >= then.frames + frames && now.sounds >= then.sounds + sounds
  }})
}}"""
SETTLE = f"""() => ({UNTIL})(
  () => seen.at(-1)?.connected || document.body.innerText.includes('No way through to each other')
)"""
READ = """async () => {
  const call = seen.at(-1)
  const stats = await call.pc.getStats(), all = [...stats.values()]
  // Firefox has no transport among its figures, and says of a pair itself whether it was chosen.
  const chosen = all.find(({ type }) => type === 'transport')?.selectedCandidatePairId
  const pair = stats.get(chosen) ?? all.find(({ selected, type }) => selected && type === 'candidate-pair')
  const [mine, theirs] = [stats.get(pair?.localCandidateId), stats.get(pair?.remoteCandidateId)]
  return {
    made: call.made, connected: call.connected,
    mine: mine?.candidateType ?? '', theirs: theirs?.candidateType ?? '',
    protocol: mine?.relayProtocol ?? mine?.protocol ?? '',
  }
}"""


class Visit(NamedTuple):
    """Who comes with which session, and where to. `refused`: with keys that the relay does not know."""

    token: str
    path: str
    refused: bool


class Tab(Protocol):
    """A page of any browser."""

    async def run(self, function: str, given: Any = None) -> Any:
        """Call it in the page, with a value and to a value as JSON has them; a promise is waited for."""


class Outcome(NamedTuple):
    """One end of a call. `made` and `connected`: milliseconds since the Unix epoch, 0 for never."""

    made: float
    connected: float
    mine: str
    theirs: str
    protocol: str


class Caller:
    """What a person does with the app, and what comes of it."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab

    async def press(self, name: str) -> None:
        """A button, once it is there."""
        await self._tab.run(PRESS, name)

    async def settled(self) -> Outcome:
        """Wait until they are connected, or are told that there is no way."""
        await self._tab.run(SETTLE)
        return await self.outcome()

    async def outcome(self) -> Outcome:
        """As it is now."""
        return Outcome(**await self._tab.run(READ))

    async def sees_and_hears(self) -> None:
        """Wait until more pictures and sound came than had come by now."""
        await self._tab.run(GROW, {"frames": MORE, "sounds": MORE})

    async def hears(self) -> None:
        """Wait until a little more sound came than had come by now."""
        await self._tab.run(GROW, {"frames": 0, "sounds": AGAIN})
