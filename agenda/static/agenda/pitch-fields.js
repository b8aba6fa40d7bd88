// pitch-fields.js: title, host and hands of the pitch on stage: stored a moment after they are typed, merged with what others type.

import { Draft } from "agenda/pitch-draft"

const SOON_MS = { title: 600, host: 600, hands: 350 }

export class PitchFields {
  #desk
  #post
  #drafts = new Map() // name -> Draft
  #timers = new Map()
  #running = new Map() // name -> promise of what is being sent
  #card = ""
  version = 0 // of the last change made here: an older sheet is no news

  constructor(desk, post) {
    this.#desk = desk
    this.#post = post
  }

  field(name) {
    return this.#desk.querySelector(`[data-field="${name}"]`)
  }

  isDirty(name) {
    return this.#drafts.get(name)?.isDirty ?? false
  }

  // The sheet of `version` has been drawn: `card` is on stage, `stored` says what the server has of it.
  draw(card, stored, version) {
    if (card !== this.#card) this.#leave(card)
    for (const name of this.#drafts.keys()) if (!(name in stored)) this.#drafts.delete(name)
    for (const [name, value] of Object.entries(stored)) {
      const draft = this.#drafts.get(name)
      if (!draft) this.#drafts.set(name, new Draft(value))
      else if (version >= this.version && draft.hear(value)) this.field(name).value = value
    }
  }

  typed(name, soon = SOON_MS[name]) {
    const draft = this.#drafts.get(name)
    if (!draft) return
    draft.type(this.field(name).value.trim())
    clearTimeout(this.#timers.get(name))
    if (!draft.quarrels) this.#timers.set(name, setTimeout(() => this.send(name), soon))
  }

  // All that was typed is stored, or the page says why not.
  flush() {
    return Promise.all([...this.#drafts.keys()].map((name) => this.send(name)))
  }

  async send(name) {
    clearTimeout(this.#timers.get(name))
    await this.#running.get(name)
    const draft = this.#drafts.get(name)
    if (!draft || !sendable(name, draft)) return
    const sending = this.#store(name, draft, this.#card)
    this.#running.set(name, sending)
    await sending
  }

  async #store(name, draft, card) {
    const { value, was } = draft.send()
    const [path, data] = name === "hands" ? ["count", { hands: value, was }] : ["write", { [name]: value, [`was_${name}`]: was }]
    const { done, taken, version = 0 } = await this.#post.send(`cards/${card}/${path}`, data)
    this.version = Math.max(this.version, version)
    if (done) draft.done()
    else draft.failed({ quarrels: taken })
    if (card === this.#card && !done) this.#desk.quarrel(draft.quarrels ? name : "")
  }

  mine(name) {
    this.#drafts.get(name)?.insist()
    return this.send(name)
  }

  theirs(name) {
    const draft = this.#drafts.get(name)
    if (draft) this.field(name).value = draft.yield()
  }

  // Somebody else is on stage now: what was typed of the one before is stored at once.
  #leave(card) {
    for (const [name, draft] of this.#drafts) if (sendable(name, draft)) this.#store(name, draft, this.#card)
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#drafts.clear()
    this.#running.clear()
    this.#desk.quarrel("")
    this.#card = card
  }
}

const sendable = (name, draft) => draft.isDirty && !draft.quarrels && !(name === "title" && draft.value === "")
