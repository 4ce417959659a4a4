import { expect, test } from 'vitest';
import { wanted } from './codecs';

const of = (mimeType: string, sdpFmtpLine?: string) => ({ mimeType, ...(sdpFmtpLine !== undefined && { sdpFmtpLine }) });
const h264 = (profile: string, mode: number) => of('video/H264', `level-asymmetry-allowed=1;packetization-mode=${mode};profile-level-id=${profile}`);

test('of all profiles those that everybody has are offered, in the browser\'s own order', () => {
  const all = [
    of('video/VP8'), of('video/rtx'), of('video/VP9', 'profile-id=0'), of('video/VP9', 'profile-id=2'),
    h264('42001f', 1), h264('42e01f', 0), h264('42e01f', 1), h264('640c1f', 1),
    of('video/AV1', 'profile=0'), of('video/H265', 'profile-id=1'), of('video/red'), of('video/ulpfec'),
  ];
  expect(wanted(all)).toEqual([of('video/VP8'), of('video/rtx'), of('video/VP9', 'profile-id=0'), h264('42e01f', 1)]);
});

test('a voice is Opus', () => {
  expect(wanted([of('audio/opus', 'minptime=10'), of('audio/red'), of('audio/PCMU'), of('audio/telephone-event')])).toEqual([of('audio/opus', 'minptime=10')]);
});
