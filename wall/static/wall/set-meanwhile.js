// set-meanwhile.js: says on the page of one screen that somebody else has set it, or signed it off, since this page was loaded. What
// is typed here stays as it is.

class SetMeanwhile extends HTMLElement {
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    document.addEventListener("live-change", () => this.#look(), { signal: this.#listening.signal })
    this.#look()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  #look() {
    const state = document.querySelector("[data-state-of]")
    const gone = state === null
    const set = !gone && state.dataset.mark !== this.dataset.mark
    this.querySelector("[data-set]").hidden = !set
    this.querySelector("[data-gone]").hidden = !gone
    this.hidden = !set && !gone
  }
}

customElements.define("set-meanwhile", SetMeanwhile)
