import { ProposalBox, verdict } from "agenda/proposal-box"
import { memoryStorage } from "eventhub/storage"
import { equal, ok, test, until } from "harness"

const json = (status, body, retryAfterMs = 0) => ({ status, json: body, retryAfterMs })

// A server that takes each key once, and a network whose fates are given in advance.
function server(...fates) {
  const taken = new Map()
  const asked = []
  async function send({ key, card }) {
    asked.push(key)
    const fate = fates.shift() ?? "ok"
    if (fate === "gone") return null
    if (typeof fate === "object") return fate
    taken.set(key, card.title)
    return fate === "answer lost" ? null : json(taken.size ? 201 : 200, { proposal: { key } })
  }
  return { taken, asked, send }
}

const boxOf = ({ send }, { storage = memoryStorage(), rejoin = async () => false } = {}) => new ProposalBox({ slug: "forum", storage, send, rejoin })

test("a proposal without network outlives the page and is there once when the network is back", async () => {
  const given = server("gone", "gone")
  const storage = memoryStorage()
  const first = boxOf(given, { storage })
  first.add({ title: "Boats" })
  await first.flush()
  equal(first.entries().map(({ state }) => state), ["waiting"])

  const later = boxOf(given, { storage })
  equal(later.entries().map(({ card }) => card.title), ["Boats"])
  await later.flush()
  await later.wake()
  await later.wake()

  equal([...given.taken.values()], ["Boats"])
  equal(later.entries(), [])
})

test("a proposal whose receipt was lost is sent again under the same key", async () => {
  const given = server("answer lost")
  const box = boxOf(given)
  box.add({ title: "Boats" })
  await box.flush()

  await box.wake()

  equal([given.asked.length, new Set(given.asked).size, given.taken.size], [2, 1, 1])
})

test("what the server will never take goes back with its reason", async () => {
  const given = server(json(422, { error: { code: "too_long", message: "Please shorten it." } }))
  const box = boxOf(given)
  const heard = []
  box.addEventListener("refused", ({ detail }) => heard.push([detail.entry.card.title, detail.message]))

  box.add({ title: "Boats" })
  await box.flush()

  equal(heard, [["Boats", "Please shorten it."]])
  equal(box.entries(), [])
})

test("a proposal of a browser that the server does not know waits until it does", async () => {
  const given = server(json(403, null), json(403, null))
  let joined = false
  const box = boxOf(given, { rejoin: async () => joined })
  box.add({ title: "Boats" })
  await box.flush()
  equal(box.entries().map(({ state }) => state), ["held"])

  joined = true
  await box.wake()

  equal([...given.taken.values()], ["Boats"])
})

test("what is dropped before it left is never sent", async () => {
  const given = server("gone")
  const box = boxOf(given)
  const { key } = box.add({ title: "Boats" })
  box.add({ title: "Trees" })
  await box.flush()

  box.drop(key)
  await box.wake()

  equal([...given.taken.values()], ["Trees"])
})

test("a full storage keeps a proposal in this tab and says so", async () => {
  const storage = { ...memoryStorage(), setItem: () => { throw new Error("full") }, get length() { return 0 } }
  const given = server("gone")
  const box = boxOf(given, { storage })

  box.add({ title: "Boats" })
  equal(box.entries().map(({ state }) => state), ["fleeting"])
  await box.flush()
  await box.wake()

  await until(() => given.taken.size === 1)
})

test("a captive portal's page is no receipt", () => {
  equal(verdict(json(200, null)).is, "retry")
  equal(verdict(json(200, { welcome: true })).is, "retry")
  ok(verdict(json(429, { error: {} }, 3000)).afterMs === 3000)
})
