// screen-time.js: what time it is for a screen. The machine at a beamer may be minutes off, so the server's clock counts; in a
// rehearsal it is the time that is rehearsed. Nothing on a screen asks Date.now() for what it shows.

import { rehearsalNow } from "wall/screen-own"

const REMEMBERED = 5
const LATE_MS = 10_000 // an answer that took longer tells nothing of the time

export class Offsets {
  #known = []

  // The server said `now` in an answer to a question sent at `sentAt`, come at `cameAt`. Gives the median of the last few, in ms.
  add({ sentAt, cameAt, now }) {
    const tookMs = cameAt - sentAt
    if (tookMs < 0 || tookMs > LATE_MS || !Number.isFinite(now)) return this.middle
    this.#known = [...this.#known, now - (sentAt + cameAt) / 2].slice(-REMEMBERED)
    return this.middle
  }

  // Somebody has set this machine's clock: what was learned before is worth nothing.
  forget() {
    this.#known = []
  }

  get middle() {
    const sorted = [...this.#known].sort((a, b) => a - b)
    return Math.round(sorted[sorted.length >> 1] ?? 0)
  }
}

// Which moment a rehearsal plays at `at`; without one it is `at` itself. Speed 0 stands still.
export const rehearsed = (at, rehearsal) => (rehearsal ? rehearsal.starts + (at - rehearsal.began) * rehearsal.speed : at)

const offsets = new Offsets()
let set = Date.now() - performance.now()

// The time by the server's clock, in ms.
export const serverNow = () => Date.now() + offsets.middle

// The time that is shown, in ms.
export const now = () => rehearsed(serverNow(), rehearsalNow())

export const offsetMs = () => offsets.middle

export function learn(sample) {
  const jumped = Math.abs(Date.now() - performance.now() - set) > 1_000
  set = Date.now() - performance.now()
  if (jumped) offsets.forget()
  offsets.add(sample)
}
