// screen-enter.js: exchanges the key behind the # of a screen's address for a cookie, and takes it out of the address: no
// secret stays where a log, a photo or the next person can read it.

import { backoffMs, wait } from "live/backoff"
import { ask, csrfOf } from "eventhub/request"

class ScreenEnter extends HTMLElement {
  #attempt = 0
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    // An address that differs only behind the # does not load the page again.
    addEventListener("hashchange", () => this.#enter(), { signal: this.#listening.signal })
    this.#enter()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  async #enter() {
    const key = location.hash.slice(1)
    if (key === "") return
    history.replaceState(null, "", location.pathname + location.search)
    const attempt = (this.#attempt += 1)
    this.toggleAttribute("busy", true)
    this.#say("entering")
    const form = this.querySelector("form")
    for (let failures = 1; this.isConnected && attempt === this.#attempt; failures += 1) {
      const answer = await ask(form.action, { data: { key }, csrf: csrfOf(form) })
      if (attempt !== this.#attempt) return
      if (answer?.status === 204) return location.reload()
      if (answer && answer.status >= 400 && answer.status < 429) return this.#fail()
      this.#say("offline")
      await wait(Math.max(answer?.retryAfterMs ?? 0, 4 * backoffMs(failures)))
    }
  }

  #fail() {
    this.toggleAttribute("busy", false)
    this.#say("unknown")
  }

  #say(state) {
    const line = this.querySelector("[data-words]")
    if (line) line.textContent = this.dataset[state]
  }
}

customElements.define("screen-enter", ScreenEnter)
