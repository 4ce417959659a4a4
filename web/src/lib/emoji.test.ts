import { expect, test } from 'vitest';
import { firstEmoji } from './emoji';

test.each([
  ['🌻', '🌻'],
  ['garden 🌻🌱', '🌻'],
  ['👩‍👩‍👧‍👦 family', '👩‍👩‍👧‍👦'],
  ['👍🏽', '👍🏽'],
  ['🇳🇴', '🇳🇴'],
  ['1️⃣', '1️⃣'],
  ['❤️', '❤️'],
  ['garden', ''],
  ['7', ''],
  ['', ''],
])('the first emoji of %j is %j', (text, emoji) => {
  expect(firstEmoji(text)).toBe(emoji);
});
