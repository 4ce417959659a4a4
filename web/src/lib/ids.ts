const DIGITS = '0123456789abcdefghijklmnopqrstuv';

/**
 * A fresh id: UUIDv7 (RFC 9562) in lower-case base32hex (RFC 4648), so ids sort by the time of minting.
 * `crypto.randomUUID` is not used because it is missing where the page is not a secure context.
 */
export function mint(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 5, rest = now; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  bits <<= 2n; // 26 digits of 5 bits hold 130
  let id = '';
  for (let i = 25n; i >= 0n; i--) id += DIGITS[Number((bits >> (i * 5n)) & 31n)];
  return id;
}
