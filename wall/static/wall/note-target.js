// note-target.js: to whom a note is written: to all, or to a session that runs now. Offers each session by the clock, from when
// to when it runs; what has been chosen stays.

const EVERY_MS = 15_000

class NoteTarget extends HTMLElement {
  #timer
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    document.addEventListener("visibilitychange", () => this.#offer(), { signal: this.#listening.signal })
    this.addEventListener("change", () => this.#offer(), { signal: this.#listening.signal })
    this.#timer = setInterval(() => this.#offer(), EVERY_MS)
    this.#offer()
    if (this.session) this.#chosen.closest(".chip").scrollIntoView({ block: "nearest", inline: "center" })
  }

  disconnectedCallback() {
    this.#listening.abort()
    clearInterval(this.#timer)
  }

  // The number of the chosen session, "" for all.
  get session() {
    return this.#chosen?.value ?? ""
  }

  // The hashtag of the chosen session, "" when it has none.
  get tag() {
    return this.#chosen?.dataset.tag ?? ""
  }

  get #chosen() {
    return this.querySelector("input:checked")
  }

  #offer() {
    const now = Date.now()
    for (const chip of this.querySelectorAll("[data-start]")) {
      const runs = Date.parse(chip.dataset.start) <= now && now < Date.parse(chip.dataset.end)
      chip.hidden = !runs && !chip.querySelector("input").checked
    }
    this.hidden = this.querySelectorAll(".chip:not([hidden])").length < 2 // to all, and nobody else
  }
}

customElements.define("note-target", NoteTarget)
