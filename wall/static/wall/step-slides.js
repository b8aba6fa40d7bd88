// step-slides.js: the two slides that come before all others while their step stands: nothing but the name of the event, and one
// post alone. The steps themselves lie in #standing, kept by their topic.

import { standing } from "wall/screen-own"
import { fit } from "wall/slide-fit"

const NAME_VH = { largest: 16, smallest: 5, lines: 4 }
const POST_VH = { largest: 8.4, smallest: 4, lines: 8 }

class LogoSlide extends HTMLElement {
  #fitted = ""

  hasContent(at) {
    return standing("logo", at) !== null
  }

  draw() {
    if (this.textContent === this.#fitted) return
    this.#fitted = this.textContent
    fit(this, this.firstElementChild, NAME_VH)
  }

  measureAnew() {
    this.#fitted = ""
  }
}

class SpotlightSlide extends HTMLElement {
  #drawn = ""

  // Asked every second: what is over, lifted or hidden leaves nothing behind.
  hasContent(at) {
    const step = standing("spotlight", at)
    const has = step !== null && this.#post(step) !== null
    if (!has) this.#clear()
    return has
  }

  draw(at) {
    const step = standing("spotlight", at)
    const look = `${step.dataset.key} ${step.dataset.version} ${innerWidth}x${innerHeight}`
    if (look === this.#drawn) return
    this.#drawn = look
    const stage = this.querySelector("[data-stage]")
    stage.replaceChildren(this.#post(step).cloneNode(true))
    fit(this, stage, POST_VH)
  }

  measureAnew() {
    this.#drawn = ""
  }

  #post(step) {
    return step.querySelector("template")?.content.firstElementChild ?? null
  }

  #clear() {
    this.#drawn = ""
    this.querySelector("[data-stage]").replaceChildren()
  }
}

customElements.define("logo-slide", LogoSlide)
customElements.define("spotlight-slide", SpotlightSlide)
