// slide-cards.js: rows and cards of a slide as elements. What people wrote is only ever text.

import { say } from "wall/screen-slots"

export function element(name, className, words = "", attributes = {}) {
  const made = document.createElement(name)
  if (className) made.className = className
  if (words) made.textContent = words
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  return made
}

// A session: what is new about it in words, title, who and when. `slot` undefined: an empty place in its row.
export function card(slot, { meta = [], fresh = false } = {}) {
  const made = element("div", "card")
  if (!slot) return made
  made.dataset.slot = slot.key
  made.toggleAttribute("data-new", fresh)
  made.toggleAttribute("data-cancelled", slot.cancelled)
  made.append(element("h3", "card__title", slot.title, { dir: "auto" }))
  const parts = [slot.host, ...meta].filter(Boolean)
  if (slot.news) made.append(element("p", "card__news", slot.news, { dir: "auto" }))
  if (parts.length > 0) {
    const line = element("p", "card__meta")
    line.append(...parts.flatMap((part, at) => [...(at === 0 ? [] : [" · "]), element("bdi", "", part)]))
    made.append(line)
  }
  return made
}

// What leads the row, such as a room, and its cards. `small` stands below it.
export function row(lead, cards, small = "") {
  const made = element("div", "row")
  const head = element("p", "row__lead")
  head.append(element("bdi", "row__name", lead))
  if (small) head.append(" ", element("bdi", "row__small", small))
  made.append(head, ...cards)
  return made
}

// How many hands were counted for a session, where the organizer lets everybody know.
export function handsOf(slot, words) {
  const counted = document.querySelector(`[topic=stage] [data-counted="${CSS.escape(slot.session)}"]`)
  if (!counted) return ""
  const n = counted.textContent
  return say(n === "1" ? words.hand : words.hands, { n })
}
