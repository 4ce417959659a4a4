/**
 * What is offered of all that a browser can do: what every browser has, and what phones have chips for. All of it, for
 * four lines, makes a description of 11 KB in one browser and of more than the server passes on in another.
 */
const WANTED = [/^audio\/opus$/i, /^video\/VP8$/i, /^video\/VP9$/i, /^video\/H264$/i, /^video\/rtx$/i];
/** Of the many profiles those that all have: VP9 in 8 bits, H.264 as constrained baseline, in fragments. */
const PROFILES = [
  [/VP9/i, /profile-id=0|^$/],
  [/H264/i, /(?=.*packetization-mode=1)(?=.*profile-level-id=42e0)/i],
] as const;

type Codec = Pick<RTCRtpCodec, 'mimeType' | 'sdpFmtpLine'>;

/** In the browser's own order. */
export function wanted<C extends Codec>(codecs: readonly C[]): C[] {
  return codecs.filter(({ mimeType, sdpFmtpLine = '' }) => {
    const profile = PROFILES.find(([of]) => of.test(mimeType))?.[1];
    return WANTED.some((each) => each.test(mimeType)) && (!profile || profile.test(sdpFmtpLine));
  });
}

/** Firefox ESR 153 connects to nobody with an offer that was chosen from its own codecs; it has few anyway. */
const takesNoChoice = (): boolean => /Firefox\//.test(globalThis.navigator?.userAgent ?? '');

/** Browsers that cannot be asked offer all that they have. */
export function choose(transceiver: RTCRtpTransceiver, kind: 'audio' | 'video'): void {
  if (takesNoChoice()) return;
  const codecs = wanted(globalThis.RTCRtpReceiver?.getCapabilities?.(kind)?.codecs ?? []);
  // An empty list would mean: all of them.
  if (codecs.some(({ mimeType }) => !/rtx/i.test(mimeType))) transceiver.setCodecPreferences?.(codecs);
}
