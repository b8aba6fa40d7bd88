// screen-turns.js: whose turn it is among the slides of a scene, fairly. Pure: `tick` is a time in ms of whatever clock; who has
// content, and for how long it wants to be read, is asked for.

const SHORTEST_MS = 3_000
const LONGEST_MS = 120_000 // whatever a slide wishes for, the others are not kept waiting for longer

export class Turns {
  slide = ""
  #scene = null
  #place = -1
  #since = 0

  // `order`: names of slides; one may stand in it several times. `has(name)`, `lasts(name)` in ms. `nudged`: somebody asks for the
  // next one. Gives why something begins: "scene", "gone", "nudged", "turn", or "" when nothing does.
  next(tick, { scene, order, has, lasts, nudged = false }) {
    if (scene !== this.#scene) return this.#enter(tick, scene, order, has)
    if (order[this.#place] !== this.slide) this.#place = order.indexOf(this.slide)
    if (this.#place < 0 || !has(this.slide)) return this.#pass(tick, order, has, "gone")
    if (nudged) return this.#pass(tick, order, has, "nudged")
    return tick - this.#since < turnMs(lasts(this.slide)) ? "" : this.#pass(tick, order, has, "turn")
  }

  // A scene begins with the first that has content. If that stands already, its turn goes on.
  #enter(tick, scene, order, has) {
    this.#scene = scene
    this.#place = Math.max(0, order.findIndex((name) => has(name)))
    if (this.slide !== order[this.#place]) this.#since = tick
    this.slide = order[this.#place] ?? ""
    return "scene"
  }

  // The next one around that is another and has content. Whoever is passed over is owed nothing; alone, one has turn after turn.
  #pass(tick, order, has, why) {
    const from = this.#place
    const around = order.map((_, step) => (from + 1 + step) % order.length)
    const place = around.find((at) => order[at] !== this.slide && has(order[at])) ?? around.find((at) => has(order[at]))
    this.#since = tick
    this.#place = place ?? order.length - 1
    this.slide = order[this.#place] ?? ""
    return why
  }
}

const turnMs = (wish) => Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Number(wish) || 0))
