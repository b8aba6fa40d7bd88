// home-numbers.js: asks for the numbers of the organizer's page now and then. Changes only the lines that are different, so that
// focus and reading aloud stay where they are.

import { ask } from "eventhub/request"
import { fragment } from "live/fragment"

const EVERY_MS = 5_000

class HomeNumbers extends HTMLElement {
  #timer
  #listening
  #asking = false

  connectedCallback() {
    this.#listening = new AbortController()
    document.addEventListener("visibilitychange", () => this.#ask(), { signal: this.#listening.signal })
    this.#timer = setInterval(() => this.#ask(), EVERY_MS)
  }

  disconnectedCallback() {
    this.#listening.abort()
    clearInterval(this.#timer)
  }

  // A page that nobody looks at asks nobody.
  async #ask() {
    if (document.hidden || this.#asking) return
    this.#asking = true
    const answer = await ask(this.getAttribute("src"))
    this.#asking = false
    if (answer?.status === 200) this.#show(fragment(answer.json.html))
    else if (answer && answer.status < 429) clearInterval(this.#timer) // signed out, or no organizer any more
  }

  #show(next) {
    for (const line of next.querySelectorAll("[data-part]")) {
      const current = this.querySelector(`[data-part="${CSS.escape(line.dataset.part)}"]`)
      if (current && !current.isEqualNode(line)) this.#replace(current, line)
    }
  }

  #replace(current, line) {
    const focused = current.contains(document.activeElement)
    current.replaceWith(line)
    if (focused) line.querySelector("a")?.focus({ preventScroll: true })
  }
}

customElements.define("home-numbers", HomeNumbers)
