// replica.js: what one group of topics has seen: its cursor and the versions of its items. Decides what to render and what
// to ask for; knows no DOM, no sockets and no timers.

const REMEMBERED = 4096
const ASK_AGAIN_AFTER = 4

export const seqOf = (cursor) => Number.parseInt(cursor, 10)

export class Replica {
  #seen = new Map()
  #gaps = 0
  #listDue = false

  constructor(group, topics, cursor) {
    this.group = group
    this.topics = topics
    this.cursor = cursor
  }

  get seq() {
    return seqOf(this.cursor)
  }

  // Takes a frame, a beat or a reset; hands what is to be drawn to `render` ({ items(list), reset(list) }) and moves the cursor
  // only after it returned. Answers "applied", "ignored", "catch-up" (ask for what is missing) or "list" (fetch everything).
  receive(message, render) {
    const upto = seqOf(message.upto)
    if (!Number.isSafeInteger(upto)) return "ignored"
    if (message.t === "reset") return this.#replace(message, render)
    if (this.#listDue) return "ignored"
    if (message.from > this.seq) return this.#gaps++ % ASK_AGAIN_AFTER === 0 ? "catch-up" : "ignored"
    this.#gaps = 0
    if (upto <= this.seq) return "ignored"
    this.#render(message.items ?? [], render)
    this.cursor = message.upto
    this.#forget()
    return "applied"
  }

  #replace({ upto, items }, render) {
    this.#gaps = 0
    this.#listDue = items === null || items === undefined
    if (this.#listDue) return "list"
    render.reset(items)
    this.#seen = new Map(items.map((item) => [nameOf(item), item.version]))
    this.cursor = upto
    return "applied"
  }

  // A removed key is remembered like any other version: an older item must not bring it back.
  #render(items, render) {
    const versions = new Map()
    const newer = items.filter((item) => {
      const name = nameOf(item)
      const known = versions.get(name) ?? this.#seen.get(name) ?? 0
      if (item.version > known) versions.set(name, item.version)
      return item.version > known
    })
    if (newer.length > 0) render.items(newer)
    for (const [name, version] of versions) this.#seen.set(name, version)
  }

  // Two days must not fill the memory. Whatever is not newer than the cursor cannot come again except in a frame that is
  // ignored as a whole, so the oldest of those go first.
  #forget() {
    if (this.#seen.size <= REMEMBERED) return
    const seq = this.seq
    for (const [name, version] of this.#seen) {
      if (this.#seen.size <= REMEMBERED / 2) break
      if (version <= seq) this.#seen.delete(name)
    }
  }
}

const nameOf = ({ topic, key }) => `${topic} ${key}`
