// screen-stood.js: remembers which posts have stood whole on this screen, and from when until when, so that whoever wrote one can
// be told. Pure: times in ms.

const SHORTEST_MS = 3_000 // what stood for less has not been read
const MOST = 100 // without network the oldest are forgotten

export class Stood {
  #standing = new Map() // key -> { from, told }
  #waiting = [] // [key, from, until], not told yet

  // These stand at `at`, and no others.
  see(keys, at) {
    for (const [key, { from }] of this.#standing) if (!keys.includes(key)) this.#leave(key, from, at)
    for (const key of keys) if (!this.#standing.has(key)) this.#standing.set(key, { from: at, told: false })
  }

  // [[key, from, until], …]: what has left, and once each what stands and could be read already.
  take(at) {
    const reading = [...this.#standing].filter(([, { from, told }]) => !told && at - from >= SHORTEST_MS)
    for (const [, one] of reading) one.told = true
    const taken = [...this.#waiting, ...reading.map(([key, { from }]) => [key, from, at])]
    this.#waiting = []
    return taken
  }

  // It could not be told: the next time.
  giveBack(taken) {
    this.#waiting = [...taken, ...this.#waiting].slice(-MOST)
  }

  #leave(key, from, at) {
    this.#standing.delete(key)
    if (at - from >= SHORTEST_MS) this.#waiting = [...this.#waiting, [key, from, at]].slice(-MOST)
  }
}
