import { afterEach, expect, test, vi } from 'vitest';
import { bytesOf, makePasskey, PasskeyKnown, PasskeyPutAway, passkeysWork, textOf, usePasskey } from './passkeys';

const bytes = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer;

function browser(credentials: object, hostname = 'chat.example.org'): void {
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('PublicKeyCredential', {});
  vi.stubGlobal('location', { hostname });
  vi.stubGlobal('navigator', { credentials });
}

const refusing = (name: string) => ({ get: () => Promise.reject(new DOMException('', name)), create: () => Promise.reject(new DOMException('', name)) });

afterEach(() => vi.unstubAllGlobals());

test('bytes travel as base64url without padding', () => {
  for (const values of [[], [0], [255, 239], [251, 255, 190, 62, 63]]) {
    const text = textOf(bytes(...values));
    expect(text).not.toMatch(/[+/=]/);
    expect([...bytesOf(text)]).toEqual(values);
  }
  expect(textOf(bytes(251, 255))).toBe('-_8');
});

test('they work at names over https, and not at bare addresses', () => {
  for (const [hostname, works] of [
    ['localhost', true],
    ['chat.example.org', true],
    ['192.168.1.5', false],
    ['[::1]', false],
  ] as const) {
    browser({}, hostname);
    expect(passkeysWork()).toBe(works);
  }
  vi.stubGlobal('isSecureContext', false);
  expect(passkeysWork()).toBe(false);
});

test('a new one is asked for in bytes and answered in text', async () => {
  const create = vi.fn().mockResolvedValue({
    id: 'AQI',
    rawId: bytes(1, 2),
    type: 'public-key',
    response: { clientDataJSON: bytes(3), attestationObject: bytes(4) },
  });
  browser({ create });
  const options = { challenge: '_-8', user: { id: 'AQ', name: 'ada' }, excludeCredentials: [{ id: 'Ag', type: 'public-key' }] };
  expect(JSON.parse(await makePasskey(JSON.stringify(options)))).toEqual({
    id: 'AQI',
    rawId: 'AQI',
    type: 'public-key',
    response: { clientDataJSON: 'Aw', attestationObject: 'BA' },
  });
  const { publicKey } = create.mock.calls[0]![0];
  expect([[...publicKey.challenge], [...publicKey.user.id], [...publicKey.excludeCredentials[0].id]]).toEqual([[255, 239], [1], [2]]);
});

test('one is used with whom it is of, quietly where the name is typed', async () => {
  const response = { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(3), userHandle: bytes(65) };
  const get = vi.fn().mockResolvedValue({ id: 'AQ', rawId: bytes(1), type: 'public-key', response });
  browser({ get });
  const { signal } = new AbortController();
  const text = await usePasskey('{"challenge":"AQ"}', { quietly: true, signal });
  expect(JSON.parse(text).response).toEqual({ clientDataJSON: 'AQ', authenticatorData: 'Ag', signature: 'Aw', userHandle: 'QQ' });
  expect(get.mock.calls[0]![0]).toMatchObject({ mediation: 'conditional', signal });
});

test('whoever puts it away, has one already, or has a broken browser is told apart', async () => {
  browser(refusing('NotAllowedError'));
  await expect(usePasskey('{"challenge":"AQ"}')).rejects.toThrow(PasskeyPutAway);
  browser(refusing('AbortError'));
  await expect(usePasskey('{"challenge":"AQ"}')).rejects.toThrow(PasskeyPutAway);
  browser(refusing('InvalidStateError'));
  await expect(makePasskey('{"challenge":"AQ","user":{"id":"AQ"}}')).rejects.toThrow(PasskeyKnown);
  browser(refusing('SecurityError'));
  await expect(usePasskey('{"challenge":"AQ"}')).rejects.toThrow(DOMException);
});
