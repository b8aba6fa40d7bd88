import { equal, ok, seeded, test } from "harness"
import { Replica } from "live/replica"

const item = (version, html = `v${version}`, key = "k") => ({ topic: "wall", key, version, order: version, html })
const frame = (from, upto, ...items) => ({ t: "frame", g: "shared", from, upto: `${upto}.aa`, items })
const beat = (from, upto) => ({ t: "beat", g: "shared", from, upto: `${upto}.aa` })

function screen() {
  const shown = new Map()
  const draw = ({ topic, key, html }) => (html === null ? shown.delete(`${topic} ${key}`) : shown.set(`${topic} ${key}`, html))
  return { shown, items: (items) => items.forEach(draw), reset: (items) => (shown.clear(), items.forEach(draw)) }
}

function started(cursor = "0.0") {
  return [new Replica("shared", ["wall"], cursor), screen()]
}

test("a frame is drawn and moves the cursor", () => {
  const [replica, view] = started()

  equal(replica.receive(frame(0, 3, item(3)), view), "applied")
  equal([...view.shown], [["wall k", "v3"]])
  equal(replica.cursor, "3.aa")
})

test("a frame that comes twice is drawn once", () => {
  const [replica] = started()
  let drawn = 0
  const view = { items: () => (drawn += 1), reset: () => {} }

  replica.receive(frame(0, 3, item(3)), view)

  equal(replica.receive(frame(0, 3, item(3)), view), "ignored")
  equal(drawn, 1)
})

test("a gap is not drawn and asks once until it is answered", () => {
  const [replica, view] = started()

  equal(replica.receive(frame(2, 4, item(4)), view), "catch-up")
  equal(replica.receive(frame(4, 5, item(5)), view), "ignored")
  equal(view.shown.size, 0)
  equal(replica.receive(frame(0, 5, item(5)), view), "applied")
  equal(replica.receive(frame(7, 8, item(8)), view), "catch-up")
})

test("a gap that nobody answers is asked about again", () => {
  const [replica, view] = started()
  const answers = Array.from({ length: 5 }, (_, at) => replica.receive(beat(at + 1, at + 2), view))

  equal(answers, ["catch-up", "ignored", "ignored", "ignored", "catch-up"])
})

test("a beat moves the cursor and shows a gap", () => {
  const [replica, view] = started("5.aa")

  equal(replica.receive(beat(5, 9), view), "applied")
  equal(replica.cursor, "9.aa")
  equal(replica.receive(beat(11, 12), view), "catch-up")
})

test("a removed key does not come back with an older version", () => {
  const [replica, view] = started()
  replica.receive(frame(0, 2, item(2)), view)
  replica.receive(frame(2, 4, item(4, null)), view)

  replica.receive(frame(1, 5, item(3), item(5, "other", "o")), view)

  equal([...view.shown], [["wall o", "other"]])
})

test("the same key in two topics has two lives", () => {
  const [replica, view] = started()
  replica.receive(frame(0, 4, item(4, null)), view)
  replica.receive(frame(4, 5, { ...item(5), topic: "desk", version: 4 }), view)

  ok(view.shown.has("desk k"))
})

test("a reset replaces everything, even with lower numbers", () => {
  const [replica, view] = started()
  replica.receive(frame(0, 9, item(9), item(8, null, "gone")), view)

  replica.receive({ t: "reset", g: "shared", upto: "3.bb", items: [item(2, "back", "gone")] }, view)

  equal([...view.shown], [["wall gone", "back"]])
  equal(replica.cursor, "3.bb")
  equal(replica.receive(frame(3, 4, item(4)), view), "applied")
})

test("a reset without a list asks for it and lets nothing through before", () => {
  const [replica, view] = started()

  equal(replica.receive({ t: "reset", g: "shared", upto: "9.aa", items: null }, view), "list")
  equal(replica.receive(frame(0, 10, item(10)), view), "ignored")
  equal(replica.receive({ t: "reset", g: "shared", upto: "9.aa", items: [item(9)] }, view), "applied")
  equal(replica.receive(frame(9, 10, item(10)), view), "applied")
})

test("the cursor stays when drawing fails", () => {
  const [replica, view] = started()
  const broken = { items: () => { throw new Error("no") }, reset: () => {} }

  try {
    replica.receive(frame(0, 3, item(3)), broken)
  } catch {
    // seen by the page's own error handling
  }

  equal(replica.cursor, "0.0")
  equal(replica.receive(frame(0, 3, item(3)), view), "applied")
})

test("a message without a cursor changes nothing", () => {
  const [replica, view] = started("5.aa")

  equal(replica.receive({ t: "frame", from: 5, upto: "x", items: [item(6)] }, view), "ignored")
  equal(replica.cursor, "5.aa")
})

test("thousands of keys do not fill the memory, and none comes back", () => {
  const [replica, view] = started()
  for (let n = 1; n <= 10_000; n += 1) replica.receive(frame(n - 1, n, item(n, null, `k${n}`)), view)

  replica.receive(frame(9_990, 10_001, item(9_995, "old", "k9995")), view)

  equal(view.shown.size, 0)
})

// A server that keeps a log and answers from its current state, and a wire that drops, repeats and reorders.
function simulate(seed) {
  const random = seeded(seed)
  const log = []
  const state = new Map()
  const current = (from) => [...new Set(log.slice(from))].map((key) => ({ topic: "wall", order: 1, ...state.get(key), key }))
  const [replica, view] = started()
  const wire = []
  let sent = 0
  const answer = (from) => ({ t: "frame", g: "shared", from, upto: `${log.length}.aa`, items: current(from) })
  const take = (message) => replica.receive(message, view) === "catch-up" && wire.push(answer(replica.seq))
  for (let step = 0; step < 300; step += 1) {
    if (random() < 0.6) {
      const key = `k${Math.floor(random() * 6)}`
      log.push(key)
      state.set(key, { version: log.length, html: random() < 0.4 ? null : `v${log.length}` })
      if (random() < 0.8) { wire.push(answer(sent)); sent = log.length }
    }
    if (wire.length > 0 && random() < 0.7) {
      const at = Math.floor(random() * wire.length)
      const fate = random()
      if (fate > 0.2) take(wire[at])
      if (fate < 0.8) wire.splice(at, 1)
    }
  }
  while (wire.length > 0) take(wire.shift())
  take(answer(replica.seq))
  const wanted = [...state].filter(([, { html }]) => html !== null).map(([key, { html }]) => [`wall ${key}`, html])
  equal([...view.shown].sort(), wanted.sort(), `seed ${seed}:`)
}

test("dropped, repeated and reordered frames end in the server's state", () => {
  for (let seed = 1; seed <= 400; seed += 1) simulate(seed)
})
