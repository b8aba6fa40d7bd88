// step-board.js: takes and lifts steps on the organizer's page without loading it again. What stands comes back as a frame.

import { ask, csrfOf } from "eventhub/request"

class StepBoard extends HTMLElement {
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    const form = document.getElementById("act")
    form?.addEventListener("submit", (event) => this.#submit(event, form), { signal: this.#listening.signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  async #submit(event, form) {
    const button = event.submitter
    if (!button || !this.contains(button)) return
    event.preventDefault()
    if (button.getAttribute("aria-busy") === "true") return
    button.setAttribute("aria-busy", "true")
    const answer = await ask(button.formAction, { data: { [button.name]: button.value }, csrf: csrfOf(form) })
    button.removeAttribute("aria-busy")
    if (answer?.status !== 200) location.reload() // says what is there now, or asks to sign in
  }
}

customElements.define("step-board", StepBoard)
