// draft.js: what is being written survives a reload of the page, in this tab only.

export class Draft {
  #name

  constructor(slug) {
    this.#name = `eventhub.draft.${slug}`
  }

  read() {
    try {
      return sessionStorage.getItem(this.#name) ?? ""
    } catch {
      return "" // storage is forbidden: the draft lives as long as the page
    }
  }

  keep(text) {
    try {
      sessionStorage.setItem(this.#name, text)
    } catch {
      // As above.
    }
  }
}
