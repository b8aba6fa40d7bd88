// phase-switch.js: goes on to another phase of the barcamp with one tap, and says what it means. Drawn by the server, like all lists.

import { ask, csrfOf } from "eventhub/request"
import { LiveList } from "live/live-list"

class PhaseSwitch extends LiveList {
  #listening
  #phase = ""

  connectedCallback() {
    this.#listening = new AbortController()
    this.#phase = this.#shown()
    this.addEventListener("click", (event) => this.#tapped(event), { signal: this.#listening.signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  // Whoever switched, everybody here reads and hears what it is now.
  changed() {
    const phase = this.#shown()
    if (phase !== this.#phase) {
      this.#phase = phase
      const pressed = this.querySelector("[aria-pressed=true]")?.textContent ?? ""
      const means = this.querySelector(".phases__means")?.textContent ?? ""
      this.querySelector("[data-say]").textContent = `${pressed}: ${means}`
    }
    super.changed()
  }

  // The switch stands before what it says, whatever is replaced.
  place(next, current) {
    if (current) current.replaceWith(next)
    else this.querySelector("form").after(next)
  }

  async #tapped(event) {
    const button = event.target.closest("[name=phase]")
    if (!button) return
    event.preventDefault()
    const row = button.parentElement
    if (row.ariaBusy === "true" || button.ariaPressed === "true") return
    row.ariaBusy = "true"
    this.#explain("")
    const form = this.querySelector("form")
    const answer = await ask(button.formAction, { data: { phase: button.value }, csrf: csrfOf(form) })
    row.ariaBusy = "false"
    this.#explain(this.#problem(answer))
  }

  #problem(answer) {
    if (!answer) return this.dataset.offline
    return answer.status === 200 ? "" : (answer.json?.error?.message ?? this.dataset.failed)
  }

  #explain(words) {
    const line = this.querySelector("[data-problem]")
    line.textContent = words
    line.hidden = words === ""
  }

  #shown() {
    return this.querySelector("[data-phase]")?.dataset.phase ?? ""
  }
}

customElements.define("phase-switch", PhaseSwitch)
