// plan-board.js: the staff's board of a barcamp. Keeps rows and cards in step with the stream; what fingers, mouse and keys do is in
// grid-drag, plan-hand and plan-keys, and leaves by plan-post. Shows nothing that the server has not said.

import { dragging } from "agenda/grid-drag"
import { Hand } from "agenda/plan-hand"
import { keys, rove } from "agenda/plan-keys"
import { layOut, stopIn } from "agenda/plan-layout"
import { PlanPost } from "agenda/plan-post"
import { clock } from "eventhub/clock"
import { fragment } from "live/fragment"
import { LiveList } from "live/live-list"

class PlanBoard extends LiveList {
  #listening
  #awaited = ""
  #focusAfter = null
  #days
  drags = ".tile:not([data-locked])"
  post = null
  hand = null

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#days = new Intl.DateTimeFormat("en-CA", { timeZone: this.dataset.zone || undefined, year: "numeric", month: "2-digit", day: "2-digit" })
    this.post = new PlanPost(this, signal)
    this.hand = new Hand(this, signal)
    dragging(this, signal)
    keys(this, signal)
    this.addEventListener("live-change", ({ target }) => target !== this && this.#mark(), { signal })
    this.toggleAttribute("data-laid", true)
    document.getElementById("plan-act").hidden = true
    this.changed()
    const wanted = new URLSearchParams(location.search).get("card")
    const tile = wanted && this.tile(wanted)
    if (tile) queueMicrotask(() => this.hand.pick(tile))
  }

  disconnectedCallback() {
    this.#listening.abort()
    this.post.stop()
  }

  tiles(key = null) {
    return this.querySelectorAll(key === null ? ".tile" : `.tile[data-key="${CSS.escape(key)}"]`)
  }

  // The card of a proposal, at one of its places if named.
  tile(key, slot) {
    const all = [...this.tiles(key)]
    return all.find(({ dataset }) => dataset.slot === slot) ?? all[0] ?? null
  }

  keyed() {
    return this.querySelectorAll(".rows[data-key], .tile[data-key]")
  }

  // An item is the rows, or all the cards of one proposal.
  put({ key, version, html, redraw = false }) {
    const named = `[data-key="${CSS.escape(key)}"]`
    const current = [...this.querySelectorAll(`.rows${named}, .tile${named}`)]
    if (current.length ? current.some(({ dataset }) => Number(dataset.version) > version) : redraw) return
    const next = html === null ? null : fragment(html)
    const focus = document.activeElement?.closest?.(".tile, .cell")
    if (next?.matches(".rows")) this.#newRows(next, version)
    else this.#newTiles(current, next, version)
    if (focus && !focus.isConnected) this.#focusAfter = focus
  }

  #newRows(next, version) {
    const [frame, away] = [this.querySelector("[data-frame]"), this.querySelector("[data-away]")]
    away.append(...frame.querySelectorAll(".tile"))
    next.dataset.version = version
    frame.replaceChildren(next)
  }

  #newTiles(current, next, version) {
    for (const tile of current) tile.remove()
    for (const tile of [...(next?.children ?? [])]) {
      tile.dataset.version = Math.max(version, Number(tile.dataset.version) || 0)
      this.querySelector("[data-away]").append(tile)
    }
  }

  changed() {
    layOut(this)
    this.#mark()
    rove(this)
    this.#refocus()
    this.hand.follow()
    super.changed()
  }

  // What had the focus was drawn anew: its next picture has it; what was put down by keys takes it where it stands now.
  #refocus() {
    const lost = this.#focusAfter
    this.#focusAfter = null
    const awaited = this.#awaited && this.querySelector(`.tile[data-slot="${CSS.escape(this.#awaited)}"]`)
    if (awaited) {
      this.#awaited = ""
      stopIn(awaited)?.focus()
    } else if (lost?.matches(".tile")) stopIn(this.tile(lost.dataset.key, lost.dataset.slot))?.focus({ preventScroll: true })
    else if (lost) this.querySelector(`.cell [data-act="${CSS.escape(lost.querySelector("[data-act]")?.dataset.act ?? "")}"]`)?.focus({ preventScroll: true })
  }

  // The place with this key shall have the focus as soon as it is there.
  awaitSlot(key) {
    this.#awaited = key
    this.#refocus()
  }

  // Writes only what differs: each write is a new look for the browser to work out.
  #mark() {
    const said = new Map()
    for (const { dataset, textContent } of this.querySelectorAll("[data-snags] [data-on]")) said.set(dataset.on, (said.get(dataset.on) ?? new Set()).add(textContent))
    for (const tile of this.tiles()) {
      const words = [...(said.get(tile.dataset.slot) ?? [])].join("; ")
      const line = tile.querySelector("[data-said]")
      if (line.textContent === words) continue
      line.textContent = words
      line.hidden = words === ""
      tile.toggleAttribute("data-warned", words !== "")
    }
  }

  time(at) {
    return clock(this.dataset.zone)(at)
  }

  day(at) {
    return this.#days.format(at)
  }

  // Something dragged is over `under`.
  over(under) {
    this.hand.aim(under)
  }

  scrolls() {
    const frame = this.querySelector("[data-frame]")
    return [frame, frame]
  }
}

customElements.define("plan-board", PlanBoard)
