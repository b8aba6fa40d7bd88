// plan-hand.js: the card that somebody is about to place: picked up, aimed, put down, and what else is done with it. One at a time.

import { ask } from "agenda/plan-ask"
import { title } from "agenda/plan-layout"

const ACTS = {
  placed: ["again", "cancel", "remove", "merge", "leave"],
  off: ["restore", "remove", "leave"],
  open: ["park", "merge", "decline", "leave"],
  parked: ["queue", "merge", "decline", "leave"],
  held: ["queue", "decline", "leave"],
}

export class Hand {
  #board
  #target = null
  #mode = "" // "again": placed once more; "merge": the next card is the other one
  #byKeys = false
  thing = null // { key, slot, version, title, state, room, start }

  constructor(board, signal) {
    this.#board = board
    board.addEventListener("click", (event) => this.#click(event), { signal })
  }

  holds = ({ dataset: { key, slot } }) => this.thing?.key === key && this.thing.slot === slot

  take(tile) {
    if (this.holds(tile)) return
    this.leave()
    this.thing = seen(tile)
    tile.toggleAttribute("data-lifted", true)
  }

  // Take it and say what can be done with it.
  pick(tile, { byKeys = false } = {}) {
    this.take(tile)
    this.#byKeys = byKeys
    const { slot, cancelled, state } = this.thing
    this.#tell("picked", slot === undefined ? ACTS[state] : cancelled ? ACTS.off : ACTS.placed)
    if (byKeys && slot === undefined) this.#board.querySelector(".cell:not([data-taken]) .cell__free")?.focus()
  }

  #tell(name, acts) {
    const words = this.#board.post.words(name, this.thing)
    this.#board.post.problem("")
    this.#board.post.bar(words, { acts })
    this.#board.post.say(words)
  }

  // Over what it is now: a cell, a card in its way, a pile.
  aim(element, { aloud = false } = {}) {
    this.#target?.removeAttribute("data-target")
    this.#target = this.thing ? targetOf(element, this.#mode) : null
    this.#target?.toggleAttribute("data-target", true)
    if (!aloud || !this.#target) return
    const name = this.#target.matches(".cell:not([data-taken])") ? "at" : "over"
    const place = (this.#target.closest(".cell") ?? element).querySelector(".cell__free")?.ariaLabel ?? element.textContent.trim()
    this.#board.post.say(this.#board.post.words(name, { title: this.thing.title, place }))
  }

  // Put it down where it was aimed at.
  drop = () => this.#to(this.#target)

  async #to(target) {
    const { thing } = this
    const element = thing && this.#board.tile(thing.key, thing.slot)
    if (!thing || !target || target === element) return this.leave({ aloud: true })
    if (target.matches(".tile")) return this.#onto(target)
    if (target.matches("[data-list]")) return this.#toPile(target.dataset.list)
    const button = target.querySelector(".cell__free")
    if (target.dataset.taken !== undefined) return this.#stays(button.textContent)
    const again = this.#mode === "again" ? 1 : 0
    const path = thing.slot && !again ? `slots/${thing.slot}/move` : `cards/${thing.key}/place`
    await this.#send(path, { cell: button.value, version: thing.version, again })
  }

  // Somebody stands there: nothing happens that was not asked for.
  async #onto(tile) {
    const { thing } = this
    const other = seen(tile)
    if (tile.dataset.locked !== undefined || this.#mode === "again") return this.#stays(other.title)
    if (other.key === thing.key) return this.leave({ aloud: true })
    const swaps = this.#mode === "" && other.slot && (thing.slot ? "swap" : "exchange")
    const choice = await ask(this.#board, thing, other, [swaps, "merge"].filter(Boolean))
    if (this.thing !== thing) return undefined
    const both = { version: thing.version, with: other.slot, with_version: other.version }
    if (choice === "swap") return this.#send(`slots/${thing.slot}/swap`, both)
    if (choice === "exchange") return this.#send(`cards/${thing.key}/exchange`, both)
    if (choice === "merge") return this.#send(`cards/${thing.key}/merge`, { version: thing.version, into: other.key, into_version: other.version })
    return this.leave({ aloud: true })
  }

  #toPile(state) {
    const { key, slot, version, state: was } = this.thing
    if (slot) return this.#send(`slots/${slot}/remove`, { version, to: state })
    return was === state ? this.leave({ aloud: true }) : this.#send(`cards/${key}/back`, { version, to: state })
  }

  #stays(title) {
    this.leave() ?? this.#board.post.problem(this.#board.post.words("taken", { title }))
  }

  #do(name) {
    if (!this.thing || name === "undo") return undefined
    const { key, slot, version } = this.thing
    if (name === "leave") return this.leave({ aloud: true })
    if (name === "again" || name === "merge") return this.#tell((this.#mode = name) === "again" ? "repeat" : "merge", ["leave"])
    if (name === "park" || name === "queue") return this.#send(`cards/${key}/back`, { version, to: name === "park" ? "parked" : "open" })
    if (name === "decline") return this.#send(`cards/${key}/decline`, { version })
    return this.#send(`slots/${slot}/${name}`, { version })
  }

  // The card goes there when the server has said so.
  async #send(path, data) {
    const byKeys = this.#byKeys
    const element = this.#board.tile(this.thing.key, this.thing.slot)
    element?.toggleAttribute("data-busy", true)
    const done = await this.#board.post.send(path, data)
    element?.removeAttribute("data-busy")
    this.#letGo()
    if (done && byKeys) this.#board.awaitSlot(done.key)
  }

  // Everything as it was.
  leave({ aloud = false } = {}) {
    if (!this.thing) return
    this.#letGo()
    this.#board.post.bar("")
    if (aloud) this.#board.post.say(this.#board.dataset.left)
  }

  #letGo() {
    this.thing = null
    this.#mode = ""
    this.aim(null)
    for (const lifted of this.#board.querySelectorAll("[data-lifted]")) lifted.removeAttribute("data-lifted")
  }

  // The cards have changed. What is where it was is still meant; what has gone is let go of, in words.
  follow() {
    if (!this.thing || this.#board.post.busy) return
    const { key, slot, room, start, state } = this.thing
    const tile = this.#board.tile(key, slot)
    if (!tile || tile.dataset.slot !== slot) return this.leave() ?? this.#board.post.problem(this.#board.dataset.gone)
    tile.toggleAttribute("data-lifted", true)
    if (tile.dataset.room === room && tile.dataset.start === start && tile.dataset.state === state) this.thing.version = tile.dataset.version
    if (this.#target?.isConnected === false) this.aim(null)
  }

  #click(event) {
    const [tile, button, pile] = [".tile", "button", "[data-list]"].map((one) => event.target.closest(one))
    if (button?.closest("[data-bar]")) return this.#do(button.dataset.act)
    if (tile) {
      event.preventDefault()
      const another = this.#mode === "" && tile.dataset.slot === undefined && this.thing && !this.holds(tile)
      if (this.thing && !another) return this.#to(this.holds(tile) ? tile : targetOf(tile, this.#mode))
      if (tile.dataset.locked === undefined) return this.pick(tile, { byKeys: event.detail === 0 })
      return this.#board.post.problem(this.#board.post.words("locked", { title: title(tile) }))
    }
    if (button?.matches(".cell__free")) {
      event.preventDefault()
      return this.thing ? this.#to(button.closest(".cell")) : this.#board.post.problem(this.#board.dataset.first)
    }
    return pile && this.thing ? this.#toPile(pile.dataset.list) : undefined
  }
}

function seen(tile) {
  const { key, slot, version, state, room, start, cancelled } = tile.dataset
  return { key, slot, version, state, room, start, cancelled: cancelled !== undefined, title: title(tile) }
}

// A cancelled card is in nobody's way: its cell is meant; a card in a pile is meant only by whoever puts two together.
function targetOf(element, mode) {
  const tile = element?.closest(".tile")
  const pile = tile?.closest("[data-list]") && mode !== "merge"
  if (tile && !pile && (tile.dataset.cancelled === undefined || tile.hasAttribute("data-lifted"))) return tile
  return element?.closest(".cell, [data-list]") ?? null
}
