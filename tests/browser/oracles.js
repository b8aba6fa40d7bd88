// oracles.js: what a test asks a page, put into it before its own scripts. Changes nothing that a person would notice.
window.oracles = (() => {
  const STOPS = "a[href], area[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable]"
  const MARKS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor", "backgroundColor", "textDecoration"]
  const reports = []
  let before = new Map()
  addEventListener("securitypolicyviolation", (report) => reports.push(`${report.violatedDirective}: ${report.blockedURI} ${report.sample}`))

  const words = (element) => (element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.textContent || element.value || element.name || "").trim().replace(/\s+/g, " ").slice(0, 40)
  const name = (element) => `<${element.localName}${element.id ? ` id=${element.id}` : ""}> ${words(element)}`

  // Every element that Tab has to reach; of the radio buttons of one name it stops at one.
  function stops() {
    const found = [...document.querySelectorAll(STOPS)].filter((element) =>
      element.tabIndex >= 0 && element.type !== "hidden" && !element.matches(":disabled") && !element.closest("[inert]")
      && (element.localName !== "summary" || element.parentElement.localName === "details")
      && element.checkVisibility({ visibilityProperty: true }))
    const radios = new Map(found.filter((one) => one.type === "radio").map((one) => [one.name, one]))
    for (const one of found) if (one.type === "radio" && one.checked) radios.set(one.name, one)
    return found.filter((one) => one.type !== "radio" || [...radios.values()].includes(one))
  }

  // Where a focus may show: the element, its labels, what holds it closely.
  const around = (element) => [element, ...(element.labels ?? []), element.parentElement].filter(Boolean)
  const looks = (element) => around(element).map((one) => ({ ...Object.fromEntries(MARKS.map((mark) => [mark, getComputedStyle(one)[mark]])), size: Math.min(one.offsetWidth ?? 9, one.offsetHeight ?? 9) }))

  function begin() {
    const start = document.createElement("i")
    start.tabIndex = -1
    document.body.prepend(start)
    start.focus()
    start.remove()
    const all = stops()
    before = new Map(all.map((element) => [element, looks(element)]))
    return all.length + 5 * all.filter((one) => ["date", "time", "datetime-local"].includes(one.type)).length // for its parts
  }

  // What is wrong with the element that has the focus now: one line each.
  function focused() {
    const element = document.activeElement
    if (!element || element === document.body) return []
    const wrong = []
    const [now, then] = [looks(element), before.get(element) ?? []]
    const outlined = now.some((look) => look.size > 2 && look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2)
    const changed = now.some((look, at) => look.size > 2 && then[at] && MARKS.slice(3).some((mark) => look[mark] !== then[at][mark]))
    if (!outlined && !changed) wrong.push(`no visible focus: ${name(element)}`)
    const visible = around(element).find((one) => one.offsetWidth > 2 || one.getClientRects()[0]?.width > 2)
    const box = visible?.getClientRects()[0]
    if (!box) return [...wrong, `nowhere: ${name(element)}`]
    const [x, y] = [box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 40)]
    const there = document.elementFromPoint(x, y)
    const own = [element, ...(element.labels ?? [])]
    if (!there || !(own.some((one) => one.contains(there)) || there.contains(visible))) wrong.push(`hidden while focused: ${name(element)}, by <${there?.localName} ${there?.className}>`)
    before.delete(element)
    return wrong
  }

  const unreached = () => [...before.keys()].filter((element) => element.isConnected && element.checkVisibility({ visibilityProperty: true })).map(name)

  // Elements that stick out to the right, the page itself first; what lies in a box that scrolls by itself is reached there.
  function overflow() {
    const width = document.documentElement.clientWidth
    const page = document.scrollingElement.scrollWidth
    if (page <= width) return []
    const wide = [...document.body.querySelectorAll("*")].filter((one) => Math.max(one.getBoundingClientRect().right, one.getBoundingClientRect().left + one.scrollWidth) > width + 1)
    const inner = wide.filter((one) => ![...one.children].some((child) => wide.includes(child)))
    return [`${page} px in ${width}: ${inner.slice(0, 3).map((one) => `<${one.localName} class=${one.className}> ${words(one)}`).join("; ")}`]
  }

  async function stored() {
    const names = (storage) => Object.keys(storage)
    const databases = await indexedDB.databases()
    const workers = (await navigator.serviceWorker?.getRegistrations()) ?? []
    const caches = globalThis.caches ? await globalThis.caches.keys() : []
    return {
      "local storage": names(localStorage),
      "session storage": names(sessionStorage),
      "indexed database": databases.map((one) => one.name),
      "cache": caches,
      "service worker": workers.map((one) => new URL(one.scope).pathname),
    }
  }

  // What nobody in the last row could read on a beamer: of the slide that is shown and of the bar above it, one line each.
  function legible() {
    const [wide, high, wrong] = [innerWidth, innerHeight, []]
    const shown = document.querySelector("[data-slide][data-shown]")
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const { parentElement: element, textContent } = walker.currentNode
      const read = (shown.contains(element) || element.closest(".bar")) && !element.closest(".live__words, .board__number")
      if (!read || !textContent.trim() || !element.checkVisibility({ visibilityProperty: true })) continue
      const range = document.createRange()
      range.selectNodeContents(walker.currentNode)
      const box = range.getBoundingClientRect()
      const block = element.closest("h2, h3, p")?.getBoundingClientRect() ?? box // which cuts what is too long
      const size = Number.parseFloat(getComputedStyle(element).fontSize)
      const say = (fault) => wrong.push(`${fault}: ${name(element)}`)
      if (size < 0.033 * high - 0.05) say(`${size}px of ${high}`)
      if (Math.min(box.bottom, block.bottom) > (high * 5) / 6 + 1) say("in the bottom sixth")
      if (Math.min(box.right, block.right) > wide * 0.951 || box.left < wide * 0.03) say("at the edge")
    }
    const page = shown.querySelector("[data-page]")
    if (page && (page.scrollHeight > page.clientHeight + 1 || page.scrollWidth > page.clientWidth + 1)) wrong.push("overflow")
    const { scrollHeight, scrollWidth } = document.documentElement
    if (scrollHeight > high || scrollWidth > wide) wrong.push("scrolls")
    if (getComputedStyle(document.body).cursor !== "none") wrong.push("cursor")
    return wrong
  }

  return { legible, begin, focused, unreached, overflow, stored, reports: () => reports.splice(0) }
})()
