// star-button.js: a star beside a session. It is set at once and sent when it can be; drawn alike for everybody, and filled here
// with what this browser knows.

import { stars } from "agenda/stars"

class StarButton extends HTMLElement {
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    this.addEventListener("click", () => this.#press(), { signal: this.#listening.signal })
    this.show()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  show() {
    const button = this.firstElementChild
    button.hidden = false
    button.setAttribute("aria-pressed", String(stars.has(this.getAttribute("session"))))
  }

  #press() {
    const session = this.getAttribute("session")
    // First who tells of changes: what is different here already is seen by whoever stars it.
    document.dispatchEvent(new CustomEvent("star-set", { detail: { session } }))
    stars.toggle(session)
  }
}

// One listener for all: a long programme has many stars.
stars.addEventListener("change", () => {
  for (const star of document.querySelectorAll("star-button")) star.show()
})
customElements.define("star-button", StarButton)
