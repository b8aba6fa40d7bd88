import { AnswerBox, verdict } from "agenda/answer-box"
import { memoryStorage } from "eventhub/storage"
import { equal, later, ok, test, until } from "harness"

const json = (status, body, retryAfterMs = 0) => ({ status, json: body, retryAfterMs })
const done = json(200, { answered: 1 })

// A server that keeps one answer for each key and question, and a network whose fates are given in advance.
function server(...fates) {
  const kept = new Map()
  const asked = []
  const send = async ({ idempotency, ...answers }) => {
    asked.push(answers)
    const fate = fates.shift() ?? "ok"
    if (fate === "gone") return null
    if (typeof fate === "object") return fate
    for (const [name, text] of Object.entries(answers)) kept.set(`${idempotency}:${name}`, text)
    return fate === "answer lost" ? null : done
  }
  return { kept, asked, send }
}

const boxOf = (given, storage = memoryStorage()) =>
  new AnswerBox({ slug: "forum", storage, send: given.send, rejoin: async () => true })

test("answers are kept before the first try and leave when the server has them", async () => {
  const given = server("gone")
  const storage = memoryStorage()
  const box = boxOf(given, storage)

  await box.put({ good: "The coffee", tricky: "  " })

  equal(box.waiting, { good: "The coffee" })
  equal(box.state, "waiting")
  await boxOf(given, storage).wake() // the page was loaded again
  equal(box.waiting, null)
  equal([...given.kept.values()], ["The coffee"])
})

test("an answer whose receipt was lost counts once", async () => {
  const given = server("answer lost")
  const box = boxOf(given)

  await box.put({ good: "Once" })
  await box.wake()

  equal(given.asked.length, 2)
  equal([...given.kept.values()], ["Once"])
  equal(box.waiting, null)
})

test("what is sent again replaces what was sent before", async () => {
  const given = server()
  const box = boxOf(given)

  await box.put({ good: "First", action: "Call Mira" })
  await box.put({ good: "Second" })

  equal([...given.kept.values()], ["Second", "Call Mira"])
})

test("what is typed while the first answers travel goes next", async () => {
  const given = server()
  let arrive
  const slow = new Promise((resolve) => { arrive = resolve })
  const send = given.send
  given.send = async (data) => { await slow; return send(data) }
  const box = boxOf(given)

  const first = box.put({ good: "First" })
  box.put({ learned: "Much" })
  arrive()
  await first
  await until(() => box.waiting === null)

  equal([...given.kept.values()].sort(), ["First", "Much"])
})

test("a refusal gives the words back", async () => {
  const given = server(json(422, { error: { code: "closed", message: "Closed." } }))
  const box = boxOf(given)
  let refused
  box.addEventListener("refused", ({ detail }) => { refused = detail })

  await box.put({ good: "Late" })

  equal(refused, { answers: { good: "Late" }, message: "Closed." })
  equal(box.waiting, null)
})

test("a lost cookie is asked for once, and the answers wait", async () => {
  const given = server(json(403, null), json(403, null))
  const box = boxOf(given)

  await box.put({ good: "Patient" })

  equal(given.asked.length, 2)
  equal(box.state, "held")
  ok(box.waiting)
})

test("every answer of a server means one thing", async () => {
  const meant = [null, done, json(200, {}), json(403, null), json(429, null, 3000), json(502, null), json(422, null)].map((answer) => verdict(answer).is)

  equal(meant, ["retry", "done", "retry", "join", "retry", "retry", "retry"])
  await later()
})
