// outbox.js: sends every note exactly once, however often the network fails. A note is stored before the first try and leaves
// only when the server has it or has refused it for good. Knows no DOM and no addresses: `send` and `lock` are given.

import { memoryStorage, newKey } from "eventhub/storage"
import { backoffMs } from "live/backoff"

const LONGEST_WAIT_MS = 60_000

// What an answer ({ status, json, retryAfterMs } or null) means for the note: "done", "retry", "join" or "refused".
export function verdict(answer) {
  if (!answer) return { is: "retry", afterMs: 0, busy: false }
  const { status, json, retryAfterMs } = answer
  if (status === 200 || status === 201) return json?.note?.key ? { is: "done", note: json.note } : { is: "retry", afterMs: 0, busy: false }
  if (status === 403) return { is: "join" }
  if (status === 408 || status === 429 || status >= 500) return { is: "retry", afterMs: retryAfterMs, busy: true }
  if (status >= 400 && json?.error) return { is: "refused", ...json.error }
  return { is: "retry", afterMs: retryAfterMs, busy: false }
}

// Fires "change" when an entry changes, "sent" { entry, note }, "refused" { entry, code, message }.
export class Outbox extends EventTarget {
  #prefix
  #storage
  #send
  #rejoin
  #lock
  #notes = new Map() // key -> what is known in this tab only: sending, busy, held
  #failures = 0
  #notBefore = 0
  #timer
  #running = null
  #again = false

  // `send(entry)` answers as verdict() reads it; `rejoin()` fetches fresh credentials, true when they are worth another try.
  constructor({ slug, storage, send, rejoin, lock = (act) => act() }) {
    super()
    this.#prefix = `eventhub.note.${slug}.`
    this.#storage = storage
    this.#send = send
    this.#rejoin = rejoin
    this.#lock = lock
  }

  // Each note has a storage entry of its own: two tabs never overwrite each other's list.
  add(text) {
    const entry = { key: newKey(), text, at: Date.now() }
    try {
      this.#storage.setItem(this.#prefix + entry.key, JSON.stringify(entry))
    } catch {
      this.#storage = memoryStorage() // full or closed: at least this tab keeps it
      this.#storage.setItem(this.#prefix + entry.key, JSON.stringify(entry))
    }
    this.#changed()
    return entry
  }

  // Oldest first, as everybody who shares the storage sees them now.
  entries() {
    const found = []
    for (let at = 0; at < this.#storage.length; at += 1) {
      const name = this.#storage.key(at)
      if (name?.startsWith(this.#prefix)) found.push(read(this.#storage.getItem(name)))
    }
    return found.filter(Boolean).sort((a, b) => a.at - b.at).map((entry) => ({ ...entry, ...this.#notes.get(entry.key) }))
  }

  // Try now: the network, the page or the stream has come back. A wait the server asked for is kept.
  wake() {
    this.#failures = 0
    return this.flush()
  }

  // Sends what waits, one after the other; never twice at a time, in this tab or (with a lock) in another.
  flush() {
    if (this.#running) {
      this.#again = true
      return this.#running
    }
    this.#running = this.#lock(() => this.#drain()).finally(() => {
      this.#running = null
      if (!this.#again) return
      this.#again = false
      if (this.entries().length > 0) this.#later(0)
    })
    return this.#running
  }

  async #drain() {
    for (const { key } of this.entries()) {
      const delay = this.#notBefore - Date.now()
      if (delay > 0) return this.#later(delay)
      const entry = read(this.#storage.getItem(this.#prefix + key)) // another tab may have sent it meanwhile
      if (entry && !(await this.#deliver(entry))) return
    }
  }

  // True when the next note may be tried.
  async #deliver(entry) {
    this.#note(entry, { sending: true, busy: false, held: false })
    let result = verdict(await this.#send(entry))
    if (result.is === "join" && (await this.#rejoin())) result = verdict(await this.#send(entry))
    if (result.is === "done") this.#leave(entry, "sent", { note: result.note })
    else if (result.is === "refused") this.#leave(entry, "refused", { code: result.code, message: result.message })
    else this.#wait(entry, result)
    return result.is === "done" || result.is === "refused"
  }

  #leave(entry, type, detail) {
    this.#failures = 0
    this.#storage.removeItem(this.#prefix + entry.key)
    this.#notes.delete(entry.key)
    this.#changed()
    this.dispatchEvent(new CustomEvent(type, { detail: { entry, ...detail } }))
  }

  #wait(entry, { is, afterMs = 0, busy = false }) {
    this.#note(entry, { sending: false, busy, held: is === "join" })
    this.#failures += 1
    if (afterMs > 0) this.#notBefore = Date.now() + afterMs
    this.#later(Math.max(afterMs, Math.min(LONGEST_WAIT_MS, 4 * backoffMs(this.#failures))))
  }

  #later(delay) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.flush(), delay)
  }

  #note(entry, known) {
    this.#notes.set(entry.key, known)
    this.#changed()
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"))
  }
}

function read(text) {
  try {
    const entry = JSON.parse(text)
    return typeof entry?.text === "string" && typeof entry.key === "string" ? entry : null
  } catch {
    return null
  }
}
