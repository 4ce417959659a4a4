import { describe, expect, test } from 'vitest';
import { plainText } from './markdown';
import { isCode, markdownOf } from './rich';

describe('what web pages copy', () => {
  test.each([
    ['a <b>bold</b> word', 'a **bold** word'],
    ['a <strong>bold </strong>word', 'a **bold** word'],
    ['<b>a</b><b>b</b>', '**ab**'],
    ['<em>so</em> and <i>so</i>', '_so_ and _so_'],
    ['sun<i>flow</i>er', 'sun*flow*er'],
    ['<b>all <i>of</i> it</b>', '**all _of_ it**'],
    ['<del>gone</del> <s>too</s>', '~~gone~~ ~~too~~'],
    ['run <code>a_b()</code> now', 'run `a_b()` now'],
    ['<code>a`b</code>', '`` a`b ``'],
    ['<a href="https://ada.example/x">the map</a>', '[the map](https://ada.example/x)'],
    ['<a href="https://ada.example/(x)">map</a>', '[map](<https://ada.example/(x)>)'],
    ['<a href="https://ada.example/"><b>the</b> map</a>', '[**the** map](https://ada.example/)'],
    ['<h2>Title</h2><p>words</p>', '**Title**\n\nwords'],
    ['<p><b>one</b></p><p>two</p>', '**one**\n\ntwo'],
    ['<div><b>one</b></div><div>two</div>', '**one**\ntwo'],
    ['<b>one<br>two</b>', '**one**\n**two**'],
    ['<ul><li>one<li>two</ul>', '- one\n- two'],
    ['<ol><li><p>one</p></li><li>two</li></ol>', '1. one\n2. two'],
    ['<ul><li>one<ul><li>in</li></ul></li><li>two</li></ul>', '- one\n  - in\n- two'],
    ['<ul><li>one</li><ul><li>in</li></ul><li>two</li></ul>', '- one\n  - in\n- two'],
    ['<p>see</p><ul><li>one</li></ul><p>after</p>', 'see\n\n- one\n\nafter'],
    ['<blockquote><p>said</p><p>more</p></blockquote>', '> said\n>\n> more'],
    ['<pre>a\n  b &lt; c\n</pre>', '```\na\n  b < c\n```'],
    ['<pre>```\nx</pre>', '````\n```\nx\n````'],
    ['<table><tr><th>who</th><th>when</th></tr><tr><td>Ada<td>noon</table>', '**who** | **when**\nAda | noon'],
    ['<b>a</b> <img alt="🌻" src="x"> b', '**a** 🌻 b'],
    ['<b>two</b> *three* four', '**two** \\*three\\* four'],
    ['<b>a</b><p>- no list</p><p>1. nor this</p>', '**a**\n\n\\- no list\n\n1\\. nor this'],
    ['<b>x</b> snake_case_word https://ada.example/a_b', '**x** snake_case_word https://ada.example/a_b'],
    ['<b>a</b>\n   <i>b</i>', '**a** _b_'],
    ['<b>1 &amp; 2&nbsp;&#8211; &#x1F33B; &bogus;</b>', '**1 & 2 – 🌻 &bogus;**'],
  ])('%s', (html, wanted) => expect(markdownOf(html)).toBe(wanted));
});

describe('what says no more than plain text is left to the browser', () => {
  test.each([
    '<span style="color: red">words</span>',
    '<p>one</p><p>2 * 3</p>',
    '<meta charset="utf-8"><b style="font-weight:normal">words</b>',
    '<a href="https://ada.example/">https://ada.example/</a>',
    '',
  ])('%s', (html) => expect(markdownOf(html)).toBeNull());
});

test('Google documents', () => {
  const html =
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span style="font-weight:400;">plain </span>' +
    '<span style="font-weight:700;">bold</span><span style="font-style:italic;font-weight:400;"> italic</span></p><ul><li dir="ltr"><p dir="ltr" role="presentation">' +
    '<span style="text-decoration:line-through;font-weight:400">gone</span></p></li></ul></b>';
  expect(markdownOf(html)).toBe('plain **bold** _italic_\n\n- ~~gone~~');
});

test('Word', () => {
  const html =
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0} --></style></head><body lang=EN-GB>' +
    '<!--StartFragment--><p class=MsoNormal><b>Bold<o:p></o:p></b></p>' +
    "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>one</p>" +
    "<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o </span>in</p>" +
    '<p class=MsoNormal><o:p>&nbsp;</o:p></p><!--EndFragment--></body></html>';
  expect(markdownOf(html)).toBe('**Bold**\n\n- one\n  - in');
});

test('editors', () => {
  const code =
    '<meta charset="utf-8"><div style="color:#ccc;font-family: Menlo, Monaco, monospace;white-space: pre;"><div><span>def</span> f():</div><div>&#160;&#160;return 1</div></div>';
  expect(isCode(code)).toBe(true);
  expect(markdownOf(code)).toBe('```\ndef f():\n  return 1\n```');
  expect(isCode('<html><body><pre style="font-family:JetBrains Mono">x</pre></body></html>')).toBe(true);
  expect(isCode('<p>see</p><pre>x</pre>')).toBe(false);
});

describe('hostile HTML', () => {
  test.each([
    ['<script>alert(1)</script><b>a</b>', '**a**'],
    ['<b>a</b><style>b{}</style><title>x</title><template><b>x</b></template>', '**a**'],
    ['<b onclick="alert(1)">a</b><img src=x onerror=alert(1)>', '**a**'],
    ['<a href="javascript:alert(1)"><b>a</b></a>', '**a**'],
    ['<a href="data:text/html,x"><b>a</b></a>', '**a**'],
    ['<a href=" java\nscript:alert(1)"><b>a</b></a>', '**a**'],
    ['<b>&lt;script&gt;alert(1)&lt;/script&gt;</b>', '**<script>alert(1)</script>**'],
    ['<b>a</b><span style="display:none">hidden</span>', '**a**'],
    ['<b>a</b><script>never closed', '**a**'],
    ['<b>a</b><!-- never closed <i>x</i>', '**a**'],
    ['<b title="never closed>a</b>', null],
    ['<b>a</b><', '**a**<'],
    ['</p></p><b>a</b></x>', '**a**'],
    ['<b <i>a</i>', '**_a_**'],
    ['<b>a &#0; &#xD800; &#99999999;</b>', '**a \ufffd \ufffd &#99999999;**'],
  ])('%s', (html, wanted) => expect(markdownOf(html)).toBe(wanted));

  test('what nests without end, is too long or repeats what is slow to read is over in a moment', () => {
    const began = process.cpuUsage().user;
    expect(plainText(markdownOf(`${'<b><i><div>'.repeat(2_000)}deep`) ?? '')).toBe('deep');
    expect(markdownOf('<blockquote>'.repeat(2_000) + 'deep')).toContain('deep');
    expect(markdownOf('<ul><li>'.repeat(2_000) + 'deep')).toContain('deep');
    expect(markdownOf('<b>x</b>'.repeat(40_000))).toBeNull();
    for (const slow of ['<!--', '<a x="', '<script>', '<', '<a <', '&#', '<b>a</b>', '<p>', '<td>', '"<a \'', '<a / / ']) {
      markdownOf(slow.repeat(Math.floor(30_000 / slow.length)));
    }
    markdownOf(`<b style="${'font-family:'.repeat(20_000)}">x</b>`);
    expect(markdownOf(`<pre>${'\n'.repeat(200_000)}x</pre>`)).toContain('x');
    markdownOf(`<table><tr><td><pre>${' '.repeat(200_000)}x</pre></td></tr></table>`);
    // Microseconds of work, whatever else the machine does.
    expect(process.cpuUsage().user - began).toBeLessThan(4_000_000);
  });
});
