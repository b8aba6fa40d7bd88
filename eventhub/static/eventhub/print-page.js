// print-page.js: a button that prints the page; without scripts the browser's own does.

class PrintPage extends HTMLElement {
  #listening

  connectedCallback() {
    this.hidden = false
    this.#listening = new AbortController()
    this.addEventListener("click", () => print(), { signal: this.#listening.signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
  }
}

customElements.define("print-page", PrintPage)
