// desk-filter.js: which of what waits this page shows: of one reason, one network, to one session. Remembered by the page alone.

import { fragment } from "live/fragment"

const FIELDS = ["reason", "network", "session"]

export class DeskFilter {
  #place
  #changed

  // `changed()` hears that something else is chosen; `opened()` that somebody wants to choose.
  constructor(place, signal, { changed, opened }) {
    this.#place = place
    this.#changed = changed
    place?.addEventListener("change", () => this.#choose(), { signal })
    place?.addEventListener("toggle", () => place.open && opened(), { signal })
    place?.addEventListener("submit", (event) => event.preventDefault(), { signal })
    place?.querySelector("[data-all]").addEventListener("click", () => this.#clear(), { signal })
  }

  get on() {
    return Object.keys(this.data).length > 0
  }

  // As the server reads it; empty without a choice.
  get data() {
    const chosen = this.#selects.filter(({ value }) => value !== "").map(({ name, value }) => [`only_${name}`, value])
    return Object.fromEntries(chosen)
  }

  matches({ dataset }) {
    return this.#selects.every(({ name, value }) => value === "" || (dataset[name] ?? "") === value)
  }

  // What can be chosen now, as the server has counted it; what is being chosen stays as it is.
  offer(html) {
    const next = html && fragment(html)
    for (const select of next ? this.#selects : []) {
      const { value } = select
      if (select === document.activeElement) continue
      const options = [...next.querySelector(`[name="${select.name}"]`).options]
      const kept = [...select.options].find((option) => option.value === value)
      if (!options.some((option) => option.value === value)) options.push(kept)
      select.replaceChildren(...options)
      select.value = value
    }
  }

  get #selects() {
    return FIELDS.map((name) => this.#place?.querySelector(`select[name="${name}"]`)).filter(Boolean)
  }

  #choose() {
    this.#place.querySelector("[data-all]").hidden = !this.on
    this.#changed()
  }

  #clear() {
    for (const select of this.#selects) select.value = ""
    this.#choose()
    this.#place.querySelector("summary").focus()
  }
}
