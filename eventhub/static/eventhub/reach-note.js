// reach-note.js: says on the laptop that no other device has come yet, and goes away as soon as one has. `every`: how many
// milliseconds between two looks.

import { ask } from "eventhub/request"

class ReachNote extends HTMLElement {
  #timer

  connectedCallback() {
    this.#timer = setInterval(() => this.#look(), Number(this.getAttribute("every")))
  }

  disconnectedCallback() {
    clearInterval(this.#timer)
  }

  async #look() {
    if (document.hidden) return
    const answer = await ask("/reach")
    if (answer?.json?.reached) this.remove()
  }
}

customElements.define("reach-note", ReachNote)
