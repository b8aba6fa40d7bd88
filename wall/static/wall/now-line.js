// now-line.js: one line about what the programme says now, by the clock, from the slots the page holds.

import { slotOf } from "agenda/arrange"
import { sayNow } from "wall/now-words"

const EVERY_MS = 5_000

class NowLine extends HTMLElement {
  #timer
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    document.addEventListener("live-change", ({ target }) => target.getAttribute("topic") === "programme" && this.#say(), { signal: this.#listening.signal })
    this.#timer = setInterval(() => this.#say(), EVERY_MS)
    this.#say()
  }

  disconnectedCallback() {
    clearInterval(this.#timer)
    this.#listening.abort()
  }

  // The place gives way to what is on now.
  #makeRoom() {
    const bar = this.parentElement
    bar.removeAttribute("data-tight")
    bar.toggleAttribute("data-tight", this.scrollWidth > this.clientWidth)
  }

  #say() {
    const elements = document.querySelectorAll("[topic=programme] [data-start]")
    const slots = [...elements].map((element) => ({ ...slotOf(element), title: element.querySelector(".slot__title").textContent }))
    const words = sayNow(slots, Date.now(), {
      zone: this.getAttribute("zone"),
      language: this.getAttribute("language"),
      words: this.dataset,
    })
    if (this.textContent === words) return
    this.textContent = words
    this.#makeRoom()
  }
}

customElements.define("now-line", NowLine)
