// board-turns.js: which page of the board stands at a moment, and what is said above it. Pure: times in ms.

import { sameDay, weekday } from "eventhub/clock"
import { say } from "wall/screen-slots"

export const TURN_MS = 12_000
const MANY = 6 // more new cards than this in one go are not news any more

// The last moment that has begun, or nothing at all.
export function momentAt(moments, at) {
  return moments.findLast((moment) => moment.at <= at) ?? { above: ["", ""], pages: [], day: false }
}

// Pages one after the other, each for twelve seconds; what is new comes at once and stays as long.
export class Turns {
  #page = 0
  #since = -Infinity

  jump(page, at) {
    this.#page = page
    this.#since = at
  }

  at(count, at) {
    if (count === 0) return 0
    if (at - this.#since >= TURN_MS) this.jump((this.#since === -Infinity ? 0 : this.#page + 1) % count, at)
    return Math.min(this.#page, count - 1)
  }
}

// Cards that were not there before. The first look knows everything; so does one after a long time away.
export class Arrivals {
  #known = null

  of(keys) {
    const fresh = this.#known === null ? [] : keys.filter((key) => !this.#known.has(key))
    this.#known = new Set(keys)
    return fresh.length > MANY ? [] : fresh
  }

  forget() {
    this.#known = null
  }
}

// What stands above a column, and whether each of its cards has to say its own time.
export function head(slots, which, { words, time, zone, language, day }) {
  const taking = slots.filter(({ cancelled }) => !cancelled)
  const times = [...new Set((taking.length > 0 ? taking : slots).map(({ start, end }) => (which === "now" ? end : start)))]
  if (times.length === 0) return { text: "", each: "" }
  const values = { time: time(Math.min(...times)), day: weekday(zone, language)(Math.min(...times)) }
  if (which === "now") return times.length === 1 ? { text: say(words.nowUntil, values), each: "" } : { text: words.now, each: words.until }
  if (day) return { text: say(words.day, values), each: times.length > 1 ? words.from : "" }
  return times.length === 1 ? { text: say(words.next, values), each: "" } : { text: words.soon, each: words.from }
}

// "14:30", with the day of the week when it is another one.
export function when(start, at, { zone, language, time }) {
  return sameDay(zone, start, at) ? time(start) : `${weekday(zone, language)(start)} ${time(start)}`
}
