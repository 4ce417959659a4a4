import { beforeEach, expect, test, vi } from 'vitest';
import { devices } from './devices.svelte';
import { CAMERA, Mine, SCREEN, SCREEN_SOUND, VOICE } from './mine.svelte';

interface Track {
  label: string;
  stop(): void;
  onended: (() => void) | null;
}

let stopped: string[];
let asked: { video?: { deviceId?: unknown; facingMode?: string } }[];
let shown: unknown[];
let withSound: boolean;

const track = (label: string): Track => ({ label, onended: null, stop: () => void stopped.push(label) });

beforeEach(() => {
  [stopped, asked, shown, withSound] = [[], [], [], true];
  const getUserMedia = async (wanted: (typeof asked)[number]): Promise<unknown> => {
    asked.push(wanted);
    const { deviceId } = wanted.video ?? {};
    return { getTracks: () => [track(wanted.video ? `camera ${(deviceId as { exact?: string } | undefined)?.exact ?? ''}` : 'voice')] };
  };
  const getDisplayMedia = async (wanted: unknown): Promise<unknown> => {
    shown.push(wanted);
    return { getVideoTracks: () => [track('screen')], getAudioTracks: () => (withSound ? [track('its sound')] : []) };
  };
  vi.stubGlobal('navigator', { mediaDevices: { enumerateDevices: async () => [], getUserMedia, getDisplayMedia } });
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  vi.stubGlobal('MediaStream', class {});
});

const settled = (): Promise<void> => new Promise((done) => setTimeout(done));
const sends = (mine: Mine): (string | undefined)[] => mine.tracks.map((each) => each?.label);

test('a screen comes with its sound where the browser has it, and both go together', async () => {
  const mine = new Mine();
  const put: number[] = [];
  mine.put.on((slot) => void put.push(slot));
  await mine.share();
  expect(shown).toMatchObject([{ audio: true, systemAudio: 'include' }]);
  expect(sends(mine)).toEqual([undefined, undefined, 'screen', 'its sound']);
  expect(put).toEqual([SCREEN, SCREEN_SOUND]);
  mine.stopSharing();
  expect([sends(mine), stopped]).toEqual([Array(4).fill(undefined), ['screen', 'its sound']]);
});

test('a screen without sound is shown without', async () => {
  withSound = false;
  const mine = new Mine();
  await mine.share();
  expect([mine.sharing, sends(mine)]).toEqual([true, [undefined, undefined, 'screen', undefined]]);
});

test('another camera is seen as soon as it is chosen, and the first one is let go', async () => {
  devices.chooseCamera('');
  const mine = new Mine({ cameraOn: true });
  await mine.open();
  expect([mine.tracks[VOICE]?.label, mine.tracks[CAMERA]?.label]).toEqual(['voice', 'camera ']);
  devices.chooseCamera('shelf');
  await settled();
  expect([mine.tracks[CAMERA]?.label, stopped]).toEqual(['camera shelf', ['camera ']]);
  await mine.show(false);
  devices.chooseCamera('desk');
  await settled();
  expect([mine.tracks[CAMERA], asked.length]).toEqual([null, 3]);
});

test('a call that begins takes the chosen camera', async () => {
  devices.chooseCamera('shelf');
  const mine = new Mine({ cameraOn: true });
  await mine.open();
  expect(mine.tracks[CAMERA]?.label).toBe('camera shelf');
});
