// plan-picture.js: where in its day a screen's plan stands now. What the plan is comes with the state of the screen, and anew in
// the item "plans" whenever the programme has changed.

const MOVE_EVERY_MS = 20_000

class PlanPicture extends HTMLElement {
  #timer
  #listening

  connectedCallback() {
    if (this.closest("[data-piece=plans]")) return
    this.#listening = new AbortController()
    document.addEventListener("live-change", () => this.#renew(), { signal: this.#listening.signal })
    this.#timer = setInterval(() => this.#move(), MOVE_EVERY_MS)
    this.#renew()
  }

  disconnectedCallback() {
    this.#listening?.abort()
    clearInterval(this.#timer)
  }

  #renew() {
    const newer = document.querySelector(`[data-piece=plans] > [data-stands="${CSS.escape(this.dataset.stands)}"]`)
    if (newer) {
      Object.assign(this.dataset, newer.dataset)
      this.replaceChildren(...newer.cloneNode(true).childNodes)
    }
    this.#move()
  }

  #move() {
    const { from, until } = this.dataset
    const part = (Date.now() - from) / (until - from)
    const line = this.querySelector("line")
    const x = part >= 0 && part <= 1 ? part * this.querySelector("svg").viewBox.baseVal.width : -9
    for (const end of ["x1", "x2"]) line.setAttribute(end, x)
  }
}

customElements.define("plan-picture", PlanPicture)
