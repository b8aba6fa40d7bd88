// pitch-slide.js: who is on stage, a copy of what the server draws; the title as large as its box allows. An empty stage invites.

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
    const host = this.querySelector(".pitch-slide__stage")
    host.replaceChildren(...(stage ? [stage.cloneNode(true)] : []))
    if (stage?.querySelector(".pitch__title")) fit(this, host, TITLE_VH)
  }

  measureAnew() {
    this.#fitted = null
  }

  #stage() {
    return document.querySelector("#on-stage > [data-phase]")
  }
}

customElements.define("pitch-slide", PitchSlide)
