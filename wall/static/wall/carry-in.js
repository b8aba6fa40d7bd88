// carry-in.js: reads the key behind the # into the form, and says whether notes still wait here. What is sent is the form itself;
// without this module the code is typed.

import { namesIn, safeStorage } from "eventhub/storage"

class CarryIn extends HTMLElement {
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    // An address that differs only behind the # does not load the page again.
    addEventListener("hashchange", () => this.#read(), { signal })
    addEventListener("storage", () => this.#count(), { signal })
    addEventListener("pageshow", () => this.#count(), { signal })
    this.#read()
    this.#count()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  // The key stays in the address: it works once and for minutes, and a page that is loaded again still has it.
  #read() {
    const key = location.hash.slice(1)
    const field = this.querySelector("[name=key]")
    if (key !== "") field.value = key
    this.querySelector("[data-field]").hidden = key !== ""
    this.querySelector("[data-typed]").hidden = key !== ""
    this.querySelector("[data-scanned]").hidden = key === ""
  }

  #count() {
    const names = namesIn(safeStorage(), `eventhub.note.${this.getAttribute("slug")}.`)
    const n = names.filter((name) => !name.endsWith(".photo")).length
    const words = n === 1 ? this.dataset.one : this.dataset.many.replace("{n}", n)
    this.querySelector("[data-unsent-words]").textContent = n === 0 ? "" : words
    this.querySelector("[data-unsent]").hidden = n === 0
  }
}

customElements.define("carry-in", CarryIn)
