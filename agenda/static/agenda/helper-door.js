// helper-door.js: takes the key of a helpers' door out of the address, where a photo or the next person could read it, and into
// the form. Sends nothing: the person types a name and taps.

class HelperDoor extends HTMLElement {
  #listening

  connectedCallback() {
    this.#listening = new AbortController()
    // An address that differs only behind the # does not load the page again.
    addEventListener("hashchange", () => this.#take(), { signal: this.#listening.signal })
    this.querySelector("form")?.addEventListener("submit", (event) => this.#once(event), { signal: this.#listening.signal })
    this.#take()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  #take() {
    const scanned = location.hash.slice(1)
    if (scanned) history.replaceState(null, "", location.pathname + location.search)
    const field = this.querySelector("[name=key]")
    if (!field) return
    if (scanned) field.value = scanned
    this.querySelector("[data-typed]").hidden = field.value !== ""
    if (field.value) this.querySelector("[name=name]")?.focus()
  }

  // A second tap while the first is on its way would find the key spent.
  #once(event) {
    const button = this.querySelector("button.go")
    if (button.getAttribute("aria-busy") === "true") event.preventDefault()
    button.setAttribute("aria-busy", "true")
    addEventListener("pageshow", () => button.removeAttribute("aria-busy"), { signal: this.#listening.signal })
  }
}

customElements.define("helper-door", HelperDoor)
