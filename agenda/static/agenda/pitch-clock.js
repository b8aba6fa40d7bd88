// pitch-clock.js: how much of the minute is left, as a line that grows shorter and as seconds. Stops nobody.

const MINUTE_MS = 60_000

export const leftMs = (since, now) => Math.min(MINUTE_MS, Math.max(0, since + MINUTE_MS - now))

class PitchClock extends HTMLElement {
  #timer
  #bar
  #words

  connectedCallback() {
    this.hidden = false
    this.#bar = Object.assign(document.createElement("progress"), { max: MINUTE_MS, ariaHidden: "true" })
    this.#words = document.createElement("span")
    this.replaceChildren(this.#bar, this.#words)
    this.#timer = setInterval(() => this.#tick(), 1000)
    this.#tick()
  }

  disconnectedCallback() {
    clearInterval(this.#timer)
  }

  #tick() {
    const left = leftMs(Date.parse(this.dataset.since), Date.now())
    this.#bar.value = left
    this.#words.textContent = left ? this.dataset.words.replace("{n}", Math.ceil(left / 1000)) : this.dataset.over
    this.toggleAttribute("data-over", left === 0)
    if (left === 0) clearInterval(this.#timer)
  }
}

customElements.define("pitch-clock", PitchClock)
