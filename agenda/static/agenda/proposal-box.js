// proposal-box.js: sends every proposal exactly once, however often the network fails. It is stored before the first try, under a key
// made here, and leaves only when the server has it or has refused it for good. Knows no DOM and no addresses.

import { memoryStorage, namesIn, newKey } from "eventhub/storage"
import { backoffMs } from "live/backoff"

const LONGEST_WAIT_MS = 60_000

// What an answer of the server ({ status, json, retryAfterMs } or null) means: "done", "retry", "join" or "refused".
export function verdict(answer) {
  if (!answer) return { is: "retry", afterMs: 0, state: "waiting" }
  const { status, json, retryAfterMs } = answer
  if ((status === 200 || status === 201) && json?.proposal?.key) return { is: "done" }
  if (status === 403) return { is: "join", afterMs: 0, state: "held" }
  if (status === 408 || status === 429 || status >= 500) return { is: "retry", afterMs: retryAfterMs, state: "busy" }
  if (status >= 400 && json?.error) return { is: "refused", message: json.error.message }
  return { is: "retry", afterMs: retryAfterMs, state: "waiting" }
}

// Fires "change", "sent" { entry } and "refused" { entry, message }.
export class ProposalBox extends EventTarget {
  #prefix
  #storage
  #here = memoryStorage() // what the browser will not keep stays in this tab
  #states = new Map()
  #send
  #rejoin
  #lock
  #failures = 0
  #timer
  #running = null
  #again = false

  // `send(entry)` answers as verdict() reads it; `rejoin()` fetches fresh credentials, true when they are worth another try.
  constructor({ slug, storage, send, rejoin, lock = (act) => act() }) {
    super()
    this.#prefix = `eventhub.proposal.${slug}.`
    this.#storage = storage
    this.#send = send
    this.#rejoin = rejoin
    this.#lock = lock
  }

  // `card`: the fields of the form by name.
  add(card) {
    const entry = { key: newKey(), at: Date.now(), card }
    const name = this.#prefix + entry.key
    try {
      this.#storage.setItem(name, JSON.stringify(entry))
    } catch {
      this.#here.setItem(name, JSON.stringify(entry))
    }
    this.#changed()
    return entry
  }

  // Oldest first; `state` is "waiting", "sending", "busy", "held" or "fleeting".
  entries() {
    const names = [...namesIn(this.#storage, this.#prefix), ...namesIn(this.#here, this.#prefix)]
    const found = names.map((name) => read(this.#here.getItem(name) ?? this.#storage.getItem(name))).filter(Boolean)
    return found.map((entry) => ({ ...entry, state: this.#stateOf(entry.key) })).sort((a, b) => a.at - b.at)
  }

  // What never left is never sent.
  drop(key) {
    this.#remove(key)
    this.#changed()
  }

  wake() {
    this.#failures = 0
    return this.flush()
  }

  // One after the other; never twice at a time, in this tab or (with a lock) in another.
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
    for (const entry of this.entries()) if (this.#isThere(entry.key) && !(await this.#deliver(entry))) return
  }

  // True when the next one may be tried.
  async #deliver(entry) {
    this.#be(entry.key, "sending")
    let result = verdict(await this.#send(entry))
    if (result.is === "join" && (await this.#rejoin())) result = verdict(await this.#send(entry))
    if (result.is === "done" || result.is === "refused") {
      this.#failures = 0
      this.#remove(entry.key)
      this.#changed()
      this.dispatchEvent(new CustomEvent(result.is === "done" ? "sent" : "refused", { detail: { entry, message: result.message } }))
      return true
    }
    this.#failures += 1
    this.#be(entry.key, result.state)
    this.#later(Math.max(result.afterMs ?? 0, Math.min(LONGEST_WAIT_MS, 4 * backoffMs(this.#failures))))
    return false
  }

  #stateOf(key) {
    const known = this.#states.get(key) ?? "waiting"
    return known === "waiting" && this.#here.getItem(this.#prefix + key) !== null ? "fleeting" : known
  }

  #isThere(key) {
    return [this.#storage, this.#here].some((storage) => storage.getItem(this.#prefix + key) !== null)
  }

  #remove(key) {
    this.#states.delete(key)
    for (const storage of [this.#storage, this.#here]) storage.removeItem(this.#prefix + key)
  }

  #be(key, state) {
    this.#states.set(key, state)
    this.#changed()
  }

  #later(delay) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.flush(), delay)
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"))
  }
}

function read(text) {
  try {
    const entry = JSON.parse(text)
    return typeof entry?.key === "string" && typeof entry.card?.title === "string" ? entry : null
  } catch {
    return null
  }
}
