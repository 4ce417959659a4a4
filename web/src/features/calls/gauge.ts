import type { Details, Quality } from './shapes';

/** What was counted so far, so that the next look says how much it was in between. */
export interface Counted {
  at: number;
  bytesIn: number;
  bytesOut: number;
  packets: number;
  lost: number;
}

/** One look at a link. */
export interface Reading extends Details {
  /** Of what I sent, as the other side says, 0 to 100. */
  readonly lossThere: number;
  /** What the link is believed to carry, in kbit/s; 0 when the browser does not say. */
  readonly room: number;
}

type Row = Record<string, string | number | boolean | undefined>;

/** What the browser's many figures say; `before`: from the last look. */
export function reading(report: RTCStatsReport, before: Counted | null): { reading: Reading; counted: Counted } {
  const rows = [...(report as unknown as Map<string, Row>).values()];
  const of = (type: string): Row[] => rows.filter((row) => row.type === type);
  const transport = of('transport')[0];
  const pairs = of('candidate-pair');
  const pair = pairs.find(({ id }) => id === transport?.selectedCandidatePairId) ?? pairs.find((row) => row.selected === true || row.nominated === true);
  const local = rows.find(({ id }) => id === pair?.localCandidateId);
  const remote = rows.find(({ id }) => id === pair?.remoteCandidateId);
  const inbound = of('inbound-rtp');
  const picture = inbound.filter((row) => row.kind === 'video').sort((a, b) => num(b.framesPerSecond) - num(a.framesPerSecond))[0];

  const counted: Counted = {
    at: num(pair?.timestamp),
    bytesIn: num(pair?.bytesReceived),
    bytesOut: num(pair?.bytesSent),
    packets: sum(inbound, 'packetsReceived'),
    lost: sum(inbound, 'packetsLost'),
  };
  // Another pair counts from nothing again.
  const since = before && counted.bytesIn >= before.bytesIn && counted.at > before.at ? before : null;
  const relayed = local?.candidateType === 'relay' || remote?.candidateType === 'relay';
  const rate = (now: number, then: number): number => (since ? Math.round(((now - then) * 8) / (counted.at - since.at)) : 0);
  const [came, missing] = since ? [counted.packets - since.packets, Math.max(0, counted.lost - since.lost)] : [0, 0];
  return {
    counted,
    reading: {
      rttMs: Math.round(num(pair?.currentRoundTripTime) * 1000),
      lossPercent: came + missing > 0 ? (100 * missing) / (came + missing) : 0,
      lossThere: 100 * Math.max(0, ...of('remote-inbound-rtp').map((row) => num(row.fractionLost))),
      kbitIn: rate(counted.bytesIn, since?.bytesIn ?? 0),
      kbitOut: rate(counted.bytesOut, since?.bytesOut ?? 0),
      room: Math.round(num(pair?.availableOutgoingBitrate) / 1000),
      width: num(picture?.frameWidth),
      height: num(picture?.frameHeight),
      route: pair ? (relayed ? 'relay' : 'direct') : '',
      protocol: String(local?.relayProtocol ?? local?.protocol ?? ''),
    },
  };
}

/** As ears have it: delay is felt in turns of talk, loss in words. */
export function qualityOf({ rttMs, lossPercent, lossThere, route }: Reading): Quality {
  if (!route) return 'unknown';
  const loss = Math.max(lossPercent, lossThere);
  if (loss > 8 || rttMs > 600) return 'poor';
  return loss > 2.5 || rttMs > 300 ? 'fair' : 'good';
}

function num(value: Row[string]): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function sum(rows: Row[], field: string): number {
  return rows.reduce((whole, row) => whole + num(row[field]), 0);
}
