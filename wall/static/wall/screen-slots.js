// screen-slots.js: the programme and its plan as slides of a beamer read them, from what the page holds for all of them. Read once
// for each change: slides look every second.

import { slotOf } from "agenda/arrange"
import { planNow } from "wall/screen-plan-page"

let [slots, byLetters, plannedBy] = [null, null, null]
let plan = { element: null, told: { moments: [], changes: [] } }

document.addEventListener("live-change", ({ target }) => {
  if (target.getAttribute("topic") === "programme") slots = null
})

// All slots by their keys: what slotOf() tells, and title, host, roomName, way, news in words, version. Whatever runs late begins
// and ends as it will, not as it was planned.
export function slotsOnPage() {
  readAnew()
  return slots
}

// The same by the letters with which the plan names them.
export function slotsByLetters() {
  readAnew()
  return byLetters
}

function readAnew() {
  const told = planNow()
  if (slots !== null && told === plannedBy) return
  plannedBy = told
  const elements = [...document.querySelectorAll("[topic=programme] [data-start]")]
  const letters = ({ dataset }) => dataset.key.slice(0, told.plan?.letters)
  const all = elements.map((element) => [element, delayed(read(element), told.late.get(letters(element)))])
  slots = new Map(all.map(([element, slot]) => [element.dataset.key, slot]))
  byLetters = new Map(all.map(([element, slot]) => [letters(element), slot]))
}

const delayed = (slot, [begins, ends] = [0, 0]) => ({ ...slot, start: slot.start + begins, end: slot.end + ends })

function read(element) {
  const words = (selector) => element.querySelector(selector)?.textContent.trim() ?? ""
  return {
    ...slotOf(element),
    title: words(".slot__title"),
    host: words(".slot__host"),
    roomName: words(".slot__room"),
    way: words(".slot__way"),
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
  if (element && element !== plan.element) plan = { element, told: JSON.parse(element.getAttribute("value")) }
  return plan.told
}
