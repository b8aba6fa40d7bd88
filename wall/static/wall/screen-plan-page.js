// screen-plan-page.js: the plan of the event's screens as the page holds it: which scene is when, and which slides take turns in
// it. Read once for each change: slides ask every second.

import { lateOf, peopleOf, spellsOf } from "wall/plan-text"
import { ownScreen } from "wall/screen-own"

const EMPTY = { ending_minutes: 10, slide_s: 15, phase: "" }
const WITHOUT_PLAN = { at: 0, scene: "break", now: [], next: [], ends: null }
const LAST_RESORT = ["wall"]

const read = (told) => ({ ...EMPTY, ...told, late: lateOf(told?.plan), people: peopleOf(told ?? {}), rows: new Map() })

let plan = { text: null, told: read(null) }
let turns = { text: null, told: {} }

// What the server has told last: settings, phase, words; `late` and `people` as wall/plan-text reads them. The same object until
// it tells something else.
export function planNow() {
  const text = document.querySelector('[topic=screen] > [data-piece="plan"]')?.getAttribute("value") ?? null
  if (text !== plan.text) plan = { text, told: read(parsed(text)) }
  return plan.told
}

// What the programme means at `at` for those who stand in `stands`; never nothing. `until`: when the next spell begins, or null.
export function spellAt(stands, at) {
  const row = rowOf(planNow(), stands)
  const place = row.findLastIndex((spell) => spell.at <= at)
  return { ...(row[place] ?? row[0] ?? WITHOUT_PLAN), until: row[place + 1]?.at ?? null }
}

function rowOf(told, stands) {
  if (!told.rows.has(stands)) told.rows.set(stands, spellsOf(told.plan, stands))
  return told.rows.get(stands)
}

// Names of the slides that take turns in `scene` on this screen; some scenes have others in a phase of the barcamp.
export function turnsOf(scene) {
  const text = ownScreen().turns ?? null
  if (text !== turns.text) turns = { text, told: parsed(text) ?? {} }
  const order = turns.told[`${scene} ${planNow().phase}`] ?? turns.told[scene] ?? []
  return order.length > 0 ? order : LAST_RESORT
}

function parsed(text) {
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return null // a screen goes on without a plan rather than not at all
  }
}
