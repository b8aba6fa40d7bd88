// door-code.js: keeps the code of one helpers' door up to date: the next one after each use, none after its hour.

import { LiveList } from "live/live-list"

const EVERY_MS = 5_000

class DoorCode extends LiveList {
  #timer

  connectedCallback() {
    this.#timer = setInterval(() => this.#lookAtTheClock(), EVERY_MS)
  }

  disconnectedCallback() {
    clearInterval(this.#timer)
  }

  // Of all doors of the event this page shows one.
  put(item, how) {
    return item.key === this.getAttribute("task") ? super.put(item, how) : null
  }

  // Time alone sends no frame.
  #lookAtTheClock() {
    const until = this.querySelector("[data-until]")?.dataset.until
    if (until && Date.parse(until) <= Date.now()) location.reload()
  }
}

customElements.define("door-code", DoorCode)
