// told-moves.js: which changes of starred sessions this browser has announced already: the number of each slot's last one. Pure but
// for the storage it is given.

const MAX_TOLD = 200

export class ToldMoves {
  #storage
  #name

  constructor(storage, slug) {
    this.#storage = storage
    this.#name = `eventhub.told.${slug}`
  }

  // Of `moves` ({ key, session, sequence, end }) those to be announced now: starred, not over, and not told yet.
  fresh(moves, { stars, at }) {
    const told = this.#read()
    return moves.filter(({ key, session, sequence, end }) => stars.has(session) && end > at && sequence > (told[key] ?? 0))
  }

  tell(moves) {
    if (moves.length === 0) return
    const told = { ...this.#read(), ...Object.fromEntries(moves.map(({ key, sequence }) => [key, sequence])) }
    try {
      this.#storage.setItem(this.#name, JSON.stringify(Object.fromEntries(Object.entries(told).slice(-MAX_TOLD))))
    } catch {
      // Full: it may be told once more.
    }
  }

  #read() {
    try {
      const told = JSON.parse(this.#storage.getItem(this.#name))
      return typeof told === "object" && told !== null ? told : {}
    } catch {
      return {}
    }
  }
}
