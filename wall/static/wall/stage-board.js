// stage-board.js: sends what is pressed on the stage without loading the page again. What stands comes back as frames; here only
// the way back is shown, and what was refused, with the words kept.

import { ask, csrfOf } from "eventhub/request"

const UNDO_MS = 60_000

class StageBoard extends HTMLElement {
  #listening
  #timer
  #counted = Promise.resolve() // taps that each count, one after the other

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    const form = document.getElementById("act")
    form?.addEventListener("submit", (event) => this.#submit(event, form), { signal })
    this.addEventListener("click", (event) => this.#write(event), { signal })
    this.addEventListener("input", () => this.#count(), { signal })
    this.#count()
    this.#showUndo()
  }

  disconnectedCallback() {
    this.#listening.abort()
    clearTimeout(this.#timer)
  }

  #submit(event, form) {
    const button = event.submitter
    if (!button || !this.contains(button)) return
    event.preventDefault()
    if (button.hasAttribute("data-counts")) this.#counted = this.#counted.then(() => this.#send(button, form))
    else if (button.getAttribute("aria-busy") !== "true") this.#send(button, form)
  }

  async #send(button, form) {
    button.setAttribute("aria-busy", "true")
    const data = new URLSearchParams(new FormData(form, button))
    const answer = await ask(button.formAction, { data, csrf: csrfOf(form) })
    button.removeAttribute("aria-busy")
    this.#tell(answer?.status === 200 ? "" : this.#refusal(answer))
    if (answer?.status !== 200) return
    if (button.hasAttribute("data-clears")) this.#clearNotice()
    this.#showUndo(answer.json)
  }

  // The way to the notice's words opens them.
  #write(event) {
    if (!event.target.closest("a[href='#notice-text']")) return
    event.preventDefault()
    const text = this.querySelector("textarea")
    text.closest("details").open = true
    text.focus()
    text.scrollIntoView({ block: "center" })
  }

  #refusal(answer) {
    if (answer === null) return this.dataset.offline
    if (answer.status === 403) return this.dataset.signin
    return answer.json?.error?.message ?? this.dataset.failed
  }

  #tell(words) {
    const problem = this.querySelector("[data-problem]")
    problem.textContent = words
    problem.hidden = words === ""
    if (words) problem.scrollIntoView({ block: "nearest" })
  }

  #clearNotice() {
    const text = this.querySelector("textarea")
    text.value = ""
    text.closest("details").open = false
    this.#count()
  }

  #count() {
    const text = this.querySelector("textarea")
    const used = [...text.value.trim()].length
    const count = this.querySelector("[data-count]")
    count.textContent = used > 0 ? `${used} / ${text.dataset.limit}` : ""
    count.toggleAttribute("data-over", used > Number(text.dataset.limit))
  }

  // Without `done`: what the page was loaded with.
  #showUndo(done) {
    const bar = this.querySelector("[data-undo]")
    if (done) {
      bar.hidden = !done.undo
      bar.querySelector("[data-undo-words]").textContent = done.words
      bar.querySelector("button").setAttribute("formaction", this.dataset.undoPath + done.undo)
    }
    clearTimeout(this.#timer)
    if (!bar.hidden) this.#timer = setTimeout(() => (bar.hidden = true), UNDO_MS)
  }
}

customElements.define("stage-board", StageBoard)
