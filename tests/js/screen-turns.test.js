import { equal, ok, seeded, test } from "harness"
import { Turns } from "wall/screen-turns"

const SECOND = 1_000
const always = () => true
const each15 = () => 15 * SECOND
const BREAK = ["wall", "hint", "nownext", "wall", "changes", "wifi", "wall", "placards"]

// Plays `minutes` second by second. Gives every turn that began: { tick, slide, why, could }.
function play(turns, { minutes, order = () => BREAK, scene = () => "break", has = always, lasts = each15, from = 0 }) {
  const began = []
  for (let tick = from; tick < from + minutes * 60 * SECOND; tick += SECOND) {
    const now = order(tick)
    const why = turns.next(tick, { scene: scene(tick), order: now, has: (name) => has(name, tick), lasts })
    if (why) began.push({ tick, slide: turns.slide, why, could: now.filter((name) => has(name, tick)) })
  }
  return began
}

const slides = (began) => began.map(({ slide }) => slide)

test("a scene begins with the first slide that has something to show", () => {
  const turns = new Turns()

  equal(turns.next(0, { scene: "break", order: BREAK, has: (name) => name !== "wall", lasts: each15 }), "scene")
  equal(turns.slide, "hint")
})

test("slides follow each other in their order, each for its time", () => {
  const began = play(new Turns(), { minutes: 2, lasts: (name) => (name === "wall" ? 20 : 10) * SECOND })

  equal(slides(began).slice(0, 9), [...BREAK, "wall"].filter((name, at, all) => name !== all[at - 1]))
  equal(began.slice(0, 4).map(({ tick }) => tick / SECOND), [0, 20, 30, 40])
})

test("nothing is cut short while it has something to show", () => {
  const turns = new Turns()
  const ask = (tick) => turns.next(tick, { scene: "break", order: BREAK, has: always, lasts: each15 })
  ask(0)

  equal([1, 5_000, 14_999].map(ask), ["", "", ""])
  equal(ask(15_000), "turn")
})

test("another scene, a nudge, and content that has gone end a turn at once", () => {
  const turns = new Turns()
  const ask = (tick, more = {}) => turns.next(tick, { scene: "break", order: BREAK, has: always, lasts: each15, ...more })
  ask(0)

  equal([ask(1_000, { nudged: true }), turns.slide], ["nudged", "hint"])
  equal([ask(2_000, { has: (name) => name !== "hint" }), turns.slide], ["gone", "nownext"])
  equal([ask(3_000, { scene: "talk", order: ["talk"] }), turns.slide], ["scene", "talk"])
  equal([ask(4_000, { order: ["board", "hint"], scene: "talk" }), turns.slide], ["gone", "board"])
})

test("a slide that the next scene begins with goes on with its turn", () => {
  const turns = new Turns()
  const ask = (tick, scene, order) => turns.next(tick, { scene, order, has: always, lasts: each15 })
  ask(0, "break", ["wall", "hint"])
  ask(10_000, "sessions", ["wall", "board"])

  equal([ask(14_000, "sessions", ["wall", "board"]), ask(15_000, "sessions", ["wall", "board"]), turns.slide], ["", "turn", "board"])
})

test("with nothing to show at all the last of the order stands, never nothing", () => {
  const turns = new Turns()

  turns.next(0, { scene: "talk", order: ["talk", "hint"], has: () => false, lasts: each15 })
  ok(turns.slide)
  turns.next(1, { scene: "talk", order: ["talk", "hint"], has: () => false, lasts: each15 })
  equal(turns.slide, "hint")
})

test("whoever is passed over for want of something to show is owed nothing", () => {
  const has = (name, tick) => name !== "changes" || tick >= 20 * 60 * SECOND
  const began = play(new Turns(), { minutes: 40, has })
  const after = slides(began.filter(({ tick }) => tick >= 20 * 60 * SECOND))

  equal(after.slice(0, 20).filter((name) => name === "changes").length <= 3, true)
  ok(after.includes("changes"))
})

test("over random contents nothing stands twice in a row while another could", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = seeded(seed)
    const rhythm = new Map(BREAK.map((name) => [name, { every: 20 + random() * 400, part: random() }]))
    const has = (name, tick) => (tick / SECOND / rhythm.get(name).every) % 1 < rhythm.get(name).part
    const began = play(new Turns(), { minutes: 60, has, lasts: () => (5 + random() * 30) * SECOND })

    for (const [at, { slide, why, could }] of began.entries()) {
      if (at === 0) continue
      ok(could.includes(slide) || could.length === 0, `seed ${seed}: ${slide} without content`)
      ok(slide !== began[at - 1].slide || could.every((name) => name === slide), `seed ${seed}: ${slide} twice, ${why}`)
    }
  }
})

test("over random orders everybody with something to show has a turn in each round", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = seeded(seed)
    const order = Array.from({ length: 2 + Math.floor(random() * 8) }, () => `s${Math.floor(random() * 6)}`)
    const empty = new Set(order.filter(() => random() < 0.3))
    const full = [...new Set(order)].filter((name) => !empty.has(name))
    const seen = slides(play(new Turns(), { minutes: 30, order: () => order, has: (name) => !empty.has(name) }))

    for (let at = 0; at + order.length <= seen.length && full.length > 0; at += 1) {
      const round = new Set(seen.slice(at, at + order.length))
      for (const name of full) ok(round.has(name), `seed ${seed}: ${name} not among ${[...round]} of ${order}`)
    }
  }
})

test("a slide that wishes for ever keeps the others waiting for two minutes at most, none for less than three seconds", () => {
  const wishes = { wall: Infinity, hint: 0, nownext: Number.NaN }
  const began = play(new Turns(), { minutes: 10, order: () => Object.keys(wishes), lasts: (name) => wishes[name] })

  equal(began.slice(0, 4).map(({ tick }) => tick / SECOND), [0, 120, 123, 126])
})

test("a clock that jumps forty minutes ahead brings the next turn, not forty minutes of them", () => {
  const turns = new Turns()
  play(turns, { minutes: 1 })

  equal(play(turns, { minutes: 0.2, from: 41 * 60 * SECOND }).length, 1)
})
