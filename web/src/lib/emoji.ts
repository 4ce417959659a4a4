/** Emoji as people type them: one of them may be many code points. */

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const PICTURE = /\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3/u;
/** As the server has it, in code points. */
const LONGEST = 32;

/** The first emoji in `text`; '' when there is none. */
export function firstEmoji(text: string): string {
  for (const { segment } of graphemes.segment(text)) {
    if (PICTURE.test(segment) && [...segment].length <= LONGEST) return segment;
  }
  return '';
}
