// reach-note.js: says on the laptop that no other device has come yet, and goes away as soon as one has.

import { ask } from "eventhub/request"

const ASK_EVERY_MS = 5000

class ReachNote extends HTMLElement {
  #timer

  connectedCallback() {
    this.#timer = setInterval(() => this.#ask(), ASK_EVERY_MS)
  }

  disconnectedCallback() {
    clearInterval(this.#timer)
  }

  async #ask() {
    if (document.hidden) return
    const answer = await ask("/reach")
    if (answer?.json?.reached) this.remove()
  }
}

customElements.define("reach-note", ReachNote)
