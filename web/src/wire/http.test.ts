import { expect, test } from 'vitest';
import { refusal } from './http';

const page = (status: number) => refusal(new Response('<html><h1>nginx</h1></html>', { status }));
const codeOf = async (status: number) => (await page(status)).code;

test('a proxy that takes less than the server says so for good', async () => {
  expect(await page(413)).toMatchObject({ code: 'too_large', text: 'This is larger than the server takes.' });
});

test.each([408, 425, 429, 500, 502, 503, 504, 520, 530])('a page that comes with %i says that it is worth another try', async (status) => {
  expect(await codeOf(status)).toBe('offline');
});

test.each([400, 401, 403, 404, 405, 407, 414, 431])('a page that comes with %i is the word of whatever stands in front', async (status) => {
  expect(await codeOf(status)).toBe('blocked');
});

test('what the server itself says counts, whatever the status', async () => {
  const said = (code: string) => refusal(new Response(JSON.stringify({ code, text: 'Why.' }), { status: 413 }));
  expect(await said('text_too_long')).toMatchObject({ code: 'text_too_long', text: 'Why.' });
});
