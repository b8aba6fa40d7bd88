// answer-box.js: brings the answers to the four questions to the server, however often the network fails. They carry a random key
// of this browser for nothing else, so that they count once and nobody knows whose they are. Knows no DOM and no addresses.

import { memoryStorage, newKey } from "eventhub/storage"
import { backoffMs } from "live/backoff"

const LONGEST_WAIT_MS = 60_000

// What an answer of the server ({ status, json, retryAfterMs } or null) means: "done", "retry", "join" or "refused".
export function verdict(answer) {
  if (!answer) return { is: "retry", afterMs: 0 }
  const { status, json, retryAfterMs } = answer
  if (status === 200 && json?.answered) return { is: "done" }
  if (status === 403) return { is: "join" }
  if (status === 408 || status === 429 || status >= 500) return { is: "retry", afterMs: retryAfterMs, busy: true }
  if (status >= 400 && json?.error) return { is: "refused", message: json.error.message }
  return { is: "retry", afterMs: retryAfterMs }
}

// Fires "change", "sent", and "refused" { answers, message }. `state` is "", "sending", "waiting", "busy" or "held".
export class AnswerBox extends EventTarget {
  state = ""
  #slug
  #storage
  #send
  #rejoin
  #failures = 0
  #timer
  #running = null

  constructor({ slug, storage, send, rejoin }) {
    super()
    this.#slug = slug
    this.#storage = storage
    this.#send = send
    this.#rejoin = rejoin
    if (this.waiting) this.state = "waiting"
  }

  // { good, tricky, learned, action } not sent yet, or null.
  get waiting() {
    try {
      const answers = JSON.parse(this.#storage.getItem(this.#name("answers")))
      return typeof answers === "object" ? answers : null
    } catch {
      return null
    }
  }

  // Stored before the first try; what is answered anew replaces what still waited.
  put(answers) {
    const written = Object.entries(answers).filter(([, text]) => text.trim() !== "")
    this.#write("answers", JSON.stringify({ ...this.waiting, ...Object.fromEntries(written) }))
    return this.flush()
  }

  wake() {
    this.#failures = 0
    return this.flush()
  }

  flush() {
    this.#running ??= this.#deliver().finally(() => { this.#running = null })
    return this.#running
  }

  async #deliver() {
    clearTimeout(this.#timer)
    const answers = this.waiting
    if (!answers) return
    this.#be("sending")
    const data = { ...answers, idempotency: this.#key() }
    let result = verdict(await this.#send(data))
    if (result.is === "join" && (await this.#rejoin())) result = verdict(await this.#send(data))
    if (result.is === "done" || result.is === "refused") this.#settle(answers, result)
    else this.#wait(result)
  }

  // What was typed while the request was under way stays, and goes next.
  #settle(answers, result) {
    this.#failures = 0
    const rest = Object.entries(this.waiting ?? {}).filter(([name, text]) => answers[name] !== text)
    if (rest.length > 0) {
      this.#write("answers", JSON.stringify(Object.fromEntries(rest)))
      this.#later(0)
    } else {
      this.#storage.removeItem(this.#name("answers"))
    }
    this.#be(rest.length > 0 ? "waiting" : "")
    const type = result.is === "done" ? "sent" : "refused"
    this.dispatchEvent(new CustomEvent(type, { detail: { answers, message: result.message } }))
  }

  #wait({ is, afterMs = 0, busy = false }) {
    this.#failures += 1
    this.#be(is === "join" ? "held" : busy ? "busy" : "waiting")
    this.#later(Math.max(afterMs, Math.min(LONGEST_WAIT_MS, 4 * backoffMs(this.#failures))))
  }

  #later(delay) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.flush(), delay)
  }

  #be(state) {
    this.state = state
    this.dispatchEvent(new CustomEvent("change"))
  }

  // Of this browser, for its answers alone: made at the first one.
  #key() {
    const known = this.#storage.getItem(this.#name("phone"))
    if (known) return known
    const key = newKey()
    this.#write("phone", key)
    return key
  }

  #name(what) {
    return `eventhub.${what}.${this.#slug}`
  }

  #write(what, text) {
    try {
      this.#storage.setItem(this.#name(what), text)
    } catch {
      const kept = memoryStorage() // full or closed: at least this tab keeps it
      for (const name of ["answers", "phone"]) {
        const old = this.#storage.getItem(this.#name(name))
        if (old) kept.setItem(this.#name(name), old)
      }
      this.#storage = kept
      this.#storage.setItem(this.#name(what), text)
    }
  }
}
