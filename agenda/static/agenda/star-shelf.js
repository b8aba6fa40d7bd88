// star-shelf.js: which sessions this browser knows as starred, and what it has still to tell the server. Each wish has a storage
// entry of its own, so that two tabs never overwrite each other's. Knows no DOM and no addresses.

import { memoryStorage, namesIn } from "eventhub/storage"

export class StarShelf {
  #storage
  #known // the storage name of what the server has said last
  #wishes // what the names of wishes begin with

  // `known` and `wish`: what its entries are called, for marks that are no stars.
  constructor(storage, slug, { known = "stars", wish = "star" } = {}) {
    this.#storage = storage
    this.#known = `eventhub.${known}.${slug}`
    this.#wishes = `eventhub.${wish}.${slug}.`
  }

  has(session) {
    return this.wish(session) ?? this.#learned().has(String(session))
  }

  // Every session that is starred as far as this browser knows, sent or not.
  all() {
    const found = this.#learned()
    for (const { session, on } of this.wishes()) {
      if (on) found.add(session)
      else found.delete(session)
    }
    return [...found]
  }

  // What is not at the server yet: true for a star, false for none, null when there is nothing to tell.
  wish(session) {
    const text = this.#storage.getItem(this.#wishes + session)
    return text === "1" || text === "0" ? text === "1" : null
  }

  wishes() {
    const sessions = namesIn(this.#storage, this.#wishes).map((name) => name.slice(this.#wishes.length))
    return sessions.map((session) => ({ session, on: this.wish(session) })).filter(({ on }) => on !== null)
  }

  want(session, on) {
    this.#write(this.#wishes + session, on ? "1" : "0")
  }

  // The server has it now (or will never have it: `on` false). A wish that has changed meanwhile stays one.
  settle(session, on, asked = on) {
    const known = this.#learned()
    if (on) known.add(String(session))
    else known.delete(String(session))
    this.learn([...known])
    if (this.wish(session) === asked) this.#storage.removeItem(this.#wishes + session)
  }

  // Without a star nothing is kept.
  learn(sessions) {
    if (sessions.length) this.#write(this.#known, JSON.stringify(sessions.map(String)))
    else this.#storage.removeItem(this.#known)
  }

  #learned() {
    try {
      const said = JSON.parse(this.#storage.getItem(this.#known))
      return new Set(Array.isArray(said) ? said.map(String) : [])
    } catch {
      return new Set()
    }
  }

  #write(name, text) {
    try {
      this.#storage.setItem(name, text)
    } catch {
      const kept = memoryStorage() // full or closed: at least this tab keeps it
      for (const old of namesIn(this.#storage, this.#known, this.#wishes)) kept.setItem(old, this.#storage.getItem(old))
      this.#storage = kept
      this.#storage.setItem(name, text)
    }
  }
}
