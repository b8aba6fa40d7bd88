// screen-clock.js: the time of day in the event's zone as the screen shows it, and the screen kept awake while it shows it.

import { clock } from "eventhub/clock"
import { keepAwake } from "wall/awake"
import { now } from "wall/screen-time"

class ScreenClock extends HTMLElement {
  #timer
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    keepAwake(this.#listening.signal)
    this.#timer = setInterval(() => this.#tick(), 1000)
    this.#tick()
  }

  disconnectedCallback() {
    clearInterval(this.#timer)
    this.#listening.abort()
  }

  #tick() {
    const words = clock(this.getAttribute("zone"))(now())
    if (this.textContent !== words) this.textContent = words
  }
}

customElements.define("screen-clock", ScreenClock)
