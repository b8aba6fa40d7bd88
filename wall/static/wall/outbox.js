// outbox.js: sends every note exactly once, and takes back what is taken back, however often the network fails. A note is stored
// before the first try and leaves only when the server has it or has refused it for good. Knows no DOM and no addresses: `send`
// and `lock` are given.

import { newKey } from "eventhub/storage"
import { backoffMs } from "live/backoff"
import { Shelf } from "wall/outbox-shelf"

const LONGEST_WAIT_MS = 60_000

// What an answer ({ status, json, retryAfterMs } or null) means for the note: "done", "retry", "join" or "refused".
export function verdict(answer) {
  if (!answer) return { is: "retry", afterMs: 0, busy: false }
  const { status, json, retryAfterMs } = answer
  if (status === 200 || status === 201) return json?.note?.key ? { is: "done", answer: json } : { is: "retry", afterMs: 0, busy: false }
  if (status === 403) return { is: "join" }
  if (status === 408 || status === 429 || status >= 500) return { is: "retry", afterMs: retryAfterMs, busy: true }
  if (status >= 400 && json?.error) return { is: "refused", ...json.error }
  return { is: "retry", afterMs: retryAfterMs, busy: false }
}

// Fires "change" when an entry changes, "sent" { entry, answer } (also for what was taken back), "refused" { entry, code, message }.
export class Outbox extends EventTarget {
  #shelf
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
    this.#shelf = new Shelf(storage, slug)
    this.#send = send
    this.#rejoin = rejoin
    this.#lock = lock
  }

  // `further`: session and alt as the server takes them; `photo`: a data: URL.
  add(text, { photo, ...further } = {}) {
    const entry = { key: newKey(), text, at: Date.now(), ...further }
    if (photo) {
      entry.photo = true
      this.#shelf.putPhoto(entry.key, photo)
    }
    this.#shelf.put(entry)
    this.#changed()
    return entry
  }

  // Takes a note back, by the key it has here or by the one the server gave it. What never left is dropped. What may be on its
  // way, or has long arrived, is taken back there; of its words nothing is kept here any more.
  withdraw(key) {
    const waiting = this.#shelf.get(key)
    this.#shelf.remove(key)
    if (!waiting || waiting.tried) this.#shelf.put({ key, gone: true, at: waiting?.at ?? Date.now() })
    else this.#notes.delete(key)
    this.#changed()
    return this.flush()
  }

  // What waits, oldest first; those with `gone` are to be taken back.
  entries() {
    return this.#shelf.entries().map((entry) => ({ ...entry, ...this.#notes.get(entry.key) }))
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
    for (const { key } of this.#shelf.entries()) {
      const delay = this.#notBefore - Date.now()
      if (delay > 0) return this.#later(delay)
      const entry = this.#shelf.get(key) // another tab may have sent it meanwhile
      if (entry && !(await this.#deliver(entry))) return
    }
  }

  // True when the next note may be tried. From the first try on the server may have it, whatever we hear.
  async #deliver(entry) {
    if (!entry.gone && !entry.tried) this.#shelf.put({ ...entry, tried: true })
    this.#know(entry, { sending: true, busy: false, held: false })
    const parcel = entry.photo ? { ...entry, photo: this.#shelf.photo(entry.key) } : entry
    let result = verdict(await this.#send(parcel))
    if (result.is === "join" && (await this.#rejoin())) result = verdict(await this.#send(parcel))
    if (result.is === "done") this.#leave(entry, "sent", { answer: result.answer })
    else if (result.is === "refused") this.#leave(entry, "refused", { code: result.code, message: result.message })
    else this.#wait(entry, result)
    return result.is === "done" || result.is === "refused"
  }

  // Unless it was taken back while it was on its way: then that is what waits now, and nobody is told that it has arrived.
  #leave(entry, type, detail) {
    this.#failures = 0
    this.#notes.delete(entry.key)
    if (!entry.gone && this.#shelf.get(entry.key)?.gone) {
      this.#again = true
      return
    }
    this.#shelf.remove(entry.key)
    this.#changed()
    this.dispatchEvent(new CustomEvent(type, { detail: { entry, ...detail } }))
  }

  #wait(entry, { is, afterMs = 0, busy = false }) {
    this.#know(entry, { sending: false, busy, held: is === "join" })
    this.#failures += 1
    if (afterMs > 0) this.#notBefore = Date.now() + afterMs
    this.#later(Math.max(afterMs, Math.min(LONGEST_WAIT_MS, 4 * backoffMs(this.#failures))))
  }

  #later(delay) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.flush(), delay)
  }

  #know(entry, known) {
    this.#notes.set(entry.key, known)
    this.#changed()
  }

  #changed() {
    this.dispatchEvent(new CustomEvent("change"))
  }
}
