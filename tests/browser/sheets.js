// sheets.js: puts a slide of a screen's page on stage at a given moment, and says what the last row could not read of it. Put into
// the page by tests/sheets.py; the page's own clock stands still.
window.sheets = (() => {
  const BODY = ".post__text, .card__title, .talk__title, .talk__people, .hint__prompt, .hint__how, .hint__tag, .greet__box > *, .wifi__words > *, .notice__words, .door__title, .pitch__title, .pitch__host, .prompt-slide__words, .invite__title, .invite__how, .countdown__title, .countdown__words, .soon__head, .board__head, .board__title, .row__lead > .row__name, .placard__title, .logo-slide__name"
  const ASIDE = ".board__number, .live__words, rehearsal-mark, .test-slide__sixth" // may stand low: nobody misses it
  const BY_HAND = ["logo", "test"] // their content is that somebody wants them
  const MARGIN = 0.05
  const words = (element) => (element.textContent || element.alt || "").trim().replace(/\s+/g, " ").slice(0, 40)
  const name = (element) => `<${element.localName} class=${element.className?.baseVal ?? element.className}> ${words(element)}`
  const slides = () => [...document.querySelectorAll("screen-scene > [data-slide]")]
  const shown = () => document.querySelector("screen-scene > [data-slide][data-shown]")
  let kept = null

  // The wall with only the newest `count` posts, or all of them again.
  function posts(count) {
    const wall = document.querySelector("screen-wall")
    kept ??= [...wall.keyed()].map((one) => ({ key: one.dataset.key, version: 1e9, order: Number(one.dataset.order), html: one.outerHTML.replace(/ (data-new|data-staged|style)="[^"]*"/g, "") }))
    wall.reset(kept.slice(0, count))
  }

  // "talk" at `at` in `scene`. False if the slide says that it has no content then.
  function show(slide, at, scene) {
    if (slide === "prompt") at -= at % 90_000 // it comes now and then
    const chosen = slides().find(({ dataset }) => dataset.slide === slide)
    for (const one of slides()) one.toggleAttribute("data-shown", one === chosen)
    document.body.dataset.scene = scene
    for (const element of document.querySelectorAll("[data-copies]")) element.textContent = document.querySelector(element.dataset.copies)?.textContent.trim() ?? ""
    document.querySelector("now-line")?.say?.(at)
    if (!BY_HAND.includes(slide) && chosen.hasContent && !chosen.hasContent(at)) return false
    chosen.measureAnew?.()
    chosen.draw?.(at)
    return true
  }

  // The placards as far as the first that stands alone.
  function turnToAlone() {
    const slide = document.querySelector("placards-slide")
    for (let turn = 0; turn < 9 && !slide.hasAttribute("data-alone"); turn += 1) {
      slide.hidden()
      slide.draw(0)
    }
  }

  // --- what is wrong with it

  const visible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })

  function texts() {
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { parentElement: element, textContent } = walker.currentNode
      if (!textContent.trim() || !(shown().contains(element) || element.closest(".bar, rehearsal-mark"))) continue
      if (!visible(element) || element.closest(".live__words")) continue
      const range = document.createRange()
      range.selectNodeContents(walker.currentNode)
      for (const line of range.getClientRects()) {
        const box = seen(inked(line, element), element)
        if (box) found.push({ element, box })
      }
    }
    return found
  }

  // A line's letters, without the room that its typeface keeps above and below.
  function inked({ left, right, top, bottom }, element) {
    const size = Number.parseFloat(getComputedStyle(element).fontSize)
    const spare = Math.max(0, (bottom - top - size * 0.9) / 2)
    return { left, right, top: top + spare, bottom: bottom - spare }
  }

  // What of `box` is left once everything around `element` that cuts has cut it.
  function seen({ left, top, right, bottom }, element) {
    for (let around = element; around && around !== document.body; around = around.parentElement) {
      const { overflow, position } = getComputedStyle(around)
      if (overflow !== "visible") {
        const cut = around.getBoundingClientRect()
        ;[left, top, right, bottom] = [Math.max(left, cut.left), Math.max(top, cut.top), Math.min(right, cut.right), Math.min(bottom, cut.bottom)]
      }
      if (position === "fixed") break // nothing further out cuts it
    }
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null
  }

  const rgb = (text) => (text.match(/[\d.]+/g) ?? []).map(Number)
  const clear = (colour) => colour.length === 4 && colour[3] === 0
  const light = (colour) => colour.slice(0, 3).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0)

  function contrast(element) {
    let ground = element
    while (ground && clear(rgb(getComputedStyle(ground).backgroundColor))) ground = ground.parentElement
    const [one, other] = [light(rgb(getComputedStyle(element).color)), light(rgb(getComputedStyle(ground ?? document.documentElement).backgroundColor))]
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
  }

  function faults() {
    const [wide, high, wrong] = [innerWidth, innerHeight, new Set()]
    const all = texts()
    for (const { element, box } of all) {
      const size = Number.parseFloat(getComputedStyle(element).fontSize) / high
      const least = element.closest(BODY) ? 0.04 : 0.033
      const say = (fault) => wrong.add(`${fault}: ${name(element)}`)
      if (size < least - 0.0004) say(`${(size * 100).toFixed(2)} % of the height`)
      if (contrast(element) < 7) say(`contrast ${contrast(element).toFixed(1)}`)
      place(box, element, say)
    }
    for (const image of shown().querySelectorAll("img, svg")) {
      if (!visible(image) || image.closest(".post__face")) continue
      const box = image.getBoundingClientRect()
      place(box, image, (fault) => wrong.add(`${fault}: ${name(image)}`))
      if (image.localName === "img" && (!image.complete || image.naturalWidth === 0)) wrong.add(`not loaded: ${image.src}`)
    }
    for (const line of overlaps(all)) wrong.add(line)
    for (const box of [shown(), ...shown().querySelectorAll("[data-page], [data-part=box], [data-part=stage]")]) {
      if (visible(box) && (box.scrollHeight > box.clientHeight + 2 || box.scrollWidth > box.clientWidth + 2)) wrong.add(`overflows: ${name(box)}`)
    }
    const { scrollHeight, scrollWidth } = document.documentElement
    if (scrollHeight > high || scrollWidth > wide) wrong.add("the page scrolls")
    return [...wrong]

    function place(box, element, say) {
      if (element.closest(ASIDE)) return
      if (box.left < wide * MARGIN - 1 || box.right > wide * (1 - MARGIN) + 1 || box.top < high * MARGIN - 1) say("at the edge")
      if (box.bottom > (high * 5) / 6 + 1) say("in the bottom sixth")
    }
  }

  // Lines of different blocks that stand on one another.
  function overlaps(all) {
    const block = (element) => element.closest("p, h1, h2, h3, dt, dd, div, header, span.row__small, fit-tag")
    const wrong = []
    for (const [at, one] of all.entries()) {
      for (const other of all.slice(at + 1)) {
        if (block(one.element) === block(other.element)) continue
        const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
        const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
        const least = Math.min(one.box.bottom - one.box.top, other.box.bottom - other.box.top)
        if (across > 3 && down > least * 0.34) wrong.push(`overlap: ${name(one.element)} and ${name(other.element)}`)
      }
    }
    return wrong
  }

  return { show, posts, turnToAlone, faults }
})()
