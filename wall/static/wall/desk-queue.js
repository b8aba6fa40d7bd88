// desk-queue.js: the truth about what waits: how many beyond the window of this page, which of them say the same, how long the
// oldest has waited, when a post is shown by itself. Fills the window again when there is room.

import { ask } from "eventhub/request"
import { fragment } from "live/fragment"
import { ageWords, dueWords } from "wall/desk-words"

export const WINDOW = 60
const REFRESH_MS = 1_000

export class DeskQueue {
  #board
  #filter
  #beyond // how many wait that this page does not have
  #alike = 0 // of those that this page does not have, how many are like what is chosen
  #alikeFor = "{}" // what was chosen then
  #piles = {}
  #skew
  #tick
  #refreshing = null

  constructor(board, filter) {
    this.#board = board
    this.#filter = filter
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

  // Something else is chosen: from the beginning, and at once.
  refill() {
    clearTimeout(this.#refreshing)
    this.#refreshing = null
    return this.#ask({ from: 0 })
  }

  async #ask({ from = this.#cards.at(-1)?.dataset.order ?? 0 } = {}) {
    const chosen = this.#filter.data
    const query = new URLSearchParams({ from, ...chosen })
    const answer = await ask(`/${this.#board.dataset.slug}/desk/queue?${query}`)
    this.#refreshing = null
    if (answer?.status !== 200 || JSON.stringify(chosen) !== JSON.stringify(this.#filter.data)) return
    for (const item of answer.json.items) this.#board.put(item)
    this.told(answer.json)
  }

  // What the server says of all that waits.
  told({ count, chosen, piles, variants, choices }) {
    this.#piles = piles
    const here = this.#cards.length
    this.#beyond = Math.max(0, count - here)
    this.#alike = Math.max(0, chosen - this.#cards.filter((card) => this.#filter.matches(card)).length)
    this.#alikeFor = JSON.stringify(this.#filter.data)
    if (here < WINDOW && here < chosen) this.missed()
    this.#tellVariants(variants)
    this.#filter.offer(choices)
    this.#board.changed()
  }

  // How many wait, after the lists have changed.
  changed() {
    const all = this.#cards
    const cards = all.filter((card) => this.#filter.matches(card))
    const kept = new Set(cards.splice(0, WINDOW))
    this.#alike += cards.length
    for (const card of all) {
      if (kept.has(card)) continue
      card.remove()
      this.#beyond += 1
    }
    this.#tellPiles([...kept])
    this.#tellTime()
    this.#tellCount(kept.size, kept.size + this.#beyond)
    return kept.size + this.#beyond
  }

  // How many wait; with something chosen, how many of how many.
  #tellCount(here, waiting) {
    const { on } = this.#filter
    const of = this.#board.querySelector("span[data-of]")
    const beyond = JSON.stringify(this.#filter.data) === this.#alikeFor ? this.#alike : 0
    this.#board.toggleAttribute("data-filtered", on)
    this.#board.querySelector("[data-count]").textContent = on ? here + beyond : waiting
    of.hidden = !on
    of.textContent = on ? this.#board.dataset.of.replace("{n}", waiting) : ""
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
