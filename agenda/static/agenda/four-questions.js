// four-questions.js: asks Good? Tricky? Learned? Action? while they are open, and says honestly where the answers are. Without
// this module the form posts by itself.

import { AnswerBox } from "agenda/answer-box"
import { ask, csrfOf } from "eventhub/request"
import { safeStorage } from "eventhub/storage"

const LOOK_AGAIN_MS = 15_000

class FourQuestions extends HTMLElement {
  #box
  #form
  #listening
  #timer
  #watch

  connectedCallback() {
    this.#form = this.querySelector("form")
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#box = new AnswerBox({
      slug: this.#slug,
      storage: safeStorage(),
      // Not form.action: one of the four fields is called that.
      send: (data) => ask(this.#form.getAttribute("action"), { data, csrf: csrfOf(this.#form) }),
      rejoin: () => this.#rejoin(),
    })
    this.#box.addEventListener("change", () => this.#say(this.dataset[this.#box.state]), { signal })
    this.#box.addEventListener("sent", () => this.#say(this.dataset.sent), { signal })
    this.#box.addEventListener("refused", ({ detail }) => this.#refused(detail), { signal })
    this.#form.addEventListener("submit", (event) => this.#submit(event), { signal })
    this.#form.addEventListener("input", () => this.#keepDraft(), { signal })
    this.#follow(signal)
    this.#restore()
    this.#show()
    this.#box.flush()
  }

  disconnectedCallback() {
    this.#listening.abort()
    this.#watch?.disconnect()
    clearInterval(this.#timer)
  }

  get #slug() {
    return this.getAttribute("slug")
  }

  get #draftName() {
    return `eventhub.answers-draft.${this.#slug}`
  }

  get #fields() {
    return [...this.#form.querySelectorAll("textarea")]
  }

  // The network may be back; the hour may have come; the organizer may have opened or closed them by hand.
  #follow(signal) {
    const wake = () => document.hidden || this.#box.wake()
    addEventListener("online", wake, { signal })
    document.addEventListener("visibilitychange", wake, { signal })
    document.addEventListener("stream-state", ({ detail }) => detail.state === "open" && wake(), { signal })
    this.#timer = setInterval(() => this.#show(), LOOK_AGAIN_MS)
    const look = document.querySelector("event-look")
    if (!look) return
    this.#watch = new MutationObserver(() => this.#show(look.querySelector("[data-part=feedback]")?.textContent))
    this.#watch.observe(look, { childList: true, subtree: true })
  }

  #show(mode = this.getAttribute("mode")) {
    this.setAttribute("mode", mode)
    const now = Date.now() / 1000
    const begun = mode === "open" || (mode === "auto" && now >= Number(this.getAttribute("opens")))
    const asked = begun && now < Number(this.getAttribute("closes"))
    // Whoever is writing, or has something to be told, keeps it in sight.
    this.hidden = !asked && !this.#box.waiting && this.#fields.every(({ value }) => value === "")
  }

  #submit(event) {
    event.preventDefault()
    const answers = Object.fromEntries(this.#fields.map(({ name, value }) => [name, value]))
    if (this.#fields.every(({ value }) => value.trim() === "")) {
      this.#problem(this.dataset.empty)
      return this.#fields[0].focus()
    }
    for (const field of this.#fields) field.value = ""
    this.#keepDraft()
    this.#problem("")
    this.querySelector("details").open = false
    this.#box.put(answers)
  }

  #refused({ answers, message }) {
    for (const field of this.#fields) field.value ||= answers[field.name] ?? ""
    this.#keepDraft()
    this.#say("")
    this.querySelector("details").open = true
    this.#problem(message ?? "")
  }

  #say(words = "") {
    const line = this.querySelector("[data-state]")
    line.textContent = words
    line.hidden = words === ""
  }

  #problem(words) {
    const line = this.#form.querySelector("[data-problem]")
    line.textContent = words
    line.hidden = words === ""
  }

  // The cookie or the form's token may be older than the page.
  async #rejoin() {
    const me = await ask(`/${this.#slug}/me`)
    if (!me?.json?.csrf) return false
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = me.json.csrf
    return me.json.joined === true
  }

  // What is being typed survives a reload of the page, in this tab only.
  #keepDraft() {
    const typed = this.#fields.filter(({ value }) => value !== "").map(({ name, value }) => [name, value])
    try {
      if (typed.length === 0) sessionStorage.removeItem(this.#draftName)
      else sessionStorage.setItem(this.#draftName, JSON.stringify(Object.fromEntries(typed)))
    } catch {
      // Storage is forbidden: the draft lives as long as the page.
    }
  }

  #restore() {
    try {
      const draft = JSON.parse(sessionStorage.getItem(this.#draftName)) ?? {}
      for (const field of this.#fields) field.value ||= draft[field.name] ?? ""
      if (Object.keys(draft).length > 0) this.querySelector("details").open = true
    } catch {
      // As above.
    }
  }
}

customElements.define("four-questions", FourQuestions)
