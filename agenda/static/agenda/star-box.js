// star-box.js: brings stars to the server, however often the network fails. A star is sent as what it shall be, so that sent
// twice it is set once. Without the code of the event they stay in this browser. Knows no DOM and no addresses.

import { StarShelf } from "agenda/star-shelf"
import { backoffMs } from "live/backoff"

const LONGEST_WAIT_MS = 60_000

// What an answer of the server ({ status, json, retryAfterMs } or null) to one star means: "done", "retry", "join" or "never".
export function verdict(answer) {
  if (!answer) return { is: "retry", afterMs: 0 }
  const { status, json, retryAfterMs } = answer
  if (status === 200 && json?.session !== undefined) return { is: "done" }
  if (status === 403) return { is: "join" }
  if (status === 408 || status === 429 || status >= 500) return { is: "retry", afterMs: retryAfterMs }
  if (status >= 400 && json?.error) return { is: "never", message: json.error.message }
  return { is: "retry", afterMs: retryAfterMs }
}

// Fires "change" whenever a star may look different, "refused" { session, message } when it will never be set. `joined`: whether the server knows this browser, null as long as it was
// not asked.
export class StarBox extends EventTarget {
  joined = null
  #shelf
  #ask
  #put
  #lock
  #csrf = ""
  #failures = 0
  #held = false // since something could not be sent, until nothing waits any more
  #timer
  #running = null
  #again = false

  // `ask()` gets { joined, stars, csrf }, `put(data, csrf)` sends one star; both answer { status, json, retryAfterMs } or null.
  constructor({ slug, storage, ask, put, names, lock = (act) => act() }) {
    super()
    this.#shelf = new StarShelf(storage, slug, names)
    this.#ask = ask
    this.#put = put
    this.#lock = lock
  }

  has(session) {
    return this.#shelf.has(session)
  }

  all() {
    return this.#shelf.all()
  }

  // How many wait to be sent.
  get waiting() {
    return this.#shelf.wishes().length
  }

  // Whether something waits for the network.
  get stuck() {
    return this.#held && this.waiting > 0
  }

  // Seen at once, sent when possible. Answers what it is now.
  toggle(session) {
    const on = !this.#shelf.has(session)
    this.#shelf.want(session, on)
    this.#changed()
    this.flush()
    return on
  }

  // The network, the page or the stream has come back, or another tab has changed something.
  wake() {
    this.#failures = 0
    this.#changed()
    return this.flush()
  }

  flush() {
    if (this.#running) {
      this.#again = true
      return this.#running
    }
    this.#running = this.#lock(() => this.#drain()).finally(() => {
      this.#running = null
      if (this.#again) this.#later(0)
      this.#again = false
    })
    return this.#running
  }

  async #drain() {
    clearTimeout(this.#timer)
    if (this.joined === null && !(await this.#learn())) return
    while (this.joined && this.waiting > 0) {
      const [{ session, on }] = this.#shelf.wishes()
      if (!(await this.#deliver(session, on))) return
    }
  }

  // True when it is known who we are, and what the server has.
  async #learn() {
    const answer = await this.#ask()
    if (answer?.status !== 200 || !Array.isArray(answer.json?.stars)) {
      if (this.waiting > 0) this.#wait(answer?.retryAfterMs)
      return false
    }
    this.joined = answer.json.joined === true
    this.#csrf = answer.json.csrf
    if (this.joined) this.#shelf.learn(answer.json.stars)
    else this.#held = false // what waits, waits for the code
    this.#failures = 0
    this.#changed()
    return true
  }

  // True when the next one may be sent.
  async #deliver(session, on) {
    const data = { session, on: on ? 1 : 0 }
    let result = verdict(await this.#put(data, this.#csrf))
    // The cookie or the token may be older than the page.
    if (result.is === "join" && (await this.#learn()) && this.joined) result = verdict(await this.#put(data, this.#csrf))
    if (result.is === "done" || result.is === "never") {
      this.#failures = 0
      this.#shelf.settle(session, on && result.is === "done", on)
      if (this.waiting === 0) this.#held = false
      this.#changed()
      if (result.is === "never") this.dispatchEvent(new CustomEvent("refused", { detail: { session, message: result.message } }))
      return true
    }
    if (result.is === "retry" || this.joined) this.#wait(result.afterMs)
    return false
  }

  #wait(afterMs = 0) {
    this.#failures += 1
    this.#held = true
    this.#changed()
    this.#later(Math.max(afterMs, Math.min(LONGEST_WAIT_MS, 4 * backoffMs(this.#failures))))
  }

  #later(delay) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.flush(), delay)
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"))
  }
}
