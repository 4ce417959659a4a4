// What the judges ask in the page itself. What lies below an open dialog is inert: it was looked at without it.
window.judges = {
  prepare: (targets) => {
    // Inside the edge, which is no ground for words.
    const within = (element) => {
      const box = element.getBoundingClientRect()
      return new DOMRect(box.x + 4, box.y + 4, box.width - 8, box.height - 8)
    }
    const top = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
    const rgba = (color) => {
      canvas.clearRect(0, 0, 1, 1)
      canvas.fillStyle = color
      canvas.fillRect(0, 0, 1, 1)
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data
      return [r, g, b, a / 255]
    }
    const see = (element) => {
      let seen = 1
      for (let each = element; each; each = each.parentElement) seen *= Number(getComputedStyle(each).opacity)
      return seen
    }
    // Only what nothing covers: a picture over the initials, a dialog over the page.
    const cut = (element, box) => {
      const inset = [0.1, 0.5, 0.9]
      const uncovered = inset.every((along) => inset.every((down) => {
        const above = document.elementFromPoint(box.left + along * (box.right - box.left), box.top + down * (box.bottom - box.top))
        return above && (element.contains(above) || above.contains(element))
      }))
      return box.width > 2 && box.height > 2 && uncovered && box.left >= 0 && box.top >= 0 &&
        box.right <= innerWidth && box.bottom <= innerHeight ? [box.left, box.top, box.right, box.bottom] : null
    }
    const drawn = [...top.querySelectorAll('.avatar[data-initials]')].filter((each) => !each.querySelector('.come') && !each.closest(':disabled'))
    const icons = [...top.querySelectorAll(':is(a, button, label) svg')]
      .filter((each) => !each.closest('a, button, label').innerText.trim() && !each.closest(':disabled'))
    const items = []
    const hide = (element, property, value) => element.style.setProperty(property, value, 'important')
    const add = (element, rects, need, color) => {
      const boxes = rects.map((box) => cut(element, box)).filter(Boolean)
      if (!boxes.length || rgba(color)[3] === 0 || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return
      const name = `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`.slice(0, 60)
      const words = (element.innerText ?? element.closest('a, button')?.ariaLabel ?? '').slice(0, 40)
      items.push({ name, words, boxes, need, color: rgba(color), opacity: see(element) })
    }
    for (const selector of targets) {
      const element = document.querySelector(selector)
      if (!element || !top.contains(element) || element.closest(':disabled, [aria-disabled=true]')) continue
      const style = getComputedStyle(element)
      const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700)
      const range = document.createRange()
      const rects = [...element.childNodes]
        .filter((node) => node.nodeType === 3 && node.data.trim() && !/^\p{Extended_Pictographic}+$/u.test(node.data.trim()))
        .flatMap((node) => (range.selectNodeContents(node), [...range.getClientRects()]))
      const field = element.matches('input, textarea, select') ? [within(element)] : rects
      add(element, field, large ? 3 : 4.5, style.color)
    }
    for (const each of drawn) {
      const style = getComputedStyle(each)
      const box = each.getBoundingClientRect()
      const inner = new DOMRect(box.x + box.width / 4, box.y + box.height / 3, box.width / 2, box.height / 3)
      add(each, [inner], parseFloat(style.fontSize) >= 18.66 ? 3 : 4.5, style.color)
    }
    for (const each of icons) add(each, [each.getBoundingClientRect()], 3, getComputedStyle(each).color)
    for (const selector of targets) {
      const element = document.querySelector(selector)
      if (!element) continue
      hide(element, '-webkit-text-fill-color', 'transparent')
      hide(element, 'text-decoration-color', 'transparent')
    }
    for (const each of drawn) hide(each, '-webkit-text-fill-color', 'transparent')
    for (const each of icons) hide(each, 'visibility', 'hidden')
    return items
  },

  restore: (targets) => {
    const all = [...document.querySelectorAll('.avatar, svg'), ...targets.map((each) => document.querySelector(each))]
    for (const each of all) {
      each?.style.removeProperty('-webkit-text-fill-color')
      each?.style.removeProperty('text-decoration-color')
      each?.style.removeProperty('visibility')
    }
  },

  cutOff: () => {
    const top = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body
    const told = (each) => `${each.tagName.toLowerCase()} ${(each.ariaLabel || each.innerText || each.className).slice(0, 40)}`
    const found = []
    const sideways = document.documentElement.scrollWidth - innerWidth
    if (sideways > 0) found.push(`the page scrolls sideways by ${sideways} px`)
    const hides = (each) => /hidden|clip/.test(getComputedStyle(each).overflowX)
    for (const each of top.querySelectorAll('a, button, input, select, textarea, [role=option], h1, h2, label')) {
      if (!each.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
      if (each.closest('.unseen, .skip, [popover]:not(:popover-open), [role=tablist], [aria-hidden=true]')) continue
      const box = each.getBoundingClientRect()
      if (box.width < 2 || box.height < 2) continue
      const apart = each.closest('main, .side')
      if (apart && getComputedStyle(apart).clipPath !== 'none') continue
      let scrolls = false
      let left = 0
      let right = innerWidth
      for (let up = each.parentElement; up; up = up.parentElement) {
        const style = getComputedStyle(up)
        if (/auto|scroll/.test(style.overflowX) && up.scrollWidth > up.clientWidth + 1) scrolls = true
        if (hides(up)) {
          const around = up.getBoundingClientRect()
          left = Math.max(left, around.left)
          right = Math.min(right, around.right)
        }
      }
      if (scrolls) {
        if (!each.closest('pre, [data-sideways]')) found.push(`must be scrolled to sideways: ${told(each)}`)
        continue
      }
      if (box.left < left - 1.5 || box.right > right + 1.5) found.push(`cut off: ${told(each)}`)
    }
    for (const each of top.querySelectorAll('button, a, h1, h2, p, label, small, dt, dd, time')) {
      if (!each.checkVisibility({ visibilityProperty: true }) || each.closest('.unseen, [popover]:not(:popover-open)')) continue
      const style = getComputedStyle(each)
      if (!each.innerText?.trim() || !/hidden|clip/.test(style.overflowY) || style.clipPath !== 'none') continue
      const clamped = style.webkitLineClamp !== 'none' || style.textOverflow === 'ellipsis'
      if (each.scrollHeight > each.clientHeight + 3 && !clamped) found.push(`words cut off: ${told(each)}`)
    }
    return found
  },

  spaced: (on) => {
    if (!on) {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== window.spaced)
      return
    }
    window.spaced = new CSSStyleSheet()
    window.spaced.replaceSync(`* {
      line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important;
    } p { margin-block-end: 2em !important; }`)
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, window.spaced]
  },

  tooSmall: (least) => {
    const top = [...document.querySelectorAll('dialog:modal')].at(-1) ?? document.body
    const found = []
    for (const each of top.querySelectorAll('a[href], button, input, select, textarea, [role=option]')) {
      if (!each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || each.tabIndex < 0) continue
      if (each.closest('.unseen, .skip, [aria-hidden=true], :disabled')) continue
      const apart = each.closest('main, .side')
      if (apart && getComputedStyle(apart).clipPath !== 'none') continue
      // A link in a sentence is as high as its line.
      if (getComputedStyle(each).display === 'inline') continue
      const target = each.closest('label') ?? (each.labels?.[0] && each.type === 'radio' ? each.labels[0] : each)
      const box = target.getBoundingClientRect()
      const grown = getComputedStyle(target, '::after')
      const reach = grown.position === 'absolute' && grown.content !== 'none' ? -2 * Math.min(0, parseFloat(grown.top) || 0) : 0
      if (box.width < 2) continue
      // Nine groups of emoji stand side by side on the narrowest phones.
      const wide = each.closest('[role=toolbar]') ? least - 4 : least
      if (box.width + reach < wide - 0.5 || box.height + reach < least - 0.5) {
        found.push(`${Math.round(box.width)} x ${Math.round(box.height)}: ${each.tagName.toLowerCase()} ${(each.ariaLabel || each.innerText || each.className).slice(0, 40)}`)
      }
    }
    return found
  },
}
