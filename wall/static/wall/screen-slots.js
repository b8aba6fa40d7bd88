// screen-slots.js: the programme as slides of a beamer read it, from the slots that the page holds for all of them.

import { slotOf } from "agenda/arrange"

// All slots by their keys: what slotOf() tells, and title, host, roomName, news in words, version.
export function slotsOnPage() {
  const elements = document.querySelectorAll("[topic=programme] [data-start]")
  return new Map([...elements].map((element) => [element.dataset.key, read(element)]))
}

function read(element) {
  const words = (selector) => element.querySelector(selector)?.textContent.trim() ?? ""
  return {
    ...slotOf(element),
    title: words(".slot__title"),
    host: words(".slot__host"),
    roomName: words(".slot__room"),
    news: words(".slot__news"),
    session: element.dataset.session,
    version: element.dataset.version,
  }
}

// "Um {time}" with { time: "11:45" } -> "Um 11:45"
export const say = (pattern, values) => (pattern ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)

// What the server has planned for screens: { moments, changes }, empty before it has come.
export function planOnPage() {
  const element = document.querySelector('[topic=stage] [data-piece="plan"]')
  return element ? JSON.parse(element.getAttribute("value")) : { moments: [], changes: [] }
}
