// fallback.js: what a stream does while sockets fail: it asks over HTTP, with the same cursors. Once stopped, an answer that is
// still under way is dropped.

import { backoffMs, wait } from "live/backoff"
import { poll } from "live/poll"

const EVERY_MS = 4_000
const LONGEST_MS = 30_000

export class Fallback {
  #ask
  #on
  #timer
  #stopped = false

  // `ask`: { slug, language, replicas }. `on`: take(message), heard(), denied().
  constructor(ask, on) {
    this.#ask = ask
    this.#on = on
    this.#soon(Math.random() * EVERY_MS)
  }

  stop() {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #soon(delay) {
    this.#timer = setTimeout(() => this.#round(), delay)
  }

  async #round() {
    const { slug, language, replicas } = this.#ask
    let delay = EVERY_MS * (1 + Math.random())
    try {
      for (const replica of replicas.values()) {
        const message = await poll(slug, replica, { language })
        if (this.#stopped) return
        this.#on.heard()
        this.#on.take(message)
      }
    } catch (error) {
      if (this.#stopped) return
      if (error.status === 401 || error.status === 403) return this.#on.denied()
      delay = Math.max(error.retryAfterMs ?? 0, Math.min(LONGEST_MS, delay * 2))
    }
    if (!this.#stopped) this.#soon(delay)
  }
}

// The complete list of one group, however long it takes; null as soon as `wanted()` says no.
export async function wholeList({ slug, language }, replica, wanted) {
  for (let failures = 1; wanted(); failures += 1) {
    try {
      const message = await poll(slug, replica, { language, whole: true })
      return wanted() ? message : null
    } catch (error) {
      await wait(Math.max(error.retryAfterMs ?? 0, backoffMs(failures + 1)))
    }
  }
  return null
}
