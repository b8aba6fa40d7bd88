// grid-hand.js: what somebody is about to place: shows where it would stand, says so, and asks the server. One thing at a time.

import { MINUTE_MS } from "agenda/grid-scale"

const SETTLES_MS = 2_000

export class Hand {
  #board
  #ghost
  #settling
  thing = null // { key, session, version, title, minutes, from, room, start }

  constructor(board) {
    this.#board = board
    this.#ghost = Object.assign(document.createElement("p"), { className: "ghost", ariaHidden: "true" })
  }

  // Takes a card of the grid, or a session that has no place yet, where it is.
  take(element) {
    if (this.holds(element)) return
    this.leave()
    const { key, session, version, room, start, end } = element.dataset
    const from = key ? { room, start: Date.parse(start) } : null
    const minutes = key ? (Date.parse(end) - from.start) / MINUTE_MS : Number(this.#board.dataset.minutes)
    const title = element.querySelector("[data-title]").textContent
    this.thing = { key, session, version, title, minutes, from, ...(from ?? { room: null, start: null }) }
    this.#lift()
  }

  holds(element) {
    const { key, session } = element.dataset
    return this.thing !== null && (key ? this.thing.key === key : !this.thing.key && this.thing.session === session)
  }

  // Show it in `room` at `start`, without asking anybody.
  put(room, start, { aloud = false } = {}) {
    Object.assign(this.thing, { room, start })
    const { title, minutes } = this.thing
    const end = start + minutes * MINUTE_MS
    this.#ghost.textContent = `${this.#board.time(start)}–${this.#board.time(end)} ${title}`
    this.#board.lane(room).append(this.#ghost)
    this.#board.stand(this.#ghost, start, end)
    if (aloud) this.#board.post.say(this.#board.post.words("at", this.#where()))
  }

  // Place it where it is shown. The card goes there when the server has said so, or back.
  async drop() {
    const { thing } = this
    if (!thing || thing.room === null || this.#ghost.hasAttribute("data-busy")) return
    const { key, session, version, minutes, room, start, from } = thing
    if (from && from.room === room && from.start === start) return this.leave({ aloud: true })
    const words = this.#board.post.words("placed", this.#where())
    const data = { room, at: new Date(start).toISOString(), minutes }
    this.#ghost.toggleAttribute("data-busy", true)
    const done = key
      ? await this.#board.post.send(`slots/${key}/move`, { ...data, version }, { words, undo: ({ version }) => this.#back(thing, version) })
      : await this.#board.post.send("place", { ...data, session }, { words, undo: (made) => [`slots/${made.key}/remove`, { version: made.version }, this.#board.post.words("removed", thing)] })
    clearTimeout(this.#settling)
    if (this.thing !== thing) return
    if (done) this.#settling = setTimeout(() => this.#letGo(), SETTLES_MS)
    else this.#letGo()
    this.thing = null
  }

  #back({ key, title, minutes, from }, version) {
    const words = this.#board.post.words("placed", { title, time: this.#board.time(from.start), room: this.#room(from.room) })
    return [`slots/${key}/move`, { room: from.room, at: new Date(from.start).toISOString(), minutes, version }, words]
  }

  // Everything as it was.
  leave({ aloud = false } = {}) {
    if (!this.thing) return
    this.thing = null
    this.#letGo()
    this.#board.post.bar("")
    if (aloud) this.#board.post.say(this.#board.dataset.left)
  }

  // The cards have changed: what is in the hand may be drawn anew, or be gone.
  follow() {
    if (!this.thing) return clearTimeout(this.#settling) ?? this.#letGo()
    if (this.thing.key && !this.#board.find(this.thing.key)) {
      this.leave()
      return this.#board.post.problem(this.#board.dataset.gone)
    }
    this.#lift()
    if (this.#ghost.isConnected) this.put(this.thing.room, this.thing.start)
  }

  #lift() {
    const { key, session } = this.thing
    const element = key ? this.#board.find(key) : this.#board.querySelector(`[data-tray] [data-session="${session}"]`)
    element?.toggleAttribute("data-lifted", true)
  }

  #letGo() {
    this.#ghost.remove()
    this.#ghost.removeAttribute("data-busy")
    for (const lifted of this.#board.querySelectorAll("[data-lifted]")) lifted.removeAttribute("data-lifted")
  }

  #where() {
    const { title, room, start } = this.thing
    return { title, time: this.#board.time(start), room: this.#room(room) }
  }

  #room(room) {
    return this.#board.lane(room).dataset.name
  }
}
