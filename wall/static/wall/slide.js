// slide.js: what the slides of a beamer share: they draw only when something is different, and say how long they want to be read.
// A slide tells `look(at)`, everything that it shows at a moment, and `put(look, at)` draws it.

import { clock } from "eventhub/clock"
import { ownScreen } from "wall/screen-own"
import { planNow } from "wall/screen-plan-page"

const CHARS_A_SECOND = 16
const TO_FIND_IT_S = 2
const LONGEST_S = 60

export class Slide extends HTMLElement {
  #drawn = ""

  draw(at) {
    const shown = this.look(at)
    const look = JSON.stringify([shown, innerWidth, innerHeight], (name, value) => (name === "element" ? undefined : value))
    if (look === this.#drawn) return
    this.#drawn = look
    this.put(shown, at)
  }

  measureAnew() {
    this.#drawn = ""
  }

  // At least as long as the event wants each slide to stand.
  seconds() {
    return Math.max(planNow().slide_s, readingSeconds(this.textContent.replace(/\s+/g, " ").length))
  }

  // Where within the slide a part stands: part("title") -> its element with data-part="title".
  part(name) {
    return this.querySelector(`[data-part="${name}"]`)
  }

  get zone() {
    return this.getAttribute("zone")
  }

  get language() {
    return this.getAttribute("language")
  }

  get time() {
    return clock(this.zone)
  }

  get stands() {
    return ownScreen().stands || "hall"
  }
}

export const readingSeconds = (chars) => Math.min(LONGEST_S, TO_FIND_IT_S + chars / CHARS_A_SECOND)
