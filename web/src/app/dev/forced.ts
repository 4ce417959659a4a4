/**
 * States that only a pointer or a key can bring about, for looking at: below an element with `data-forced="hover"`
 * (or `focus`, `press`) everything looks as if it were so. The page's own rules are rewritten, so what is seen is
 * what they say.
 */
const WORDS = { hover: 'hover', 'focus-visible': 'focus', 'focus-within': 'focus', focus: 'focus', active: 'press' } as const;
const HOLDS_FOCUS = ':is(a, button, input, select, textarea, article)';
const STATE = /:(hover|focus-visible|focus-within|focus|active)(?![\w-])/g;

function rewrite(rules: CSSRuleList): void {
  for (const rule of rules) {
    if (rule instanceof CSSStyleRule && !rule.selectorText.includes('data-forced')) {
      const forced = rule.selectorText.replace(STATE, (state, name: keyof typeof WORDS) => {
        const which = name === 'focus' || name === 'focus-visible' ? HOLDS_FOCUS : '*';
        return `:is(${state}, [data-forced='${WORDS[name]}'] ${which})`;
      });
      if (forced !== rule.selectorText) rule.selectorText = forced;
    }
    if ('cssRules' in rule) rewrite(rule.cssRules as CSSRuleList);
  }
}

/** Also of what is loaded later; returns how to stop. */
export function forceStates(): () => void {
  const all = (): void => {
    for (const sheet of document.styleSheets) rewrite(sheet.cssRules);
  };
  const watch = new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) node.addEventListener('load', all);
  });
  all();
  watch.observe(document.head, { childList: true });
  return () => watch.disconnect();
}
