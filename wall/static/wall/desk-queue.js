// desk-queue.js: the truth about what waits: how many beyond the window of this page, which of them say the same, how long the
// oldest has waited, when a post is shown by itself. Fills the window again when there is room.

import { ask } from "eventhub/request"
import { fragment } from "live/fragment"
import { ageWords, dueWords } from "wall/desk-words"

export const WINDOW = 60
const REFRESH_MS = 1_000

export class DeskQueue {
  #board
  #beyond // how many wait that this page does not have
  #piles = {}
  #skew
  #tick
  #refreshing = null

  constructor(board) {
    this.#board = board
    this.#beyond = Math.max(0, Number(board.dataset.waiting) - this.#cards.length)
    this.#skew = Date.parse(board.dataset.now) - Date.now() || 0
  }

  open() {
    this.#tick = setInterval(() => this.#tellTime(), 1_000)
    this.missed()
  }

  close() {
    clearInterval(this.#tick)
    clearTimeout(this.#refreshing)
  }

  get #cards() {
    return [...this.#board.querySelectorAll("[data-list=pending] > [data-kind=post]")]
  }

  // Something has changed: while more waits than this page has, it asks how much, and for what there is room. Once a second at most.
  missed() {
    if (this.#beyond > 0 || this.#cards.length >= WINDOW) this.#refreshing ??= setTimeout(() => this.#ask(), REFRESH_MS)
  }

  async #ask() {
    const last = this.#cards.at(-1)?.dataset.order ?? 0
    const answer = await ask(`/${this.#board.dataset.slug}/desk/queue?from=${last}`)
    this.#refreshing = null
    if (answer?.status !== 200) return
    for (const item of answer.json.items) this.#board.put(item)
    this.told(answer.json)
  }

  // What the server says of all that waits.
  told({ count, piles, variants }) {
    this.#piles = piles
    this.#beyond = Math.max(0, count - this.#cards.length)
    if (this.#cards.length < WINDOW) this.missed()
    this.#tellVariants(variants)
    this.#board.changed()
  }

  // How many wait, after the lists have changed.
  changed() {
    const cards = this.#cards
    for (const card of cards.splice(WINDOW)) {
      card.remove()
      this.#beyond += 1
    }
    this.#tellPiles(cards)
    this.#tellTime()
    return cards.length + this.#beyond
  }

  // Posts that say the same lie under the oldest of them.
  #tellPiles(cards) {
    const here = new Map()
    for (const card of cards) {
      const likeness = card.dataset.likeness
      if (likeness) here.set(likeness, [...(here.get(likeness) ?? []), card])
    }
    for (const card of cards) {
      const pile = here.get(card.dataset.likeness) ?? [card]
      const count = this.#beyond > 0 ? Math.max(pile.length, this.#piles[card.dataset.likeness] ?? 0) : pile.length
      card.toggleAttribute("data-piled", pile[0] !== card)
      const line = card.querySelector("[data-pile]")
      if (!line) continue
      line.hidden = count < 2
      line.querySelector("[data-pile-words]").textContent = this.#board.dataset.alike.replace("{n}", count)
    }
  }

  // How else the hashtag is written: a line of the server's.
  #tellVariants(line) {
    const place = this.#board.querySelector("[data-variants]")
    if (line && place && !place.contains(document.activeElement)) place.replaceChildren(fragment(line))
  }

  #tellTime() {
    const now = Date.now() + this.#skew
    const oldest = this.#cards[0]
    if (oldest) this.#board.querySelector("[data-age]").textContent = ageWords(now - Date.parse(oldest.dataset.since), this.#board.dataset)
    for (const line of this.#board.querySelectorAll("[data-due]")) {
      line.querySelector("[data-due-words]").textContent = dueWords(Date.parse(line.dataset.due) - now, this.#board.dataset)
    }
  }
}
