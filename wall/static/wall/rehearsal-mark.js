// rehearsal-mark.js: one word in a corner while this screen rehearses.

import { rehearsalNow } from "wall/screen-own"

class RehearsalMark extends HTMLElement {
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    document.addEventListener("live-change", () => this.#look(), { signal: this.#listening.signal })
    this.#look()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  #look() {
    this.hidden = rehearsalNow() === null
  }
}

customElements.define("rehearsal-mark", RehearsalMark)
