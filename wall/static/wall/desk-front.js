// desk-front.js: which waiting post this moderator has before them. The server gives each another one; until it answers, or
// without a network, the first that nobody else looks at stands in.

import { ask, csrfOf } from "eventhub/request"

const BEAT_MS = 20_000
const SETTLING_MS = 700 // a post that moved under the thumb by itself
const OWN_SETTLING_MS = 250 // the next one after an answer of one's own: a second tap of the same thumb
const LOOK_MS = 400
const PATIENCE_MS = 1_000 // with a server that does not answer
const FIRST_BEAT_MS = 3_000 // what this browser has left before may have arrived late
const SENT_AWAY = new Set([401, 403, 404]) // whose help has ended asks no more

export class DeskFront {
  #board
  #form
  #told
  #filter
  #key = null // of the post before this moderator
  #given = null // the last one of which the server knows that they have it
  #answers = 0
  #asking = 0
  #settling
  #looking
  #beat
  #sentAway = false

  // `told(json)` hears what the server says of all that waits; of it, only what `filter` lets through is given.
  constructor(board, form, filter, told) {
    this.#board = board
    this.#filter = filter
    this.#form = form
    this.#told = told
  }

  open() {
    document.addEventListener("stream-state", this.#denied)
    this.#beat = setInterval(() => this.beat(), BEAT_MS)
    this.#looking = setTimeout(() => this.beat(), FIRST_BEAT_MS)
    this.next()
  }

  close() {
    document.removeEventListener("stream-state", this.#denied)
    this.#rest()
    if (this.#sentAway) return
    const data = new FormData()
    data.set("csrfmiddlewaretoken", csrfOf(this.#form))
    navigator.sendBeacon?.(this.#address("leave"), data)
  }

  #denied = ({ detail }) => detail.state === "denied" && this.#sendAway()

  #sendAway() {
    this.#sentAway = true
    this.#rest()
  }

  #rest() {
    clearInterval(this.#beat)
    clearTimeout(this.#looking)
  }

  get card() {
    return this.#pending.find(({ dataset }) => dataset.key === this.#key)
  }

  get #pending() {
    return [...this.#board.querySelectorAll("[data-list=pending] > [data-kind=post]")].filter((card) => this.#filter.matches(card))
  }

  #address(what) {
    return `/${this.#board.dataset.slug}/desk/${what}`
  }

  async #ask(what, data) {
    if (this.#sentAway) return null
    const answer = await ask(this.#address(what), { data, csrf: csrfOf(this.#form) })
    if (SENT_AWAY.has(answer?.status)) this.#sendAway()
    return answer
  }

  // While an answer is on its way, its own answer brings the next post.
  async answering(work) {
    this.#asking += 1
    const answer = await work()
    this.#asking -= 1
    return answer
  }

  // The server has given `item`; null: nothing waits for this moderator.
  take(item) {
    this.#answers += 1
    this.#given = item?.key ?? null
    if (!item && !this.card) this.#choose(null, 0)
    if (!item) return
    this.#board.put(item)
    this.#choose(item.key, OWN_SETTLING_MS)
    this.#board.changed()
  }

  async next(after = "") {
    if (this.#asking) return
    const late = setTimeout(() => this.#standIn(after), PATIENCE_MS)
    const answer = await this.answering(() => this.#ask("next", { after, ...this.#filter.data }))
    clearTimeout(late)
    if (answer?.status === 200) this.take(answer.json.next)
    else this.#standIn(after)
  }

  // A moderator at the keyboard looks at another card.
  look(card) {
    if (card.dataset.state !== "pending" || card.dataset.key === this.#key) return
    this.#key = card.dataset.key
    clearTimeout(this.#looking)
    if (!this.#sentAway) this.#looking = setTimeout(() => this.beat(), LOOK_MS)
  }

  // It may be overtaken by an answer on its way there, and on its way back: the newer one counts.
  async beat() {
    const answers = this.#answers
    const answer = await this.#ask("here", { post: this.card ? this.#key : "", was: this.#given ?? "", ...this.#filter.data })
    if (answer?.status !== 200) return
    if (answers === this.#answers) this.#given = answer.json.at || null
    this.#told(answer.json)
  }

  // The lists have changed: the post before this moderator may have gone, or a first one may have come.
  changed() {
    this.#tellLooks()
    if (!this.card && !this.#asking && this.#pending.length > 0) this.next()
  }

  #standIn(after) {
    const taken = this.#looks()
    const free = this.#pending.filter(({ dataset }) => !taken.has(dataset.key) && dataset.key !== after)
    this.#choose((free[0] ?? this.card)?.dataset.key ?? null, SETTLING_MS)
  }

  // When another post moves under the thumb, answers meant for the one before it are not taken.
  #choose(key, settlingMs) {
    const moved = key !== this.#key && this.#key !== null
    this.#key = key
    this.#board.toggleAttribute("data-guessed", key !== null && key !== this.#given) // somebody else may have it too
    const focused = document.activeElement
    const mine = this.card
    for (const card of this.#board.querySelectorAll("[aria-current]")) if (card !== mine) card.removeAttribute("aria-current")
    mine?.setAttribute("aria-current", "true")
    if (moved && (focused === document.body || focused?.closest("[data-list=pending]"))) mine?.focus({ preventScroll: true })
    if (!moved) return
    this.#board.toggleAttribute("data-settling", true)
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => this.#board.removeAttribute("data-settling"), settlingMs)
  }

  // Which posts others look at, by key: their names.
  #looks() {
    const looks = new Map()
    for (const one of this.#board.querySelectorAll("[data-user]")) {
      one.hidden = one.dataset.user === this.#board.dataset.me
      if (!one.hidden && one.dataset.at) looks.set(one.dataset.at, one.textContent)
    }
    return looks
  }

  #tellLooks() {
    const looks = this.#looks()
    for (const line of this.#board.querySelectorAll("[data-look]")) {
      const name = looks.get(line.closest("[data-key]").dataset.key)
      line.hidden = !name
      line.textContent = name ? this.#board.dataset.looking.replace("{name}", name) : ""
    }
  }
}
