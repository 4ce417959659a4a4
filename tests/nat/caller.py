"""One person in the lab: signed in, with keys that their browser asked for itself, and in a call."""

from typing import Any, NamedTuple, Protocol

MORE = 20
"""Frames and packets of sound that have to come once all is counted."""

COOKIE = {"name": "__Host-safevoice", "path": "/", "httpOnly": True, "secure": True, "sameSite": "Strict"}

WATCH = """() => {
  const now = () => performance.timeOrigin + performance.now()
  window.seen = []
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) {
      super(...given)
      const call = { pc: this, made: now(), connected: 0 }
      seen.push(call)
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') call.connected ||= now()
      })
    }
  }
}"""
"""Runs before the page does."""

ASK = """(refused) => new Promise((done, fail) => {
  const socket = new WebSocket(`wss://${location.host}/api/socket`, 'safevoice.v1')
  const say = (op) => socket.send(JSON.stringify({ op, id: op }))
  socket.onopen = () => say('hello')
  socket.onclose = socket.onerror = () => fail(new Error('the socket closed'))
  socket.onmessage = ({ data }) => {
    const heard = JSON.parse(data)
    if (heard.op === 'welcome') say('ask_relay')
    if (heard.op !== 'relay_keys') return
    window.servers = heard.servers.map(({ urls, username, credential }) => ({
      urls: urls.map((url) => url.replace('{host}', location.hostname)),
      username,
      credential: refused ? 'not what it was given' : credential,
    }))
    socket.onclose = null
    socket.close()
    done()
  }
})"""
LISTEN = """async () => {
  const wanted = { audio: true, video: { width: 640, height: 360 } }
  window.media = await navigator.mediaDevices.getUserMedia(wanted)
  const said = [], readers = []
  const say = (what) => {
    const text = JSON.stringify(what)
    readers.length ? readers.shift()(text) : said.push(text)
  }
  window.next = () => said.length ? said.shift() : new Promise((done) => readers.push(done))
  let knows
  const known = new Promise((done) => { knows = done })
  const start = () => {
    const pc = window.pc = new RTCPeerConnection({ iceServers: servers })
    pc.onicecandidate = ({ candidate }) => candidate && say({ candidate })
    for (const track of media.getTracks()) pc.addTrack(track, media)
    return pc
  }
  window.begin = async () => {
    const pc = start()
    await pc.setLocalDescription()
    say({ description: pc.localDescription })
  }
  window.hear = async (text) => {
    const { description, candidate } = JSON.parse(text)
    if (candidate) return void known.then(() => window.pc.addIceCandidate(candidate))
    const pc = window.pc ?? start()
    await pc.setRemoteDescription(description)
    knows()
    if (description.type !== 'offer') return
    await pc.setLocalDescription()
    say({ description: pc.localDescription })
  }
}"""
UNTIL = """async (holds) => {
  const until = performance.now() + 60_000
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`waited in vain: ${holds}`)
    await new Promise((done) => setTimeout(done, 20))
  }
}"""
COUNT = """async () => {
  const stats = [...(await seen.at(-1).pc.getStats()).values()].filter(({ type }) => type === 'inbound-rtp')
  const of = (kind, what) => stats.find((each) => each.kind === kind)?.[what] ?? 0
  return { frames: of('video', 'framesDecoded'), sounds: of('audio', 'packetsReceived') }
}"""
GROW = f"""async (more) => {{
  const count = {COUNT}
  const then = await count()
  await ({UNTIL})(async () => {{
    const now = await count()
    return now.frames >= then.frames + more && now.sounds >= then.sounds + more
  }})
}}"""
SETTLE = f"""() => ({UNTIL})(() => ['connected', 'failed'].includes(seen.at(-1)?.pc.connectionState))"""
READ = """async () => {
  const call = seen.at(-1)
  const stats = await call.pc.getStats(), all = [...stats.values()]
  // Firefox has no transport among its figures, and says of a pair itself whether it was chosen.
  const chosen = all.find(({ type }) => type === 'transport')?.selectedCandidatePairId
  const pair = stats.get(chosen) ?? all.find(({ selected, type }) => selected && type === 'candidate-pair')
  const [mine, theirs] = [stats.get(pair?.localCandidateId), stats.get(pair?.remoteCandidateId)]
  return {
    state: call.pc.connectionState, made: call.made, connected: call.connected,
    mine: mine?.candidateType ?? '', theirs: theirs?.candidateType ?? '',
    protocol: mine?.relayProtocol ?? mine?.protocol ?? '',
  }
}"""


class Tab(Protocol):
    """A page of any browser."""

    async def run(self, function: str, given: Any = None) -> Any:
        """Call it in the page, with a value and to a value as JSON has them; a promise is waited for."""


class Outcome(NamedTuple):
    """One end of a call. `made` and `connected`: milliseconds since the Unix epoch, 0 for never."""

    state: str
    made: float
    connected: float
    mine: str
    theirs: str
    protocol: str


class Caller:
    """Signals are for the test to pass on."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab

    async def gets_ready(self, *, refused: bool) -> None:
        """Ask for keys (`refused`: and take others, which the relay does not know), and listen."""
        await self._tab.run(ASK, refused)
        await self._tab.run(LISTEN)

    async def call(self) -> None:
        """Begin."""
        await self._tab.run("() => begin()")

    async def carry_to(self, other: "Caller") -> None:
        """Take all signals from here to there, until cancelled."""
        while True:
            said = await self._tab.run("() => next()")
            await other._tab.run("(said) => hear(said)", said)

    async def settled(self) -> Outcome:
        """Wait until it is known whether they connect."""
        await self._tab.run(SETTLE)
        return await self.outcome()

    async def outcome(self) -> Outcome:
        """As it is now."""
        return Outcome(**await self._tab.run(READ))

    async def sees_and_hears(self) -> None:
        """Wait until more pictures and sound came than had come by now."""
        await self._tab.run(GROW, MORE)
