// now-line.js: one line about what the programme says now, by the clock, from the slots the page holds.

import { slotOf } from "agenda/arrange"
import { sayNow } from "wall/now-words"
import { sayScene } from "wall/scene-words"
import { now } from "wall/screen-time"
import { spellHere } from "wall/slide-spell"

const EVERY_MS = 5_000

class NowLine extends HTMLElement {
  #timer
  #listening
  #observer

  connectedCallback() {
    this.#listening = new AbortController()
    document.addEventListener("live-change", ({ target }) => target.getAttribute("topic") === "programme" && this.say(), { signal: this.#listening.signal })
    this.#timer = setInterval(() => this.say(), EVERY_MS)
    this.#observer = new ResizeObserver(() => this.#makeRoom())
    this.#observer.observe(this.parentElement)
    document.fonts.ready.then(() => this.#makeRoom())
    this.say()
  }

  disconnectedCallback() {
    clearInterval(this.#timer)
    this.#listening.abort()
    this.#observer.disconnect()
  }

  // The place is whole or away: it gives way before anything in the bar is cut.
  #makeRoom() {
    const bar = this.parentElement
    if (!bar) return
    bar.removeAttribute("data-tight")
    const parts = [...bar.querySelectorAll(".bar__event, .bar__place"), this]
    bar.toggleAttribute("data-tight", parts.some((part) => part.scrollWidth > part.clientWidth))
  }

  say(at = now()) {
    const patterns = { zone: this.getAttribute("zone"), language: this.getAttribute("language"), words: this.dataset }
    const words = sayScene(spellHere(at), at, patterns) ?? this.#programme(at, patterns)
    if (this.textContent !== words) this.textContent = words
    this.#makeRoom()
  }

  #programme(at, patterns) {
    const elements = document.querySelectorAll("[topic=programme] [data-start]")
    const slots = [...elements].map((element) => ({ ...slotOf(element), title: element.querySelector(".slot__title").textContent }))
    return sayNow(slots, at, patterns)
  }
}

customElements.define("now-line", NowLine)
