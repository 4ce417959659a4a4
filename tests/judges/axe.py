"""axe-core, in the page: rules of WCAG 2.2 A and AA, and those that its makers call best practice.

Brings eyes.js along, which the judges after it use.
"""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

HERE = Path(__file__).parent

_ASK = """async (rules) => {
  const open = [...document.querySelectorAll('dialog:modal')].at(-1)
  const found = await axe.run(open ?? document, {
    ...(rules ? { runOnly: { type: 'rule', values: rules } } : {
      runOnly: {
        type: 'tag',
        values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      },
    }),
    resultTypes: ['violations', 'incomplete'],
    preload: false,
  })
  const told = (each) => each.nodes.map((node) => ({
    rule: each.id,
    target: node.target.join(' '),
    html: node.html.slice(0, 160),
    why: node.any.concat(node.all, node.none).map((check) => check.message).join('; ').slice(0, 300),
  }))
  return { violations: found.violations.flatMap(told), incomplete: found.incomplete.flatMap(told) }
}"""
"""What lies below an open dialog is inert, and was looked at in a state of its own."""


async def ask(page: Page, *rules: str) -> dict[str, list[dict[str, Any]]]:
    """`violations` and `incomplete`, one entry for each element; of these rules, or of all."""
    if not await page.evaluate("() => 'axe' in window"):
        for file in ("node_modules/axe-core/axe.min.js", "eyes.js"):
            await page.evaluate((HERE / file).read_text())
    found: dict[str, list[dict[str, Any]]] = await page.evaluate(_ASK, list(rules) or None)
    return found
