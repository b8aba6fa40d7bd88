// placards-board.js: keeps the organizers' list of pictures in step with the others' deeds. What somebody is typing here stays, and the
// row says what it is called meanwhile.

import { LiveList } from "live/live-list"
import { csrfOf } from "eventhub/request"

const MINE = ["title", "sponsor"]
const at = (row, name) => row?.querySelector(`[data-act="${name}"]`)
const valueOf = (field) => (field.type === "checkbox" ? field.checked : field.value)
const givenOf = (field) => (field.type === "checkbox" ? field.defaultChecked : field.defaultValue)

class PlacardsBoard extends LiveList {
  put(item, options) {
    const before = this.find(item.key)
    const typed = MINE.filter((name) => before && valueOf(at(before, name)) !== givenOf(at(before, name)))
    const next = super.put(item, options)
    if (!next || next === before) return next
    this.#sign(next)
    for (const name of typed) this.#keep(at(next, name), at(before, name))
    return next
  }

  changed() {
    const count = this.keyed().length
    const full = count >= Number(this.getAttribute("most"))
    for (const [what, hidden] of [["none", count > 0], ["full", !full], ["new-pictures", full]]) {
      const element = document.querySelector(`[data-${what}]`)
      if (element) element.hidden = hidden
    }
    super.changed()
  }

  // A frame is for everybody, so it carries no form's token; the page has one.
  #sign(row) {
    const token = csrfOf(document.querySelector("[data-new-pictures]"))
    for (const form of row.querySelectorAll("form")) {
      const field = document.createElement("input")
      Object.assign(field, { type: "hidden", name: "csrfmiddlewaretoken", value: token })
      form.prepend(field)
    }
  }

  #keep(field, typed) {
    if (field.type === "checkbox") field.checked = typed.checked
    else if (field.value !== typed.value) {
      field.closest("form").querySelector("[data-meanwhile]").hidden = field.value === typed.defaultValue
      field.value = typed.value
    }
  }
}

customElements.define("placards-board", PlacardsBoard)
