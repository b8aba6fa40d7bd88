import { el, equal, ok, seeded, test } from "harness"
import { ownScreen, rehearsalNow, rehearsedPosts, standing } from "wall/screen-own"
import { planNow, spellAt, turnsOf } from "wall/screen-plan-page"
import { Offsets, rehearsed } from "wall/screen-time"

const MINUTE = 60_000
const NOON = Date.parse("2026-10-07T12:00:00Z")
const spell = (minutes, scene) => ({ at: NOON + minutes * MINUTE, scene, now: [], next: [], ends: null })
const SCENES = ["before", "talk", "ending", "break", "pitch", "after"]
const HALL = [spell(-720, "before"), spell(0, "talk"), spell(35, "ending"), spell(45, "break"), spell(60, "talk"), spell(600, "after")]

// The plan of these places as the server writes it, no two spells alike.
function written(places) {
  const all = Object.values(places).flat()
  const shape = ({ at, scene }, before) => [(at - before) / 1000, [...SCENES].indexOf(scene), 0, [], [], null]
  const shapes = Object.values(places).flatMap((row) => row.map((spell, place) => shape(spell, row[place - 1]?.at ?? 0)))
  const rows = Object.values(places).map((row) => row.map((spell) => all.indexOf(spell)))
  return { starts: 0, stands: Object.keys(places), letters: 4, keys: "", rooms: [], scenes: SCENES, shapes, rows, late: [] }
}

// What the page of a screen holds: itself, other screens, the plan, steps and rehearsals.
function page({ plan = { plan: written({ hall: HALL, foyer: [spell(-720, "break")] }) }, screen = {}, steps = [], rehearsals = [] } = {}) {
  const data = (some) => el("data", Object.fromEntries(Object.entries(some).map(([name, value]) => [`data-${name}`, value])))
  const told = el("div", { topic: "screen" }, data({ screen: "mine", stands: "hall", ...screen }), ...rehearsals.map((one) => data({ rehearsal: "", ...one })))
  const drawn = el("data", { "data-piece": "plan", value: typeof plan === "string" ? plan : JSON.stringify(plan) })
  document.body.replaceChildren(told, el("div", { topic: "screen" }, drawn), el("div", { id: "standing" }, ...steps.map(data)))
}

test("the scene is the last that has begun, from its very instant", () => {
  page()

  const at = [-1, 0, 34, 35, 44.99, 45, 60, 599, 600, 5_000].map((minutes) => spellAt("hall", NOON + minutes * MINUTE).scene)

  equal(at, ["before", "talk", "talk", "ending", "ending", "break", "talk", "talk", "after", "after"])
})

test("whenever it is asked, after whichever pause, it is the scene of that moment", () => {
  page()
  const random = seeded(3)
  let at = NOON - 12 * 60 * MINUTE
  while (at < NOON + 12 * 60 * MINUTE) {
    const right = HALL.filter((one) => one.at <= at).at(-1)
    equal(spellAt("hall", at).scene, right.scene)
    at += random() < 0.1 ? 40 * MINUTE : random() * MINUTE
  }
})

test("a spell tells when the next one begins", () => {
  page()

  equal(spellAt("hall", NOON).until, NOON + 35 * MINUTE)
  equal(spellAt("hall", NOON + 700 * MINUTE).until, null)
})

test("a place without a row stands in the hall, before the first spell is the first, without a plan it is the break", () => {
  page()
  equal(spellAt("99", NOON).scene, "talk")
  equal(spellAt("hall", 0).scene, "before")
  page({ plan: "{" })
  equal([spellAt("hall", NOON).scene, planNow().ending_minutes], ["break", 10])
})

test("a plan drawn anew is read anew, the same one is not", () => {
  page()
  const first = planNow()
  equal(planNow() === first, true)
  page({ plan: { plan: written({ hall: [spell(-10, "pitch")] }), phase: "pitch" } })

  equal([planNow().phase, spellAt("hall", NOON).scene], ["pitch", "pitch"])
})

test("turns are those of this screen, and never none", () => {
  page({ screen: { turns: '{"break":["wall","hint"],"talk":[]}' } })

  equal([turnsOf("break"), turnsOf("talk"), turnsOf("unheard")], [["wall", "hint"], ["wall"], ["wall"]])
  equal(ownScreen().stands, "hall")
})

test("a phase of the barcamp has turns of its own where there are any", () => {
  page({ plan: { phase: "running" }, screen: { turns: '{"break":["wall"],"break running":["board","wall"],"talk":["talk"]}' } })

  equal([turnsOf("break"), turnsOf("talk")], [["board", "wall"], ["talk"]])
})

test("a step concerns all or this screen, its own before everybody's, until its time is over", () => {
  const until = new Date(NOON).toISOString()
  page({ steps: [{ step: "logo", on: "other" }, { step: "notice", on: "", key: "all" }, { step: "notice", on: "mine", key: "own" }, { step: "freeze", until }] })

  equal(standing("logo", NOON), null)
  equal(standing("notice", NOON).dataset.key, "own")
  ok(standing("freeze", NOON - 1))
  equal(standing("freeze", NOON), null)
})

test("a rehearsal plays its time from when it began, or stands still", () => {
  page({ rehearsals: [{ on: "other", starts: 1, began: 2, speed: 3 }] })
  equal(rehearsalNow(), null)
  page({ rehearsals: [{ on: "", starts: NOON, began: 1_000, speed: 60 }] })

  equal(rehearsed(2_000, rehearsalNow()), NOON + MINUTE)
  equal(rehearsed(9_999, { starts: NOON, began: 0, speed: 0 }), NOON)
  equal(rehearsed(5, null), 5)
})

test("the offset of the clock is the median of the last answers, the way there and back halved", () => {
  const offsets = new Offsets()

  equal(offsets.middle, 0)
  equal(offsets.add({ sentAt: 1_000, cameAt: 1_200, now: 61_100 }), 60_000)
  for (const off of [60_010, 9_000_000, 59_990]) offsets.add({ sentAt: 0, cameAt: 0, now: off })
  equal(offsets.middle, 60_010)
  equal(offsets.add({ sentAt: 0, cameAt: 20_000, now: 5 }), 60_010, "an answer that took too long")
  for (let n = 0; n < 5; n += 1) offsets.add({ sentAt: 0, cameAt: 0, now: 70 })
  equal(offsets.middle, 70)
})

test("the posts of a rehearsal are this screen's while it rehearses, and nobody else's", () => {
  page({ rehearsals: [{ on: "other" }, { on: "mine" }] })
  for (const row of document.querySelectorAll("[data-rehearsal]")) {
    row.append(Object.assign(document.createElement("template"), { textContent: "" }))
    row.firstElementChild.content.append(el("article", { "data-key": `of-${row.dataset.on}` }))
  }
  equal(rehearsedPosts().firstElementChild.dataset.key, "of-mine")

  document.querySelector("[data-on=mine]").remove()

  equal(rehearsedPosts(), null)
})
