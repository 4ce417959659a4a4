import type { Trouble } from './shapes';

/** Microphone, camera and screen, as the browser hands them out. */

type Kind = 'mic' | 'camera';

/** Bits a second at most, by what is sent: enough to look good on a phone, and little enough for its network. */
export const MOST = { voice: 48_000, camera: 900_000, smallCamera: 600_000, screen: 2_500_000 };

/** Fingers: most likely a phone, with a small screen and a network that costs. */
export const isPhone = (): boolean => matchMedia('(pointer: coarse)').matches;

export class MediaError extends Error {
  constructor(readonly trouble: Exclude<Trouble, ''>) {
    super(trouble);
  }
}

/** Throws MediaError. `device` '' is whatever the system uses; so is one that is not there any more. */
export async function microphone(device: string): Promise<MediaStreamTrack> {
  const wanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  return one('mic', device, (named) => ({ audio: { ...wanted, ...named } }));
}

/** Throws MediaError. */
export async function camera(device: string, facing: 'user' | 'environment' = 'user'): Promise<MediaStreamTrack> {
  const size = isPhone() ? { width: { ideal: 640 }, height: { ideal: 480 } } : { width: { ideal: 1280 }, height: { ideal: 720 } };
  const wanted = { ...size, frameRate: { ideal: 24, max: 30 } };
  return one('camera', device, (named) => ({ video: { ...wanted, ...(named.deviceId ? named : { facingMode: facing }) } }));
}

/** Throws MediaError. With its sound where the browser offers that; null when nobody chose anything. */
export async function screen(): Promise<{ picture: MediaStreamTrack; sound: MediaStreamTrack | null } | null> {
  const wanted = { video: { frameRate: { ideal: 15, max: 30 } }, audio: true, systemAudio: 'include', surfaceSwitching: 'include' };
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia(wanted as DisplayMediaStreamOptions);
    const [picture] = stream.getVideoTracks();
    if (!picture) throw new MediaError('screen-denied');
    // Letters have to stay sharp; a film may move less smoothly.
    picture.contentHint = 'detail';
    return { picture, sound: stream.getAudioTracks()[0] ?? null };
  } catch (error) {
    // Somebody who closes the browser's own choice has changed their mind; only what the system forbids is in the way.
    if (error instanceof MediaError) throw error;
    const { name, message } = error as Error;
    if (name === 'AbortError' || (name === 'NotAllowedError' && !/system/i.test(message))) return null;
    throw new MediaError('screen-denied');
  }
}

/** Whether somebody can show their screen here at all: phones cannot. */
export const canShare = (): boolean => typeof globalThis.navigator?.mediaDevices?.getDisplayMedia === 'function';

function troubleOf(error: unknown, kind: Kind): Exclude<Trouble, ''> {
  const name = (error as { name?: string }).name ?? '';
  const denied = name === 'NotAllowedError' || name === 'SecurityError';
  return `${kind}-${denied ? 'denied' : 'missing'}`;
}

type Named = { deviceId?: { exact: string } };

async function one(kind: Kind, device: string, wanted: (named: Named) => MediaStreamConstraints): Promise<MediaStreamTrack> {
  const { mediaDevices } = navigator;
  if (!mediaDevices) throw new MediaError('insecure');
  const ask = async (named: Named): Promise<MediaStreamTrack> => (await mediaDevices.getUserMedia(wanted(named))).getTracks()[0]!;
  try {
    if (!device) return await ask({});
    // The chosen one may be at home in a drawer.
    return await ask({ deviceId: { exact: device } }).catch((error: { name?: string }) => {
      if (error.name === 'NotAllowedError') throw error;
      return ask({});
    });
  } catch (error) {
    throw new MediaError(troubleOf(error, kind));
  }
}
