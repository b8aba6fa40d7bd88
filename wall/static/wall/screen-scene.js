// screen-scene.js: which slide the beamer shows. Its slides are tried in the order that fits what the screen is to show and how
// far the barcamp is; the first that has content stands, the last one whatever happens. Each slide draws itself when told.
//
// A slide is an element with data-slide. It may have `hasContent(at)` and `draw(at)`, with `at` in ms; both are cheap to repeat.

const LOOK_EVERY_MS = 1_000
const FADE_MS = 250

class ScreenScene extends HTMLElement {
  #timer
  #listening
  #observer
  #orders = {}

  async connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#orders = JSON.parse(this.dataset.orders)
    document.addEventListener("live-change", () => this.#look(), { signal })
    document.addEventListener("visibilitychange", () => document.hidden || this.#look(), { signal })
    this.#observer = new ResizeObserver(() => this.#measureAnew())
    const names = [...this.#slides()].map(({ localName }) => localName).filter((name) => name.includes("-"))
    await Promise.all([document.fonts.ready, ...names.map((name) => customElements.whenDefined(name))])
    if (signal.aborted) return
    this.#observer.observe(document.documentElement)
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
    this.#look()
  }

  disconnectedCallback() {
    this.#listening.abort()
    this.#observer.disconnect()
    clearInterval(this.#timer)
  }

  #slides() {
    return this.querySelectorAll(":scope > [data-slide]")
  }

  #measureAnew() {
    for (const slide of this.#slides()) slide.measureAnew?.()
    this.#look()
  }

  #look() {
    if (!this.#timer) return
    this.#copyAddress()
    const at = Date.now()
    // Before the wall comes what the hall is being asked.
    const order = [...this.dataset.before.split(" "), ...this.#order().flatMap((name) => (name === "wall" ? ["prompt", name] : [name]))]
    const slides = order.map((name) => this.querySelector(`:scope > [data-slide="${CSS.escape(name)}"]`)).filter(Boolean)
    const chosen = slides.find((slide) => slide.hasContent?.(at) ?? true) ?? slides.at(-1)
    chosen.draw?.(at)
    if (!chosen.hasAttribute("data-shown")) this.#show(chosen)
  }

  #order() {
    const { view = "auto" } = this.querySelector("[data-view]")?.dataset ?? {}
    const phase = document.querySelector("[topic=stage] [data-phase]")?.dataset.phase ?? ""
    return this.#orders[view === "auto" ? `auto:${phase}` : view] ?? this.#orders["auto:"]
  }

  #show(chosen) {
    for (const slide of this.#slides()) slide.toggleAttribute("data-shown", slide === chosen)
    document.body.dataset.scene = chosen.dataset.slide
    if (document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches) return
    chosen.animate([{ opacity: 0 }, { opacity: 1 }], { duration: FADE_MS, easing: "ease-out" })
  }

  // The rail beside the posts is what follows the event; other slides name the same address.
  #copyAddress() {
    for (const element of this.querySelectorAll("[data-copies]")) {
      const words = document.querySelector(element.dataset.copies)?.textContent.trim() ?? ""
      if (words && element.textContent !== words) element.textContent = words
    }
  }
}

customElements.define("screen-scene", ScreenScene)
