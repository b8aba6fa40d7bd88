import { equal, later, ok, test, until } from "harness"
import { graphemes } from "wall/graphemes"
import { memoryStorage, newKey } from "eventhub/storage"
import { Outbox, verdict } from "wall/outbox"

const json = (status, body, retryAfterMs = 0) => ({ status, json: body, retryAfterMs })
const taken = (key) => json(201, { note: { key, state: "shown", version: 1, html: "" } })

// A server that takes every idempotency key once, and a network whose answers are given in advance.
function server(...fates) {
  const notes = new Map()
  const asked = []
  const send = async ({ key, text }) => {
    asked.push(key)
    const fate = fates.shift() ?? "ok"
    if (fate === "gone") return null
    if (typeof fate === "object") return fate
    const known = notes.has(key)
    notes.set(key, text)
    if (fate === "answer lost") return null
    return known ? { ...taken(key), status: 200 } : taken(key)
  }
  return { notes, asked, send }
}

function outbox(given, options = {}) {
  return new Outbox({ slug: "demo", storage: memoryStorage(), send: given.send, rejoin: async () => false, ...options })
}

test("a key has 128 random bits and is safe in an address", () => {
  const keys = new Set(Array.from({ length: 500 }, () => newKey()))

  equal(keys.size, 500)
  ok([...keys].every((key) => /^[A-Za-z0-9_-]{22}$/.test(key)))
})

test("answers are read for what they mean", () => {
  equal(verdict(null).is, "retry")
  equal(verdict(taken("k")).is, "done")
  equal(verdict(json(200, { welcome: "to the hotel" })).is, "retry", "a portal's own JSON:")
  equal(verdict(json(403, null)).is, "join")
  equal(verdict(json(422, { error: { code: "too_long", message: "Zu lang." } })), { is: "refused", code: "too_long", message: "Zu lang." })
  equal(verdict(json(404, null)).is, "retry", "a proxy's page:")
  equal(verdict(json(429, { error: {} }, 7000)), { is: "retry", afterMs: 7000, busy: true })
  equal(verdict(json(503, null, 2000)), { is: "retry", afterMs: 2000, busy: true })
})

test("a note is stored before it is sent and leaves when the server has it", async () => {
  const storage = memoryStorage()
  const seen = []
  const box = outbox({ send: async ({ key }) => (seen.push(storage.length), taken(key)) }, { storage })
  const sent = []
  box.addEventListener("sent", ({ detail }) => sent.push(detail.entry.text))

  box.add("Hallo")
  await box.flush()

  equal([seen, storage.length, sent], [[1], 0, ["Hallo"]])
})

test("a lost answer does not double the note", async () => {
  const hall = server("answer lost", "gone", "ok")
  const box = outbox(hall)
  box.add("Einmal")

  await box.flush()
  await box.wake()
  await box.wake()

  equal([...hall.notes.values()], ["Einmal"])
  equal([hall.asked.length, new Set(hall.asked).size, box.entries().length], [3, 1, 0])
})

test("a page that was closed meanwhile sends with the same key", async () => {
  const storage = memoryStorage()
  const hall = server("answer lost")
  const before = outbox(hall, { storage })
  before.add("Einmal")
  await before.flush()

  await outbox(hall, { storage }).flush()

  equal([...hall.notes.values()], ["Einmal"])
  equal(storage.length, 0)
})

test("two tabs that share storage and lock send once", async () => {
  const storage = memoryStorage()
  let turn = Promise.resolve()
  const lock = (act) => (turn = turn.then(act))
  const hall = server()
  const slow = { send: async (entry) => (await later(5), hall.send(entry)) }
  const tabs = [outbox(slow, { storage, lock }), outbox(slow, { storage, lock })]
  tabs[0].add("Einmal")

  await Promise.all(tabs.map((tab) => tab.flush()))

  equal(hall.asked.length, 1)
})

test("notes leave in the order they were written", async () => {
  const hall = server("gone")
  const box = outbox(hall)
  for (const text of ["eins", "zwei", "drei"]) { box.add(text); await later(2) }

  await box.flush()
  equal(hall.notes.size, 0)
  await box.wake()

  equal([...hall.notes.values()], ["eins", "zwei", "drei"])
})

test("a refused note leaves with the server's sentence and does not stop the next", async () => {
  const hall = server(json(422, { error: { code: "too_long", message: "Zu lang." } }))
  const box = outbox(hall)
  const refused = []
  box.addEventListener("refused", ({ detail }) => refused.push(detail.message))
  box.add("x".repeat(300))
  await later(2)
  box.add("kurz")

  await box.flush()

  equal([refused, [...hall.notes.values()], box.entries().length], [["Zu lang."], ["kurz"], 0])
})

test("an old token is renewed once, then the note is held", async () => {
  const no = json(403, { error: { code: "csrf" } })
  let joined = true
  const hall = server(no, "ok", no)
  const box = outbox(hall, { rejoin: async () => joined })
  box.add("geht")
  await box.flush()
  equal(hall.notes.size, 1)

  joined = false
  box.add("wartet")
  await box.flush()

  equal(box.entries().map(({ text, held }) => [text, held]), [["wartet", true]])
})

test("a busy server is not asked again before its time", async () => {
  const hall = server(json(503, null, 60_000))
  const box = outbox(hall)
  box.add("später")

  await box.flush()
  await box.wake()

  equal(hall.asked.length, 1)
  ok(box.entries()[0].busy)
})

test("a failed note is tried again by itself", async () => {
  const hall = server("gone")
  const box = outbox(hall)
  box.add("von selbst")

  await box.flush()
  await until(() => hall.notes.size === 1)

  equal(hall.asked.length, 2)
})

test("damaged storage is passed over", async () => {
  const storage = memoryStorage()
  storage.setItem("eventhub.note.demo.x", "{")
  storage.setItem("eventhub.note.other.y", JSON.stringify({ key: "y", text: "anderswo", at: 1 }))
  const hall = server()

  await outbox(hall, { storage }).flush()

  equal(hall.asked, [])
})

test("graphemes are counted as people see them", () => {
  equal(["", "  a\r\nb ", "👩‍👩‍👧‍👦🇩🇪", "e\u0301"].map(graphemes), [0, 3, 2, 1])
})
