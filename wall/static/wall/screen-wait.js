// screen-wait.js: a browser without a key shows a code and asks every few seconds whether somebody has typed it. Then it is the
// screen, by itself. A captive portal's page is no answer, and the code that stands stays.

import { backoffMs, wait } from "live/backoff"
import { ask, csrfOf } from "eventhub/request"

const ASK_EVERY_MS = 2_000
const SLOWLY_MS = 8_000 // whoever sets a screen up does it soon
const SOON_MS = 600_000

const jittered = (ms) => ms * (1 + Math.random() / 2)

class ScreenWait extends HTMLElement {
  connectedCallback() {
    this.#run()
  }

  async #run() {
    this.toggleAttribute("data-running", true)
    const form = this.querySelector("form")
    const begun = performance.now()
    for (let failures = 0; this.isConnected; ) {
      const answer = this.#rests() ? undefined : await ask(form.action, { data: {}, csrf: csrfOf(form) })
      if (answer?.json?.state === "paired") return this.#become()
      if (answer?.json?.state === "waiting") this.#show(answer.json)
      if (answer?.json?.error?.code === "csrf") return location.reload() // the form is too old to be believed
      failures = answer === undefined || answer?.status === 200 ? 0 : failures + 1
      this.#say(answer === null ? this.dataset.offline : "")
      const pause = performance.now() - begun < SOON_MS ? ASK_EVERY_MS : SLOWLY_MS
      await wait(failures ? Math.max(answer?.retryAfterMs ?? 0, 4 * backoffMs(failures)) : jittered(pause))
    }
  }

  // Nobody reads a code from a covered window, and whoever comes with a key needs none while that is tried.
  #rests() {
    return document.hidden || document.querySelector("screen-enter[busy]") !== null
  }

  #become() {
    this.#say(this.dataset.here)
    location.reload()
  }

  #show({ code, address, side, path }) {
    for (const element of this.querySelectorAll("[data-shown]")) element.toggleAttribute("hidden", false)
    this.querySelector('[data-code="0"]').textContent = code.slice(0, 3)
    this.querySelector('[data-code="1"]').textContent = code.slice(3)
    this.querySelector("[data-address]").textContent = address
    const picture = this.querySelector("svg")
    picture.setAttribute("viewBox", `0 0 ${side} ${side}`)
    picture.querySelector("path").setAttribute("d", path)
  }

  #say(words) {
    const line = this.querySelector("[data-words]")
    if (line.textContent !== words) line.textContent = words
  }
}

customElements.define("screen-wait", ScreenWait)
