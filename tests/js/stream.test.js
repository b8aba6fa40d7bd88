import { equal, ok, test, until } from "harness"
import { CROWDED_MS, afterEnd, backoffMs } from "live/backoff"
import { Stream } from "live/stream"

const item = (version) => ({ topic: "wall", key: "k", version, order: version, html: "<p></p>" })
const frame = (from, upto) => ({ t: "frame", g: "shared", from, upto: `${upto}.aa`, items: [item(upto)] })

// The other end of a socket, driven by the test; the protocol above it is ours and real.
class Line extends EventTarget {
  readyState = 0
  sent = []

  open() {
    this.readyState = 1
    this.dispatchEvent(new Event("open"))
  }

  say(message) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }))
  }

  send(data) {
    this.sent.push(JSON.parse(data))
  }

  close(code = 1000) {
    if (this.readyState === 3) return
    this.readyState = 3
    this.dispatchEvent(Object.assign(new Event("close"), { code }))
  }
}

function dialled() {
  const lines = []
  const stream = new Stream({ slug: "demo", language: "de", build: "b1", dial: () => (lines.push(new Line()), lines.at(-1)) })
  const heard = []
  for (const type of ["items", "reset"]) stream.addEventListener(type, ({ detail }) => heard.push([type, detail.items.map(({ version }) => version)]))
  stream.addEventListener("state", ({ detail }) => heard.push(["state", detail.state]))
  stream.subscribe("shared", ["wall"], "0.0")
  stream.open()
  return { stream, lines, heard }
}

test("hello names groups, cursors, language and build", () => {
  const { stream, lines } = dialled()
  lines[0].open()

  equal(lines[0].sent, [{ t: "hello", subs: { shared: { topics: ["wall"], cursor: "0.0" } }, language: "de", build: "b1" }])
  stream.close()
})

test("a new connection goes on from the cursor, the old one is not heard", async () => {
  const { stream, lines, heard } = dialled()
  lines[0].open()
  lines[0].say(frame(0, 3))
  lines[0].close(1006)
  lines[0].say(frame(3, 4))
  await until(() => lines.length === 2)
  lines[1].open()
  lines[1].say(frame(3, 5))

  equal(lines[1].sent[0].subs.shared.cursor, "3.aa")
  equal(heard, [["state", "open"], ["items", [3]], ["items", [5]]])
  stream.close()
})

test("a gap is asked about on the same socket", () => {
  const { stream, lines } = dialled()
  lines[0].open()
  lines[0].say(frame(0, 3))
  lines[0].say(frame(7, 8))

  equal(lines[0].sent.at(-1), { t: "catch-up", g: "shared", cursor: "3.aa" })
  stream.close()
})

test("messages are counted and acknowledged", async () => {
  const { stream, lines } = dialled()
  lines[0].open()
  lines[0].say(frame(0, 3))
  lines[0].say({ t: "beat", g: "shared", from: 3, upto: "4.aa" })
  await until(() => lines[0].sent.length === 2)

  equal(lines[0].sent[1], { t: "ack", n: 2 })
  stream.close()
})

test("much data is acknowledged without delay", () => {
  const { stream, lines } = dialled()
  lines[0].open()
  lines[0].say({ ...frame(0, 3), items: [{ ...item(3), html: "x".repeat(70_000) }] })

  equal(lines[0].sent.at(-1), { t: "ack", n: 1 })
  stream.close()
})

test("whoever is not allowed does not come back by itself", () => {
  const { stream, lines, heard } = dialled()
  lines[0].open()
  lines[0].close(4403)
  dispatchEvent(new Event("online"))

  equal([heard, lines.length], [[["state", "denied"]], 1])
  stream.close()
})

test("too many pages of one person: it asks over HTTP and leaves the others their sockets", async () => {
  const { fetch } = globalThis
  const asked = []
  globalThis.fetch = async (url) => {
    asked.push(url)
    return new Response(JSON.stringify(frame(3, 4)), { headers: { "Content-Type": "application/json" } })
  }
  try {
    const { stream, lines, heard } = dialled()
    lines[0].open()
    lines[0].say(frame(0, 3))
    lines[0].close(4429)
    await until(() => heard.at(-1)[0] === "items" && asked.length > 0)

    equal(heard, [["state", "open"], ["items", [3]], ["state", "polling"], ["items", [4]]])
    equal([lines.length, asked[0].includes("cursor=3.aa")], [1, true])

    dispatchEvent(new Event("online")) // whoever looks at the page again, or is back, may try at once
    await until(() => lines.length === 2)
    lines[1].open()
    lines[1].say(frame(4, 5))
    equal(heard.slice(-2), [["state", "open"], ["items", [5]]])
    stream.close()
  } finally {
    globalThis.fetch = fetch
  }
})

test("what follows the end of a socket", () => {
  const random = () => 0.5

  equal([4401, 4403].map((code) => afterEnd(code, 1)), [{ denied: true }, { denied: true }])
  equal([1, 2, 3].map((failures) => afterEnd(1006, failures, { random }).polls), [false, false, true])
  equal(afterEnd(4429, 1, { random }), { delayMs: CROWDED_MS * 1.5, polls: true })
  equal(afterEnd(4429, 9, { random, hidden: true }), { delayMs: CROWDED_MS * 1.5, polls: false })
})

test("bye means: come back within the time given", async () => {
  const { stream, lines } = dialled()
  lines[0].open()
  lines[0].say({ t: "bye", after_ms: 50 })
  await until(() => lines.length === 2)

  equal(lines[0].readyState, 3)
  stream.close()
})

test("a group that is added later says hello again", () => {
  const { stream, lines } = dialled()
  lines[0].open()
  stream.subscribe("mine", ["mine"], "0.0")
  lines[1].open()

  equal(Object.keys(lines[1].sent[0].subs), ["shared", "mine"])
  ok(stream.has("mine"))
  stream.close()
})

test("a stream that was closed does not dial again", async () => {
  const { stream, lines } = dialled()
  lines[0].open()
  stream.close()
  dispatchEvent(new Event("online"))

  equal(lines.length, 1)
})

test("waiting grows to fifteen seconds and is spread", () => {
  equal([0, 1, 3, 20].map((failures) => backoffMs(failures, () => 0)), [250, 250, 250, 250])
  equal([1, 3, 20].map((failures) => backoffMs(failures, () => 1)), [500, 2000, 15_000])
})
