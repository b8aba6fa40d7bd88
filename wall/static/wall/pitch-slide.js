// pitch-slide.js: who is on stage, as the server draws it; the title as large as its box allows. An empty stage invites.

import { fit } from "wall/slide-fit"

const TITLE_VH = { largest: 13, smallest: 5, lines: 4 }

class PitchSlide extends HTMLElement {
  #fitted = null

  // An event without a barcamp has no stage.
  hasContent() {
    return this.#stage() !== null
  }

  draw() {
    const stage = this.#stage()
    this.toggleAttribute("data-empty", stage?.hasAttribute("data-empty") ?? true)
    if (stage === this.#fitted) return
    this.#fitted = stage
    if (stage?.querySelector(".pitch__title")) fit(this, this.querySelector(".pitch-slide__stage"), TITLE_VH)
  }

  measureAnew() {
    this.#fitted = null
  }

  #stage() {
    return this.querySelector("[data-phase]")
  }
}

customElements.define("pitch-slide", PitchSlide)
