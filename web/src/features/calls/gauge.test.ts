import { expect, test } from 'vitest';
import { qualityOf, reading, type Counted } from './gauge';

interface Given {
  at?: number;
  bytes?: number;
  packets?: number;
  lost?: number;
  rtt?: number;
  fraction?: number;
  local?: object;
}

/** As browsers tell it, with more than one pair. */
function report({ at = 1000, bytes = 0, packets = 0, lost = 0, rtt = 0.05, fraction = 0, local = {} }: Given = {}): RTCStatsReport {
  const rows = [
    { id: 't', type: 'transport', selectedCandidatePairId: 'p2' },
    { id: 'p1', type: 'candidate-pair', nominated: true, bytesReceived: 9e9, currentRoundTripTime: 9 },
    { id: 'p2', type: 'candidate-pair', timestamp: at, bytesReceived: bytes, bytesSent: bytes / 2, currentRoundTripTime: rtt, availableOutgoingBitrate: 640_000, localCandidateId: 'l', remoteCandidateId: 'r' },
    { id: 'l', type: 'local-candidate', candidateType: 'host', protocol: 'udp', ...local },
    { id: 'r', type: 'remote-candidate', candidateType: 'srflx' },
    { id: 'a', type: 'inbound-rtp', kind: 'audio', packetsReceived: packets, packetsLost: lost },
    { id: 'v1', type: 'inbound-rtp', kind: 'video', packetsReceived: 0, packetsLost: 0, frameWidth: 640, frameHeight: 360, framesPerSecond: 20 },
    { id: 'v2', type: 'inbound-rtp', kind: 'video', packetsReceived: 0, packetsLost: 0, frameWidth: 1280, frameHeight: 720 },
    { id: 'o', type: 'remote-inbound-rtp', kind: 'audio', fractionLost: fraction },
  ];
  return new Map(rows.map((row) => [row.id, row])) as unknown as RTCStatsReport;
}

const next = (given: Given, before: Counted) => reading(report({ at: 3000, ...given }), before).reading;

test('the first look knows the way, and no rates yet', () => {
  const { reading: found } = reading(report({ bytes: 5000 }), null);
  expect(found).toMatchObject({ rttMs: 50, kbitIn: 0, kbitOut: 0, lossPercent: 0, room: 640, route: 'direct', protocol: 'udp' });
  expect([found.width, found.height]).toEqual([640, 360]);
});

test('rates and losses are of the time since the last look', () => {
  const { counted } = reading(report({ bytes: 1000, packets: 100, lost: 50 }), null);
  const found = next({ bytes: 251_000, packets: 190, lost: 60 }, counted);
  expect([found.kbitIn, found.kbitOut, found.lossPercent]).toEqual([1000, 500, 10]);
});

test('another pair counts from nothing, and that is no rate below nothing', () => {
  const { counted } = reading(report({ bytes: 9000, packets: 100 }), null);
  expect(next({ bytes: 10, packets: 100 }, counted)).toMatchObject({ kbitIn: 0, kbitOut: 0, lossPercent: 0 });
});

test('a relay at either end is one, by the protocol that reaches it', () => {
  const { reading: found } = reading(report({ local: { candidateType: 'relay', relayProtocol: 'tls' } }), null);
  expect([found.route, found.protocol]).toEqual(['relay', 'tls']);
});

test('without a pair nothing is known', () => {
  const { reading: found } = reading(new Map() as unknown as RTCStatsReport, null);
  expect([found.route, qualityOf(found)]).toEqual(['', 'unknown']);
});

test.each([
  [{ rtt: 0.05 }, 'good'],
  [{ rtt: 0.4 }, 'fair'],
  [{ rtt: 0.7 }, 'poor'],
  [{ fraction: 0.04 }, 'fair'],
  [{ fraction: 0.1 }, 'poor'],
] as const)('of %o people would say that it is %s', (given, quality) => {
  expect(qualityOf(reading(report(given), null).reading)).toBe(quality);
});
