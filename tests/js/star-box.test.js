import { StarBox, verdict } from "agenda/star-box"
import { StarShelf } from "agenda/star-shelf"
import { memoryStorage } from "eventhub/storage"
import { equal, ok, test, until } from "harness"

const json = (status, body, retryAfterMs = 0) => ({ status, json: body, retryAfterMs })

// A server that keeps the stars of one guest, and a network whose fates for what is sent are given in advance.
function server({ joined = true, stars = [], fates = [] } = {}) {
  const kept = new Set(stars)
  const asked = []
  const given = { joined, online: true, kept, asked, put, ask: async () => (given.online ? json(200, { joined: given.joined, stars: [...kept], csrf: "c" }) : null) }
  async function put({ session, on }) {
    asked.push(`${session}:${on}`)
    const fate = given.online ? fates.shift() ?? "ok" : "gone"
    if (fate === "gone") return null
    if (typeof fate === "object") return fate
    if (on) kept.add(session)
    else kept.delete(session)
    return fate === "answer lost" ? null : json(200, { session: Number(session), on: on === 1 })
  }
  return given
}

const boxOf = (given, storage = memoryStorage()) => new StarBox({ slug: "forum", storage, ask: given.ask, put: given.put })

test("a star is seen at once and stored at the server", async () => {
  const given = server()
  const box = boxOf(given)

  equal(box.toggle("7"), true)
  ok(box.has("7"))
  await until(() => box.waiting === 0)

  equal([...given.kept], ["7"])
  ok(box.has("7"))
})

test("a star set without network outlives the page and is stored once when the network is back", async () => {
  const given = server()
  const storage = memoryStorage()
  given.online = false
  boxOf(given, storage).toggle("7")

  const later = boxOf(given, storage) // the page was loaded again, still without network
  await later.flush()
  equal([later.has("7"), later.waiting, [...given.kept]], [true, 1, []])
  given.online = true
  await later.wake()
  await later.wake()

  equal(given.asked, ["7:1"])
  equal([...given.kept], ["7"])
})

test("it is said that a star waits until it is stored, also while the network is tried again", async () => {
  const given = server()
  given.online = false
  const box = boxOf(given)
  const said = []
  box.addEventListener("change", () => said.push(`${box.stuck} ${given.kept.size}`))
  box.toggle("7")
  await until(() => box.stuck)

  said.length = 0
  given.online = true
  await box.wake()

  equal(said.filter((each) => each === "false 0"), [])
  equal([box.stuck, said.at(-1)], [false, "false 1"])
})

test("a star whose receipt was lost is sent again and is one star", async () => {
  const given = server({ fates: ["answer lost"] })
  const box = boxOf(given)
  box.toggle("7")
  await until(() => given.asked.length === 1)
  await until(() => box.waiting === 1)

  await box.wake()
  await until(() => box.waiting === 0)

  equal(given.asked, ["7:1", "7:1"])
  equal([...given.kept], ["7"])
})

test("what was taken away while the star was on its way goes next", async () => {
  const given = server()
  let arrive
  const slow = new Promise((resolve) => { arrive = resolve })
  const put = given.put
  given.put = async (data) => { await slow; return put(data) }
  const box = boxOf(given)

  box.toggle("7")
  await until(() => box.joined !== null)
  box.toggle("7")
  arrive()
  await until(() => box.waiting === 0)

  equal(given.asked, ["7:1", "7:0"])
  equal([box.has("7"), [...given.kept]], [false, []])
})

test("stars of another device are known after the first look", async () => {
  const box = boxOf(server({ stars: ["3", "4"] }))

  await box.flush()

  equal([box.has("3"), box.all().sort()], [true, ["3", "4"]])
})

test("without the code stars stay in this browser and go along once it is typed", async () => {
  const given = server({ joined: false })
  const storage = memoryStorage()
  const box = boxOf(given, storage)
  box.toggle("7")
  await box.flush()
  equal([box.joined, box.has("7"), given.asked], [false, true, []])

  given.joined = true
  const page = boxOf(given, storage)
  await page.flush()
  await until(() => page.waiting === 0)

  equal([...given.kept], ["7"])
})

test("a star that can never be stored is let go", async () => {
  const given = server({ fates: [json(404, { error: { code: "not_found" } })] })
  const box = boxOf(given)

  box.toggle("9")
  await until(() => box.waiting === 0)

  equal([box.has("9"), given.asked.length], [false, 1])
})

test("two tabs see and send each other's wishes", () => {
  const storage = memoryStorage()
  const [one, other] = [new StarShelf(storage, "forum"), new StarShelf(storage, "forum")]
  one.want("7", true)
  other.want("8", true)
  one.settle("7", true)

  equal(other.wishes(), [{ session: "8", on: true }])
  equal(one.all().sort(), ["7", "8"])
  equal(new StarShelf(storage, "forum-2").all(), [])
})

test("every answer of a server to a star means one thing", () => {
  const meant = [null, json(200, { session: 1 }), json(200, {}), json(403, null), json(429, null, 3000), json(502, null), json(404, null)]

  equal(meant.map((answer) => verdict(answer).is), ["retry", "done", "retry", "join", "retry", "retry", "retry"])
  equal(verdict(json(422, { error: {} })).is, "never")
})

test("other marks lie under names of their own, and what is refused says why", async () => {
  const given = server({ fates: [json(409, { error: { code: "not_now", message: "It is over." } })] })
  const storage = memoryStorage()
  const box = new StarBox({ slug: "forum", storage, ask: given.ask, put: given.put, names: { known: "votes", wish: "vote" } })
  const heard = []
  box.addEventListener("refused", ({ detail }) => heard.push([detail.session, detail.message]))

  box.toggle("k")
  equal(storage.getItem("eventhub.vote.forum.k"), "1")
  await until(() => heard.length === 1)

  equal(heard, [["k", "It is over."]])
  equal([box.has("k"), storage.getItem("eventhub.star.forum.k")], [false, null])
})
