// note-queue.js: the notes that are not at the server yet, each with an honest line about where it is.

class NoteQueue extends HTMLElement {
  #listening
  #rows = new Map() // key -> row: an open question stays open when something else changes

  connectedCallback() {
    this.#listening = new AbortController()
    this.addEventListener("click", (event) => this.#clicked(event), { signal: this.#listening.signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  // Newest on top.
  show(entries) {
    const rows = entries.map((entry) => this.#row(entry)).reverse()
    for (const row of this.#rows.values()) if (!rows.includes(row)) row.remove()
    this.#rows = new Map(rows.map((row) => [row.dataset.key, row]))
    rows.forEach((row, at) => row === this.#at(at) || this.insertBefore(row, this.#at(at)))
  }

  #at(place) {
    return this.querySelectorAll(":scope > .note")[place] ?? null
  }

  #row(entry) {
    const row = this.#rows.get(entry.key) ?? this.querySelector("template").content.firstElementChild.cloneNode(true)
    row.dataset.key = entry.key
    row.querySelector(".note__text").textContent = entry.text
    const state = row.querySelector(".note__state")
    const words = this.#words(entry)
    if (state.textContent !== words) state.textContent = words
    return row
  }

  #words({ sending, busy, held, fleeting }) {
    if (held) return this.dataset.held
    if (busy) return this.dataset.busy
    if (sending) return this.dataset.sending
    return fleeting ? this.dataset.fleeting : this.dataset.waiting
  }

  #clicked({ target }) {
    const button = target.closest("[data-act=withdraw]")
    if (!button) return
    const { key } = button.closest(".note").dataset
    this.dispatchEvent(new CustomEvent("note-withdraw", { bubbles: true, detail: { key } }))
  }
}

customElements.define("note-queue", NoteQueue)
