// connection.js: one socket's life: hello, messages, acknowledgement, silence. It ends once and is never used again.

const OPENING_MS = 10_000
const SILENCE_MS = 25_000
const ACK_EVERY_MS = 4_000
const ACK_BYTES = 64 * 1024

export function addressOf(slug) {
  const url = new URL(`/ws/${encodeURIComponent(slug)}`, location.href)
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:"
  return url.href
}

export class Connection {
  #socket
  #on
  #watch
  #ackTimer
  #count = 0
  #acked = 0
  #bytes = 0
  #ackDue = 0
  #ended = false

  // `on`: hello() gives the first message, message(object) takes each answer, end(code) is called once, but not after end().
  constructor(socket, on) {
    this.#socket = socket
    this.#on = on
    this.#expect(OPENING_MS)
    socket.addEventListener("open", () => this.#opened())
    socket.addEventListener("message", ({ data }) => this.#received(data))
    socket.addEventListener("close", ({ code }) => this.#finish(code))
  }

  // True once the server has said something: an open handshake alone proves only that a proxy is there.
  get heard() {
    return this.#count > 0 && !this.#ended
  }

  send(message) {
    if (!this.#ended && this.#socket.readyState === 1) this.#socket.send(JSON.stringify(message))
  }

  end() {
    this.#ended = true
    clearTimeout(this.#watch)
    clearTimeout(this.#ackTimer)
    this.#socket.close()
  }

  #finish(code) {
    if (this.#ended) return
    this.end()
    this.#on.end(code)
  }

  // A half-open connection gives no event at all: only the missing beat tells.
  #expect(ms) {
    clearTimeout(this.#watch)
    this.#watch = setTimeout(() => this.#finish(0), ms)
  }

  #opened() {
    if (this.#ended) return
    this.#expect(SILENCE_MS)
    this.send(this.#on.hello())
  }

  #received(data) {
    if (this.#ended) return
    this.#expect(SILENCE_MS)
    let message
    try {
      message = JSON.parse(data)
    } catch {
      return this.#finish(4409)
    }
    this.#count += 1
    this.#bytes += data.length
    this.#on.message(message)
    if (!this.#ended) this.#acknowledge()
  }

  // Driven by messages, not by a timer alone: browsers slow the timers of a covered page down to one a minute, and the server
  // drops whoever acknowledges nothing for 15 s.
  #acknowledge() {
    const now = Date.now()
    if (this.#bytes >= ACK_BYTES) return this.#ack()
    if (now < this.#ackDue || this.#ackTimer) return
    if (globalThis.document?.hidden) return this.#ack()
    this.#ackTimer = setTimeout(() => this.#ack(), Math.random() * ACK_EVERY_MS)
  }

  #ack() {
    clearTimeout(this.#ackTimer)
    this.#ackTimer = undefined
    this.#ackDue = Date.now() + ACK_EVERY_MS
    this.#bytes = 0
    if (this.#acked === this.#count) return
    this.#acked = this.#count
    this.send({ t: "ack", n: this.#count })
  }
}
