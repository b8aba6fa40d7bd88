// pitch-pad.js: the number pad of our own, by finger and by the digits of a keyboard; writes into one field. No system keyboard opens.

const MAX_DIGITS = 4

// What stands in the field after `key`: a digit, "back" or "enough".
export function afterKey(value, key) {
  if (key === "enough") return ""
  if (key === "back") return value.slice(0, -1)
  const next = value === "0" ? key : value + key
  return next.length > MAX_DIGITS ? value : next
}

const NAMES = { Backspace: "back", Delete: "enough" }

export class PitchPad {
  #desk
  #fields

  constructor(desk, fields, signal) {
    this.#desk = desk
    this.#fields = fields
    desk.addEventListener("click", ({ target }) => this.#press(target.closest("[data-digit]")?.dataset.digit), { signal })
    document.addEventListener("keydown", (event) => this.#key(event), { signal })
  }

  get #field() {
    return this.#desk.querySelector("[data-field=hands]")
  }

  // The field is written by the pad: on phones nothing of the system's may cover it.
  tame() {
    if (!this.#field) return
    this.#field.readOnly = true
    this.#field.inputMode = "none"
  }

  #press(key) {
    const field = this.#field
    if (!key || !field) return
    field.value = afterKey(field.value, key)
    field.placeholder = key === "enough" ? this.#desk.dataset.enough : "–"
    this.#fields.typed("hands", key === "enough" ? 0 : undefined)
  }

  #key(event) {
    const { target, key, ctrlKey, metaKey, altKey } = event
    if (ctrlKey || metaKey || altKey || !this.#field) return
    if (target !== this.#field && target.closest?.("input, textarea, select, dialog")) return
    if (/^[0-9]$/.test(key)) this.#press(key)
    else if (NAMES[key]) this.#press(NAMES[key])
    else if (key === "Enter" && (target === document.body || target === this.#field)) this.#desk.querySelector("[data-act=place]")?.click()
    else return
    event.preventDefault()
  }
}
