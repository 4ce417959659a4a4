import { describe, expect, it } from 'vitest';
import { icons as early, strokeOf, turning, type IconName } from './icons';
import { laterIcons } from './icons.later';

const icons: Record<IconName, string> = { ...early, ...laterIcons };

const NAMES = Object.keys(icons) as IconName[];
const TAKES: Record<string, number> = { m: 2, l: 2, h: 1, v: 1, c: 6, s: 4, a: 7, z: 0 };

/** Points of a part of a circle (SVG 2, B.2.4). */
function around(from: [number, number], to: [number, number], radius: number, large: boolean, sweep: boolean): [number, number][] {
  const [halfX, halfY] = [(to[0] - from[0]) / 2, (to[1] - from[1]) / 2];
  const half = Math.hypot(halfX, halfY);
  const away = (Math.sqrt(Math.max(0, radius ** 2 - half ** 2)) / half) * (large === sweep ? 1 : -1);
  const [middleX, middleY] = [from[0] + halfX + away * halfY, from[1] + halfY - away * halfX];
  const begin = Math.atan2(from[1] - middleY, from[0] - middleX);
  const turn = Math.atan2(to[1] - middleY, to[0] - middleX) - begin;
  const whole = sweep ? (turn < 0 ? turn + 2 * Math.PI : turn) : turn > 0 ? turn - 2 * Math.PI : turn;
  return Array.from({ length: 16 }, (_, step): [number, number] => {
    const angle = begin + (whole * (step + 1)) / 17;
    return [middleX + radius * Math.cos(angle), middleY + radius * Math.sin(angle)];
  });
}

/** Where the pen comes by, in units of the grid. */
function pointsOf(path: string): [x: number, y: number][] {
  const points: [number, number][] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  for (const [, letter = '', rest = ''] of path.matchAll(/([a-z])([^a-z]*)/gi)) {
    const small = letter.toLowerCase();
    const takes = TAKES[small];
    if (takes === undefined) throw new Error(`${letter} in ${path}`);
    // Flags of an arc may stand together with what follows them.
    const numbers = (rest.match(/-?(?:\d+\.?\d*|\.\d+)/g) ?? []).map(Number);
    if (takes === 0) [x, y] = [startX, startY];
    else if (numbers.length === 0 || numbers.length % takes) throw new Error(`${letter}${rest} in ${path}`);
    for (let at = 0; at < numbers.length; at += takes || 1) {
      const relative = letter === small;
      const last = numbers.slice(at, at + takes);
      const [endX, endY] = small === 'h' ? [last[0], undefined] : small === 'v' ? [undefined, last[0]] : last.slice(-2);
      const [fromX, fromY] = [x, y];
      x = endX === undefined ? x : relative ? x + endX : endX;
      y = endY === undefined ? y : relative ? y + endY : endY;
      if (small === 'a') points.push(...around([fromX, fromY], [x, y], last[0] ?? 0, last[3] === 1, last[4] === 1));
      if (small === 'm' && at === 0) [startX, startY] = [x, y];
      points.push([x, y]);
    }
  }
  return points;
}

describe.each(NAMES)('%s', (name) => {
  it('is strokes of the few kinds that there are, and begins where it says', () => {
    expect(icons[name]).toMatch(/^M[MLHVCSAZmlhvcsaz\d., -]+$/);
  });

  it('stays on the grid, with room for its stroke', () => {
    for (const [x, y] of pointsOf(icons[name])) {
      expect(Math.min(x, y), `${x} ${y}`).toBeGreaterThanOrEqual(2);
      expect(Math.max(x, y), `${x} ${y}`).toBeLessThanOrEqual(22);
    }
  });

  it('stands in the middle, and is as large as the others', () => {
    const points = pointsOf(icons[name]);
    const span = (at: 0 | 1): [low: number, high: number] => [
      Math.min(...points.map((point) => point[at])),
      Math.max(...points.map((point) => point[at])),
    ];
    const [across, down] = [span(0), span(1)];
    for (const [low, high] of [across, down]) expect(Math.abs((low + high) / 2 - 12), `${low} to ${high}`).toBeLessThanOrEqual(2);
    expect(Math.max(across[1] - across[0], down[1] - down[0])).toBeGreaterThanOrEqual(10);
  });
});

it('each is drawn once', () => {
  expect(Object.keys(early).filter((name) => name in laterIcons)).toEqual([]);
});

it('no two of them are the same, but for the two ways to say up', () => {
  const drawn = new Map<string, string>();
  for (const name of NAMES) {
    expect(drawn.get(icons[name]) ?? name).toBe(name);
    drawn.set(icons[name], name);
  }
});

it('what points somewhere is marked', () => {
  for (const name of ['back', 'forward', 'reply', 'leave'] as const) expect(turning).toContain(name);
  for (const name of ['check', 'clock', 'up', 'down', 'play', 'refresh', 'history'] as const) expect(turning).not.toContain(name);
});

it('strokes are about one and a half pixels wide at every size', () => {
  for (const size of [14, 16, 18, 20, 21, 22, 24]) {
    const pixels = (strokeOf(size) * size) / 24;
    expect(pixels, `${size}`).toBeGreaterThanOrEqual(1.1);
    expect(pixels, `${size}`).toBeLessThanOrEqual(1.8);
  }
  expect((strokeOf(32) * 32) / 24).toBeLessThanOrEqual(2);
});
