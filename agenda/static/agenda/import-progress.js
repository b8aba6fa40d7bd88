// import-progress.js: asks how far a file is, while it is being read or taken over, and shows what came of it.

import { ask } from "eventhub/request"
import { fragment } from "live/fragment"

const EVERY_MS = 700

class ImportProgress extends HTMLElement {
  #timer

  connectedCallback() {
    if (this.hasAttribute("busy")) this.#later()
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
  }

  #later() {
    this.#timer = setTimeout(() => this.#ask(), EVERY_MS)
  }

  async #ask() {
    const answer = await ask(this.getAttribute("src"))
    if (!this.isConnected) return
    if (answer?.status === 200) this.#show(answer.json)
    // Without network it waits; signed out, or with the file gone, there is nothing more to hear.
    if (!answer || answer.status >= 429 || (answer.status === 200 && answer.json.busy)) this.#later()
  }

  // The bar itself stays, so that it moves and is not read out anew each time.
  #show({ html, busy }) {
    const next = fragment(html)
    const bar = next.querySelector("progress")
    const current = this.querySelector("progress")
    this.toggleAttribute("busy", busy)
    if (bar && current) current.value = bar.value
    else this.replaceChildren(next)
  }
}

customElements.define("import-progress", ImportProgress)
