// live-dot.js: says in a dot and in words whether the page is in touch with the server.

import { clock } from "eventhub/clock"

class LiveDot extends HTMLElement {
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    document.addEventListener("stream-state", ({ detail }) => this.#show(detail), { signal: this.#listening.signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  #show({ state, heardAt }) {
    this.hidden = false
    this.dataset.state = state
    const words = this.dataset[state === "polling" ? "open" : state] ?? ""
    const time = clock(this.dataset.zone)(heardAt)
    this.querySelector(".live__words").textContent = words.replace("{time}", time)
  }
}

customElements.define("live-dot", LiveDot)
