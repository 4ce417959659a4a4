import { expect, test } from 'vitest';
import { belongs, fingerprintIn } from './spoken';

const print = (value: string, kind = 'sha-256') => `a=fingerprint:${kind} ${value}\r\n`;

test('a certificate is named once for the whole description, or for each line of it', () => {
  expect(fingerprintIn(`v=0\r\n${print('AA:BB')}m=audio\r\n`)).toBe('sha-256 AA:BB');
  expect(fingerprintIn(`m=audio\r\n${print('aa:bb', 'SHA-256')}m=video\r\n${print('AA:BB')}`)).toBe('sha-256 AA:BB');
});

test('of several certificates nobody could say which one was compared', () => {
  expect(fingerprintIn(print('AA:BB') + print('CC:DD'))).toBe('');
  expect(fingerprintIn(print('AA:BB') + print('AA:BB', 'sha-512'))).toBe('');
  expect(fingerprintIn(undefined)).toBe('');
});

test('a candidate is of the description with its fragment, and one without a fragment of any', () => {
  const sdp = 'a=ice-ufrag:one\r\nm=audio\r\na=ice-ufrag:two\r\n';
  expect(['one', 'two', 'on', undefined].map((fragment) => belongs({ usernameFragment: fragment ?? null }, sdp))).toEqual([true, true, false, true]);
});
