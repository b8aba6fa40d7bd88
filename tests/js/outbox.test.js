import { equal, later, ok, test, until } from "harness"
import { graphemes } from "wall/graphemes"
import { memoryStorage, newKey } from "eventhub/storage"
import { Outbox, verdict } from "wall/outbox"

const json = (status, body, retryAfterMs = 0) => ({ status, json: body, retryAfterMs })
const taken = (key) => json(201, { note: { key, state: "shown", version: 1, html: "" } })

// A server that takes every idempotency key once, and for ever takes back what is to be taken back; and a network whose answers
// are given in advance.
function server(...fates) {
  const notes = new Map()
  const asked = []
  const send = async ({ key, text, gone }) => {
    asked.push(key)
    const fate = fates.shift() ?? "ok"
    if (fate === "gone") return null
    if (typeof fate === "object") return fate
    const known = notes.has(key)
    if (gone) notes.set(key, null)
    else if (!known) notes.set(key, text)
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

// --- taking back

test("a note that never left is dropped, and nobody is asked", async () => {
  const storage = memoryStorage()
  const hall = server()
  const box = outbox(hall, { storage })
  const { key } = box.add("Doch nicht")

  await box.withdraw(key)

  equal([hall.asked, storage.length, box.entries()], [[], 0, []])
})

test("a note that has arrived is taken back by the key the server gave it", async () => {
  const hall = server()
  const box = outbox(hall)
  const heard = []
  box.addEventListener("sent", ({ detail }) => heard.push([detail.entry.gone, detail.answer.note.key]))

  await box.withdraw("PUBLIC")

  equal([[...hall.notes], heard, box.entries()], [[["PUBLIC", null]], [[true, "PUBLIC"]], []])
})

test("what is taken back without a network is taken back later, once, also by another page", async () => {
  const storage = memoryStorage()
  const hall = server("gone")
  await outbox(hall, { storage }).withdraw("PUBLIC")
  equal([...hall.notes], [])

  const later = outbox(hall, { storage })
  equal(later.entries().map(({ key, gone }) => [key, gone]), [["PUBLIC", true]])
  await later.flush()

  equal([[...hall.notes], storage.length, hall.asked.length], [[["PUBLIC", null]], 0, 2])
})

test("a note whose answer was lost is taken back at the server, which may have it", async () => {
  const storage = memoryStorage()
  const hall = server("answer lost")
  const box = outbox(hall, { storage })
  const { key } = box.add("Doch nicht")
  await box.flush()
  equal([...hall.notes], [[key, "Doch nicht"]])

  await box.withdraw(key)
  await box.wake()

  equal([[...hall.notes], storage.length], [[[key, null]], 0])
})

test("a note taken back while it is on its way is taken back when it has arrived", async () => {
  const hall = server()
  const slow = { send: async (entry) => (await later(5), hall.send(entry)) }
  const box = outbox(slow)
  const heard = []
  box.addEventListener("sent", ({ detail }) => heard.push(detail.entry.gone ?? false))
  const { key } = box.add("Doch nicht")
  const sending = box.flush()

  box.withdraw(key)
  await sending
  await until(() => box.entries().length === 0)

  equal([[...hall.notes], hall.asked, heard], [[[key, null]], [key, key], [true]])
})

test("a note taken back in another tab while it is on its way is taken back all the same", async () => {
  const storage = memoryStorage()
  const hall = server()
  const slow = { send: async (entry) => (await later(5), hall.send(entry)) }
  const tabs = [outbox(slow, { storage }), outbox(hall, { storage })]
  const { key } = tabs[0].add("Doch nicht")
  const sending = tabs[0].flush()

  await Promise.all([tabs[1].withdraw(key), sending])
  await until(() => storage.length === 0)

  equal(hall.notes.get(key), null)
})

test("of the words of a note that is taken back nothing stays in the browser", async () => {
  const storage = memoryStorage()
  const box = outbox(server("gone", "gone"), { storage })
  const { key } = box.add("geheim", { photo: "data:image/jpeg;base64,AAAA" })
  await box.flush()

  await box.withdraw(key)

  equal([storage.length, storage.getItem(storage.key(0)).includes("geheim")], [1, false])
})

test("a note that somebody else's server refuses to take back leaves with its sentence", async () => {
  const hall = server(json(404, { error: { code: "not_yours", message: "Nicht deine." } }))
  const box = outbox(hall)
  const refused = []
  box.addEventListener("refused", ({ detail }) => refused.push(detail.message))

  await box.withdraw("PUBLIC")

  equal([refused, box.entries()], [["Nicht deine."], []])
})

// --- photos, sessions, and browsers that keep nothing

test("a photo waits beside its note and goes with it", async () => {
  const storage = memoryStorage()
  const parcels = []
  const hall = { send: async (entry) => (parcels.push([entry.photo, entry.session, entry.alt]), parcels.length > 1 ? taken(entry.key) : null) }
  const box = outbox(hall, { storage })
  box.add("Mit Bild", { photo: "data:image/jpeg;base64,AAAA", session: "7", alt: "Ein Flipchart" })
  equal([storage.length, box.entries().length], [2, 1])

  await box.flush()
  await box.wake()

  equal(parcels, [["data:image/jpeg;base64,AAAA", "7", "Ein Flipchart"], ["data:image/jpeg;base64,AAAA", "7", "Ein Flipchart"]])
  equal(storage.length, 0)
})

test("a photo that the browser will not keep stays in this tab, and its note says so", async () => {
  const storage = memoryStorage()
  const full = { ...storage, get length() { return storage.length }, setItem: (name, text) => {
    if (name.endsWith(".photo")) throw new DOMException("full", "QuotaExceededError")
    storage.setItem(name, text)
  } }
  const parcels = []
  const hall = { send: async (entry) => (parcels.push(entry.photo), null) }
  const box = outbox(hall, { storage: full })
  box.add("Mit Bild", { photo: "data:image/jpeg;base64,AAAA" })
  box.add("Ohne Bild")
  equal(box.entries().map(({ fleeting }) => fleeting), [true, false])
  await box.flush()

  await outbox(hall, { storage: full }).flush()

  equal(parcels, ["data:image/jpeg;base64,AAAA", null], "the page that comes later knows that a photo is missing:")
})

test("a note is sent even if the browser keeps nothing at all", async () => {
  const never = { ...memoryStorage(), length: 0, setItem: () => { throw new DOMException("closed", "SecurityError") } }
  const hall = server()
  const box = outbox(hall, { storage: never })
  box.add("Trotzdem")
  equal(box.entries().map(({ fleeting }) => fleeting), [true])

  await box.flush()

  equal([[...hall.notes.values()], box.entries()], [["Trotzdem"], []])
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
