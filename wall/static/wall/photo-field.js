// photo-field.js: the one photo of a note: chosen, made smaller at once, seen before it is sent, removed again. Without this
// module the form sends the file as it is.

import { shrink } from "wall/photo-shrink"

class PhotoField extends HTMLElement {
  #listening
  #photo = ""
  #turn = 0

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#file.addEventListener("change", () => this.#chosen(), { signal })
    this.querySelector("[data-remove]").addEventListener("click", () => this.#removed(), { signal })
    this.#show(null)
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  get #file() {
    return this.querySelector("[type=file]")
  }

  // The photo as a data: URL, "" when there is none.
  get photo() {
    return this.#photo
  }

  get alt() {
    return this.#photo ? this.querySelector("[name=alt]").value : ""
  }

  // While a photo is being made smaller a note would leave without it.
  get busy() {
    return this.getAttribute("aria-busy") === "true"
  }

  clear() {
    this.#turn += 1
    this.#file.value = ""
    this.querySelector("[name=alt]").value = ""
    this.#problem("")
    this.#show(null)
  }

  #removed() {
    this.clear()
    this.#file.focus()
  }

  async #chosen() {
    const [file] = this.#file.files
    if (!file) return
    const turn = (this.#turn += 1)
    this.#problem("")
    this.setAttribute("aria-busy", "true")
    try {
      const small = await shrink(file)
      if (turn === this.#turn) this.#show(small)
    } catch {
      if (turn !== this.#turn) return
      this.clear()
      this.#problem(this.dataset.failed)
    } finally {
      if (turn === this.#turn) this.removeAttribute("aria-busy")
    }
  }

  #show(small) {
    this.#photo = small?.dataUrl ?? ""
    this.removeAttribute("aria-busy")
    this.toggleAttribute("data-full", small !== null)
    this.querySelector("[data-chosen]").hidden = small === null
    this.querySelector("[data-remove]").hidden = small === null
    const preview = this.querySelector("[data-preview]")
    preview.hidden = small === null
    preview.width = small?.canvas.width ?? 1
    preview.height = small?.canvas.height ?? 1
    if (small) preview.getContext("2d").drawImage(small.canvas, 0, 0)
    this.dispatchEvent(new CustomEvent("photo-change", { bubbles: true }))
  }

  #problem(words) {
    const line = this.querySelector("[data-problem]")
    line.textContent = words
    line.hidden = words === ""
  }
}

customElements.define("photo-field", PhotoField)
