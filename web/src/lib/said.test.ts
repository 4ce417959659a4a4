import { describe, expect, test } from 'vitest';
import { wordsIn } from './said';

const call = (outcome: string, video = false): Parameters<typeof wordsIn>[0] => ({ type: 'call', video, outcome, duration_ms: 0 });

describe('what a message says', () => {
  test('is its text, and nothing once it is deleted', () => {
    expect(wordsIn({ type: 'text', text: 'Hello' })).toBe('Hello');
    expect(wordsIn({ type: 'text', text: '' })).toBe('');
    expect(wordsIn(null)).toBeNull();
    expect(wordsIn(undefined)).toBeNull();
  });

  test('of a kind that a later version brings is told as such', () => {
    expect(wordsIn({ type: 'hologram' })).toBe('Something that this version of SafeVoice cannot show');
  });
});

describe('a call', () => {
  test.each(['missed', 'cancelled', 'busy'])('that ended %s was missed by whom it was for', (outcome) => {
    expect(wordsIn(call(outcome))).toBe('Missed call');
    expect(wordsIn(call(outcome, true))).toBe('Missed video call');
    expect(wordsIn(call(outcome), true)).toBe('Call not answered');
  });

  test('that was answered, declined or had no way is the same for both', () => {
    for (const mine of [false, true]) {
      expect(wordsIn(call('answered', true), mine)).toBe('Video call');
      expect(wordsIn(call('declined'), mine)).toBe('Call declined');
      expect(wordsIn(call('failed'), mine)).toBe('Call did not get through');
    }
  });
});
