// fit-tag.js: a hashtag or an address as large as its box allows: it shrinks, and one that is still too long breaks where a
// reader would break it. Sizes are parts of the picture's height (vh).

import { pieces } from "wall/pieces"

const STEP = 0.1

class FitTag extends HTMLElement {
  #observer
  #plain = ""

  async connectedCallback() {
    this.#plain ||= this.textContent.trim()
    await document.fonts.ready
    this.#observer = new ResizeObserver(() => this.#fit())
    if (this.isConnected) this.#observer.observe(document.documentElement)
  }

  disconnectedCallback() {
    this.#observer?.disconnect()
  }

  #fit() {
    this.textContent = this.#plain
    this.removeAttribute("data-broken")
    if (this.#shrink()) return
    this.replaceChildren(...pieces(this.#plain).flatMap((part, at) => (at === 0 ? [part] : [document.createElement("wbr"), part])))
    this.setAttribute("data-broken", "")
    if (!this.#shrink()) this.setAttribute("data-broken", "anywhere")
  }

  // True when the whole text stands in its box at one of the sizes.
  #shrink() {
    const tallest = (Number(this.getAttribute("tallest")) * innerHeight) / 100
    const smallest = Number(this.getAttribute("smallest"))
    for (let size = Number(this.getAttribute("largest")); size >= smallest - STEP / 2; size -= STEP) {
      this.style.fontSize = `${size.toFixed(1)}vh`
      if (this.scrollWidth <= this.clientWidth && this.offsetHeight <= tallest) return true
    }
    return false
  }
}

customElements.define("fit-tag", FitTag)
