// screens-board.js: keeps the page of all screens complete: one that somebody else has added or signed off is there, or gone, as
// soon as nobody is typing here. What each of them does follows the stream by itself.

class ScreensBoard extends HTMLElement {
  #stale = false
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    this.addEventListener("focusout", () => this.#renew(), { signal: this.#listening.signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  apply(items) {
    const screens = items.filter(({ html, key }) => (html === null ? this.#has(key) : html.includes("data-state-of")))
    if (screens.some(({ html, key }) => (html !== null) !== this.#has(key))) this.#stale = true
    this.#renew()
  }

  reset(items) {
    const keys = items.filter(({ html }) => html?.includes("data-state-of")).map(({ key }) => key)
    const ours = [...this.querySelectorAll("[data-one]")].map(({ dataset }) => dataset.one)
    if (keys.length !== ours.length || ours.some((key) => !keys.includes(key))) this.#stale = true
    this.#renew()
  }

  #has(key) {
    return this.querySelector(`[data-one="${CSS.escape(key)}"]`) !== null
  }

  #renew() {
    setTimeout(() => this.#stale && !this.querySelector(":focus") && location.reload())
  }
}

customElements.define("screens-board", ScreensBoard)
