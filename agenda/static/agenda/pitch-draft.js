// pitch-draft.js: one field that two people may fill at once: what is stored, what is typed here, and whether they quarrel. Pure.

export class Draft {
  #stored // as the server has it, as far as this person has seen
  #there // as the server has it now
  #sent = null

  constructor(stored) {
    this.#stored = this.#there = this.value = stored
    this.quarrels = false
  }

  get isDirty() {
    return this.value !== this.#stored
  }

  // What was typed here so far.
  type(value) {
    this.value = value
  }

  // The server says what is stored. Answers whether the field has to show it.
  hear(stored) {
    this.#there = stored
    const isOwn = stored === this.#sent || stored === this.value
    if (this.isDirty && !isOwn) return false
    this.#stored = stored
    if (stored === this.value) this.quarrels = false
    if (isOwn) return false
    this.value = stored
    return true
  }

  // What to send: what shall be there, and what was there for this person.
  send() {
    this.#sent = this.value
    return { value: this.value, was: this.#stored }
  }

  // It was stored; what has been typed since then is still to be sent.
  done() {
    if (this.#sent !== null) this.#stored = this.#there = this.#sent
    this.#sent = null
    this.quarrels = false
  }

  // `quarrels`: somebody else wrote something else meanwhile. From now on nothing is sent by itself.
  failed({ quarrels = false } = {}) {
    this.#sent = null
    this.quarrels = quarrels
  }

  // This person has read what is there, and wants their own all the same.
  insist() {
    this.#stored = this.#there
    this.quarrels = false
  }

  // Leave what is there. Answers it.
  yield() {
    this.value = this.#stored = this.#there
    this.quarrels = false
    return this.value
  }
}
